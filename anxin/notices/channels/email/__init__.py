"""One e-mail per notice to the person's own address, through the office's mail server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from anxin.accounts.models import User
from anxin.notices import kinds, mailing
from anxin.notices.channels.base import Channel, NotDelivered
from anxin.notices.models import ChannelName, Notice


class EmailChannel(Channel):
    name = str(ChannelName.EMAIL)

    def ready(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def reaches(self, user: User) -> bool:
        return bool(user.email)

    def send(self, notices: Sequence[Notice], *, now: dt.datetime) -> None:
        for notice in notices:
            _send(notice)


def _send(notice: Notice) -> None:
    if not notice.to.email:
        raise NotDelivered("收件人没有填写邮箱。", final=True)
    message = EmailMessage(
        subject=f"【安薪】{notice.title}",
        body=_text(notice),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.to.email],
        headers=mailing.AUTOMATIC,
    )
    mailing.send(message, mend="请在“接收方式”里核对邮箱。")


def _text(notice: Notice) -> str:
    address = f"{settings.ANXIN_URL}{notice.link}" if settings.ANXIN_URL and notice.link else ""
    return render_to_string(
        "notices/email.txt", {"notice": notice, "kind": kinds.title(notice.kind), "address": address}
    )
