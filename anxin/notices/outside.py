"""A message to somebody who has no account here: a text to a phone, or an e-mail. Sent at once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.core.mail import EmailMessage

from anxin.notices import mailing, posting


def reaches(address: str) -> bool:
    """Whether the office has a way to this telephone number or e-mail address."""
    return bool(settings.EMAIL_HOST if "@" in address else settings.ANXIN_SMS_URL)


def tell(address: str, subject: str, words: str, *, now: dt.datetime) -> None:
    """Send ``words`` to a telephone number or, under ``subject``, to an e-mail address. Raises :class:`NotDelivered`."""
    if "@" not in address:
        short_message(address, words, now=now)
        return
    mailing.send(
        EmailMessage(
            subject=f"【安薪】{subject}", body=words, from_email=settings.DEFAULT_FROM_EMAIL, to=[address],
            headers=mailing.AUTOMATIC,
        ),
        mend="请核对对方确认的邮箱。",
    )  # fmt: skip


def short_message(phone: str, words: str, *, now: dt.datetime) -> None:
    """Post ``{"phone", "text"}`` to the gateway, signed like every message that leaves the house. Raises :class:`NotDelivered`."""
    body = json.dumps({"phone": phone, "text": f"【安薪】{words}"}, ensure_ascii=False).encode()
    gateway = posting.Gateway("短信", "ANXIN_SMS", settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET)
    posting.post(gateway, body, now=now)
