"""Choose the sheet, the header and the columns that fit a kind best, or say why none does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin.kernel.months import Month
from anxin.sheets.columns import Assignment, assign
from anxin.sheets.headers import Header, HeaderFinder
from anxin.sheets.mapping import apply_mapping
from anxin.sheets.period import stated_months
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.refusing import explain
from anxin.sheets.spec import KindSpec
from anxin.sheets.texts import is_blank
from anxin.sheets.titledpeople import with_person_columns
from anxin.sheets.workbook import Sheet, Workbook

#: what a grid of days adds to an attendance header
_GRID_SCORE = 6.0
#: from so many month columns on, a list of people is a year's overview and no payroll of one month
MONTHS_OF_A_YEAR_SHEET = 3
#: what such an overview lacks
ONE_MONTH = ("one_month",)
_BARE_MONTH = re.compile(r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?")


@dataclass
class Choice:
    """The best reading of one sheet. ``missing``: groups of required fields of which none was found."""

    sheet: Sheet
    header: Header
    assignment: Assignment
    score: float
    missing: list[tuple[str, ...]]
    other_sheets: list[str] = field(default_factory=list)
    #: the sheet as it came, where ``sheet`` is a copy with added columns
    original: Sheet | None = None


def choose(
    workbook: Workbook,
    kind: KindSpec,
    mapping: Mapping[str, Any],
    *,
    sheet: str | None,
    month: Month | None,
) -> Choice:
    """The sheet and header to read. Raises :class:`SheetRefused` with the reason."""
    wanted = sheet or mapping.get("sheet")
    sheets = [s for s in workbook.sheets if s.rows]
    if wanted:
        sheets = [s for s in workbook.sheets if s.name == wanted]
        if not sheets:
            names = "、".join(f"“{s.name}”" for s in workbook.sheets)
            raise SheetRefused(f"文件里没有名为“{wanted}”的工作表，现有{names}。")
    choices = [c for c in (_best_of(s, kind, mapping) for s in sheets) if c]
    fitting = [c for c in choices if not c.missing]
    if not fitting:
        raise SheetRefused(explain(kind, sheets, max(choices, key=lambda c: c.score, default=None)))
    if len(fitting) == 1:
        return fitting[0]
    best = max(fitting, key=lambda c: _preference(c, workbook, month))
    best.other_sheets = [c.sheet.name for c in fitting if c is not best and _filled_rows(c)]
    return best


def _preference(choice: Choice, workbook: Workbook, month: Month | None) -> tuple[float, ...]:
    """The asked month first, then visible sheets with rows, then the better header, then more rows."""
    rows = _filled_rows(choice)
    says_month = False
    if month:
        titles = choice.sheet.rows[: choice.header.first]
        periods, bare = stated_months(titles, choice.sheet.name, "")
        says_month = periods[0].month == month if periods else bare == month.number
    return (says_month, rows > 0, choice.sheet.visible, round(choice.score), rows)


def _filled_rows(choice: Choice) -> int:
    """Rows below the header that fill a person's column or an amount."""
    columns = [
        c
        for n, c in choice.assignment.columns.items()
        if n in ("name", "id_number", "employee_number", "bank_card")
    ]
    body = choice.sheet.rows[choice.header.last + 1 :]
    return sum(1 for row in body if any(not is_blank(row[c]) for c in columns))


def _best_of(sheet: Sheet, kind: KindSpec, mapping: Mapping[str, Any]) -> Choice | None:
    finder = HeaderFinder(sheet, with_days=kind.name in ("attendance", "payroll"))
    if mapping.get("header_rows"):
        header = _mapped_header(finder, mapping["header_rows"], sheet)
        return _weigh(sheet, header, kind, mapping)
    best: Choice | None = None
    for header in finder.candidates():
        choice = _weigh(sheet, header, kind, {})
        if best is None or (-len(choice.missing), choice.score) > (-len(best.missing), best.score + 1e-6):
            best = choice
    if best and mapping.get("columns"):
        best = _weigh(sheet, best.header, kind, mapping)
    if best and kind.name == "attendance" and best.missing == [kind.required[0]]:
        return _with_titled_people(best, kind, mapping) or best
    return best


def _with_titled_people(choice: Choice, kind: KindSpec, mapping: Mapping[str, Any]) -> Choice | None:
    """The same sheet with the people of its title lines in columns; see ``titledpeople``."""
    sheet = with_person_columns(choice.sheet, choice.header)
    if sheet is None:
        return None
    finder = HeaderFinder(sheet, with_days=True)
    header = finder.block(choice.header.first, choice.header.last, forced=True)
    if header is None:
        return None
    better = _weigh(sheet, header, kind, mapping)
    better.original = choice.sheet
    return better


def _mapped_header(finder: HeaderFinder, rows: object, sheet: Sheet) -> Header:
    valid = (
        isinstance(rows, list) and rows and all(isinstance(r, int) and 0 < r <= len(sheet.rows) for r in rows)
    )
    header = (
        finder.block(min(rows) - 1, max(rows) - 1, forced=True) if valid and isinstance(rows, list) else None
    )
    if header is None:
        raise SheetRefused(f"对应关系里的表头行号“{rows}”不对，应为工作表里的行号，如 [3, 4]。")
    return header


def _weigh(sheet: Sheet, header: Header, kind: KindSpec, mapping: Mapping[str, Any]) -> Choice:
    assignment = assign(header, kind)
    if mapping.get("columns"):
        apply_mapping(assignment, header, kind, mapping["columns"])
    found = set(assignment.columns)
    missing = [group for group in kind.required if not found.intersection(group)]
    score = assignment.score + header.shape
    if kind.name == "attendance":
        if header.days:
            score += _GRID_SCORE
        if not header.days and not _has_attendance(found):
            missing.append(("days",))
    if kind.name == "payroll" and not mapping and _year_overview(header):
        missing.append(ONE_MONTH)
    return Choice(sheet, header, assignment, score, missing)


def _year_overview(header: Header) -> bool:
    """One column headed by a bare month (1月, 二月份) after the other, and none that names what is due or paid."""
    months = sum(1 for path in header.paths if path and _BARE_MONTH.fullmatch(path[-1]))
    return months >= MONTHS_OF_A_YEAR_SHEET and not any(
        word in level for path in header.paths for level in path for word in ("应发", "实发", "应付", "实付")
    )


def _has_attendance(found: set[str]) -> bool:
    """Without a grid there must be a date with punches, hours or a result, or at least the days worked."""
    dated = "date" in found and bool(found & {"first_punch", "last_punch", "hours", "status", "days_worked"})
    return dated or "days_worked" in found or "date" in found
