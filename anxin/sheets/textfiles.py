"""Text tables (.csv and what pretends to be .xls): encoding, separator, and the quirks of exports."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from anxin.sheets import limits
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.workbook import Cell, Sheet

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",\t;|"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_AS_TEXT = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_MARKUP = re.compile(r"^\s*<(?:!doctype|html|head|body|table|\?xml|meta|style|div)\b", re.IGNORECASE)


def read_text_table(data: bytes, filename: str) -> Sheet:
    """The single sheet of a text table. Raises :class:`SheetRefused` for anything that is not one."""
    text = _decode(data, filename)
    if _MARKUP.match(text):
        raise SheetRefused(
            f"文件“{filename}”其实是网页格式，不是表格文件。请用表格软件打开它，另存为 .xlsx 后重新上传。"
        )
    if _CONTROL.search(text[:200_000]) or text.startswith(("%PDF", "{\\rtf")):
        raise _not_a_table(filename)
    separator = _separator(text)
    try:
        rows = _records(text, separator, filename)
    except csv.Error:
        raise _not_a_table(filename) from None
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        raise _not_a_table(filename)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Sheet("", rows)


def _decode(data: bytes, filename: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, (encoding,), filename)
    sample = data[:4000]
    if sample[1::2].count(0) > len(sample) // 5:
        return _strict(data, ("utf-16-le",), filename)
    if sample[::2].count(0) > len(sample) // 5:
        return _strict(data, ("utf-16-be",), filename)
    return _strict(data, ("utf-8", "gb18030"), filename)


def _strict(data: bytes, encodings: tuple[str, ...], filename: str) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_a_table(filename)


def _not_a_table(filename: str) -> SheetRefused:
    return SheetRefused(
        f"文件“{filename}”不是表格文件，或文字编码无法识别。请上传 .xlsx、.xls 或 .csv 格式的表格。"
    )


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into equally many columns."""
    best, best_score = ",", 0.0
    head = text[:20_000]
    for separator in _SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(head), delimiter=separator)][:40]
        except csv.Error:
            continue
        counts = Counter(width for width in widths if width > 1)
        if not counts:
            continue
        width, lines = counts.most_common(1)[0]
        score = lines * 10 + width
        if score > best_score:
            best, best_score = separator, score
    return best


def _records(text: str, separator: str, filename: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        rows.append([_plain(cell) if cell[:1] in _ODD or cell[-1:] in _ODD else cell for cell in record])
        if len(rows) > limits.MAX_ROWS or len(record) > limits.MAX_COLUMNS:
            raise SheetRefused(
                f"文件“{filename}”超过 {limits.MAX_ROWS} 行或 {limits.MAX_COLUMNS} 列的上限。请拆分后分别上传。"
            )
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


#: first or last characters that make a cell worth a second look
_ODD = frozenset(" \t\u3000\xa0=`'’\r\n")


def _plain(cell: str) -> str:
    """``="0012"``, ``'0012`` and ``0012⇥``, the ways of exports to keep a number as text, become ``0012``."""
    text = cell.strip(" \t\r\n\u3000\xa0")
    match = _AS_TEXT.match(text)
    if match:
        return match[1].replace('""', '"').strip()
    if text[:1] in "'`’" and text[1:2].isdigit():
        return text[1:]
    return text
