"""From a batch's stored file to its rows: a recognised sheet, or a bank's message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anxin.evidence import files
from anxin.evidence.bankfiles import recognise_bytes
from anxin.evidence.models import ImportBatch
from anxin.kernel.months import Month
from anxin.sheets import Recognition

#: (kind, content, file name) → the mapping agreed with whoever delivers such tables
Agreed = Callable[[str, bytes, str], dict[str, Any] | None]
_agreed: list[Agreed] = []


def register_agreed(source: Agreed) -> None:
    """Called once per source from the feature's ``AppConfig.ready``; this package knows no institutions."""
    _agreed.append(source)


def agreed_mapping(kind: str, data: bytes, filename: str) -> dict[str, Any] | None:
    """The first mapping that a source knows for this table. It goes before what somebody once mended by hand."""
    for source in _agreed:
        mapping = source(kind, data, filename)
        if mapping is not None:
            return mapping
    return None


def recognise_data(batch: ImportBatch, data: bytes) -> Recognition:
    """Recognise ``data``, the content of the batch's file. Raises ``SheetRefused``."""
    month = Month.parse(batch.month) if batch.month else None
    return recognise_bytes(batch.kind, data, batch.filename, month=month, mapping=batch.mapping)


def recognise_batch(batch: ImportBatch) -> Recognition:
    """Read the stored file again, with the batch's mapping. Raises ``SheetRefused``, ``FileDamaged``."""
    return recognise_data(batch, files.read(batch.file))
