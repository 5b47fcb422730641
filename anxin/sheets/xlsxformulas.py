"""Formulas of an .xlsx that were saved without results: find them, compute what is simple, name the rest.

Programs that fill in a template (and many web exports) write ``=SUM(C2:C9)`` and no value. Excel computes it on
opening; a reader sees a blank, or a 0 where the writer put a placeholder and asked for recalculation.
"""

from __future__ import annotations

import re
from html import unescape

from anxin.sheets.evaluator import CannotCompute, Evaluator
from anxin.sheets.texts import column_index
from anxin.sheets.workbook import Sheet

_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b([^>]*?)(?:/>|>([^<]*)</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?v>))?"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_SHARED = re.compile(rb'\bt="shared"')
_SHARED_INDEX = re.compile(rb'\bsi="(\d+)"')


def fill_formulas(sheet: Sheet, xml: bytes, *, trust_zero: bool) -> None:
    """Compute the formulas of ``sheet`` that have no stored result, in place.

    ``trust_zero``: a stored 0 is a result (the file does not ask for recalculation on opening).
    What cannot be computed is left blank and listed in ``sheet.uncomputed``.
    """
    formulas = _without_result(xml, trust_zero)
    if not formulas:
        return
    evaluator = Evaluator(sheet.rows, formulas)
    for (row, column), formula in formulas.items():
        if row >= len(sheet.rows) or column >= sheet.width:
            _grow(sheet, row, column)
        try:
            sheet.rows[row][column] = evaluator.value(row, column)
            sheet.computed.add((row, column))
        except CannotCompute:
            sheet.rows[row][column] = ""
            sheet.uncomputed[row, column] = f"={formula}"


def _grow(sheet: Sheet, row: int, column: int) -> None:
    width = max(sheet.width, column + 1)
    for cells in sheet.rows:
        cells.extend([""] * (width - len(cells)))
    sheet.rows.extend([""] * width for _ in range(row + 1 - len(sheet.rows)))


def _without_result(xml: bytes, trust_zero: bool) -> dict[tuple[int, int], str]:
    """(row, column), from 0 → formula text without ``=``, for cells with no result worth trusting."""
    wanted: dict[tuple[int, int], str] = {}
    masters: dict[bytes, tuple[str, str]] = {}
    for match in _FORMULA_CELL.finditer(xml):
        attributes, options, text, value = match.groups()
        where = _REFERENCE.search(attributes)
        if not where:
            continue
        name = f"{where[1].decode()}{where[2].decode()}"
        formula = unescape((text or b"").decode("utf-8", "replace"))
        if _SHARED.search(options):
            formula = _shared_formula(options, formula, name, masters)
        if not (value or b"").strip() or (not trust_zero and value in (b"0", b"0.0")):
            column = column_index(where[1].decode())
            if column is not None:
                wanted[int(where[2]) - 1, column] = formula
    return wanted


def _shared_formula(options: bytes, formula: str, name: str, masters: dict[bytes, tuple[str, str]]) -> str:
    """The formula of a cell that shares it with others: written once, translated for the rest."""
    index = _SHARED_INDEX.search(options)
    if not index:
        return formula
    if formula:
        masters[index[1]] = (formula, name)
        return formula
    master = masters.get(index[1])
    if not master:
        return ""
    from openpyxl.formula.translate import Translator

    return Translator(f"={master[0]}", origin=master[1]).translate_formula(name)[1:]
