"""The payroll as a grid: what was typed into its cells, read back as figures; every cell keeps what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from anxin.agency.models import RunLine
from anxin.agency.queries import LineState
from anxin.agency.services import LineEdit
from anxin.agency.wages import UNITS, Deduction, plain
from anxin.kernel.money import MoneyError, parse_yuan, yuan_string

#: columns of deductions in the grid; other kinds of a line stay as they are
DEDUCTIONS = (("advance", "预支"), ("tax", "个税"), ("insurance", "社保"), ("other", "其他扣款"))
_QUANTITY = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)
#: the cells of a row, in the order in which a spreadsheet pastes them
CELLS = ("rate", "quantity", "extra", *(kind for kind, _ in DEDUCTIONS), "reason")


@dataclass
class Row:
    """One line in the grid: what its cells show, and what is wrong with which."""

    state: LineState
    cells: dict[str, str]
    unit: str
    wrong: str = ""
    wrong_field: str = ""

    @property
    def line(self) -> RunLine:
        return self.state.line

    @property
    def kept_fen(self) -> int:
        """Deductions of kinds that the grid has no column for."""
        shown = dict(DEDUCTIONS)
        return sum(one["fen"] for one in self.line.deductions if one["kind"] not in shown)

    @property
    def inputs(self) -> list[tuple[str, str, bool]]:
        """(name, text, wrong) of every cell to type in."""
        return [(name, self.cells[name], self._is_wrong(name)) for name in CELLS]

    def _is_wrong(self, name: str) -> bool:
        deduction = self.wrong_field == "deduction" and name in dict(DEDUCTIONS)
        return bool(self.wrong) and (name == self.wrong_field or deduction)


@dataclass
class Typed:
    """What a whole grid said: edits that can be read, and the rows that cannot."""

    edits: list[LineEdit] = field(default_factory=list)
    problems: dict[int, tuple[str, str]] = field(default_factory=dict)


def rows(states: Sequence[LineState], posted: QueryDict | None = None) -> list[Row]:
    """The grid; with ``posted`` its cells show what was typed."""
    found = []
    for state in states:
        cells, unit = _cells(state.line), state.line.unit
        if posted is not None:
            cells = {name: posted.get(f"{name}-{state.line.pk}", cells[name]) for name in CELLS}
            unit = posted.get(f"unit-{state.line.pk}", unit)
        problem = state.problem
        found.append(Row(state, cells, unit, problem[1] if problem else "", problem[0] if problem else ""))
    return found


def _cells(line: RunLine) -> dict[str, str]:
    by_kind = {one["kind"]: one["fen"] for one in line.deductions}
    return {
        "rate": "" if line.rate_fen is None else yuan_string(line.rate_fen),
        "quantity": plain(line.quantity),
        "extra": yuan_string(line.extra_fen) if line.extra_fen else "",
        **{kind: yuan_string(by_kind[kind]) if by_kind.get(kind) else "" for kind, _ in DEDUCTIONS},
        "reason": line.reason,
    }


def typed(lines: Sequence[RunLine], posted: QueryDict) -> Typed:
    """Read the cells of the lines that were sent; lines that were not sent stay as they are."""
    found = Typed()
    for line in lines:
        if f"rate-{line.pk}" not in posted:
            continue
        try:
            found.edits.append(_edit(line, posted))
        except _Unreadable as problem:
            found.problems[line.pk] = (problem.field, problem.sentence)
    return found


class _Unreadable(Exception):
    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def _edit(line: RunLine, posted: QueryDict) -> LineEdit:
    def cell(name: str) -> str:
        return posted.get(f"{name}-{line.pk}", "").strip()

    unit = cell("unit") or line.unit
    if unit not in UNITS:
        raise _Unreadable("unit", "请选择计酬方式。")
    reason = cell("reason")
    shown = dict(DEDUCTIONS)
    kept = [
        Deduction(one["kind"], one["fen"], one["note"]) for one in line.deductions if one["kind"] not in shown
    ]
    amounts = [(kind, _fen("deduction", cell(kind)) or 0) for kind in shown]
    notes = {one["kind"]: one["note"] for one in line.deductions}
    deductions = [
        Deduction(kind, fen, (reason or notes.get(kind, "")) if kind == "other" else notes.get(kind, ""))
        for kind, fen in amounts
        if fen
    ]
    return LineEdit(
        line.pk,
        unit,
        _fen("rate", cell("rate")),
        _number(cell("quantity")),
        _fen("extra", cell("extra")) or 0,
        tuple(deductions + kept),
        reason,
    )


def _fen(field: str, text: str) -> int | None:
    try:
        return parse_yuan(text)
    except MoneyError as problem:
        raise _Unreadable(field, str(problem)) from None


def _number(text: str) -> Decimal:
    if not text:
        return Decimal(0)
    if not _QUANTITY.fullmatch(text):
        raise _Unreadable("quantity", f"“{text[:20]}”不是数量，请填写数字，最多两位小数。")
    return Decimal(text)
