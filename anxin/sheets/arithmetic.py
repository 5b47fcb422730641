"""Gross − deductions = net, where the header lets us know what belongs to the deductions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.kernel.money import sentence_yuan
from anxin.sheets.columns import SUM_LEAVES, without_detail
from anxin.sheets.headers import Header
from anxin.sheets.tabular import Collector

_DEDUCTION_PARTS = ("social_insurance", "housing_fund", "tax", "advance", "other_deduction")
#: an equation guessed from the parts must hold for most rows, otherwise the guess is wrong, not the rows
_ADOPT_FROM = 0.6
_MIN_ROWS_TO_GUESS = 3
#: rows on which the candidates compete; the winner is then held against all
_SAMPLE_ROWS = 2000


@dataclass
class _Equation:
    """gross + Σ added − Σ taken = net, by column."""

    added: tuple[int, ...]
    taken: tuple[int, ...]
    certain: bool = False


def check_arithmetic(collector: Collector) -> None:
    """Negative pay rejects; a sum that does not work out, or net above gross, warns and names the cells."""
    table = collector.table
    gross, net = table.values.get("gross"), table.values.get("net")
    for name in ("gross", "net"):
        for index in list(collector.standing()):
            value = table.values[name][index] if name in table.values else None
            if value is not None and value < 0:
                collector.reject(
                    index, name, f"{table.kind.title_of(name)}是负数（{sentence_yuan(value)}），请核对。"
                )
    if gross is None or net is None:
        return
    rows = [i for i in collector.standing() if gross[i] is not None and net[i] is not None]
    equation, columns = _best_equation(collector, rows, gross, net)
    changes = _changes(equation, columns, rows) if equation else [0] * len(rows)
    for index, change in zip(rows, changes, strict=True):
        expected = gross[index] + change
        wrong = abs(expected - net[index]) > 1 if equation else net[index] > expected
        if wrong:
            _warn(collector, index, equation, columns, gross[index], net[index], expected)


def _warn(
    collector: Collector,
    index: int,
    equation: _Equation | None,
    columns: dict[int, list[int | None]],
    gross: int,
    net: int,
    expected: int,
) -> None:
    header = collector.table.header
    if equation is None:
        sentence = f"实发{sentence_yuan(net)}大于应发{sentence_yuan(gross)}，请核对。"
    else:
        number = collector.table.number(index)
        taken = [c for c in equation.taken if columns[c][index]]
        cells = "、".join(f"{header.shown[c]}{sentence_yuan(columns[c][index] or 0)}" for c in taken[:6])
        less = f"减扣款（{cells}）" if cells else "没有扣款"
        more = "".join(
            f"加{header.shown[c]}{sentence_yuan(columns[c][index] or 0)}"
            for c in equation.added
            if columns[c][index]
        )
        sentence = f"第{number}行应发{sentence_yuan(gross)}{more}{less}应为{sentence_yuan(expected)}，实发却是{sentence_yuan(net)}，请核对。"
    collector.warn(index, "net", sentence)


def _changes(equation: _Equation, columns: dict[int, list[int | None]], rows: Sequence[int]) -> list[int]:
    """For each row, what the equation adds to gross to reach net. Deductions written as −200 count as 200."""
    changes = [0] * len(rows)
    for column in equation.added:
        cells = columns[column]
        changes = [change + (cells[i] or 0) for change, i in zip(changes, rows, strict=True)]
    for column in equation.taken:
        cells = columns[column]
        changes = [change - abs(cells[i] or 0) for change, i in zip(changes, rows, strict=True)]
    return changes


def _best_equation(
    collector: Collector, rows: list[int], gross: Sequence[int], net: Sequence[int]
) -> tuple[_Equation | None, dict[int, list[int | None]]]:
    """The equation that the header suggests and most rows obey."""
    equations = _equations(collector)
    needed = {c for equation in equations for c in (*equation.added, *equation.taken)}
    columns = {column: collector.table.money_column(column) for column in needed}
    sample = rows[:_SAMPLE_ROWS]
    best: _Equation | None = None
    best_fit = -1.0
    for equation in equations:
        changes = _changes(equation, columns, sample)
        fits = sum(abs(gross[i] + change - net[i]) <= 1 for i, change in zip(sample, changes, strict=True))
        fit = fits / len(sample) if sample else 0.0
        if fit > best_fit + 1e-9:
            best, best_fit = equation, fit
        if fit == 1.0:
            break
    if best is None or (best_fit >= _ADOPT_FROM and (len(rows) >= _MIN_ROWS_TO_GUESS or best_fit == 1.0)):
        return best, columns
    return next((e for e in equations if e.certain), None), columns


def _with_subtotals(parts: list[int], header: Header) -> list[int]:
    """Parts whose group has its own 小计 give way to it, so that nothing counts twice."""
    chosen: list[int] = []
    for column in parts:
        group = header.paths[column][:-1]
        subtotal = next(
            (
                c
                for c, path in enumerate(header.paths)
                if group and path[:-1] == group and path[-1] in SUM_LEAVES
            ),
            column,
        )
        chosen.append(subtotal)
    return list(dict.fromkeys(chosen))


def _equations(collector: Collector) -> list[_Equation]:
    """Candidates, the surest first: the total deduction alone, then with what stands outside it, then the parts."""
    assignment, header = collector.table.assignment, collector.table.header
    parts: list[int] = []
    for name in _DEDUCTION_PARTS:
        parts += assignment.parts.get(name, [])
    parts = _with_subtotals(parts, header)
    added = tuple(without_detail(assignment.parts.get("other_earning", []), header))
    after_gross = tuple(c for c in added if c > assignment.columns["gross"])
    total = assignment.columns.get("deduction")
    equations: list[_Equation] = []
    if total is not None:
        outside = tuple(c for c in parts if header.paths[c][:1] != header.paths[total][:1])
        advances = tuple(c for c in assignment.parts.get("advance", []) if c in outside)
        groups = [
            (total,),
            (total, *(c for c in outside if header.paths[c][-1] in ("小计", "合计"))),
            (total, *advances),
        ]
        groups.append((total, *outside))
        equations.append(_Equation((), (total,), certain=True))
        equations += [
            _Equation(extra, taken)
            for taken in dict.fromkeys(groups)
            for extra in dict.fromkeys(((), after_gross))
        ]
    if parts:
        equations += [_Equation(extra, tuple(parts)) for extra in dict.fromkeys(((), after_gross))]
    return equations
