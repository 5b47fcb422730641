"""What recognising a sheet yields: accepted rows, problems at their cells, totals, and the JSON of it all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from anxin.kernel.masking import mask_card, mask_id_number, mask_phone
from anxin.kernel.money import yuan_string
from anxin.kernel.months import Month
from anxin.sheets.texts import column_letter
from anxin.sheets.workbook import Cell, Sheet

_MASKED_FIELDS = {"id_number": mask_id_number, "bank_card": mask_card, "phone": mask_phone}
#: a long run of digits is somebody's number whichever column it strayed into
_LONG_NUMBER = re.compile(r"\d{11,}[\dXx]?")


@dataclass(slots=True, frozen=True)
class CellProblem:
    """Something wrong at one cell. ``row`` is Excel's number, ``column`` its letter, ``reason`` a sentence."""

    row: int
    column: str
    header: str
    value: str
    reason: str
    field: str = ""

    def as_json(self) -> dict[str, Any]:
        mask = _MASKED_FIELDS.get(self.field)
        value = mask(self.value) if mask and self.value else self.value
        if not mask:
            value = _LONG_NUMBER.sub(lambda m: mask_id_number(m[0]), value)
        return {"row": self.row, "column": self.column, "value": value, "reason": self.reason}


class ClockTime(NamedTuple):
    """One passage as a sheet tells it: ``in``, ``out`` or empty, and how many days after the day it is written for."""

    at: dt.time
    direction: str = ""
    days_later: int = 0


@dataclass(slots=True, frozen=True)
class AttendanceDay:
    """One person's day. ``date`` is ``None`` while the month is unknown; ``day`` is then its number.

    ``fraction`` is the part of a working day that somebody wrote (0, 0.5, 1, or as written), ``None`` where the
    sheet has only ``punches``: what they come to is decided by the day rule, not here. ``hours`` is what the sheet
    says in hours, overtime included in ``overtime_hours`` only.
    """

    day: int
    date: dt.date | None
    fraction: Decimal | None
    hours: Decimal | None = None
    overtime_hours: Decimal | None = None
    punches: tuple[ClockTime, ...] = ()


@dataclass(slots=True)
class ParsedRow:
    """One accepted record. ``number`` is Excel's row; ``span`` the rows it was read from, usually one.

    ``values``: field → ``str``, fen (``int``), ``Decimal`` days or hours, ``date``, ``time``, or for
    attendance ``days``: a list of :class:`AttendanceDay`. Absent fields are absent keys; blanks are ``None``.
    """

    number: int
    values: dict[str, Any]
    warnings: tuple[str, ...] = ()
    span: int = 1

    @property
    def source_rows(self) -> range:
        return range(self.number, self.number + self.span)


@dataclass
class Recognition:
    """A sheet read as one kind. Row numbers as Excel shows them, money in fen."""

    kind: str
    sheet: str
    header_rows: list[int]
    period: Month | None
    columns: dict[str, str]
    column_letters: dict[str, str]
    layout_key: str
    rows: list[ParsedRow]
    rejected: list[CellProblem]
    warnings: list[CellProblem]
    skipped: list[tuple[int, str]]
    people: int
    totals: dict[str, int | None]
    sheet_totals: dict[str, int] | None
    rows_read: int
    note: str
    #: every column: letter → header, so that a person can mend the mapping
    all_columns: dict[str, str]
    unit: str
    source: Sheet = field(repr=False)

    @property
    def rows_accepted(self) -> int:
        return sum(row.span for row in self.rows)

    @cached_property
    def rejected_rows(self) -> list[int]:
        """Excel numbers of the rejected rows, each once."""
        return sorted({problem.row for problem in self.rejected})

    @cached_property
    def raw_rows(self) -> Mapping[int, list[Any]]:
        """Every row below the header as it came, by Excel row number, in values that JSON can hold."""
        start = self.header_rows[-1]
        rows = self.source.rows[start:]
        return {start + index + 1: [plain_value(cell) for cell in row] for index, row in enumerate(rows)}

    def as_json(self) -> dict[str, Any]:
        """The document that ``anxin import --json`` prints."""
        return {
            "kind": self.kind,
            "sheet": self.sheet,
            "header_rows": self.header_rows,
            "period": str(self.period) if self.period else None,
            "columns": self.columns,
            "rows_read": self.rows_read,
            "rows_accepted": self.rows_accepted,
            "rows_rejected": [problem.as_json() for problem in self.rejected],
            "people": self.people,
            "totals": {key: None if fen is None else yuan_string(fen) for key, fen in self.totals.items()},
            "skipped": [{"row": row, "reason": reason} for row, reason in self.skipped],
            "warnings": [problem.as_json() for problem in self.warnings],
            "note": self.note,
        }


def plain_value(cell: Cell) -> Any:
    """A cell in a form that JSON can hold: dates and times as ISO text, whole floats as integers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return cell


def shown_value(cell: Cell) -> str:
    """A cell as text for a person."""
    value = plain_value(cell)
    if isinstance(value, float):
        return repr(value)
    return "" if value is None else str(value)


def problem_at(
    row: int, column: int, header: str, value: Cell, sentence: str, *, field: str = ""
) -> CellProblem:
    """A problem whose reason names the cell: ``E8（身份证号）：身份证号末位校验码不对……``."""
    letter = column_letter(column)
    named = f"{letter}{row}（{header}）" if header else f"{letter}{row}"
    return CellProblem(row, letter, header, shown_value(cell=value), f"{named}：{sentence}", field)
