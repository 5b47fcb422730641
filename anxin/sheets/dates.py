"""Dates and times as clerks write them."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from anxin.sheets.texts import half_width
from anxin.sheets.workbook import Cell

#: Excel's day 0; day 60 (the 29 February 1900 that never was) and earlier are of no use here
_EPOCH = dt.date(1899, 12, 30)
#: clock times that a spreadsheet dated 1899 or 1900, and slips of the finger, lie outside
_FIRST_YEAR, _LAST_YEAR = 1920, 2199
_SERIAL_FROM, _SERIAL_TO = 20_000, 80_000
_FULL = re.compile(r"^(\d{4}|\d{2})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?(?!\d)")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:\D|$|\d{6}$)")
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?(?!\d)(?!\s*[./\-])")
_TIME = re.compile(
    r"(上午|早上|早|中午|下午|晚上|晚)?\s*(?<![\d:])(\d{1,2})\s*[:：点时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}))?(?:\s*([AP])\.?M\b)?",
    re.IGNORECASE,
)
#: what clerks write where there is no date
NO_DATE = frozenset(
    {"", "-", "--", "/", "\\", "—", "——", "无", "至今", "在岗", "在职", "未退场", "在场", "今", "长期"}
)


class DateError(ValueError):
    """A date that cannot be read; the message is a Chinese sentence."""


def parse_date(value: Cell, *, year: int | None = None) -> dt.date | None:
    """Read a date cell, or ``None`` where it means "none". ``year`` completes ``9月1日``.

    Raises :class:`DateError`. A two-digit year is of this century (``26-09-01`` is how DingTalk writes).
    """
    if isinstance(value, dt.date):
        return _checked(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str):
        return _from_text(value, year)
    raise DateError("不是日期，请写成 2026-09-01 这样的形式。")


def _from_number(value: float) -> dt.date:
    if _SERIAL_FROM <= value < _SERIAL_TO:
        return _EPOCH + dt.timedelta(days=int(value))
    if 19_000_101 <= value <= 29_991_231 and value == int(value):
        return _checked(int(value) // 10000, int(value) // 100 % 100, int(value) % 100)
    raise DateError(f"“{value:g}”不是日期，请写成 2026-09-01 这样的形式。")


@lru_cache(maxsize=8192)
def _from_text(value: str, year: int | None) -> dt.date | None:
    text = half_width(value).strip()
    if text in NO_DATE:
        return None
    match = _FULL.match(text)
    if match:
        number = int(match[1])
        return _checked(number if number > 99 else 2000 + number, int(match[2]), int(match[3]))
    match = _COMPACT.match(text)
    if match:
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    match = _MONTH_DAY.match(text)
    if match and int(match[1]) <= 12:
        if year is None:
            raise DateError(f"“{text}”没有写年份，请写成 2026-09-01 这样的形式。")
        return _checked(year, int(match[1]), int(match[2]))
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_number(float(text))
    if re.match(r"^\d{4}[年./\-]\d{1,2}月?$", text):
        raise DateError(f"“{text}”只写到月份，请写到日，如 2026-09-01。")
    raise DateError(f"“{text}”不是日期，请写成 2026-09-01 这样的形式。")


def _checked(year: int, month: int, day: int) -> dt.date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise DateError(f"{year}年不可能是这里的日期，请写成 2026-09-01 这样的形式。")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise DateError(f"{year}年{month}月{day}日这一天不存在，请核对日期。") from None


def parse_times(value: Cell) -> list[dt.time]:
    """All clock times of a cell, in the order written; a fraction of a day is a time as Excel stores it."""
    if isinstance(value, dt.datetime):
        return [value.time().replace(microsecond=0)]
    if isinstance(value, dt.time):
        return [value]
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds()) % 86_400
        return [_clock(seconds)]
    if isinstance(value, float) and 0 < value < 1:
        return [_clock(round(value * 86_400) % 86_400)]
    if isinstance(value, str):
        return _times_of_text(value)
    return []


def _clock(seconds: int) -> dt.time:
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)


@lru_cache(maxsize=8192)
def _times_of_text(value: str) -> list[dt.time]:
    times = []
    for before, hour, minute, second, after in _TIME.findall(half_width(value)):
        number = int(hour) % 24 if int(hour) <= 24 else 99
        if number < 12 and (before in ("下午", "晚上", "晚") or after.upper() == "P"):
            number += 12
        elif number == 12 and after.upper() == "A":
            number = 0
        if number < 24 and int(minute) < 60 and int(second or 0) < 60:
            times.append(dt.time(number, int(minute), int(second or 0)))
    return times
