"""How to speak to a platform above us. One folder per interface; the queue knows only ``base``."""

from __future__ import annotations

from anxin.exchange.adapters.base import Session
from anxin.exchange.adapters.sichuan.session import SichuanSession
from anxin.exchange.models import Platform


def connect(platform: Platform) -> Session:
    """A session with this platform; nothing is sent before it is used."""
    return {Platform.Adapter.SICHUAN: SichuanSession}[Platform.Adapter(platform.adapter)](platform)
