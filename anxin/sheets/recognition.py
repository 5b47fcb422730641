"""Recognise a sheet of a workbook as one kind and read it: the front door's second half."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.kernel.months import Month
from anxin.sheets import attendance, receipts
from anxin.sheets.arithmetic import check_arithmetic
from anxin.sheets.checks import check_cards, check_days, check_duplicates, check_phones, check_sheet_totals
from anxin.sheets.choosing import Choice, choose
from anxin.sheets.columns import Assignment, second_list
from anxin.sheets.headers import Header
from anxin.sheets.period import Stated, month_of_cell, stated_months
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.result import CellProblem, ParsedRow, Recognition, problem_at
from anxin.sheets.spec import KindSpec
from anxin.sheets.table import Table
from anxin.sheets.tabular import Collector
from anxin.sheets.texts import column_letter, squeeze
from anxin.sheets.vocabulary import KINDS
from anxin.sheets.workbook import Sheet, Workbook


def recognise(
    workbook: Workbook,
    kind: str,
    *,
    month: Month | None = None,
    mapping: Mapping[str, Any] | None = None,
    sheet: str | None = None,
) -> Recognition:
    """Find the sheet, header, columns and period of ``kind``, read the rows and check them.

    ``month`` wins over what the sheet says. ``mapping`` is a layout mended by hand: ``{"sheet"?, "header_rows"?,
    "columns"?: {field: header or column letter}, "unit"?: "元" | "万元"}``; what it names wins over recognition.
    Raises :class:`SheetRefused` with one sentence when no sheet fits or the mapping does not.
    """
    if kind not in KINDS:
        raise SheetRefused(f"不认识的表格种类“{kind}”，应为{'、'.join(KINDS)}之一。")
    spec = KINDS[kind]
    choice = choose(workbook, spec, mapping or {}, sheet=sheet, month=month)
    unit = _unit(choice.sheet, choice.header, mapping or {})
    if spec.name == "receipts":
        table = Table(choice.sheet, choice.header, spec, choice.assignment, unit, month)
        named = receipts.wage_month_of(table, workbook.filename)
        periods, bare = ([Stated(named, 1, text=named.chinese())] if named else []), None
        table.period = month or named or _month_of_column(choice)
    else:
        titles = choice.sheet.rows[: choice.header.first]
        periods, bare = stated_months(titles, choice.sheet.name, workbook.filename)
        period = month or (
            periods[0].month if periods else _month_of_days(choice.header) or _month_of_column(choice)
        )
        table = Table(choice.sheet, choice.header, spec, choice.assignment, unit, period)
    reading = _read(table, choice)
    reading.warnings[:0] = _period_warnings(month, periods, bare, choice.header)
    return _result(spec, choice, table, reading)


def _month_of_days(header: Header) -> Month | None:
    """The month that most of the dated day columns belong to."""
    months = Counter(Month(d.year, d.month) for d in header.days.values() if d.year and d.month)
    return months.most_common(1)[0][0] if months else None


def _month_cells(choice: Choice) -> list[Month | None]:
    """The months of a column 所属月份, row by row; a bare 9 takes its year from a column 年份."""
    column = choice.assignment.columns["month"]
    years = next(
        (c for c, p in enumerate(choice.header.paths) if p and p[-1] in ("年份", "年", "年度")), None
    )
    body = choice.sheet.rows[choice.header.last + 1 :]
    return [month_of_cell(row[column], None if years is None else row[years]) for row in body]


def _month_of_column(choice: Choice) -> Month | None:
    """The only month that a month column names; two months are two payrolls."""
    months = set(_month_cells(choice)) - {None} if "month" in choice.assignment.columns else set()
    return months.pop() if len(months) == 1 else None


def _check_month_column(collector: Collector, choice: Choice) -> None:
    """A row of another month than the payroll's does not belong here."""
    if "month" not in choice.assignment.columns:
        return
    months = _month_cells(choice)
    period = collector.table.period
    for index in list(collector.standing()):
        month = months[index]
        if month is None or month == period:
            continue
        if period is None:
            collector.reject(index, "month", "表里有多个月份的工资，请按月拆分，或在导入时指定月份。")
        else:
            collector.reject(
                index, "month", f"这一行是{month.chinese()}的，与本次导入的{period.chinese()}不同。"
            )


def _month_of_dates(rows: list[ParsedRow]) -> Month | None:
    """The month of a list of days, if they all lie in one."""
    months = {Month.of(row.values["date"]) for row in rows if row.values.get("date")}
    return months.pop() if len(months) == 1 else None


