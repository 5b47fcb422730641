"""Find the header of a table: which rows, and for each column the words from its top level to its lowest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from anxin.sheets import limits
from anxin.sheets.daycolumns import DayLabel, day_label, day_run, is_weekday_word
from anxin.sheets.texts import header_word, is_blank, shown_header, squeeze
from anxin.sheets.workbook import Cell, Sheet

#: longer texts are sentences, not column names
_MAX_HEADER_TEXT = 40
_LABEL_CELL = re.compile(r".[:：](?!$)|[:：]$")
#: what stands before a line of weekdays, often below 日期
_WEEKDAY_LABELS = frozenset({"星期", "周", "星期几", "周几", "WEEKDAY"})
_UNITS = frozenset(
    ("元", "万元", "天", "日", "元/天", "元/日", "元/月", "元/工日", "元/小时", "人", "小时", "工日", "个", "%", "H", "工", "RMB", "次", "岁",
     "分钟", "单位:元", "¥", "个工", "天数", "CNY", "年", "月")
)  # fmt: skip
_NUMERIC_TEXT = re.compile(r"^[-+¥]?[\d,.]+%?$")


@dataclass
class Header:
    """Rows ``first``..``last`` (from 0, both included). ``paths[c]``: words of column ``c``, top level first."""

    first: int
    last: int
    paths: list[tuple[str, ...]]
    shown: list[str]
    raw: list[tuple[str, ...]]
    #: column → the day it stands for, in attendance grids
    days: dict[int, DayLabel] = field(default_factory=dict)
    #: how much the block looks like a header apart from its words; see :func:`_shape_score`
    shape: float = 0.0

    @property
    def excel_rows(self) -> list[int]:
        return list(range(self.first + 1, self.last + 2))


class HeaderFinder:
    """Offers every block of rows near the top of a sheet that could be a header."""

    def __init__(self, sheet: Sheet, *, with_days: bool) -> None:
        self._sheet = sheet
        self._with_days = with_days
        self._top = min(len(sheet.rows), limits.HEADER_SEARCH_ROWS)
        self._merges = [m for m in sheet.merges if m[0] < self._top + limits.MAX_HEADER_LEVELS]
        self._anchor: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in self._merges:
            for row in range(top, min(bottom, self._top + limits.MAX_HEADER_LEVELS) + 1):
                for column in range(left, min(right, sheet.width - 1) + 1):
                    self._anchor[row, column] = (top, left)

    def candidates(self) -> Iterator[Header]:
        """Blocks of one to four rows, the higher first."""
        for first in range(self._top):
            for levels in range(1, limits.MAX_HEADER_LEVELS + 1):
                header = self.block(first, first + levels - 1)
                if header:
                    yield header

    def block(self, first: int, last: int, *, forced: bool = False) -> Header | None:
        """The block as a header, or ``None`` when merges or contents rule it out (unless ``forced``)."""
        rows = self._sheet.rows
        if last >= len(rows):
            return None
        if not forced and not self._possible(first, last):
            return None
        raw = [self._path(column, first, last) for column in range(self._sheet.width)]
        header = Header(
            first,
            last,
            [tuple(w for w in map(header_word, path) if w) for path in raw],
            ["/".join(map(shown_header, path)) for path in raw],
            raw,
        )
        if self._with_days:
            header.days = self._days(first, last)
            self._extend_over_weekdays(header)
        self._extend_over_units(header)
        header.shape = self._shape_score(first, last, header)
        return header

    def _possible(self, first: int, last: int) -> bool:
        for top, _, bottom, _ in self._merges:
            overlaps = top <= last and bottom >= first
            if overlaps and (top < first or bottom > last):
                return False
        for row in range(first, last + 1):
            own = [c for c in range(self._sheet.width) if self._own(row, c)]
            if not own or (last > first and row == first and len(own) < 2):
                return False
            if any(self._data_like(row, c) for c in own) or self._label_row(row, own):
                return False
            if row < last and self._title_row(row):
                return False
            if row > first and not self._continues(first, row, own):
                return False
        return True

    def _own(self, row: int, column: int) -> bool:
        """Whether the cell is filled by itself, not by a merge that started elsewhere."""
        if self._anchor.get((row, column), (row, column)) != (row, column):
            return False
        return not is_blank(self._sheet.rows[row][column])

    def _data_like(self, row: int, column: int) -> bool:
        value = self._sheet.rows[row][column]
        if self._with_days and (day_label(value) or is_weekday_word(value)):
            return False
        if not isinstance(value, str):
            return True
        return len(value) > _MAX_HEADER_TEXT * 2 or bool(_NUMERIC_TEXT.match(squeeze(value)))

    def _label_row(self, row: int, own: list[int]) -> bool:
        """A line such as ``单位：…… 日期：……``, which belongs to the title."""
        texts = [squeeze(str(self._sheet.rows[row][c])) for c in own]
        if len(own) > 2 and own[-1] - own[0] + 1 == len(own):
            texts = [
                text.rstrip(":") for text in texts
            ]  # 姓名： 应发工资： side by side are names of columns
        labels = sum(1 for text in texts if _LABEL_CELL.search(text))
        return labels > 0 and labels * 3 >= len(own)

    def _title_row(self, row: int) -> bool:
        """A line merged over most of the table is a title, unless columns beside it reach down into the header
        (as 姓名 does beside 出勤日期 over 31 days)."""
        wide = any(
            top == row and (right - left + 1) * 4 >= self._sheet.width * 3
            for top, left, _, right in self._merges
        )
        return wide and not any(top == row and bottom > row for top, _, bottom, _ in self._merges)

    def _continues(self, first: int, row: int, own: list[int]) -> bool:
        """Whether ``row`` is a lower header level: it fills what is under groups, not what is under names."""
        under_single = 0
        judged = 0
        for column in own:
            value = self._sheet.rows[row][column]
            if is_weekday_word(value) or squeeze(str(value)) in _WEEKDAY_LABELS:
                continue
            judged += 1
            if self._has_single_above(first, row, column):
                under_single += 1
        return under_single * 2 <= judged

    def _has_single_above(self, first: int, row: int, column: int) -> bool:
        above = self._anchor.get((row - 1, column), (row - 1, column))
        if is_blank(self._sheet.rows[above[0]][above[1]]):
            return False
        if self._spans_columns(above):
            return False
        right = (row - 1, column + 1)
        group_without_merge = (
            not self._row_has_group(row - 1)
            and column + 1 < self._sheet.width
            and right not in self._anchor
            and is_blank(self._sheet.rows[row - 1][column + 1])
            and self._own(row, column + 1)
        )
        return not group_without_merge

    def _spans_columns(self, anchor: tuple[int, int]) -> bool:
        return any((t, left) == anchor and right > left for t, left, _, right in self._merges)

    def _row_has_group(self, row: int) -> bool:
        return any(t <= row <= b and right > left for t, left, b, right in self._merges)

    def _path(self, column: int, first: int, last: int) -> tuple[str, ...]:
        path: list[str] = []
        seen: tuple[int, int] | None = None
        for row in range(first, last + 1):
            anchor = self._anchor.get((row, column), (row, column))
            if anchor[0] < first:
                anchor = (row, column)
            if anchor == seen:
                continue
            seen = anchor
            value = self._sheet.rows[anchor[0]][anchor[1]]
            if is_blank(value) and row < last and not self._row_has_group(row):
                value = self._from_left(row, column)
            if not is_blank(value):
                path.append(_header_text(value))
        return tuple(path)

    def _from_left(self, row: int, column: int) -> Cell:
        """The group name to the left, where a text file has lost the merge that carried it over."""
        if not self._own(row + 1, column):
            return ""
        for left in range(column - 1, -1, -1):
            value = self._sheet.rows[row][left]
            if not is_blank(value):
                return value if self._own(row + 1, left) else ""
        return ""

    def _days(self, first: int, last: int) -> dict[int, DayLabel]:
        """Column → day, from the row of the block with the longest run of days."""
        best: dict[int, DayLabel] = {}
        best_row = first
        for row in range(first, last + 1):
            run = day_run(self._sheet.rows[row])
            if len(run) > len(best):
                best, best_row = run, row
        return self._with_sub_columns(best, best_row, last)

    def _with_sub_columns(self, days: dict[int, DayLabel], row: int, last: int) -> dict[int, DayLabel]:
        """A day over two or three columns (上午, 下午, 加班) owns them all."""
        if row == last or not days:
            return days
        spread: dict[int, DayLabel] = {}
        for column, label in days.items():
            spread[column] = label
            following = column + 1
            while (
                following < self._sheet.width
                and following not in days
                and following - column <= 3
                and (
                    self._anchor.get((row, following)) == (row, column)
                    or self._blank_over_own(row, following)
                )
            ):
                spread[following] = label
                following += 1
        return spread

    def _blank_over_own(self, row: int, column: int) -> bool:
        """A blank, unmerged cell above a filled one: what a text file leaves of a merge."""
        blank = is_blank(self._sheet.rows[row][column]) and (row, column) not in self._anchor
        return blank and self._own(row + 1, column)

    def _extend_over_weekdays(self, header: Header) -> None:
        """A line of weekdays (一 二 三…, or the dates again, shown as weekdays) below the days belongs to the
        header."""
        following = header.last + 1
        if not header.days or following >= len(self._sheet.rows):
            return
        cells = self._sheet.rows[following]
        filled = [c for c in range(self._sheet.width) if not is_blank(cells[c])]
        weekdays = sum(
            is_weekday_word(cells[c]) or isinstance(cells[c], dt.date) for c in filled if c in header.days
        )
        if len(filled) >= 5 and weekdays * 10 >= len(filled) * 8:
            header.last = following

    def _extend_over_units(self, header: Header) -> None:
        """A line of nothing but units (天, 元/天, 元) below the names belongs to the header."""
        following = header.last + 1
        if following >= len(self._sheet.rows):
            return
        cells = self._sheet.rows[following]
        filled = [c for c in range(self._sheet.width) if not is_blank(cells[c])]
        units = {c: squeeze(str(cells[c])).strip("()") for c in filled}
        if len(filled) >= 2 and all(unit in _UNITS and header.paths[c] for c, unit in units.items()):
            header.last = following
            for column, unit in units.items():
                header.raw[column] += (f"({unit})",)

    def _shape_score(self, first: int, last: int, header: Header) -> float:
        """Upper levels that group several columns, but not all of them, make a block likelier."""
        width = sum(1 for path in header.paths if path) or 1
        score = 0.0
        for top, left, _, right in self._merges:
            if first <= top < last and 1 < right - left + 1 < max(width * 0.8, 2.1):
                score += 0.3
        if len(set(header.days.values())) < len(header.days):
            score += 0.6  # 上午, 下午 below each day: the lower level is part of the header
        return min(score, 0.6) + min(width, 40) * 0.01 - 0.15 * (last - first)


def _header_text(value: Cell) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
