"""A message to somebody who has no account here: a text to a phone, or an e-mail. Sent at once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage

from anxin.notices import mailing, posting
from anxin.notices.channels.base import NotDelivered

#: what is said where a message to an invented person is asked for
INVENTED = "这是演示城市里虚构的号码，可能是别人在用的手机，不往外发短信。"
#: says which telephones belong to invented people; set by the package that knows places
_invented: list[Callable[[str], bool]] = []


def keep_in(invented: Callable[[str], bool]) -> None:
    """To a telephone of which ``invented`` says so nothing is ever sent."""
    _invented.append(invented)


def is_invented(phone: str) -> bool:
    """Whether the telephone is an invented person's, to whom :func:`short_message` sends nothing."""
    return any(says_so(phone) for says_so in _invented)


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
    """Post ``{"phone", "text"}`` to the gateway, signed like every message that leaves the house.

    Raises :class:`NotDelivered`: also for the telephone of an invented person, whom a demonstration must not text.
    """
    if is_invented(phone):
        raise NotDelivered(INVENTED, final=True)
    body = json.dumps({"phone": phone, "text": f"【安薪】{words}"}, ensure_ascii=False).encode()
    gateway = posting.Gateway("短信", "ANXIN_SMS", settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET)
    posting.post(gateway, body, now=now)
