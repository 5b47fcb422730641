"""Attendance whose person stands in a line of its own (``工号：7  姓名：张三``) instead of a column.

Punch machines print such a line above each person's row, and a personal record has it in its title. The sheet is
copied with the person written into added columns, so that everything after this reads it like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from anxin.sheets.headers import Header
from anxin.sheets.texts import half_width, is_blank
from anxin.sheets.workbook import Cell, Sheet

_FIELDS = (
    ("姓名", re.compile(r"(?:^|[\s,;])(?:员工|人员)?姓\s*名\s*:\s*([\u3400-\u9fff·]{2,8})?")),
    (
        "工号",
        re.compile(r"(?:^|[\s,;])(?:工\s*号|员工编号|人员编号|考勤号码?|登记号码?)\s*:\s*([A-Za-z0-9\-]+)?"),
    ),
)


def with_person_columns(sheet: Sheet, header: Header) -> Sheet | None:
    """A copy of ``sheet`` with 姓名 and 工号 columns from its person lines; ``None`` where it has none."""
    people: dict[str, str] = {}
    added: list[list[Cell]] = []
    found = False
    for index, cells in enumerate(sheet.rows):
        here = _person_in(cells) if not header.first <= index <= header.last else {}
        if "姓名" in here:
            people, found = here, True
        if index == header.first:
            added.append([*cells, *(title for title, _ in _FIELDS)])
        elif here and index > header.last:
            added.append([""] * (sheet.width + len(_FIELDS)))
        elif index > header.last and not all(map(is_blank, cells)):
            added.append([*cells, *(people.get(title, "") for title, _ in _FIELDS)])
        else:
            added.append([*cells, *("" for _ in _FIELDS)])
    if not found:
        return None
    return Sheet(sheet.name, added, sheet.merges, sheet.visible, sheet.uncomputed, sheet.computed)


def _person_in(cells: Sequence[Cell]) -> dict[str, str]:
    """The labelled name and number of a line, the value in the same cell or the next filled one."""
    filled = [cell for cell in cells if not is_blank(cell)]
    person: dict[str, str] = {}
    for position, cell in enumerate(filled):
        if not isinstance(cell, str):
            continue
        text = half_width(cell).strip()
        for title, pattern in _FIELDS:
            match = pattern.search(text)
            if not match:
                continue
            following = filled[position + 1] if position + 1 < len(filled) else ""
            value = match[1] or ("" if ":" in half_width(str(following)) else _plain(following))
            if value:
                person[title] = value
    return person


def _plain(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else "".join(half_width(str(cell)).split())
