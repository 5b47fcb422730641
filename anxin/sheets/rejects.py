"""The rejected rows as a workbook: title and header as they were, the rows as they came, and the reasons."""

from __future__ import annotations

import datetime as dt
import io
import math
from contextlib import suppress

from anxin.sheets.result import Recognition
from anxin.sheets.texts import column_letter
from anxin.sheets.workbook import Cell

REASON_HEADER = "退回原因"


def write_rejects(recognition: Recognition) -> bytes:
    """An .xlsx of the rejected rows with a last column 退回原因. It can be mended and imported again.

    Text stays text (nothing that starts with ``=`` becomes a formula), identifiers keep their digits, and the
    header keeps its merges, so that the same layout is recognised.
    """
    # not at the start of every process, which knows this module through the kinds of lists
    import xlsxwriter
    from xlsxwriter.exceptions import OverlappingRange

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(_sheet_name(recognition.sheet))
    source = recognition.source
    header_last = recognition.header_rows[-1]
    width = source.width
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    wrap = book.add_format({"text_wrap": True, "font_color": "#9C0006"})
    text = book.add_format({"num_format": "@"})
    clock = book.add_format({"num_format": "hh:mm"})
    for row in range(header_last):
        for column, cell in enumerate(source.rows[row]):
            _write(sheet, row, column, cell, text, clock)
    sheet.write_string(header_last - 1, width, REASON_HEADER, bold)
    for top, left, bottom, right in source.merges:
        right = min(right, width - 1)  # a title merged past the last column must not cover the reasons
        if bottom < header_last and left <= right and (top, left) != (bottom, right):
            form = bold if top + 1 in recognition.header_rows else None
            with suppress(OverlappingRange):  # of a damaged file's merges the first one stands
                sheet.merge_range(top, left, bottom, right, "", form)
            _write(sheet, top, left, source.rows[top][left], bold, clock)
    identifiers = {
        letter
        for name, letter in recognition.column_letters.items()
        if name in ("id_number", "bank_card", "phone")
    }
    for offset, number in enumerate(recognition.rejected_rows):
        for column, cell in enumerate(source.rows[number - 1]):
            if isinstance(cell, float) and column_letter(column) in identifiers and cell.is_integer():
                cell = str(int(cell)) if abs(cell) < 1e15 else repr(cell)
            _write(sheet, header_last + offset, column, cell, text, clock)
        reasons = [p.reason for p in recognition.rejected if p.row == number]
        sheet.write_string(header_last + offset, width, f"原第{number}行：" + "；".join(reasons), wrap)
    sheet.set_column(width, width, 60)
    book.close()
    return buffer.getvalue()


def _write(sheet, row: int, column: int, cell: Cell, text, clock) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if cell == "" or cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, text)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        if math.isfinite(cell):
            sheet.write_number(row, column, cell)
        else:
            sheet.write_string(row, column, str(cell), text)
    elif isinstance(cell, dt.datetime | dt.date) and cell.year < 1900:
        sheet.write_string(
            row, column, str(cell), text
        )  # older than Excel's calendar, or a clock time dated 1899
    elif isinstance(cell, dt.datetime | dt.date):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, dt.time | dt.timedelta):
        sheet.write_datetime(row, column, cell, clock)


def _sheet_name(name: str) -> str:
    return "".join("_" if c in "[]:*?/\\" else c for c in name)[:31].strip("'") or "退回"
