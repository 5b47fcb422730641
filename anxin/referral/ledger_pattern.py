"""A bureau's own workbook as the pattern of its ledger: where its headings stand, what they mean, and rows put under them.

Title, widths, formats, other sheets and the lines at the foot stay as the bureau made them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from anxin.kernel.refusal import Refused
from anxin.referral.ledger_fields import FORMATS, Cell
from anxin.referral.ledger_layout import Layout, filled
from anxin.referral.ledger_names import meant
from anxin.sheets.reading import SheetRefused, read_workbook

#: rows that a pattern takes at most: each cell is copied with its format
LIMIT = 5_000
_LOOKED_AT, _COLUMNS, _FEWEST, _BELOW = 20, 60, 2, 200
#: a line under the table that is not an example of a row
_FOOT = re.compile(
    r"填表人|填报人|制表人|审核人|审核：|负责人|填表日期|填报日期|联系电话：|合计|^\s*备?注\s*[:：]|说明[:：]"
)
_RANGE = re.compile(r"\b([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)\b")


@dataclass(frozen=True)
class Pattern:
    """The workbook, its sheet, and the last row of its headings (from 1)."""

    data: bytes
    sheet: str
    row: int


@dataclass(frozen=True)
class Heading:
    """One column of the pattern and the field of ours that its words most likely mean (empty: nobody knows)."""

    letter: str
    group: str
    name: str
    meant: str


@dataclass(frozen=True)
class Recognised:
    """What was read off a pattern; ``title`` is what stands above the headings."""

    sheet: str
    sheets: tuple[str, ...]
    row: int
    title: str
    paper: str
    headings: tuple[Heading, ...]


def readable(data: bytes, filename: str) -> None:
    """Raises :class:`Refused` for what is no workbook that rows can be put into."""
    try:
        if read_workbook(data, filename).format != "xlsx":  # what it refuses is not opened a second time
            raise Refused("表样请用 .xlsx 文件：在表格软件里打开，另存为 .xlsx 后再上传。", field="file")
    except SheetRefused as problem:
        raise Refused(str(problem), field="file") from None


def recognise(data: bytes, filename: str, *, sheet: str = "", row: int | None = None) -> Recognised:
    """The headings of a pattern; ``sheet`` and ``row`` where a person says them. Raises :class:`Refused`."""
    readable(data, filename)
    book = load_workbook(io.BytesIO(data))
    names = tuple(page.title for page in book.worksheets if page.sheet_state == "visible")
    wanted = [sheet] if sheet in names else names
    found = [(name, at, _headings(book[name], at)) for name in wanted for at in _rows(book[name], row)]
    best = max(found, key=lambda one: (sum(bool(head.meant) for head in one[2]), one[1]), default=None)
    if best is None or (row is None and sum(bool(head.meant) for head in best[2]) < _FEWEST):
        raise Refused(
            "没有认出表头：前20行里没有两个以上认识的列名（如“序号”“用人单位”“人数”）。请指出表头在第几行，或者检查是不是选错了文件。",
            field="row",
        )
    name, at, headings = best
    if not headings:
        raise Refused(f"第{at}行没有文字，请另写表头所在的行。", field="row")
    first = _first(book[name], at)
    return Recognised(name, names, at, _above(book[name], first), _paper(book[name]), tuple(headings))


def fill(
    pattern: Pattern, layout: Layout, table: Sequence[Sequence[Cell]], said: Mapping[str, str], note: str = ""
) -> bytes:
    """The pattern with these rows under its headings; blanks 〔…〕 above and below them are filled in."""
    book = load_workbook(io.BytesIO(pattern.data))
    page = book[pattern.sheet]
    body, first = pattern.row + 1, _first(page, pattern.row)
    foot = _foot_row(page, body)
    below = list(_lines(page, foot)) if foot else []
    merged = [one for one in page.merged_cells.ranges if foot and one.min_row >= foot]
    shift = body + max(len(table), 1) - (foot or 0)
    styles = [copy(page.cell(body, at)._style) for at in range(1, len(layout.columns) + 1)]
    if foot == body:  # no example of a row: as the headings are
        styles = [copy(page.cell(pattern.row, at)._style) for at in range(1, len(layout.columns) + 1)]
    spans = [(one.min_row + shift, one.max_row + shift, one.min_col, one.max_col) for one in merged]
    _clear(page, body)
    _write(page, layout, table, styles, body)
    for offset, (height, cells) in enumerate(below):
        at = body + max(len(table), 1) + offset
        page.row_dimensions[at].height = height
        for column, value, style in cells:
            page.cell(at, column)._style = style
            page.cell(at, column).value = _moved(value, body, foot or 0, len(table))
    for top, bottom, left, right in spans:
        page.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)
    _fill_blanks(page, body, body + max(len(table), 1), said)
    if note:
        page.cell(page.max_row + 1, 1).value = note.strip()
    _printed(page, first, pattern.row)
    book.active = book.index(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(page: Any, row: int | None) -> Iterator[int]:
    if row is None:
        yield from range(1, min(page.max_row, _LOOKED_AT) + 1)
    elif 1 <= row <= page.max_row:
        yield row


def _headings(page: Any, row: int) -> list[Heading]:
    """The headings whose lowest row this is; a cell that reaches down from above counts as its own."""
    wide = min(page.max_column, _COLUMNS)
    upper = _first(page, row)
    found = []
    for at in range(1, wide + 1):
        name, group = _said(page, row, at), _said(page, upper, at) if upper != row else ""
        found.append(Heading(get_column_letter(at), group if group != name else "", name, ""))
    while found and not found[-1].name:
        found.pop()
    taken: set[str] = set()
    known = []
    for head in found:
        key = meant(head.name, head.group)
        known.append(Heading(head.letter, head.group, head.name, "" if key in taken else key))
        taken.add(key)
    return known


def _first(page: Any, row: int) -> int:
    """The upper row of headings: the same one, or the one above where a cell reaches down or over several columns."""
    for one in page.merged_cells.ranges:
        if one.min_row == row - 1 == one.max_row and 1 < one.size["columns"] < min(page.max_column, _COLUMNS):
            return row - 1
        if one.min_row == row - 1 and one.max_row == row:
            return row - 1
    return row


def _said(page: Any, row: int, column: int) -> str:
    """The words of a cell, or of the merged cell that covers it."""
    for one in page.merged_cells.ranges:
        if one.min_row <= row <= one.max_row and one.min_col <= column <= one.max_col:
            row, column = one.min_row, one.min_col
            break
    value = page.cell(row, column).value
    return re.sub(r"\s+", "", str(value)) if value is not None else ""


def _above(page: Any, first: int) -> str:
    texts = (
        str(cell.value).strip() for row in page.iter_rows(max_row=first - 1) for cell in row if cell.value
    )
    return next(texts, "") if first > 1 else ""


def _paper(page: Any) -> str:
    """The paper in the words of a layout."""
    size = "A3" if str(page.page_setup.paperSize) == "8" else "A4"
    return f"{size}{'纵向' if page.page_setup.orientation == 'portrait' else '横向'}"


def _foot_row(page: Any, body: int) -> int | None:
    for row in page.iter_rows(min_row=body, max_row=min(page.max_row, body + _BELOW)):
        if any(isinstance(cell.value, str) and _FOOT.search(cell.value) for cell in row):
            return int(row[0].row)
    return None


def _lines(page: Any, foot: int) -> Iterator[tuple[float | None, list[tuple[int, Any, Any]]]]:
    """Height and cells of each row of the foot."""
    for row in page.iter_rows(min_row=foot):
        at = row[0].row
        yield page.row_dimensions[at].height, [(cell.column, cell.value, copy(cell._style)) for cell in row]


def _clear(page: Any, body: int) -> None:
    """Take away the examples and the foot, with what was merged there."""
    for one in [one for one in page.merged_cells.ranges if one.min_row >= body]:
        page.unmerge_cells(str(one))
    heights = [at for at in page.row_dimensions if at >= body]
    page.delete_rows(body, max(page.max_row - body + 1, 1))
    for at in heights:
        del page.row_dimensions[at]


def _write(
    page: Any, layout: Layout, table: Sequence[Sequence[Cell]], styles: Sequence[Any], body: int
) -> None:
    for row, values in enumerate(table or [[None] * len(layout.columns)], start=body):
        for at, (column, value) in enumerate(zip(layout.columns, values, strict=True), start=1):
            cell = page.cell(row, at)
            cell._style = copy(styles[at - 1])
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"  # what begins like a formula stays text
            elif value is not None:
                cell.value = value
                if cell.number_format in ("General", "@"):
                    cell.number_format = FORMATS[column.field.kind]


def _moved(value: Any, body: int, foot: int, rows: int) -> Any:
    """A sum over the examples becomes the sum over the rows."""
    if not (isinstance(value, str) and value.startswith("=")):
        return value
    last = body + max(rows, 1) - 1

    def ranged(found: re.Match[str]) -> str:
        start, end = int(found[2]), int(found[4])
        return f"{found[1]}{body}:{found[3]}{last}" if body <= start <= end < foot else found[0]

    return _RANGE.sub(ranged, value)


def _fill_blanks(page: Any, body: int, after: int, said: Mapping[str, str]) -> None:
    """Above and below the rows; the rows themselves are other people's words."""
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "〔" in cell.value and not body <= cell.row < after:
                cell.value = filled(cell.value, said)


def _printed(page: Any, first: int, row: int) -> None:
    """What the bureau did not say itself: headings stay in sight, on every sheet, and all columns on its width."""
    if page.print_area:
        page.print_area = None  # it ended with the examples
    if page.freeze_panes is None:
        page.freeze_panes = f"A{row + 1}"
    if not page.print_title_rows:
        page.print_title_rows = f"{first}:{row}"
    setup = page.sheet_properties.pageSetUpPr
    if not (setup and setup.fitToPage) and not page.page_setup.scale:
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.page_setup.fitToHeight = 0
