"""A delivered sheet as a grid for the screen: recognised parts coloured, problems at their cells, people masked."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from anxin.evidence import files
from anxin.evidence.bankfiles import MessageRecognition, recognise_message, recognise_workbook
from anxin.evidence.models import ImportBatch
from anxin.kernel.masking import mask_card, mask_id_number, mask_name, mask_phone
from anxin.kernel.months import Month
from anxin.sheets import KINDS, SIGNALS, CellProblem, Recognition, Sheet, SheetRefused, read_workbook
from anxin.sheets.result import shown_value
from anxin.sheets.texts import column_index, column_letter

#: rows of the grid on one page
ROWS = 60
#: columns shown at most; attendance grids have some forty
COLUMNS = 80
#: rows looked at when nothing was recognised
_RAW_ROWS = 40
_MASKS = {
    "name": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "bank_card": mask_card,
    "raw": lambda text: "（原文已保存）",
}
#: somebody's number, whichever column it strayed into
_LONG_NUMBER = re.compile(
    r"\d{11,}[\dXx]?"
    r"|\d{6}[ -]\d{8}[ -]\d{3}[\dXx]"  # an ID number in its three parts
    r"|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,4})?"  # a card number in groups of four
    r"|\d{3}[ -]\d{4}[ -]\d{4}"  # a mobile number as it is read aloud
)
#: two to four characters that begin with one of the hundred and more commonest surnames
_PERSON = re.compile(
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁沈"
    "任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔"
    "向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕"
    "单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁][ 　]*[\u4e00-\u9fff·][ 　\u4e00-\u9fff·]{0,4}"
)
_NAME_HEADER = re.compile(r"姓\s*名|户\s*名|收款人|持卡人|(?i:^name$)")


#: key, names of the sheets, what was found; one only, because a large sheet takes hundreds of megabytes
_latest: tuple[tuple[str, ...], list[str], Recognition | tuple[Sheet, str]] | None = None


@dataclass(frozen=True)
class GridCell:
    """One cell: what it shows, its style, and the sentence about it."""

    text: str
    style: str = ""
    say: str = ""


@dataclass(frozen=True)
class GridRow:
    """One row by its Excel number; ``say`` holds the sentences about it."""

    number: int
    style: str
    cells: Sequence[GridCell]
    say: Sequence[str]


@dataclass(frozen=True)
class GridColumn:
    letter: str
    title: str


@dataclass(frozen=True)
class Field:
    """A field of the kind and the column that has it, for mending by hand."""

    name: str
    title: str
    letter: str
    required: bool


@dataclass
class SheetView:
    """What the preview page shows."""

    sheets: list[str]
    sheet: str
    columns: list[GridColumn]
    rows: list[GridRow]
    fields: list[Field]
    choices: list[tuple[str, str]]
    first_row: int
    last_row: int
    more: bool
    header_first: int | None = None
    header_last: int | None = None
    unit: str = "元"
    refusal: str = ""
    #: a bank's message: its columns are given by the format, nothing to mend
    message: bool = False
    recognition: Recognition | None = field(default=None, repr=False)


def sheet_view(batch: ImportBatch, *, start: int = 1, only_problems: bool = False) -> SheetView:
    """Read and recognise the batch's file again and lay out one page of it.

    ``start`` is the first Excel row to show. Raises ``SheetRefused`` where the file itself cannot be read.
    """
    names, found = _read(batch)
    if isinstance(found, Recognition):
        return _recognised(names, found, start, only_problems)
    sheet, refusal = found
    return _unrecognised(batch.kind, names, sheet, refusal)


def _read(batch: ImportBatch) -> tuple[list[str], Recognition | tuple[Sheet, str]]:
    """The sheets' names, and the recognition or the sheet to mend with the reason of the refusal.

    Whoever pages through a large sheet reads it once: the latest reading of this process is kept.
    """
    global _latest
    key = (
        batch.file.sha256,
        batch.kind,
        batch.filename,
        batch.month,
        json.dumps(batch.mapping, sort_keys=True),
    )
    if _latest is not None and _latest[0] == key:
        return _latest[1], _latest[2]
    data = files.read(batch.file)
    month = Month.parse(batch.month) if batch.month else None
    message = recognise_message(batch.kind, data, batch.filename, month=month, mapping=batch.mapping)
    if message is not None:
        _latest = (key, [message.sheet], message)
        return [message.sheet], message
    workbook = read_workbook(data, batch.filename)
    names = [sheet.name for sheet in workbook.sheets]
    found: Recognition | tuple[Sheet, str]
    try:
        found = recognise_workbook(workbook, batch.kind, month=month, mapping=batch.mapping)
    except SheetRefused as refusal:
        wanted = (batch.mapping or {}).get("sheet")
        sheet = next((s for s in workbook.sheets if s.name == wanted), None)
        found = (sheet or _meant(workbook.sheets, str(refusal)), str(refusal))
    _latest = (key, names, found)
    return names, found


def _recognised(names: list[str], found: Recognition, start: int, only_problems: bool) -> SheetView:
    problems: dict[int, list[tuple[CellProblem, str]]] = defaultdict(list)
    for severity, listed in (("rejected", found.rejected), ("warning", found.warnings)):
        for problem in listed:
            problems[problem.row].append((problem, severity))
    last = len(found.source.rows)
    wanted: Iterable[int]
    if only_problems:
        wanted = [*found.header_rows, *(row for row in sorted(problems) if row >= start and row <= last)]
    else:
        wanted = range(start, last + 1)
    numbers, more = _first(wanted, ROWS)
    skipped = dict(found.skipped)
    by_letter = {letter: name for name, letter in found.column_letters.items()}
    width = min(found.source.width, COLUMNS)
    letters = [column_letter(index) for index in range(width)]
    titles = {spec.name: spec.title for spec in _spec(found.kind).fields}
    rows = [
        _row(found, number, letters, by_letter, problems.get(number, []), skipped.get(number, ""))
        for number in numbers
    ]
    return SheetView(
        sheets=names,
        sheet=found.sheet,
        columns=[GridColumn(letter, titles.get(by_letter.get(letter, ""), "")) for letter in letters],
        rows=rows,
        fields=_fields(found.kind, found.column_letters),
        choices=[(letter, text) for letter, text in found.all_columns.items()],
        first_row=numbers[0] if numbers else start,
        last_row=numbers[-1] if numbers else start,
        more=more,
        header_first=found.header_rows[0],
        header_last=found.header_rows[-1],
        unit=found.unit,
        message=isinstance(found, MessageRecognition),
        recognition=found,
    )


def _row(
    found: Recognition,
    number: int,
    letters: Sequence[str],
    by_letter: dict[str, str],
    problems: Sequence[tuple[CellProblem, str]],
    skipped: str,
) -> GridRow:
    header = number in found.header_rows
    at: dict[str, tuple[str, str]] = {}
    for problem, severity in problems:
        if at.get(problem.column, ("", ""))[0] != "rejected":
            at[problem.column] = (severity, problem.reason)
    source = found.source.rows[number - 1]
    cells = []
    for index, letter in enumerate(letters):
        severity, reason = at.get(letter, ("", ""))
        name = "" if header or number < found.header_rows[0] else by_letter.get(letter, "")
        cells.append(
            GridCell(masked_text(source[index], name), f"cell-{severity}" if severity else "", reason)
        )
    if header:
        style = "row-header"
    elif number < found.header_rows[0]:
        style = "row-title"
    elif any(severity == "rejected" for _, severity in problems):
        style = "row-rejected"
    else:
        style = "row-skipped" if skipped else ""
    say = [problem.reason for problem, _ in problems] or ([skipped] if skipped else [])
    return GridRow(number, style, cells, say)


def _unrecognised(kind: str, names: list[str], sheet: Sheet, refusal: str) -> SheetView:
    """The bare sheet, so that a person can say where the header is."""
    width = min(sheet.width, COLUMNS)
    letters = [column_letter(index) for index in range(width)]
    shown = sheet.rows[:_RAW_ROWS]
    names_in = {index for index in range(width) if holds_names([row[index : index + 1] for row in shown])}
    rows = [
        GridRow(
            number, "", [_unread_cell(cell, index in names_in) for index, cell in enumerate(row[:width])], []
        )
        for number, row in enumerate(shown, start=1)
    ]
    return SheetView(
        sheets=names,
        sheet=sheet.name,
        columns=[GridColumn(letter, "") for letter in letters],
        rows=rows,
        fields=_fields(kind, {}),
        choices=[(letter, "") for letter in letters],
        first_row=1,
        last_row=len(rows),
        more=len(sheet.rows) > len(rows),
        refusal=refusal,
    )


def holds_names(column: list[list[Any]]) -> bool:
    """Whether a column that nobody has named yet looks like people's names."""
    texts = [text for cells in column for cell in cells if (text := shown_value(cell).strip())]
    hits = sum(1 for text in texts if _PERSON.fullmatch(text))
    return hits > 0 and (any(_NAME_HEADER.search(text) for text in texts) or hits * 2 >= len(texts))


