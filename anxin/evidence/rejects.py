"""Rows that come back: into the recognition, and out again as a workbook with the reasons in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anxin.evidence.kinds import RowProblem
from anxin.evidence.models import ImportBatch, ImportProblem
from anxin.evidence.recognising import recognise_batch
from anxin.sheets import CellProblem, Recognition, write_rejects


def give_back(recognition: Recognition, problems: Sequence[RowProblem]) -> Recognition:
    """The recognition after the records had their say: rejected rows leave ``rows``, every problem is added."""
    if not problems:
        return recognition
    gone = {problem.row for problem in problems if problem.rejected}
    cells = [(problem.rejected, _at_cell(recognition, problem)) for problem in problems]
    return replace(
        recognition,
        rows=[row for row in recognition.rows if row.row not in gone],
        rejected=[*recognition.rejected, *(cell for rejected, cell in cells if rejected)],
        warnings=[*recognition.warnings, *(cell for rejected, cell in cells if not rejected)],
    )


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


def _at_cell(recognition: Recognition, problem: RowProblem) -> CellProblem:
    return CellProblem(
        row=problem.row,
        column=recognition.column_letters.get(problem.field, ""),
        header=recognition.columns.get(problem.field, ""),
        value="",
        reason=problem.reason,
    )
