"""The bell and the page 通知: a stored notice is delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from anxin.accounts.models import User
from anxin.notices.channels.base import Channel
from anxin.notices.models import ChannelName, Notice


class ScreenChannel(Channel):
    name = str(ChannelName.SCREEN)
    immediate = True

    def ready(self) -> bool:
        return True

    def reaches(self, user: User) -> bool:
        return True

    def send(self, notices: Sequence[Notice], *, now: dt.datetime) -> None:
        """Nothing to do: the pages read the notices themselves."""
