"""One way to make a list a workbook: title row, 填报单位, period and date, headings, typed cells.

Identifiers are written as text so that no digit is lost. Text that begins like a formula stays text: a
name typed as ``=HYPERLINK(…)`` must not run on the machine of whoever opens the list.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anxin.kernel.money import FEN_PER_YUAN

Kind = Literal["text", "number", "yuan", "date", "time"]

#: Excel refuses longer cells
_CELL_LIMIT = 32_767
#: characters that XML does not allow
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDEST = 60
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "General",
    "yuan": "#,##0.00",
    "date": "yyyy-mm-dd",
    "time": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class Column:
    """A heading, what its cells hold (``yuan`` takes fen), and a width where the content should not decide."""

    title: str
    kind: Kind = "text"
    width: int | None = None


def table_workbook(
    title: str,
    subtitle: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "",
    total: Sequence[Any] | None = None,
) -> bytes:
    """An ``.xlsx`` file of one list.

    ``subtitle`` is the line under the title: 填报单位, period, day, unit. Each row has one value per column:
    text, whole numbers, fen for ``yuan``, dates, aware times (written in their own zone). ``None`` leaves the
    cell empty. ``total`` is an optional last row.
    """
    buffer = io.BytesIO()
    book = _book(buffer)
    _fill(book, Sheet(title, subtitle, columns, rows, sheet, total))
    book.close()
    return buffer.getvalue()


@dataclass(frozen=True)
class Sheet:
    """One list on a sheet of its own; the parts are those of :func:`table_workbook`.

    Without a title the headings stand in the first row, as other systems expect a list that they read in.
    """

    title: str
    subtitle: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    sheet: str = ""
    total: Sequence[Any] | None = None


def sheets_workbook(sheets: Sequence[Sheet]) -> bytes:
    """An ``.xlsx`` file of several lists that do not belong in one."""
    buffer = io.BytesIO()
    book = _book(buffer)
    for sheet in sheets:
        _fill(book, sheet)
    book.close()
    return buffer.getvalue()


def _book(buffer: io.BytesIO) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )


def _fill(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    title, subtitle, columns = sheet.title, sheet.subtitle, sheet.columns
    page = book.add_worksheet(_sheet_name(sheet.sheet or title))
    last = len(columns) - 1
    head = 0
    if title:
        _head(book, page, title, subtitle, last)
        head = 2
    heading = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#EEF2F7", "text_wrap": True, "valign": "vcenter"}
    )
    for index, column in enumerate(columns):
        page.write_string(head, index, column.title, heading)
    formats = [_format(book, column.kind) for column in columns]
    widths = [_width(column.title) + 2 for column in columns]
    at = head + 1
    for row in sheet.rows:
        _write_row(page, at, row, columns, formats, widths)
        at += 1
    if sheet.total is not None:
        bold = [_format(book, column.kind, bold=True) for column in columns]
        _write_row(page, at, sheet.total, columns, bold, widths)
    _finish(page, columns, widths, head=head, rows=max(at - 1, head), last=last)


def _head(book: xlsxwriter.Workbook, page: Worksheet, title: str, subtitle: str, last: int) -> None:
    big = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    small = book.add_format({"font_color": "#555555", "valign": "vcenter"})
    page.set_row(0, 28)
    if last > 0:
        page.merge_range(0, 0, 0, last, "", big)
        page.merge_range(1, 0, 1, last, "", small)
    page.write_string(0, 0, _clean(title), big)
    page.write_string(1, 0, _clean(subtitle), small)


def _finish(
    page: Worksheet, columns: Sequence[Column], widths: list[int], *, head: int, rows: int, last: int
) -> None:
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width or min(widths[index], _WIDEST))
    page.freeze_panes(head + 1, 0)
    page.autofilter(head, 0, rows, last)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.set_footer("&C第&P页，共&N页")


def _format(book: xlsxwriter.Workbook, kind: Kind, *, bold: bool = False) -> Format:
    return book.add_format(
        {
            "num_format": _FORMATS[kind],
            "border": 1,
            "bold": bold,
            "valign": "top",
            "text_wrap": kind == "text",
        }
    )


def _write_row(
    page: Worksheet,
    at: int,
    row: Sequence[Any],
    columns: Sequence[Column],
    formats: list[Format],
    widths: list[int],
) -> None:
    for index, (value, column) in enumerate(zip(row, columns, strict=True)):
        shown = _write(page, at, index, value, column.kind, formats[index])
        widths[index] = max(widths[index], _width(shown) + 2)


def _write(page: Worksheet, at: int, index: int, value: Any, kind: Kind, style: Format) -> str:
    """Write one cell and return the text it shows, for the width."""
    if value is None or value == "":
        page.write_blank(at, index, None, style)
        return ""
    if isinstance(value, dt.datetime):
        page.write_datetime(at, index, value.replace(tzinfo=None), style)
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        page.write_datetime(at, index, value, style)
        return value.isoformat()
    if kind == "yuan" and isinstance(value, int):
        page.write_number(at, index, value / FEN_PER_YUAN, style)
        return f"{value / FEN_PER_YUAN:,.2f}"
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(at, index, value, style)
        return str(value)
    text = _clean(str(value))
    page.write_string(at, index, text, style)
    return max(text.splitlines() or [""], key=_width)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)[:_CELL_LIMIT]


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\'\s]", "", _clean(text))[:31] or "Sheet1"


def _width(text: str) -> int:
    """In columns of Latin letters: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
