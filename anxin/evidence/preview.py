"""What would be accepted of a file, said without database, project or sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.evidence.bankfiles import recognise_bytes
from anxin.kernel.months import Month


def dry_run(
    kind: str,
    data: bytes,
    filename: str,
    month: str | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The recognition of the file as JSON (see ``Recognition.as_json``). Raises ``SheetRefused``, and
    ``ValueError`` with a sentence for a malformed month."""
    stated = Month.parse(month) if month else None
    return recognise_bytes(kind, data, filename, month=stated, mapping=mapping).as_json()
