"""Which wage month a bank's result file pays: it prints many dates, and nearly all of them are days of payment.

Only words that name the wages count (9月工资, 工资月份：2026-09). Where they leave out the year, the day of payment
gives it: wages of December paid in January belong to the year before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from anxin.kernel.months import Month
from anxin.sheets.texts import squeeze
from anxin.sheets.workbook import Cell

_WAGES = (
    r"份?的?(?:农民工|务工人员|民工|工人|员工|职工|项目|人员)*的?(?:工资|薪资|薪酬|薪水|劳务费|人工费|奖金)"
)
_NUMBER = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_NAMED = re.compile(
    rf"(?:(?<!\d)(?P<year>(?:20)?\d{{2}})(?:年度?|[./\-]))?(?<![\d至到\-])0?{_NUMBER}月?{_WAGES}"
)
_LABELLED = re.compile(
    r"(?:工资|薪资|计薪|所属)(?:所属)?(?:月份|年月|期间?|月度)[::]?(?P<year>20\d{2})(?:年|[./\-])?0?(?P<month>1[0-2]|[1-9])(?!\d)"
)
_COMPACT = re.compile(rf"(?<!\d)(?P<year>20\d{{2}})(?P<month>0[1-9]|1[0-2]){_WAGES}")
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}


def wage_month(texts: Iterable[str], paid_on: Iterable[dt.date]) -> Month | None:
    """The only wage month that ``texts`` name, completed by the days of payment; ``None`` for none or several."""
    days = sorted(paid_on)
    months = {month for text in texts for month in _months_of(squeeze(text), days)}
    return months.pop() if len(months) == 1 else None


def unanimous(cells: Sequence[Cell]) -> list[str]:
    """The text that all filled cells of a memo column share, as a list of one; ``[]`` where they differ."""
    texts = {squeeze(cell) for cell in cells if isinstance(cell, str) and cell.strip()}
    return list(texts) if len(texts) == 1 else []


def _months_of(text: str, paid_on: list[dt.date]) -> list[Month]:
    found = []
    for pattern in (_LABELLED, _COMPACT, _NAMED):
        for match in pattern.finditer(text):
            month = _month(match["year"], match["month"], paid_on)
            if month:
                found.append(month)
        if found:
            break
    return found


def _month(year: str | None, word: str, paid_on: list[dt.date]) -> Month | None:
    number = _DIGITS.get(word) or int(word)
    if not 1 <= number <= 12:
        return None
    if year:
        return Month(int(year) if len(year) == 4 else 2000 + int(year), number)
    if not paid_on:
        return None
    last = paid_on[-1]
    return Month(last.year if number <= last.month else last.year - 1, number)
