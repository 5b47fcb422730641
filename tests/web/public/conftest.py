"""A stranger's phone in front of an invented site's board."""

from __future__ import annotations

import pytest
from django.test import Client

from anxin.web import clock
from tests.channels.conftest import board, sites  # noqa: F401

#: what WeChat's own browser calls itself on a cheap phone
WECHAT = (
    "Mozilla/5.0 (Linux; Android 9; V1818A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0.4240.99 "
    "XWEB/4425 MMWEBSDK/20230805 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.42.2460 WeChat/arm64 NetType/2G"
)


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


@pytest.fixture
def phone() -> Client:
    return Client(headers={"User-Agent": WECHAT})
