"""From a batch's stored file to its recognised sheet."""

from __future__ import annotations

from anxin.evidence import files
from anxin.evidence.models import ImportBatch
from anxin.kernel.months import Month
from anxin.sheets import Recognition, read_workbook, recognise


def recognise_data(batch: ImportBatch, data: bytes) -> Recognition:
    """Recognise ``data``, the content of the batch's file. Raises ``SheetRefused``."""
    month = Month.parse(batch.month) if batch.month else None
    return recognise(read_workbook(data, batch.filename), batch.kind, month=month, mapping=batch.mapping)


def recognise_batch(batch: ImportBatch) -> Recognition:
    """Read the stored file again, with the batch's mapping. Raises ``SheetRefused``, ``FileDamaged``."""
    return recognise_data(batch, files.read(batch.file))
