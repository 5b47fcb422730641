"""Spreadsheets made in memory for the tests, with invented people (region code 99) and right check digits."""

from __future__ import annotations

import csv
import io

import xlsxwriter
import xlwt
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from anxin.kernel.months import Month
from anxin.sheets import Recognition, read_workbook, recognise

SEPTEMBER = Month(2026, 9)


def id_number(sequence: int) -> str:
    """A well-formed ID number of nobody."""
    body = f"99{sequence % 10000:04d}19{70 + sequence % 30}{1 + sequence % 12:02d}{1 + sequence % 28:02d}{sequence % 1000:03d}"
    return body + mod_11_2.calc_check_digit(body)


def card(sequence: int) -> str:
    body = f"622000{sequence:012d}"
    return body + luhn.calc_check_digit(body)


def phone(sequence: int) -> str:
    return f"139{sequence:08d}"


def xlsx(rows, merges=(), name="Sheet1", more=(), formats=None) -> bytes:
    """``rows`` of values; ``merges`` as Excel ranges (``"A1:D1"``); ``more``: further (name, rows, merges)."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for sheet_name, sheet_rows, sheet_merges in ((name, rows, merges), *more):
        sheet = book.add_worksheet(sheet_name)
        for r, row in enumerate(sheet_rows):
            for c, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write(r, c, value)
        for cells in sheet_merges:
            first = cells.split(":")[0]
            letters = first.rstrip("0123456789")
            r, c = int(first[len(letters) :]) - 1, _index(letters)
            value = sheet_rows[r][c] if c < len(sheet_rows[r]) else ""
            sheet.merge_range(cells, value)
    book.close()
    return buffer.getvalue()


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def xls(rows, merges=()) -> bytes:
    """The old binary format. ``merges`` as (top, bottom, left, right) from 0."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("工资表")
    anchors = {(m[0], m[2]) for m in merges}
    covered = {(r, c) for t, b, le, ri in merges for r in range(t, b + 1) for c in range(le, ri + 1)}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value not in (None, "") and ((r, c) not in covered or (r, c) in anchors):
                sheet.write(r, c, value)
    for top, bottom, left, right in merges:
        sheet.merge(top, bottom, left, right)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_table(rows, encoding="utf-8", delimiter=",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def read(data: bytes, kind: str, filename: str = "表.xlsx", **options) -> Recognition:
    return recognise(read_workbook(data, filename), kind, **options)


def read_rows(rows, kind: str, merges=(), filename: str = "表.xlsx", **options) -> Recognition:
    return read(xlsx(rows, merges), kind, filename, **options)


def reasons(recognition: Recognition) -> str:
    return " ".join(p.reason for p in recognition.rejected)


def warned(recognition: Recognition) -> str:
    return " ".join(p.reason for p in recognition.warnings)


def values(recognition: Recognition, name: str) -> list:
    return [row.values.get(name) for row in recognition.rows]
