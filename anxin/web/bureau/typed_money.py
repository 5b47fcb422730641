"""A sum and a day as somebody typed them beside a payment."""

from __future__ import annotations

import datetime as dt

from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused


def fen_of(text: str, field: str) -> int | None:
    """The sum in fen, ``None`` where nothing was typed. Raises :class:`Refused`."""
    try:
        return parse_yuan(text.strip()) if text.strip() else None
    except MoneyError as error:
        raise Refused(str(error), field=field) from None


def day_of(text: str) -> dt.date | None:
    """The day; ``None`` where nothing or none was typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