@dataclass
class _Reading:
    rows: list[ParsedRow]
    rejected: list[CellProblem]
    warnings: list[CellProblem]
    skipped: list[tuple[int, str]]
    sheet_totals: dict[str, int] | None
    rows_read: int


def _read(table: Table, choice: Choice) -> _Reading:
    if table.kind.name == "attendance" and table.header.days:
        grid = attendance.read_grid(table)
        return _Reading(grid.rows, grid.rejected, grid.warnings, grid.skipped, None, grid.rows_read)
    collector = Collector(table)
    collector.sort_rows()
    collector.find_unlabelled_total()
    collector.report_unreadable()
    collector.require_identity()
    _check_month_column(collector, choice)
    sheet_totals = _check(collector)
    collector.build_rows()
    outcome = collector.outcome
    if table.kind.name == "attendance":
        attendance.complete_list_rows(outcome.rows, table)
        table.period = table.period or _month_of_dates(outcome.rows)
    return _Reading(
        outcome.rows,
        sorted(outcome.rejected, key=_place),
        sorted(outcome.warnings, key=_place),
        [(table.number(index), reason) for index, reason in sorted(outcome.skipped)],
        sheet_totals,
        len(outcome.data),
    )


def _place(problem: CellProblem) -> tuple[int, int, str]:
    """Problems in reading order: by row, then by column."""
    return problem.row, len(problem.column), problem.column


def _check(collector: Collector) -> dict[str, int] | None:
    """All checks of the kind; the sheet's own totals."""
    kind = collector.table.kind.name
    if kind == "payroll":
        _require_amounts(collector)
        check_days(collector)
        check_arithmetic(collector)
    if kind == "receipts":
        receipts.check(collector)
    elif kind == "attendance":
        attendance.check_list(collector)
    else:
        check_duplicates(collector)
    check_cards(collector)
    check_phones(collector)
    return check_sheet_totals(collector)


def _require_amounts(collector: Collector) -> None:
    """A payroll row needs its amount; rows below the first of a merged name may leave it to that one."""
    table = collector.table
    asked = "net" if "net" in table.values else "gross"
    amounts = table.values[asked]
    other = table.values.get("gross", amounts)
    for index in [i for i in collector.standing() if not amounts[i]]:
        if index in table.group_start:
            continue
        if amounts[index] is None and other[index] is None:
            collector.reject(index, asked, "有姓名，但应发工资和实发工资都没有填写，请补填金额。")
        elif amounts[index] is None:
            collector.reject(index, asked, f"{table.kind.title_of(asked)}没有填写，请补填金额。")
        elif not other[index]:
            collector.warn(index, asked, "本月金额为0，请确认。")


def _unit(sheet: Sheet, header: Header, mapping: Mapping[str, Any]) -> int:
    """What an amount counts where its own header names no unit: from the mapping, else the title lines."""
    said = str(mapping.get("unit") or "")
    if said:
        if said not in ("元", "万元"):
            raise SheetRefused(f"金额单位“{said}”不认识，应为“元”或“万元”。")
        return 10_000 if said == "万元" else 1
    for cells in sheet.rows[: header.first]:
        line = squeeze("".join(cell for cell in cells if isinstance(cell, str)))
        if "单位:万元" in line or "单位(万元" in line or "(万元)" in line or "单位万元" in line:
            return 10_000
    return 1


def _period_warnings(
    month: Month | None, periods: list[Stated], bare: int | None, header: Header
) -> list[CellProblem]:
    """The sheet says another month than it is imported for, or two months at once."""

    def at(stated: Stated, sentence: str) -> CellProblem:
        if stated.row < 0:
            return CellProblem(
                header.first + 1, "", "", stated.text, f"工作表名或文件名写的是“{stated.text}”：{sentence}"
            )
        return problem_at(stated.row + 1, stated.column, "", stated.text, sentence)

    clear = [s for s in periods if s.rank <= 3 or 10 <= s.rank <= 14]
    if month:
        other = next((s for s in clear[:1] if s.month != month), None)
        if other:
            return [
                at(
                    other,
                    f"表上写的是{other.month.chinese()}，导入时指定的是{month.chinese()}，已按{month.chinese()}处理，请确认没有选错文件。",
                )
            ]
        if not clear and not periods and bare and bare != month.number:
            return [
                CellProblem(
                    header.first + 1,
                    "",
                    "",
                    f"{bare}月",
                    f"表上写的是{bare}月，导入时指定的是{month.chinese()}，请确认没有选错文件。",
                )
            ]
        return []
    second = next((s for s in clear if s.month != clear[0].month), None)
    if second:
        return [
            at(
                second,
                f"这里写的是{second.month.chinese()}，与“{clear[0].text}”不一致，已按{clear[0].month.chinese()}处理，请核对。",
            )
        ]
    return []


