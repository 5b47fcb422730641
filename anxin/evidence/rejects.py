"""Rows that come back: into the recognition, and out again as a workbook with the reasons in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anxin.evidence.kinds import RowProblem
from anxin.evidence.models import ImportBatch, ImportProblem
from anxin.evidence.recognising import recognise_batch
from anxin.sheets import Recognition, write_rejects
from anxin.sheets.result import CellProblem, ParsedRow


def give_back(recognition: Recognition, problems: Sequence[RowProblem]) -> Recognition:
    """The recognition after the records had their say: rejected rows leave ``rows``, every problem is added."""
    if not problems:
        return recognition
    gone = {problem.row for problem in problems if problem.rejected}
    spans = {row.number: row.source_rows for row in recognition.rows if row.number in gone}
    rejected = [
        _at_cell(recognition, problem, number)
        for problem in problems
        if problem.rejected
        # A record that stands in several rows goes back with all of them.
        for number in spans.get(problem.row, (problem.row,))
    ]
    warnings = [_at_cell(recognition, problem, problem.row) for problem in problems if not problem.rejected]
    kept = [row for row in recognition.rows if row.number not in gone]
    returned = [row for row in recognition.rows if row.number in gone]
    return replace(
        recognition,
        rows=kept,
        rejected=[*recognition.rejected, *rejected],
        warnings=[*recognition.warnings, *warnings],
        # a register counts nobody: its rows are no people
        people=max(
            recognition.people - len({_person(row) for row in returned} - {_person(row) for row in kept}), 0
        ),
        totals={
            name: None if fen is None else fen - sum(row.values.get(name) or 0 for row in returned)
            for name, fen in recognition.totals.items()
        },
    )


def _person(row: ParsedRow) -> str:
    return str(row.values.get("id_number") or row.values.get("name") or row.number)


def rejected_workbook(batch: ImportBatch) -> bytes:
    """The rows that came back, exactly as they were delivered, with the reasons in the last column.

    Raises ``SheetRefused`` or ``FileDamaged`` when the stored file can no longer be read.
    """
    recognition = recognise_batch(batch)
    stored = batch.problems.filter(severity=ImportProblem.Severity.REJECTED).order_by("row", "id")
    known = {(cell.row, cell.reason[:500]) for cell in recognition.rejected}
    later = [
        CellProblem(
            row=problem.row, column=problem.column, header=problem.header, value="", reason=problem.reason
        )
        for problem in stored
        if (problem.row, problem.reason) not in known
    ]
    return write_rejects(replace(recognition, rejected=[*recognition.rejected, *later]))


def _at_cell(recognition: Recognition, problem: RowProblem, number: int) -> CellProblem:
    return CellProblem(
        row=number,
        column=recognition.column_letters.get(problem.field, ""),
        header=recognition.columns.get(problem.field, ""),
        value="",
        reason=problem.reason,
        field=problem.field,
    )
