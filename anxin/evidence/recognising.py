"""From a batch's stored file to its rows: a recognised sheet, or a bank's message."""

from __future__ import annotations

from anxin.evidence import files
from anxin.evidence.bankfiles import recognise_bytes
from anxin.evidence.models import ImportBatch
from anxin.kernel.months import Month
from anxin.sheets import Recognition


def recognise_data(batch: ImportBatch, data: bytes) -> Recognition:
    """Recognise ``data``, the content of the batch's file. Raises ``SheetRefused``."""
    month = Month.parse(batch.month) if batch.month else None
    return recognise_bytes(batch.kind, data, batch.filename, month=month, mapping=batch.mapping)


def recognise_batch(batch: ImportBatch) -> Recognition:
    """Read the stored file again, with the batch's mapping. Raises ``SheetRefused``, ``FileDamaged``."""
    return recognise_data(batch, files.read(batch.file))