def _result(spec: KindSpec, choice: Choice, table: Table, reading: _Reading) -> Recognition:
    header, assignment = choice.header, choice.assignment
    columns = dict(sorted(assignment.columns.items(), key=lambda item: item[1]))
    return Recognition(
        kind=spec.name,
        sheet=choice.sheet.name,
        header_rows=header.excel_rows,
        period=table.period,
        columns={name: header.shown[column] for name, column in columns.items()} | _of_days(spec, table),
        column_letters={name: column_letter(column) for name, column in columns.items()},
        layout_key=layout_key(header),
        rows=reading.rows,
        rejected=reading.rejected,
        warnings=reading.warnings,
        skipped=reading.skipped,
        people=_people(reading.rows),
        totals=_totals(spec, reading.rows, assignment),
        sheet_totals=reading.sheet_totals,
        rows_read=reading.rows_read,
        note=_note(spec, choice, table, reading),
        all_columns={column_letter(c): text for c, text in enumerate(header.shown) if text},
        unit="万元" if table.unit == 10_000 else "元",
        source=choice.original or choice.sheet,
    )


def _of_days(spec: KindSpec, table: Table) -> dict[str, str]:
    """What attendance has besides its fields: the columns of a grid, first to last, and the clock of a punch log."""
    if spec.name != "attendance":
        return {}
    shown, days = table.header.shown, list(table.header.days)
    if days:
        return {"days": f"{shown[days[0]]}…{shown[days[-1]]}"}
    return {"first_punch": table.header_of("date")} if table.clocks else {}


def layout_key(header: Header) -> str:
    """The same for two files with the same column headers, wherever the table starts."""
    words = ["/".join(path) for path in header.paths if path]
    return hashlib.sha256("|".join(words).encode()).hexdigest()[:32]


def _people(rows: list[ParsedRow]) -> int:
    """Different people: by ID number, else by name with the employee number, else by either alone."""
    people: set[object] = set()
    for row in rows:
        values = row.values
        identity = values.get("id_number")
        people.add(identity or (values.get("name"), values.get("employee_number")))
    return len(people)


def _totals(spec: KindSpec, rows: list[ParsedRow], assignment: Assignment) -> dict[str, int | None]:
    """Sums over the accepted rows, in fen. Of receipts, ``net`` is what has not failed."""
    if spec.name == "receipts":
        arrived = sum(r.values["amount"] for r in rows if r.values.get("status") in (None, "success"))
        return {"gross": None, "net": arrived}
    totals: dict[str, int | None] = {}
    for name in ("gross", "net"):
        has = name in assignment.columns
        totals[name] = sum(row.values[name] or 0 for row in rows) if has else None
    return totals


def _note(spec: KindSpec, choice: Choice, table: Table, reading: _Reading) -> str:
    """What a person should know about the whole sheet, in sentences; empty when there is nothing."""
    notes = []
    if not reading.rows_read:
        notes.append(f"认出了{spec.title}的表头，但下面没有填写任何人员，可能是空白模板。")
    if spec.name == "payroll" and "net" not in table.assignment.columns:
        notes.append("没有找到实发金额列，只读取了应发金额。")
    if table.period is None and spec.name in ("payroll", "attendance") and not _dated(table):
        notes.append("看不出是哪个月的表，请在导入时指定月份。")
    if _side_by_side(choice):
        notes.append("表里左右并排了两组人员，只读取了左边一组，请把右边一组移到下面后重新上传。")
    if choice.other_sheets:
        notes.append(f"工作簿里还有可以读取的工作表：{'、'.join(choice.other_sheets)}，本次没有读取。")
    return "".join(notes)


def _side_by_side(choice: Choice) -> bool:
    """姓名 … 金额 | 姓名 … 金额: paper saved by putting a second list beside the first."""
    return second_list(choice.header) < len(choice.header.paths)


def _dated(table: Table) -> bool:
    return "date" in table.assignment.columns or any(label.year for label in table.header.days.values())
