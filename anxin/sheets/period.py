"""Which month a sheet is about, from its title lines, its name and the file's name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anxin.kernel.months import Month
from anxin.sheets.texts import is_blank, squeeze
from anxin.sheets.workbook import Cell

_RANGE = re.compile(
    r"(?<!\d)(?P<year>20\d{2})[年./\-](?P<month>\d{1,2})[月./\-]\d{1,2}日?(?:至|到|[-—~一]+)"
    r"(?:(?P<end_year>20\d{2})[年./\-])?(?P<end_month>\d{1,2})[月./\-]\d{1,2}(?!\d)"
)
_DAY_RANGE = re.compile(
    r"(?<!\d)(?P<year>20\d{2})[年./\-](?P<month>\d{1,2})[月./\-]\d{1,2}日?(?:至|到|[-—~]+)\d{1,2}日"
)
#: 2026年1月至6月: a half-year, which takes its months away from the weaker patterns
_MONTHS = re.compile(r"(?<!\d)20\d{2}年\d{1,2}月?(?:份)?(?:至|到|[-—~、])(?:20\d{2}年)?\d{1,2}月")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(?P<year>20\d{2})[年./\-](?P<month>\d{1,2})[月./\-]\d{1,2}日?(?!\d)")
_YEAR_MONTH = re.compile(
    r"(?<!\d)(?P<year>20\d{2})(?:年度?|[-./_—])0?(?P<month>\d{1,2})(?:月|(?![\d./\-年日]))"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<year>2\d)年(?P<month>\d{1,2})月")
_CHINESE_YEAR = re.compile(
    r"(?P<year>二[〇○0零][〇○0零一二三四五六七八九]{2})年(?P<month>十[一二]?|[一二三四五六七八九])月"
)
_SUBJECT = re.compile(r"份?(?:的)?(?:工资|考勤|薪|人工|出勤)")
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年|[^\d.,]|$)")
_MONTH_ONLY = re.compile(r"(?<![\d年.\-/至到])(1[0-2]|0?[1-9])月(?!\d{1,2}日)")
_CHINESE_MONTH = re.compile(
    r"(?<![一二三四五六七八九十年])(十[一二]?|[一二三四五六七八九])月份?(?=工资|考勤|份)"
)
_ABOUT_PAPER = re.compile(
    r"(?:制表|填表|编制|打印|生成|导出|填报|上报|申请|报送|发放|发薪|支付|签订|审核|制单|报表)[^0-9:]{0,6}:?$"
)
_NOT_THE_WAGES = re.compile(r"(?:公示|公告|合同|工期|有效)[^0-9]{0,8}$")
_LABEL = re.compile(
    r"(?:所属|工资|计薪|考勤|结算|出勤|统计|支付|发放)?(?:月份|期间|所属期|周期|月度|时间|日期|年月)[^0-9]{0,4}$"
)
#: dates outside are clock times that a spreadsheet dated 1899 or 1900, and slips of the finger
_FIRST_YEAR, _LAST_YEAR = 1950, 2199
_ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ENGLISH_MONTH = re.compile(
    rf"(?:^|[^A-Z]|FOR|OF|PAYROLL|ATTENDANCE|MONTH|PERIOD|SHEET|SALARY)(?P<month>{'|'.join(_ENGLISH)})[A-Z]{{0,6}}[.,\-/_]*(?P<year>20\d{{2}})(?!\d)"
)
_DIGITS = {"〇": 0, "○": 0, "0": 0, "零": 0, **{c: i for i, c in enumerate("一二三四五六七八九", 1)}}


@dataclass(frozen=True)
class Stated:
    """A month that the sheet states. ``rank`` 1 is the surest; ``row``/``column`` from 0, -1 for names."""

    month: Month
    rank: int
    row: int = -1
    column: int = -1
    text: str = ""


def stated_months(
    titles: Sequence[Sequence[Cell]], sheet: str, filename: str
) -> tuple[list[Stated], int | None]:
    """The months that a sheet states, the surest first, and the bare month number when no year is to be had.

    ``titles`` are the rows above the header.
    """
    found: list[Stated] = []
    bare: list[tuple[int, int]] = []
    years: list[int] = []
    texts: list[tuple[str, int, int]] = []
    for row, cells in enumerate(titles):
        filled = [(column, cell) for column, cell in enumerate(cells) if not is_blank(cell)]
        for column, cell in filled:
            if isinstance(cell, dt.date):
                if month_of_date(cell) is None:
                    continue
                found.append(
                    Stated(Month.of(cell), 3 if cell.day == 1 else 6, row, column, cell.isoformat()[:10])
                )
            elif isinstance(cell, str):
                texts.append((squeeze(cell), row, column))
        if len(filled) > 1:
            texts.append(("".join(_text(cell) for _, cell in filled), row, filled[0][0]))
    for text, row, column in texts:
        found += _from_text(text, row, column, 0)
        bare += [(0, n) for n in _bare_months(text)]
        years += [int(y) for y in _YEAR.findall(text)]
    for rank, name in ((10, sheet), (20, filename.rsplit(".", 1)[0])):
        text = squeeze(name)
        found += _from_text(text, -1, -1, rank)
        found += [Stated(Month(int(y), int(m)), rank + 5, text=name) for y, m in _COMPACT.findall(text)]
        bare += [(rank, n) for n in _bare_months(text)]
        years += [int(y) for y in _YEAR.findall(text)]
    if bare and len(set(years)) == 1:
        rank, number = min(bare)
        found.append(Stated(Month(years[0], number), rank + 4, text=f"{years[0]}年{number}月"))
    return sorted(found, key=lambda s: s.rank), (min(bare)[1] if bare else None)


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:g}"
    return squeeze(cell) if isinstance(cell, str) else ""


def _from_text(text: str, row: int, column: int, base: int) -> list[Stated]:
    """Every month in one text. What a pattern has taken is not read again by a weaker one."""
    found: list[Stated] = []

    def take(pattern: re.Pattern[str], rank: Callable[[re.Match[str], str], int | None], text: str) -> str:
        for match in pattern.finditer(text):
            month, surety = _named_month(match), rank(match, text)
            if month and surety is not None:
                found.append(Stated(month, base + surety, row, column, match[0]))
        return pattern.sub(" ", text)

    rest = take(_RANGE, _rank_of_range, text)
    rest = take(_DAY_RANGE, _rank_of_range, rest)
    rest = _MONTHS.sub(" ", rest)
    rest = take(_YEAR_MONTH_DAY, _rank_of_day, rest)
    rest = take(_YEAR_MONTH, _rank_of_month, rest)
    rest = take(_CHINESE_YEAR, lambda match, _: 2, rest)
    rest = take(_SHORT_YEAR, lambda match, _: 3, rest)
    take(_ENGLISH_MONTH, lambda match, _: 3, rest)
    return found


def _rank_of_range(match: re.Match[str], text: str) -> int | None:
    """A span of days is the surest, unless it says how long the paper hangs on the wall."""
    return None if _NOT_THE_WAGES.search(text[: match.start()]) else 1


def _rank_of_day(match: re.Match[str], text: str) -> int | None:
    """A full date says little about the month, and nothing when it is the date of the paper."""
    return None if _ABOUT_PAPER.search(text[: match.start()]) else 7


def _rank_of_month(match: re.Match[str], text: str) -> int | None:
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"(?:制表|打印|生成|导出)(?:日期|时间)[^0-9]{0,3}$", before):
        return None
    return 2 if _LABEL.search(before) or _SUBJECT.match(after) else 3


def _named_month(match: re.Match[str]) -> Month | None:
    """The month of a match: of a span of days, the month in which it ends; of several months, none."""
    groups = match.groupdict()
    if groups.get("end_month") and int(groups["end_month"]) - int(groups["month"]) not in (0, 1, -11):
        return None
    if groups["month"] in _ENGLISH:
        return Month(int(groups["year"]), _ENGLISH.index(groups["month"]) + 1)
    year, number = groups.get("end_year") or groups["year"], groups.get("end_month") or groups["month"]
    if year[0] == "二":
        year, number = f"20{_DIGITS[year[2]]}{_DIGITS[year[3]]}", str(_chinese_number(number))
    return _month(year if len(year) == 4 else f"20{year}", number)


def _bare_months(text: str) -> list[int]:
    rest = _YEAR_MONTH_DAY.sub(" ", _MONTHS.sub(" ", _RANGE.sub(" ", text)))
    numbers = [int(number) for number in _MONTH_ONLY.findall(rest)]
    return numbers or [_chinese_number(word) for word in _CHINESE_MONTH.findall(rest)]


def _chinese_number(word: str) -> int:
    if word.startswith("十"):
        return 10 + (_DIGITS[word[1]] if len(word) > 1 else 0)
    return _DIGITS[word]


def _month(year: str, number: str) -> Month | None:
    return Month(int(year), int(number)) if 1 <= int(number) <= 12 else None


def month_of_date(day: dt.date) -> Month | None:
    """The month of a date cell; a spreadsheet's clock times may carry a date of 1899, which means nothing."""
    return Month.of(day) if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def month_of_cell(cell: Cell, year: Cell | None = None) -> Month | None:
    """The month that a cell of a month column names: a date, ``2026-09``, ``202609``, ``2026年9月``, or ``9`` with
    the cell of a year column."""
    if isinstance(cell, dt.date):
        return month_of_date(cell)
    text = squeeze(f"{cell:.0f}" if isinstance(cell, float) else str(cell))
    named = re.fullmatch(
        r"20\d{2}", squeeze(f"{year:.0f}" if isinstance(year, float) else str(year)).rstrip("年度")
    )
    if named and re.fullmatch(r"\d{1,2}(?:月份?)?", text):
        return _month(named[0], text.rstrip("月份"))
    stated = _from_text(text, 0, 0, 0) or [
        Stated(Month(int(y), int(m)), 5) for y, m in _COMPACT.findall(text)
    ]
    return stated[0].month if stated else None
