"""The header of a table as a mark by which a layout is known again, wherever the table begins. No database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence

from anxin.sheets.texts import squeeze
from anxin.sheets.workbook import Cell, Sheet, Workbook

#: rows from the top in which a header is looked for
_ROWS = 40
#: header rows that a layout may have
MOST_HEADER_ROWS = 5


def header_of(sheet: Sheet, header_rows: Sequence[int]) -> list[list[str]]:
    """The texts of the header rows (Excel numbers), squeezed, without the blanks at their ends."""
    return [_texts(sheet.rows[number - 1]) for number in header_rows if 0 < number <= len(sheet.rows)]


def header_hash(header: Sequence[Sequence[str]]) -> str:
    """The mark of a header; nothing for one without texts."""
    if not any(any(row) for row in header):
        return ""
    return hashlib.sha256(json.dumps(header, ensure_ascii=False).encode()).hexdigest()


def marks(workbook: Workbook, heights: Collection[int]) -> Iterator[tuple[str, str, list[int]]]:
    """Every place where a header of one of these heights could stand: mark, sheet, Excel rows."""
    for sheet in workbook.sheets:
        texts = [_texts(row) for row in sheet.rows[: _ROWS + MOST_HEADER_ROWS]]
        for first in range(min(len(texts), _ROWS)):
            for height in heights:
                mark = header_hash(texts[first : first + height])
                if mark and first + height <= len(texts):
                    yield mark, sheet.name, list(range(first + 1, first + height + 1))


def _texts(row: Sequence[Cell]) -> list[str]:
    texts = [squeeze(cell) if isinstance(cell, str) else "" for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts
