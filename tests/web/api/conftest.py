"""An invented bank with a key, on a fixed day."""

from __future__ import annotations

import pytest

from anxin.connections.scopes import INSTITUTION_SCOPES
from anxin.connections.services import issue_key
from anxin.registry.models import Organisation
from anxin.web import clock
from tests.support.api import Caller


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


@pytest.fixture
def bank(db):
    return Organisation.objects.create(code="BANK", name="虚构银行", kind="bank")


@pytest.fixture
def caller(bank, actor, now):
    """``caller()`` → a program with a key of that bank and all scopes; parts of the key may be given."""

    def made(**parts) -> Caller:
        given = {"title": "测试", "scopes": list(INSTITUTION_SCOPES), "organisation": bank} | parts
        key, secret = issue_key(**given, actor=actor, now=now)
        found = Caller(key.key_id, secret, int(now.timestamp()))
        found.key = key
        return found

    return made
