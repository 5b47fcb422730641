"""Layouts as they stand: lists, the one that a delivered table has, the format in which a bank wants its orders."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from anxin import formats
from anxin.connections.headers import marks
from anxin.connections.models_layouts import TABLE, InstitutionLayout
from anxin.connections.trials import format_of
from anxin.formats import Format
from anxin.registry.models import Organisation
from anxin.sheets import SheetRefused, read_workbook

_Direction, _Stage = InstitutionLayout.Direction, InstitutionLayout.Stage


def layouts() -> QuerySet[InstitutionLayout]:
    """Every version of every layout, newest first."""
    return InstitutionLayout.objects.select_related("organisation", "sample").order_by("-id")


def agreed_mapping(kind: str, data: bytes, filename: str) -> dict[str, Any] | None:
    """The mapping of the live layout whose header stands in this table; ``None`` where there is none.

    Where two institutions share a header and mean different columns by it, nothing is taken for granted.
    """
    if kind != _Direction.RECEIPTS:
        return None
    live = list(
        InstitutionLayout.objects.filter(direction=_Direction.RECEIPTS, stage=_Stage.LIVE, format_key=TABLE)
        .exclude(header_hash="")
        .select_related("organisation")
        .order_by("-live_at")
    )
    if not live:
        return None
    try:
        workbook = read_workbook(data, filename)
    except SheetRefused:
        return None  # who recognises the file next says what is wrong with it
    known: dict[str, list[InstitutionLayout]] = {}
    for layout in live:
        known.setdefault(layout.header_hash, []).append(layout)
    for mark, sheet, rows in marks(workbook, {len(layout.header) for layout in live}):
        found = known.get(mark)
        if found and all(_meant(one) == _meant(found[0]) for one in found):
            return {
                "sheet": sheet,
                "header_rows": rows,
                "columns": found[0].mapping["columns"],
                "unit": found[0].mapping["unit"],
                "layout": str(found[0]),
            }
    return None


def _meant(layout: InstitutionLayout) -> tuple[Any, Any]:
    return layout.mapping.get("columns"), layout.mapping.get("unit")


def order_format(organisation: Organisation | None) -> Format | None:
    """The format in which a bank wants its orders, as its live layout says; ``None`` where none is live."""
    layout = _of_orders(organisation).first()
    return format_of(layout) if layout else None


def agreed_format(organisation: Organisation | None, key: str) -> Format:
    """A format with what was agreed with this bank about it, where something was. Raises ``FormatRefused``."""
    layout = _of_orders(organisation).filter(format_key=key).first()
    return format_of(layout) if layout else formats.get(key)


def _of_orders(organisation: Organisation | None) -> QuerySet[InstitutionLayout]:
    live = InstitutionLayout.objects.filter(direction=_Direction.ORDERS, stage=_Stage.LIVE)
    return live.filter(organisation=organisation).order_by("-live_at")
