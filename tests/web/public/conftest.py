"""A stranger's phone in front of an invented site's board."""

from __future__ import annotations

import pytest
from django.test import Client

from anxin.web import clock
from tests.channels.conftest import board, sites  # noqa: F401
from tests.support.browser import WECHAT


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


@pytest.fixture
def phone() -> Client:
    return Client(headers={"User-Agent": WECHAT})
