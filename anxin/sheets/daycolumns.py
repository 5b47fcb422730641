"""Days as column headers: ``1`` … ``31``, ``9月1日``, ``9/1 星期二``, real dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.sheets.dates import DateError, parse_date
from anxin.sheets.texts import half_width, squeeze
from anxin.sheets.workbook import Cell

#: fewer neighbouring days than this are not a grid
MIN_DAY_COLUMNS = 5
_DAY = re.compile(r"^(\d{1,2})(?:日|号)?(?:[\s(]*(?:星期|周)?[一二三四五六日天][\s)]*)?$")
_MONTH_DAY = re.compile(r"^(\d{1,2})[月/.\-](\d{1,2})日?(?:[\s(]*(?:星期|周)?[一二三四五六日天]?[\s)]*)?$")
_WEEKDAYS = frozenset(f"{prefix}{day}" for prefix in ("", "星期", "周") for day in "一二三四五六日天") | {
    *("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
}


@dataclass(frozen=True)
class DayLabel:
    """What a day header says: the day, perhaps its month, perhaps its year."""

    day: int
    month: int | None = None
    year: int | None = None


def is_weekday_word(value: Cell) -> bool:
    return isinstance(value, str) and squeeze(value) in _WEEKDAYS


def day_label(value: Cell) -> DayLabel | None:
    """The day that a header cell stands for, or ``None``."""
    if isinstance(value, dt.date):
        return DayLabel(value.day, value.month, value.year)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 1 <= value <= 31 and value == int(value):
            return DayLabel(int(value))
        if 30_000 <= value < 80_000:
            day = parse_date(float(value))
            return DayLabel(day.day, day.month, day.year) if day else None
        return None
    if not isinstance(value, str) or not value[:1].strip() or len(value) > 20:
        return None
    return _from_text(half_width(value).strip())


def _from_text(text: str) -> DayLabel | None:
    match = _DAY.match(text)
    if match:
        return DayLabel(int(match[1])) if 1 <= int(match[1]) <= 31 else None
    match = _MONTH_DAY.match(text)
    if match:
        month, day = int(match[1]), int(match[2])
        return DayLabel(day, month) if 1 <= month <= 12 and 1 <= day <= 31 else None
    if not re.match(r"^\d{2,4}[年/.\-]\d{1,2}[月/.\-]\d{1,2}", text):
        return None
    try:
        date = parse_date(text)
    except DateError:
        return None
    return DayLabel(date.day, date.month, date.year) if date else None


def day_run(cells: Sequence[Cell]) -> dict[int, DayLabel]:
    """Column → day for the longest run of days that count up; the run may pass the end of a month once.

    One or two columns may stand between the days (a subtotal after the 15th). ``{}`` below five days.
    """
    best: dict[int, DayLabel] = {}
    current: dict[int, DayLabel] = {}
    previous: DayLabel | None = None
    last_column = -1
    for column, cell in enumerate(cells):
        label = day_label(cell)
        if label is None:
            continue
        follows = previous is not None and column - last_column <= 3 and _follows(previous, label)
        if not follows:
            if len(current) > len(best):
                best = current
            current = {}
        current[column] = label
        previous, last_column = label, column
    if len(current) > len(best):
        best = current
    return best if len(best) >= MIN_DAY_COLUMNS else {}


def _follows(previous: DayLabel, label: DayLabel) -> bool:
    return label.day == previous.day + 1 or (label.day == 1 and previous.day >= 28)
