"""One text message to the office's group in a government chat, through a gateway that takes JSON.

Everybody in the group reads it, so it says how many, where and which number, never who: see ``message.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q

from anxin.accounts.models import User
from anxin.notices import posting
from anxin.notices.channels.base import Channel
from anxin.notices.channels.webhook import message
from anxin.notices.models import ChannelName, Delivery, Notice


class WebhookChannel(Channel):
    name = str(ChannelName.WEBHOOK)

    def ready(self) -> bool:
        return bool(settings.ANXIN_WEBHOOK_URL)

    def reaches(self, user: User) -> bool:
        return True

    def companions(self, delivery: Delivery) -> Q:
        """The same kind in the same region: twenty overdue tasks are one line in the group, not twenty."""
        return Q(notice__kind=delivery.notice.kind, notice__region=delivery.notice.region)

    def send(self, notices: Sequence[Notice], *, now: dt.datetime) -> None:
        text = message.text(notices, base=settings.ANXIN_URL)
        gateway = posting.Gateway(
            "政务通讯", "ANXIN_WEBHOOK", settings.ANXIN_WEBHOOK_URL, settings.ANXIN_WEBHOOK_SECRET
        )
        posting.post(gateway, message.payload(text, settings.ANXIN_WEBHOOK_FORMAT), now=now)