def _unread_cell(cell: Any, of_names: bool) -> GridCell:
    text = shown_value(cell).strip()
    return GridCell(masked_text(cell, "name" if of_names and _PERSON.fullmatch(text) else ""))


def masked_text(cell: Any, field_name: str) -> str:
    """A cell for the screen: names, numbers, cards and phones masked, long digits masked anywhere."""
    text = shown_value(cell)
    mask = _MASKS.get(field_name)
    if mask is not None and text:
        return mask(text.strip())
    return _LONG_NUMBER.sub(lambda match: mask_id_number(re.sub("[ -]", "", match[0])), text)


def problem_cells(batch: ImportBatch, raw: list[Any], letters: dict[str, str]) -> list[tuple[str, str, str]]:
    """One kept source row of an accepted batch as ``(column letter, what the column holds, masked text)``."""
    by_index = {column_index(letter): name for name, letter in letters.items()}
    titles = {spec.name: spec.title for spec in _spec(batch.kind).fields}
    return [
        (
            column_letter(index),
            titles.get(by_index.get(index, ""), ""),
            masked_text(cell, by_index.get(index, "")),
        )
        for index, cell in enumerate(raw)
        if cell not in (None, "")
    ]


def _fields(kind: str, letters: dict[str, str]) -> list[Field]:
    spec = _spec(kind)
    required = {name for group in spec.required for name in group}
    return [
        Field(one.name, one.title, letters.get(one.name, ""), one.name in required)
        for one in spec.fields
        if not one.name.startswith("_")
    ]


def _spec(kind: str) -> Any:
    """The columns of a clerk's sheet or of a register."""
    return SIGNALS.get(kind) or KINDS[kind]


def _meant(sheets: Sequence[Sheet], refusal: str) -> Sheet:
    """The sheet that the refusal speaks of, else the longest."""
    return max(sheets, key=lambda sheet: (f"“{sheet.name}”" in refusal, len(sheet.rows)))


def _first(numbers: Iterable[int], count: int) -> tuple[list[int], bool]:
    taken: list[int] = []
    for number in numbers:
        if len(taken) == count:
            return taken, True
        taken.append(number)
    return taken, False
