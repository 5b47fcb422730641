"""Whose references name payroll lines: what makes pay orders says so here, so that receipts find their line first."""

from __future__ import annotations

from collections.abc import Callable, Collection

from anxin.evidence import bulk
from anxin.funds.pairs import Ordered

Meaning = Callable[[Collection[str]], dict[str, Ordered]]
_meanings: list[Meaning] = []


def names_lines(meaning: Meaning) -> None:
    """Register once, in ``ready``: a function from references to what they name; others are left out."""
    if meaning not in _meanings:
        _meanings.append(meaning)


def lines_meant(references: Collection[str]) -> dict[str, Ordered]:
    """What all registered functions know of these references."""
    found: dict[str, Ordered] = {}
    for piece in bulk.chunks(references):
        for meaning in _meanings:
            found.update(meaning(piece))
    return found
