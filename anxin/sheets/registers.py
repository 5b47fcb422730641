"""Tables that other bodies export: one fixed heading a column, hundreds of thousands of rows.

A clerk's sheet is guessed at (``recognition``); a register is not: its headings are agreed, so a column is read
whole and each distinct cell once. The rows come out in the same shape, so that they are looked at, given back and
accepted like those of any other sheet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.sheets.limits import HEADER_SEARCH_ROWS
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.register_cells import ColumnType, reader
from anxin.sheets.result import CellProblem, ParsedRow, Recognition, problem_at, shown_value
from anxin.sheets.texts import column_index, column_letter, squeeze
from anxin.sheets.workbook import Cell, Sheet, Workbook

__all__ = ["ColumnType", "RegisterColumn", "RegisterSpec", "read_fields", "recognise_register"]

#: what an amount counts, as a heading says it (``欠薪金额（万元）``) and as a line above does (``单位：万元``)
_UNIT, _UNIT_ABOVE = re.compile(r"(万元|元)\)?$"), re.compile(r"单位[:(]*(万元|元)")
_WAN = 10_000


@dataclass(frozen=True)
class RegisterColumn:
    """One column: its field, its heading, and whether a row without it says nothing."""

    name: str
    title: str
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    #: for ``WORD``: what the cell says → what is kept
    words: Mapping[str, str] | None = None
    #: other headings for the same
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegisterSpec:
    """One kind of register. ``key`` names the fields by which a row is known again."""

    name: str
    title: str
    fields: tuple[RegisterColumn, ...]
    key: tuple[str, ...]

    @property
    def by_name(self) -> dict[str, RegisterColumn]:
        return {column.name: column for column in self.fields}

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """As a clerk's sheet has it: groups of which one must be found."""
        return tuple((column.name,) for column in self.fields if column.required)

    def title_of(self, name: str) -> str:
        return self.by_name[name].title


def recognise_register(
    workbook: Workbook, spec: RegisterSpec, *, mapping: Mapping[str, Any] | None = None
) -> Recognition:
    """Read the first sheet that has the headings. Raises :class:`SheetRefused` naming the headings that are missing."""
    sheet, header, columns = _locate(workbook, spec, (mapping or {}).get("columns") or {})
    body = [(index, row) for index, row in enumerate(sheet.rows[header + 1 :], header + 1) if any(row)]
    units = _units(spec, columns, sheet, header, (mapping or {}).get("unit") or "")
    values, rejected = _read(spec, columns, sheet, header, body, units)
    refused = {problem.row for problem in rejected}
    rejected += _repeated(spec, columns, body, values, refused, sheet, header)
    refused = {problem.row for problem in rejected}
    names = list(values)
    rows = [
        ParsedRow(index + 1, dict(zip(names, cells, strict=True)))
        for (index, _), cells in zip(body, zip(*values.values(), strict=True), strict=True)
        if index + 1 not in refused
    ]
    shown = [shown_value(cell) for cell in sheet.rows[header]]
    return Recognition(
        kind=spec.name,
        sheet=sheet.name,
        header_rows=[header + 1],
        period=None,
        columns={name: shown[column] for name, column in columns.items()},
        column_letters={name: column_letter(column) for name, column in columns.items()},
        layout_key=hashlib.sha256("|".join(shown).encode()).hexdigest()[:32],
        rows=rows,
        rejected=sorted(rejected, key=lambda problem: (problem.row, problem.column)),
        warnings=[],
        skipped=[],
        people=0,
        totals={"gross": None, "net": None},
        sheet_totals=None,
        rows_read=len(body),
        note=_note(units, spec) if body else f"认出了{spec.title}的表头，但下面没有数据。",
        all_columns={column_letter(index): text for index, text in enumerate(shown) if text},
        unit="万元" if units and set(units.values()) == {_WAN} else "元",
        source=sheet,
    )


