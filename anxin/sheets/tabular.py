"""Tables with one person per row: which rows are people's, which of those are accepted, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from anxin.sheets.result import CellProblem, ParsedRow, problem_at
from anxin.sheets.rows import RowJudge, RowKind, RowVerdict
from anxin.sheets.spec import ValueType
from anxin.sheets.table import Table

#: an unreadable cell of these types costs the row; of the others only the cell
_REJECTING_TYPES = frozenset({ValueType.ID_NUMBER})
_NUMERIC_TYPES = frozenset({ValueType.MONEY, ValueType.DAYS, ValueType.HOURS})


def _has_digits(cell: object) -> bool:
    """Whether an unreadable ID cell at least tried to be a number; “填表人：” did not."""
    return sum(character.isdigit() for character in str(cell)) >= 6


@dataclass
class Outcome:
    """``data``: indices of people's rows; ``totals``: (index, verdict) of the sheet's own sums."""

    data: list[int] = field(default_factory=list)
    totals: list[tuple[int, RowVerdict]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[CellProblem] = field(default_factory=list)
    warnings: list[CellProblem] = field(default_factory=list)
    rejected_indices: set[int] = field(default_factory=set)
    rows: list[ParsedRow] = field(default_factory=list)


class Collector:
    """Fills an :class:`Outcome` from a :class:`Table`, step by step; the checks add to it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.outcome = Outcome()

    # --- problems -------------------------------------------------------------------------------------------

    def problem(self, index: int, name: str, sentence: str) -> CellProblem:
        column = self.table.assignment.columns[name]
        return problem_at(
            self.table.number(index),
            column,
            self.table.header.shown[column],
            self.table.body[index][column],
            sentence,
            field=name,
        )

    def reject(self, index: int, name: str, sentence: str) -> None:
        self.outcome.rejected.append(self.problem(index, name, sentence))
        self.outcome.rejected_indices.add(index)

    def warn(self, index: int, name: str, sentence: str) -> None:
        self.outcome.warnings.append(self.problem(index, name, sentence))

    def standing(self) -> Iterable[int]:
        """People's rows not rejected so far."""
        rejected = self.outcome.rejected_indices
        return (
            (index for index in self.outcome.data if index not in rejected) if rejected else self.outcome.data
        )

    # --- steps ----------------------------------------------------------------------------------------------

    def sort_rows(self) -> None:
        """Decide for every row of the body whether it is a person's."""
        table, outcome = self.table, self.outcome
        judge = RowJudge(
            table.header,
            table.assignment.columns,
            tuple(n for n in table.kind.identity if n in table.values),
            table.assignment.serial,
            tuple(n for n in table.values if table.kind.by_name[n].type in _NUMERIC_TYPES),
        )
        names = table.values.get("name") or [None] * len(table)
        substance = [table.values[n] for n in table.kind.substance if n in table.values]
        filled = [any(cell is not None for cell in cells) for cells in zip(*substance, strict=True)]
        for index in range(len(table)):
            if filled and filled[index] and judge.plainly_a_person(names[index]):
                outcome.data.append(index)
                continue
            verdict = judge.judge(table.body[index], self._values_and_problems(index))
            if verdict.kind is RowKind.DATA:
                outcome.data.append(index)
            else:
                outcome.skipped.append((index, verdict.reason))
                if verdict.kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
                    outcome.totals.append((index, verdict))

    def _values_and_problems(self, index: int) -> dict[str, Any]:
        """Typed values; a cell that could not be read counts as filled, with its raw content."""
        values = self.table.row_values(index)
        for name, problems in self.table.problems.items():
            if index in problems and (name != "id_number" or _has_digits(self.table.cells[name][index])):
                values[name] = self.table.cells[name][index] or problems[index]
        return values

    def find_unlabelled_total(self) -> None:
        """A last row without any name whose amounts equal the sums above it is a total that nobody labelled."""
        table, outcome = self.table, self.outcome
        if len(outcome.data) < 3:
            return
        index = outcome.data[-1]
        if any(table.values[n][index] is not None for n in table.kind.identity if n in table.values):
            return
        above = outcome.data[:-1]
        compared = 0
        for name, values in table.values.items():
            if table.kind.by_name[name].type is ValueType.MONEY and values[index]:
                if values[index] != sum(values[i] or 0 for i in above):
                    return
                compared += 1
        if compared:
            outcome.data.pop()
            outcome.skipped.append((index, "合计行（没有写“合计”二字，各列等于上面各行之和）"))
            outcome.totals.append((index, RowVerdict(RowKind.TOTAL)))

    def report_unreadable(self) -> None:
        """Cells that could not be read: the row is rejected where it cannot do without, else warned."""
        data = set(self.outcome.data)
        for name, problems in self.table.problems.items():
            spec = self.table.kind.by_name[name]
            needed = name in self.table.kind.substance and spec.type is ValueType.MONEY
            rejecting = needed or spec.type in _REJECTING_TYPES or name == "name"
            for index, sentence in problems.items():
                if index in data:
                    (self.reject if rejecting else self.warn)(index, name, sentence)

    def require_identity(self) -> None:
        """Every row must say whose it is."""
        values = self.table.values
        names = values.get("name")
        ids, numbers = values.get("id_number"), values.get("employee_number")
        column = "name" if names else next(n for n in self.table.kind.identity if n in values)
        for index in list(self.standing()):
            if names and names[index] is not None:
                continue
            if ids and ids[index] is not None:
                if names:
                    self.warn(index, "name", "姓名为空，已按身份证号识别，请补填姓名。")
                continue
            if names is None and numbers and numbers[index] is not None:
                continue
            cards = values.get("bank_card")
            if self.table.kind.name == "receipts" and cards and cards[index] is not None:
                continue
            has_money = any(
                values[n][index] for n in values if self.table.kind.by_name[n].type is ValueType.MONEY
            )
            tail = (
                "但这一行有金额，无法确定是谁的，请补填姓名。" if has_money else "无法确定是谁，请补填姓名。"
            )
            self.reject(index, column, f"{self.table.kind.title_of(column)}为空，{tail}")

    def build_rows(self) -> None:
        """Turn what still stands into :class:`ParsedRow`; rows under one merged name become one record."""
        table, outcome = self.table, self.outcome
        fields = list(table.values)
        noted: dict[int, list[str]] = {}
        for warning in outcome.warnings:
            noted.setdefault(warning.row, []).append(warning.reason)
        records = list(zip(*(table.values[name] for name in fields), strict=True))
        offset = table.header.last + 2
        merged = self._merged_groups()
        for index in self.standing():
            if index in merged and merged[index] != index:
                continue
            number = index + offset
            row = ParsedRow(number, dict(zip(fields, records[index], strict=True)))
            if number in noted:
                row.warnings = tuple(noted[number])
            if index in merged:
                self._add_group(row, index, [i for i, start in merged.items() if start == index])
            outcome.rows.append(row)

    def _merged_groups(self) -> dict[int, int]:
        """Index → first index of its group, for payroll rows under one merged name where all rows stand."""
        if not self.table.group_start or self.table.kind.name not in ("payroll",):
            return {}
        standing = set(self.standing())
        groups: dict[int, int] = {}
        for index, start in sorted(self.table.group_start.items()):
            if index in standing and start in standing:
                groups[start] = start
                groups[index] = start
        return groups

    def _add_group(self, row: ParsedRow, start: int, indices: list[int]) -> None:
        row.span = max(indices) - start + 1
        for name, values in self.table.values.items():
            if self.table.kind.by_name[name].type in _NUMERIC_TYPES:
                written = [values[i] for i in indices if values[i] is not None]
                row.values[name] = sum(written[1:], written[0]) if written else None
