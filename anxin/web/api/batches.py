"""The fate of each row of a batch, as it is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from ninja import Schema

from anxin.funds.reporting import ACCEPTED, REFUSED, UNCHANGED, RowFate

Fate = Literal["accepted", "unchanged", "refused"]


class RowOut(Schema):
    """One row, counted from 1. A refused one carries code, sentence and the field at fault."""

    row: int
    fate: Fate
    code: str = ""
    message: str = ""
    field: str = ""


class BatchOut(Schema):
    """How many rows were taken, known already, refused; and each row's fate."""

    accepted: int
    unchanged: int
    refused: int
    rows: list[RowOut]
    sandbox: bool


class EventOut(Schema):
    """One thing told: taken, or known already. ``id`` is what it hangs on."""

    fate: Fate
    id: int
    sandbox: bool


def batch(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer to a batch; ``written`` adds whether anything was kept."""
    counts = Counter(row["fate"] for row in rows)
    return {
        "accepted": counts[ACCEPTED],
        "unchanged": counts[UNCHANGED],
        "refused": counts[REFUSED],
        "rows": list(rows),
    }


def row_of(fate: RowFate) -> dict[str, Any]:
    """One row of the answer."""
    if fate.fate != REFUSED:
        return {"row": fate.row, "fate": fate.fate}
    return {
        "row": fate.row,
        "fate": fate.fate,
        "code": "invalid",
        "message": fate.sentence,
        "field": fate.field,
    }