def read_fields(spec: RegisterSpec, given: Mapping[str, Cell]) -> tuple[dict[str, Any], dict[str, str]]:
    """One row that comes field by field, without a sheet: its values, and a sentence for each field at fault.

    ``given`` is keyed by the names of the fields. What a program sends is read like what stands in a list.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column in spec.fields:
        read, problems = _read_column([given.get(column.name, "")], reader(column.type, column.words))
        values[column.name] = read[0]
        if problems:
            wrong[column.name] = problems[0]
        elif column.required and read[0] is None:
            wrong[column.name] = _not_given(column)
    return values, wrong


def _not_given(column: RegisterColumn) -> str:
    return f"{column.title}没有填写，请补填。"


def _locate(
    workbook: Workbook, spec: RegisterSpec, given: Mapping[str, str]
) -> tuple[Sheet, int, dict[str, int]]:
    """The sheet, its header row and the column of each field."""
    nearest: list[str] | None = None
    for sheet in workbook.sheets:
        for index, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
            columns = _columns(spec, row, given)
            missing = [
                column.title for column in spec.fields if column.required and column.name not in columns
            ]
            if not missing:
                return sheet, index, columns
            if columns and (nearest is None or len(missing) < len(nearest)):
                nearest = missing
    asked = nearest or [column.title for column in spec.fields if column.required]
    raise SheetRefused(
        f"文件“{workbook.filename}”里没有找到{spec.title}的表头，缺少列：{'、'.join(asked)}。"
        "请把列名改成这样后重新上传。"
    )


def _columns(spec: RegisterSpec, row: Sequence[Cell], given: Mapping[str, str]) -> dict[str, int]:
    headings = {
        squeeze(cell): index for index, cell in reversed(list(enumerate(row))) if isinstance(cell, str)
    }
    found = {}
    for column in spec.fields:
        for heading in (given.get(column.name, ""), column.title, *column.also):
            if heading and squeeze(heading) in headings:
                found[column.name] = headings[squeeze(heading)]
                break
            with_unit = [f"{squeeze(heading)}({unit})" for unit in ("元", "万元")] if heading else []
            named = next((headings[one] for one in with_unit if one in headings), None)
            if named is not None and column.type is ColumnType.MONEY:
                found[column.name] = named
                break
        else:
            letter = column_index(given.get(column.name, "")) if given.get(column.name) else None
            if letter is not None and letter < len(row):
                found[column.name] = letter
    return found


def _units(
    spec: RegisterSpec, columns: Mapping[str, int], sheet: Sheet, header: int, said: str
) -> dict[str, int]:
    """What one counts in each column of money: as said by hand, as its heading says, else as a line above says."""
    if said not in ("", "元", "万元"):
        raise SheetRefused(f"金额单位“{said}”不认识，应为“元”或“万元”。")
    above = said or next(
        (
            found[1]
            for row in sheet.rows[:header]
            if (found := _UNIT_ABOVE.search(squeeze("".join(cell for cell in row if isinstance(cell, str)))))
        ),
        "元",
    )
    units = {}
    for name, at in columns.items():
        if spec.by_name[name].type is ColumnType.MONEY:
            own = _UNIT.search(squeeze(shown_value(sheet.rows[header][at])))
            units[name] = _WAN if (said or (own[1] if own else above)) == "万元" else 1
    return units


def _note(units: Mapping[str, int], spec: RegisterSpec) -> str:
    """That amounts were converted must be seen before the file is accepted."""
    converted = [spec.title_of(name) for name, unit in units.items() if unit == _WAN]
    return f"{'、'.join(converted)}：表上以万元计，已换算成元。" if converted else ""


def _read(
    spec: RegisterSpec,
    columns: Mapping[str, int],
    sheet: Sheet,
    header: int,
    body: Sequence[tuple[int, Sequence[Cell]]],
    units: Mapping[str, int],
) -> tuple[dict[str, list[Any]], list[CellProblem]]:
    """The values of every field, column by column, and what could not be read."""
    values: dict[str, list[Any]] = {}
    problems: list[CellProblem] = []
    for column in spec.fields:
        if column.name not in columns:
            continue
        at = columns[column.name]
        read, wrong = _read_column(
            [row[at] for _, row in body], reader(column.type, column.words, units.get(column.name, 1))
        )
        if column.required:
            wrong |= {
                place: _not_given(column)
                for place, value in enumerate(read)
                if value is None and place not in wrong
            }
        values[column.name] = read
        heading = shown_value(sheet.rows[header][at])
        problems += [
            problem_at(body[place][0] + 1, at, heading, body[place][1][at], sentence, field=column.name)
            for place, sentence in wrong.items()
        ]
    return values, problems


def _read_column(cells: Sequence[Cell], read: Callable[[Cell], Any]) -> tuple[list[Any], dict[int, str]]:
    """Each distinct text is read once: a column of a register repeats itself."""
    known: dict[str, Any] = {"": None}
    values: list[Any] = []
    wrong: dict[int, str] = {}
    for place, cell in enumerate(cells):
        text = cell if type(cell) is str else None
        if text is not None and text in known:
            values.append(known[text])
            continue
        try:
            value = None if cell is None or cell == "" else read(cell)
        except ValueError as problem:
            values.append(None)
            wrong[place] = str(problem)
            continue
        if text is not None:
            known[text] = value
        values.append(value)
    return values, wrong


def _repeated(
    spec: RegisterSpec,
    columns: Mapping[str, int],
    body: Sequence[tuple[int, Sequence[Cell]]],
    values: Mapping[str, list[Any]],
    refused: set[int],
    sheet: Sheet,
    header: int,
) -> list[CellProblem]:
    """Rows that say again what an earlier row of the file has said."""
    parts = [name for name in spec.key if name in values]
    at = columns[parts[0]]
    heading = shown_value(sheet.rows[header][at])
    first: dict[tuple[Any, ...], int] = {}
    problems = []
    for (index, row), key in zip(body, zip(*(values[name] for name in parts), strict=True), strict=True):
        number = index + 1
        if number in refused:
            continue
        earlier = first.setdefault(key, number)
        if earlier != number:
            sentence = f"与第{earlier}行重复（{'、'.join(spec.title_of(name) for name in parts)}相同），请只保留一行。"
            problems.append(problem_at(number, at, heading, row[at], sentence, field=parts[0]))
    return problems
