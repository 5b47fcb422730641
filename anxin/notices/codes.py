"""How a sign-in code reaches somebody's phone: through the office's short-message gateway, or, with invented
people only, on the screen.

A code is no notice: it goes to a phone number and not to an account, waits for nobody, and is kept nowhere.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.conf import settings

from anxin.notices import outside


class CodeChannel(Protocol):
    """One way in which codes go out."""

    def send(self, *, phone: str, code: str, minutes: int, now: dt.datetime) -> str:
        """Send the code; what is returned may be shown on the page that asked, and is empty in service.

        Raises :class:`anxin.notices.channels.base.NotDelivered`.
        """


class OnScreen:
    """Shows the code to whoever asked. Only where all people are invented: it proves nothing."""

    def send(self, *, phone: str, code: str, minutes: int, now: dt.datetime) -> str:
        return code


class ShortMessage:
    """A text to the phone; to an invented person's none goes out, and the code is shown as where there is no gateway."""

    def send(self, *, phone: str, code: str, minutes: int, now: dt.datetime) -> str:
        if outside.is_invented(phone):
            return OnScreen().send(phone=phone, code=code, minutes=minutes, now=now)
        words = f"您的验证码是{code}，{minutes}分钟内有效。请不要告诉别人，工作人员不会向您索要。"
        outside.short_message(phone, words, now=now)
        return ""


def code_channel(*, invented_people: bool) -> CodeChannel | None:
    """The channel of this installation; ``None`` where the office has set none up."""
    if settings.ANXIN_SMS_URL:
        return ShortMessage()
    return OnScreen() if invented_people else None
