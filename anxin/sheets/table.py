"""The body of a table as typed columns: merged cells carried down, every field read once by column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anxin.kernel.months import Month
from anxin.sheets.cells import bank_beside_card, read_column
from anxin.sheets.columns import Assignment
from anxin.sheets.digitcolumns import digit_columns, joined_digits
from anxin.sheets.headers import Header
from anxin.sheets.spec import KindSpec, ValueType
from anxin.sheets.texts import squeeze
from anxin.sheets.workbook import Cell, Sheet

_UNCOMPUTED = "这里的公式（{formula}）没有保存计算结果，也无法代为计算。请用表格软件打开、保存后重新上传。"


@dataclass
class Table:
    """Columns of ``kind``'s fields below ``header``. Index 0 is Excel row ``header.last + 2``."""

    sheet: Sheet
    header: Header
    kind: KindSpec
    assignment: Assignment
    unit: int
    period: Month | None
    body: list[list[Cell]] = field(init=False)
    cells: dict[str, Sequence[Cell]] = field(init=False, default_factory=dict)
    values: dict[str, list[Any]] = field(init=False, default_factory=dict)
    problems: dict[str, dict[int, str]] = field(init=False, default_factory=dict)
    #: index of a row → index of the row where the merged person cell above it starts
    group_start: dict[int, int] = field(init=False, default_factory=dict)
    #: the clock times of a punch log's date column; empty for other tables
    clocks: list[dt.time | None] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.body = self.sheet.rows[self.header.last + 1 :]
        by_column = list(zip(*self.body, strict=True)) if self.body else [()] * self.sheet.width
        for name, column in self.assignment.columns.items():
            self.cells[name] = by_column[column]
            digits = digit_columns(self.header, column)
            if digits and self.kind.by_name[name].type is ValueType.MONEY:
                self.cells[name] = [joined_digits(row, digits, self.header) for row in self.body]
        self._carry_down_merges()
        for name, cells in self.cells.items():
            spec = self.kind.by_name[name]
            year = self.period.year if self.period else None
            values, problems = read_column(spec.type, cells, unit=self.unit_of(name), year=year)
            if name == "bank_name" and column == self.assignment.columns.get("bank_card"):
                values = [bank_beside_card(cell) for cell in cells]
            if spec.type is ValueType.HOURS and "分钟" in self._words(self.assignment.columns[name]):
                values = [None if v is None else round(v / 60, 2) for v in values]
            self.values[name], self.problems[name] = values, problems
            for column in self.assignment.parts.get(name, ())[:]:
                if column != self.assignment.columns[name]:
                    self._add_part(name, column)
        for (row, column), formula in self.sheet.uncomputed.items():
            index = row - self.header.last - 1
            for name, mapped in self.assignment.columns.items():
                if mapped == column and index >= 0:
                    self.problems[name][index] = _UNCOMPUTED.format(formula=formula)

    def __len__(self) -> int:
        return len(self.body)

    def number(self, index: int) -> int:
        """Excel's row number of a row of the body."""
        return self.header.last + 2 + index

    def header_of(self, name: str) -> str:
        return self.header.shown[self.assignment.columns[name]]

    def _words(self, column: int) -> str:
        """A column's whole header, units in brackets included."""
        return squeeze("".join(self.header.raw[column]))

    def unit_of(self, name: str) -> int:
        """10,000 where the column's own header says 万元, 1 where it says 元, else the sheet's unit."""
        if self.kind.by_name[name].type is not ValueType.MONEY:
            return 1
        words = self._words(self.assignment.columns[name])
        if "万元" in words:
            return 10_000
        return 1 if "(元" in words or "元)" in words else self.unit

    def money_column(self, column: int) -> list[int | None]:
        """Any column of the body as amounts in fen, unreadable cells as ``None``."""
        words = self._words(column)
        unit = 10_000 if "万元" in words else self.unit
        return read_column(ValueType.MONEY, [row[column] for row in self.body], unit=unit)[0]

    def _add_part(self, name: str, column: int) -> None:
        """Add a further column of a field that may own several (two kinds of allowance)."""
        values = self.values[name]
        for index, fen in enumerate(self.money_column(column)):
            if fen:
                values[index] = (values[index] or 0) + fen

    def _carry_down_merges(self) -> None:
        """A name merged over three rows belongs to each of them."""
        carried = {
            self.assignment.columns[name]: name
            for name in (
                "name",
                "id_number",
                "employee_number",
                "phone",
                "bank_card",
                "bank_name",
                "team",
                "trade",
                "employer",
                "date",
            )
            if name in self.assignment.columns
        }
        people = {
            self.assignment.columns[name]
            for name in ("name", "id_number", "employee_number")
            if name in self.assignment.columns
        }
        changed: dict[str, list[Cell]] = {}
        for top, left, bottom, _ in self.sheet.merges:
            start, stop = top - self.header.last - 1, bottom - self.header.last - 1
            name = carried.get(left)
            if name is None or start < 0 or stop == start:
                continue
            cells = changed.setdefault(name, list(self.cells[name]))
            for index in range(start + 1, min(stop + 1, len(self.body))):
                cells[index] = cells[start]
                if left in people:
                    self.group_start[index] = start
        self.cells.update(changed)

    def row_values(self, index: int) -> dict[str, Any]:
        return {name: values[index] for name, values in self.values.items()}
