"""The ledger in a layout: as a download, and its first rows on a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from anxin.accounts.models import User
from anxin.referral import ledger, tables
from anxin.referral.ledger_fields import Cell, Field
from anxin.referral.ledger_layout import Layout, filled
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.bureau.statistics import span_of
from anxin.web.policy import user_of

_SHOWN = 5


def workbook(
    request: HttpRequest, layout: Layout, place: str, *, note: str = "", **more: Any
) -> HttpResponse:
    """The ledger of the asked span in a layout, as a download; ``more`` goes to ``ledger_workbook``."""
    user, today = user_of(request), clock.today()
    span = more.pop("span", None) or span_of(request)
    data = ledger.ledger_workbook(
        user, span, office=lists.office_of(user), on=today, layout=layout, place=place, note=note, **more
    )
    return lists.workbook_response(data, ledger.SHEET, today)


def place_of(user: User, region: str) -> str:
    """The name of the place that a ledger is of: the one asked about, else the person's own; empty: everywhere."""
    code = region or tables.own_place(user)
    return Region.objects.filter(code=code).values_list("name", flat=True).first() or "" if code else ""


def shown(request: HttpRequest, layout: Layout) -> dict[str, Any]:
    """A layout with the first rows of this person's own ledger, as the page shows it."""
    user, span = user_of(request), span_of(request)
    place, office = place_of(user, span.region), lists.office_of(user)
    said = ledger.blanks(user, span, place=place, office=office, on=clock.today())
    return {
        "title": filled(layout.title, said),
        "line": filled(layout.line, said),
        "foot": layout.foot(said) if layout.signing else "",
        "paper": layout.paper,
        "grouped": layout.grouped,
        "groups": list(layout.groups),
        "columns": layout.columns,
        "rows": [
            [(column, _said(column.field, value)) for column, value in zip(layout.columns, row, strict=True)]
            for row in ledger.ledger_rows(user, span, layout, limit=_SHOWN)
        ],
    }


def _said(field: Field, value: Cell) -> str:
    """A cell as Excel will show it: 万元 to the fen, with two places at least."""
    if value is None:
        return ""
    if field.kind == "wan":
        whole, _, rest = f"{value:,.6f}".partition(".")
        return f"{whole}.{rest.rstrip('0'):0<2}"
    return f"{value:,.2f}" if field.kind == "yuan" else str(value)
