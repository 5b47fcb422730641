"""A batch's source rows exactly as they came: compressed, sealed, in stretches."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from anxin.evidence import bulk
from anxin.evidence.models import ImportBatch, RawRows
from anxin.evidence.sealing import Sealed, open_bytes, seal_bytes
from anxin.sheets import Recognition
from anxin.sheets.result import plain_value

#: rows in one sealed stretch: one row can be shown without opening all of them
_STRETCH = 500
#: fast rather than small: a month of a big project is a few megabytes either way
_LEVEL = 1


def keep_raw_rows(batch: ImportBatch, recognition: Recognition) -> None:
    """Store every source row of the recognised sheet, replacing what an earlier try may have left."""
    batch.raw_rows.all().delete()
    # Cells are written as they are and made plain when they are read: few are ever looked at.
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain_value).encode
    first = recognition.header_rows[-1] + 1
    rows = []
    for piece in bulk.chunks(recognition.source.rows[first - 1 :], _STRETCH):
        content = encode(dict(enumerate(piece, first)))
        last = first + len(piece) - 1
        rows.append((first, last, seal_bytes(zlib.compress(content.encode(), _LEVEL))))
        first = last + 1
    bulk.insert(RawRows, ("first_row", "last_row", "payload"), rows, constants={"batch_id": batch.pk})


def raw_row(batch: ImportBatch, row: int) -> list[Any] | None:
    """One source row by its Excel row number, or ``None`` where the sheet has no such row."""
    stretch = batch.raw_rows.filter(first_row__lte=row, last_row__gte=row).first()
    return _unpack(stretch.payload).get(row) if stretch else None


def raw_rows(batch: ImportBatch, rows: Iterable[int]) -> dict[int, list[Any]]:
    """The named source rows; each stretch is opened once."""
    wanted = set(rows)
    found: dict[int, list[Any]] = {}
    for stretch in batch.raw_rows.order_by("first_row").iterator(chunk_size=20):
        if any(stretch.first_row <= row <= stretch.last_row for row in wanted):
            found.update((row, cells) for row, cells in _unpack(stretch.payload).items() if row in wanted)
    return found


def _unpack(payload: Any) -> dict[int, list[Any]]:
    assert isinstance(payload, Sealed)  # what SealedField gives back
    content = json.loads(zlib.decompress(open_bytes(payload.envelope)))
    return {int(row): [plain_value(cell) for cell in cells] for row, cells in content.items()}
