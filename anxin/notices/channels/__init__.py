"""The ways a notice reaches a person, one folder each."""

from __future__ import annotations

from anxin.notices.channels.base import Channel, NotDelivered
from anxin.notices.channels.email import EmailChannel
from anxin.notices.channels.screen import ScreenChannel
from anxin.notices.channels.webhook import WebhookChannel

ALL: tuple[Channel, ...] = (ScreenChannel(), EmailChannel(), WebhookChannel())

__all__ = ["ALL", "Channel", "NotDelivered", "by_name"]


def by_name(name: str) -> Channel:
    return next(channel for channel in ALL if channel.name == name)
