"""Which month a sheet is about, from its title lines, its name and the file's name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.kernel.months import Month
from anxin.sheets.texts import is_blank, squeeze
from anxin.sheets.workbook import Cell

_RANGE = re.compile(
    r"(?<!\d)(20\d{2})[年./\-](\d{1,2})[月./\-](\d{1,2})日?(?:至|到|[-—~一]+)(?:(20\d{2})[年./\-])?(\d{1,2})[月./\-](\d{1,2})(?!\d)"
)
_YEAR_MONTH = re.compile(r"(?<!\d)(20\d{2})(?:年度?|[-./_—])0?(\d{1,2})(?:月|(?![\d./\-年日]))")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(20\d{2})[年./\-](\d{1,2})[月./\-](\d{1,2})日?(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年|[^\d.,]|$)")
_MONTH_ONLY = re.compile(r"(?<![\d年.\-/至到])(1[0-2]|0?[1-9])月(?!\d{1,2}日)")
_CHINESE_MONTH = re.compile(
    r"(?<![一二三四五六七八九十年])(十[一二]?|[一二三四五六七八九])月份?(?=工资|考勤|份)"
)
_CHINESE_YEAR = re.compile(
    r"二[〇○0零]([〇○0零一二三四五六七八九])([〇○0零一二三四五六七八九])年(十[一二]?|[一二三四五六七八九])月"
)
#: dates that say when the paper was made, not what it is about
_ABOUT_PAPER = re.compile(
    r"(?:制表|填表|编制|打印|生成|导出|填报|上报|申请|报送|发放|发薪|支付|签订|审核|制单|报表)[^0-9:]{0,6}:?$"
)
_LABEL = re.compile(
    r"(?:所属|工资|计薪|考勤|结算|出勤|统计|支付|发放)?(?:月份|期间|所属期|周期|月度|时间|日期|年月)[^0-9]{0,4}$"
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
    found = []
    for match in _RANGE.finditer(text):
        month = _month(match[4] or match[1], match[5])
        if month:
            found.append(Stated(month, base + 1, row, column, match[0]))
    rest = _RANGE.sub(" ", text)
    for match in _YEAR_MONTH_DAY.finditer(rest):
        month = _month(match[1], match[2])
        if month and not _ABOUT_PAPER.search(rest[: match.start()]):
            found.append(Stated(month, base + 7, row, column, match[0]))
    rest = _YEAR_MONTH_DAY.sub(" ", rest)
    for match in _YEAR_MONTH.finditer(rest):
        month = _month(match[1], match[2])
        if not month or re.search(r"(?:制表|打印|生成|导出)(?:日期|时间)[^0-9]{0,3}$", rest[: match.start()]):
            continue
        labelled = _LABEL.search(rest[: match.start()]) or re.match(
            r"份?(?:的)?(?:工资|考勤|薪|人工|出勤)", rest[match.end() :]
        )
        found.append(Stated(month, base + (2 if labelled else 3), row, column, match[0]))
    for match in _CHINESE_YEAR.finditer(rest):
        month = _month(f"20{_DIGITS[match[1]]}{_DIGITS[match[2]]}", str(_chinese_number(match[3])))
        if month:
            found.append(Stated(month, base + 2, row, column, match[0]))
    return found


def _bare_months(text: str) -> list[int]:
    rest = _YEAR_MONTH_DAY.sub(" ", _RANGE.sub(" ", text))
    numbers = [int(number) for number in _MONTH_ONLY.findall(rest)]
    return numbers or [_chinese_number(word) for word in _CHINESE_MONTH.findall(rest)]


def _chinese_number(word: str) -> int:
    if word.startswith("十"):
        return 10 + (_DIGITS[word[1]] if len(word) > 1 else 0)
    return _DIGITS[word]


def _month(year: str, number: str) -> Month | None:
    return Month(int(year), int(number)) if 1 <= int(number) <= 12 else None
