"""What the page of a delivery says before it is accepted; the bureau's and the employer's portal show the same."""

from __future__ import annotations

from typing import Any

from anxin.evidence.models import ImportBatch
from anxin.kernel.money import parse_yuan
from anxin.web.templatetags.anxin_show import batch_month


def month_needed(batch: ImportBatch) -> bool:
    """Accepting would only come back with "which month?". A punch or a transfer carries its own day."""
    unsaid = batch.kind == "payroll" or "哪个月" in (batch.report or {}).get("note", "")
    return unsaid and batch.rows_accepted > 0 and not batch_month(batch)


def totals(report: Any) -> dict[str, int | None]:
    """Fen by ``gross`` and ``net``; ``None`` where the sheet has no such column."""
    found = (report or {}).get("totals") or {}
    return {name: parse_yuan(found.get(name)) for name in ("gross", "net")}
