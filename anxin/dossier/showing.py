"""How values stand in a package: days and moments of this place, money in yuan, the rest as text."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.utils import timezone

from anxin.kernel.money import yuan_string


def moment(value: dt.datetime | None) -> str:
    """``2026-11-20 10:05:09`` in local time; empty for nothing."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""


def day(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def yuan(fen: int | None) -> str:
    return "" if fen is None else yuan_string(fen)


def plain(value: Any) -> str:
    """A value of the law or of a rule in one line of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (str, int, float, Decimal, dt.date)):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
