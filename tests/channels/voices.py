"""Forms as phones send them."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from anxin.channels.forms import FormTold
from anxin.channels.limits import Sender
from anxin.channels.submitting import Given, submit

OWED = "我们8个木工从八月干到十月，工资一分没发，老板说甲方没拨款。"
_numbers = count(1)


def a_key(number: int | None = None) -> str:
    return f"key-of-a-phone-{number or next(_numbers):010d}"


def a_form(**more: Any) -> FormTold:
    return FormTold(**{"kind": "report", "region": "990101", "text": OWED, **more})


def a_sender(now: dt.datetime, number: int = 1, address: str = "203.0.113.7") -> Sender:
    """A phone that opened the form two minutes ago."""
    return Sender(address, f"phone-{number}", now - dt.timedelta(minutes=2))


def sent(
    now: dt.datetime, *, key: str = "", code: int | None = None, sender: Sender | None = None, **told: Any
) -> Given:
    """Send one form."""
    return submit(a_form(**told), key=key or a_key(), code=code, sender=sender or a_sender(now), now=now)
