"""How one cell of a register's column is read: a value, ``None`` where nothing stands there, or a sentence that says why not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from anxin.kernel.identifiers import (
    DAMAGED_BY_SPREADSHEET,
    clean_identifier,
    damaged_by_spreadsheet,
    id_number_problem,
    uscc_problem,
)
from anxin.kernel.money import parse_yuan
from anxin.kernel.months import Month
from anxin.sheets.dates import parse_date
from anxin.sheets.period import month_of_cell
from anxin.sheets.result import shown_value
from anxin.sheets.texts import squeeze
from anxin.sheets.workbook import Cell

#: no register counts further; a bigger number is a slip, and no database column holds it
_MOST = 10**12
_MOMENT = re.compile(r"(\S+)[ T　]+(\d{1,2}:\d{2}(?::\d{2})?)")
#: digits of a card or an account, at least and at most
_CARD = (8, 32)


class ColumnType(Enum):
    """How the cells of a register's column are read."""

    TEXT = "text"
    CODE = "code"  # as it stands: hyphens and case are the sender's
    USCC = "uscc"
    ID_NUMBER = "id_number"
    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    YES_NO = "yes_no"
    MOMENT = "moment"  # day and time of the place, without a zone
    DAY_OR_MOMENT = "day_or_moment"  # the same; a day alone is its first minute
    CARD = "card"  # a card or account: digits only
    WORD = "word"  # one of ``words``


def reader(
    column: ColumnType, words: Mapping[str, str] | None = None, unit: int = 1
) -> Callable[[Cell], Any]:
    """What reads the cells of a column; it raises :class:`ValueError` with a sentence for the clerk.

    ``words`` are those of a ``WORD``: what the cell says → what is kept. ``unit``: how many yuan an amount counts.
    """
    if unit != 1:
        return lambda cell: _money(cell, unit)
    if column is ColumnType.WORD:
        return lambda cell: _word(cell, words or {})
    return _READERS[column]


def _text(cell: Cell) -> str | None:
    return shown_value(cell).strip() or None


def _code(cell: Cell) -> str | None:
    if damaged_by_spreadsheet(cell):
        raise ValueError(DAMAGED_BY_SPREADSHEET)
    return shown_value(cell).strip() or None


def _checked(problem_of: Callable[[str], str | None]) -> Callable[[Cell], str | None]:
    def read(cell: Cell) -> str | None:
        if damaged_by_spreadsheet(cell):
            raise ValueError(DAMAGED_BY_SPREADSHEET)
        text = cell if type(cell) is str and cell.isalnum() and cell.isascii() else clean_identifier(cell)
        if not text:
            return None
        text = text.upper()
        problem = problem_of(text)
        if problem:
            raise ValueError(problem)
        return text

    return read


def _count(cell: Cell) -> int | None:
    number = _number(cell)
    if number is None:
        return None
    if number != int(number):
        raise ValueError(f"“{shown_value(cell)}”不是整数，请核对。")
    return int(number)


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise ValueError(f"“{shown_value(cell)}”不是数字，请核对。")
    try:
        number = float(cell.replace(",", "").strip()) if isinstance(cell, str) else float(cell)
    except ValueError:
        raise ValueError(f"“{shown_value(cell)}”不是数字，请核对；不知道的请留空。") from None
    if not 0 <= number < _MOST:  # also refuses nan
        raise ValueError(f"“{shown_value(cell)}”小于零或过大，请核对。")
    return number


def _money(cell: Cell, unit: int = 1) -> int | None:
    fen = parse_yuan(cell, unit=unit)
    if fen is not None and not 0 <= fen < _MOST * 100:
        raise ValueError(f"“{shown_value(cell)}”小于零或过大，请核对。")
    return fen


def _month(cell: Cell) -> str:
    try:
        month = Month.parse(cell) if isinstance(cell, str) else month_of_cell(cell)
    except ValueError:
        month = month_of_cell(cell)
    if month is None:
        raise ValueError(f"“{shown_value(cell)}”不是月份，请写成 2026-09 这样的形式。")
    return str(month)


def _moment(cell: Cell) -> dt.datetime | None:
    text = shown_value(cell).strip()
    if not text:
        return None
    if isinstance(cell, dt.datetime):
        return cell.replace(microsecond=0)
    found = _MOMENT.fullmatch(text)
    try:
        day = parse_date(found[1]) if found else None
        time = dt.time.fromisoformat(found[2].zfill(8 if found[2].count(":") == 2 else 5)) if found else None
    except ValueError:
        day = time = None
    if day is None or time is None:
        raise ValueError(f"“{text}”不是日期和时间，请写成 2026-09-15 10:03:00 这样的形式。")
    return dt.datetime.combine(day, time)


def _day_or_moment(cell: Cell) -> dt.datetime | None:
    try:
        return _moment(cell)
    except ValueError:
        day = parse_date(cell)
    return dt.datetime.combine(day, dt.time()) if day else None


def _card(cell: Cell) -> str | None:
    if damaged_by_spreadsheet(cell):
        raise ValueError(DAMAGED_BY_SPREADSHEET)
    text = clean_identifier(cell)
    if text and not (text.isdecimal() and _CARD[0] <= len(text) <= _CARD[1]):
        raise ValueError(f"卡号或账号应为{_CARD[0]}到{_CARD[1]}位数字，请核对。")
    return text or None


def _yes_no(cell: Cell) -> bool | None:
    said = {"是": True, "有": True, "Y": True, "1": True, "否": False, "无": False, "N": False, "0": False}
    text = squeeze(shown_value(cell)).upper()
    if text and text not in said:
        raise ValueError(f"“{shown_value(cell)}”应填写“是”或“否”。")
    return said.get(text)


def _word(cell: Cell, words: Mapping[str, str]) -> str | None:
    text = squeeze(shown_value(cell))
    if text and text not in words:
        raise ValueError(f"“{shown_value(cell)}”不在可选范围内，应为{'、'.join(words)}之一。")
    return words.get(text)


_READERS: dict[ColumnType, Callable[[Cell], Any]] = {
    ColumnType.TEXT: _text,
    ColumnType.CODE: _code,
    ColumnType.USCC: _checked(uscc_problem),
    ColumnType.ID_NUMBER: _checked(id_number_problem),
    ColumnType.MONEY: _money,
    ColumnType.COUNT: _count,
    ColumnType.NUMBER: _number,
    ColumnType.DATE: parse_date,
    ColumnType.MONTH: _month,
    ColumnType.MOMENT: _moment,
    ColumnType.DAY_OR_MOMENT: _day_or_moment,
    ColumnType.CARD: _card,
    ColumnType.YES_NO: _yes_no,
}
