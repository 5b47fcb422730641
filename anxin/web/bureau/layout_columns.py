"""The guided mapping of a sample: each column with what stands in it, and what it is to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from anxin.connections.headers import MOST_HEADER_ROWS
from anxin.connections.models import InstitutionLayout
from anxin.evidence import files
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.sheets import KINDS, Sheet, SheetRefused, read_workbook
from anxin.sheets.texts import column_letter
from anxin.web import lists
from anxin.web.bureau.sheet_view import holds_names, masked_text

_KIND = KINDS["receipts"]
_COLUMNS = 60
_SAMPLES = 3
#: rows looked through for samples and for names
_LOOKED_AT = 40
#: words of states, some of which begin with a surname
_STATES = frozenset(
    {"成功", "失败", "处理中", "成功入账", "已成功", "已失败", "退回", "退票", "冲正", "已处理", "未处理"}
)


@dataclass(frozen=True)
class ColumnView:
    """One column of the sample: header, a few cells (people masked), and the field it is given to."""

    letter: str
    header: str
    samples: list[str]
    field: str


@dataclass(frozen=True)
class ColumnsView:
    """The form of the mapping."""

    sheets: list[str]
    sheet: str
    header_first: int
    header_last: int
    unit: str
    columns: list[ColumnView]
    fields: list[tuple[str, str]]
    needed: str


def columns_view(layout: InstitutionLayout, mapping: dict[str, Any]) -> ColumnsView | None:
    """The sample under a mapping; ``None`` where it can no longer be read."""
    if layout.sample is None:
        return None
    try:
        workbook = read_workbook(files.read(layout.sample), layout.sample_name)
    except (SheetRefused, files.FileDamaged):
        return None
    names = [sheet.name for sheet in workbook.sheets]
    sheet = next((one for one in workbook.sheets if one.name == mapping.get("sheet")), workbook.sheets[0])
    rows = [row for row in mapping.get("header_rows") or [1] if 0 < row <= len(sheet.rows)] or [1]
    fields = {letter: name for name, letter in (mapping.get("columns") or {}).items() if letter}
    needed = "、".join("或".join(_KIND.title_of(name) for name in group) for group in _KIND.required)
    return ColumnsView(
        sheets=names,
        sheet=sheet.name,
        header_first=rows[0],
        header_last=rows[-1],
        unit=str(mapping.get("unit") or "元"),
        columns=[_column(sheet, rows, index, fields) for index in range(min(sheet.width, _COLUMNS))],
        fields=[(spec.name, spec.title) for spec in _KIND.fields if not spec.name.startswith("_")],
        needed=needed,
    )


def _column(sheet: Sheet, rows: list[int], index: int, fields: dict[str, str]) -> ColumnView:
    letter = column_letter(index)
    heads = [str(sheet.rows[row - 1][index]).strip() for row in rows]
    body = [row[index] for row in sheet.rows[rows[-1] : rows[-1] + _LOOKED_AT]]
    header = "/".join(dict.fromkeys(head for head in heads if head))
    name = fields.get(letter, "")
    stated = all(str(cell).strip() in _STATES for cell in body if str(cell).strip())
    of_names = not stated and holds_names([[header], *([cell] for cell in body)])
    samples = []
    for cell in body:
        text = masked_text(cell, name)
        if of_names and not name:
            text = mask_name(text.strip())
        if text.strip() and text not in samples:
            samples.append(text.strip()[:40])
        if len(samples) == _SAMPLES:
            break
    return ColumnView(letter, header, samples, name)


def mapping_from(post: QueryDict, *, strict: bool = True) -> dict[str, Any]:
    """The mapping that a form says. ``strict`` refuses two columns for one field; else the last one stands."""
    first = lists.whole_number(post.get("header_first")) or 1
    last = max(lists.whole_number(post.get("header_last")) or first, first)
    columns: dict[str, str] = {}
    for key, name in post.items():
        if not key.startswith("column-") or not name:
            continue
        letter = key.removeprefix("column-")
        if strict and str(name) in columns:
            title = _KIND.title_of(str(name)) if str(name) in _KIND.by_name else str(name)
            raise Refused(f"{columns[str(name)]}列和{letter}列都指定为{title}，请只留一列。", field="columns")
        columns[str(name)] = letter
    return {
        "sheet": post.get("sheet", ""),
        # A slip of the keyboard must not ask for a million header rows.
        "header_rows": list(range(first, min(last, first + MOST_HEADER_ROWS) + 1)),
        "columns": columns,
        "unit": post.get("unit", "元"),
    }
