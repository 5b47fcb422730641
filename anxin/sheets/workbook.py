"""A workbook in memory: rectangles of plain values, merges, and formulas that came without results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

#: what a cell holds; a blank cell is ``""``
Cell = str | int | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta

#: first row, first column, last row, last column; all counted from 0, all included
Merge = tuple[int, int, int, int]


@dataclass
class Sheet:
    """One sheet. ``rows[i]`` is Excel row ``i + 1``; all rows have the same width, column 0 is A.

    ``uncomputed`` maps (row, column), from 0, to the text of a formula that has no stored result and could
    not be computed here. ``computed`` lists the cells whose result was computed here.
    """

    name: str
    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    visible: bool = True
    uncomputed: dict[tuple[int, int], str] = field(default_factory=dict)
    computed: set[tuple[int, int]] = field(default_factory=set)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass
class Workbook:
    """A file that has been read. ``format`` is ``xlsx``, ``xls`` or ``csv``."""

    filename: str
    format: str
    sheets: list[Sheet]
