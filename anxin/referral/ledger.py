"""台账: the bureau's own list of clues as a workbook, in the layout that its office has signed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from anxin.accounts.models import User
from anxin.referral.counting import Span
from anxin.referral.ledger_fields import FORMATS, Cell
from anxin.referral.ledger_layout import PAPERS, Layout, filled, read_layout, said_of
from anxin.referral.ledger_page import NO_FILTERS, LedgerFilters, filtered, gathered
from anxin.referral.ledger_pattern import LIMIT as PATTERN_LIMIT
from anxin.referral.ledger_pattern import Pattern, fill
from anxin.referral.shipped import shipped

#: beyond this a list is for a report, not for a person to read
LIMIT = 20_000
SHEET = "欠薪线索台账"
#: columns that stay in sight while the rest is scrolled
_KEPT = 2


def ledger_rows(
    user: User, span: Span, layout: Layout, filters: LedgerFilters = NO_FILTERS, *, limit: int = LIMIT
) -> list[list[Cell]]:
    """The ledger's rows in the layout's columns, the earliest first; four queries."""
    clues = list(filtered(user, span, filters).order_by("received_at", "pk")[:limit])
    return [
        [column.field.of(row, number) for column in layout.columns]
        for number, row in enumerate(gathered(clues, span), start=1)
    ]


def blanks(user: User, span: Span, *, place: str, office: str, on: dt.date) -> dict[str, str]:
    """What the title, the line and the signing line are filled with when this person exports."""
    return said_of(
        place=place, office=office, by=user.display_name, first=span.first, last=span.last, as_of=span.as_of, on=on
    )  # fmt: skip


def ledger_workbook(
    user: User,
    span: Span,
    *,
    office: str,
    on: dt.date,
    filters: LedgerFilters = NO_FILTERS,
    layout: Layout | None = None,
    place: str = "",
    note: str = "",
    pattern: Pattern | None = None,
) -> bytes:
    """The ledger as ``.xlsx``; ``layout`` is the one that came with the system where none is given, ``place`` its name.

    ``note`` follows the line under the title: what a reader must know of this copy. With a ``pattern`` the rows
    are put under the headings of the bureau's own workbook.
    """
    layout = layout or read_layout(shipped("ledger").entries)
    limit = LIMIT if pattern is None else PATTERN_LIMIT
    table = ledger_rows(user, span, layout, filters, limit=limit)
    said = blanks(user, span, place=place, office=office, on=on)
    note = (f"　只列出前{limit}条" if len(table) >= limit else "") + note
    if pattern is not None:
        return fill(pattern, layout, table, said, note)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(SHEET)
        top = _top(book, page, layout, said, note)
        body = _headings(book, page, layout, top)
        _body(book, page, layout, table, body)
        if layout.signing:
            page.set_row(body + len(table) + 1, 24)
            style = book.add_format({"valign": "vcenter"})
            _across(page, body + len(table) + 1, layout, layout.foot(said), style)
        _printed(page, layout, top, body)
    return buffer.getvalue()


def _top(book: xlsxwriter.Workbook, page: Any, layout: Layout, said: dict[str, str], note: str) -> int:
    """Title and line; the row after them."""
    title = book.add_format(
        {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    _across(page, 0, layout, filled(layout.title, said), title)
    page.set_row(0, 28)
    line = filled(layout.line, said) + note
    if not line:
        return 1
    _across(page, 1, layout, line, book.add_format({"font_color": "#555555"}))
    return 2


def _across(page: Any, row: int, layout: Layout, words: str, style: Any) -> None:
    """One cell over the whole width; Excel merges no single cell."""
    last = len(layout.columns) - 1
    if last:
        page.merge_range(row, 0, row, last, "", style)
    page.write_string(row, 0, words, style)


def _headings(book: xlsxwriter.Workbook, page: Any, layout: Layout, top: int) -> int:
    """One row of headings, or two where columns stand under a common one; the row after them."""
    style = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#EEF2F7", "text_wrap": True, "align": "center", "valign": "vcenter"}
    )  # fmt: skip
    low = top + 1 if layout.grouped else top
    at = 0
    for group, columns in layout.groups:
        if not group and layout.grouped:
            page.merge_range(top, at, low, at, columns[0].heading, style)
        elif not group:
            page.write_string(low, at, columns[0].heading, style)
        else:
            if len(columns) > 1:
                page.merge_range(top, at, top, at + len(columns) - 1, group, style)
            else:
                page.write_string(top, at, group, style)
            for place, column in enumerate(columns):
                page.write_string(low, at + place, column.heading, style)
        for place, column in enumerate(columns):
            page.set_column(at + place, at + place, column.width)
        at += len(columns)
    return low + 1


def _body(
    book: xlsxwriter.Workbook, page: Any, layout: Layout, table: Sequence[Sequence[Cell]], first: int
) -> None:
    base = {"border": 1, "valign": "top", "text_wrap": True}
    styles = {kind: book.add_format({**base, "num_format": shape}) for kind, shape in FORMATS.items()}
    for number, row in enumerate(table, start=first):
        for at, (column, value) in enumerate(zip(layout.columns, row, strict=True)):
            if value is None or value == "":
                page.write_blank(number, at, None, styles["text"])
            elif isinstance(value, dt.date):
                page.write_datetime(number, at, dt.datetime.combine(value, dt.time()), styles["date"])
            elif isinstance(value, str):
                page.write_string(number, at, value, styles["text"])
            else:
                page.write_number(number, at, value, styles[column.field.kind])


def _printed(page: Any, layout: Layout, top: int, body: int) -> None:
    """Headings stay in sight and stand on every sheet of paper; all columns fit its width."""
    page.freeze_panes(body, _KEPT if len(layout.columns) > _KEPT else 0)
    paper, lying = PAPERS[layout.paper]
    page.set_paper(paper)
    if lying:
        page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top, body - 1)
    page.set_footer("&C第&P页，共&N页")
