"""Attendance that is not only a grid: lists of days with punches, punch logs, and totals of days worked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from anxin.sheets.checks import check_days, check_duplicates
from anxin.sheets.clocktimes import of_list_cell, of_one_cell, of_pair, read_direction
from anxin.sheets.dates import parse_times
from anxin.sheets.grid import GridReader, GridReading
from anxin.sheets.marks import ONE, ZERO, fraction_of_hours, read_mark
from anxin.sheets.result import AttendanceDay, ClockTime, ParsedRow
from anxin.sheets.table import Table
from anxin.sheets.tabular import Collector


def read_grid(table: Table) -> GridReading:
    """A grid of days; see :class:`GridReader`."""
    return GridReader(table).read()


def check_list(collector: Collector) -> None:
    """A list of days needs its dates; a table of totals obeys the checks of days and people."""
    table = collector.table
    dates = table.values.get("date")
    if dates is None:
        check_days(collector)
        check_duplicates(collector)
        return
    _keep_clock_of_dates(table)
    first, last = table.values.get("first_punch"), table.values.get("last_punch")
    directions = table.cells.get("direction")
    for index in list(collector.standing()):
        if dates[index] is None:
            if index not in collector.outcome.rejected_indices:
                collector.reject(index, "date", "没有日期，无法计入考勤，请补填日期。")
        elif directions and read_direction(directions[index]) is None:
            said = str(directions[index]).strip()
            collector.reject(index, "direction", f"看不出“{said}”是进还是出，请写“进”或“出”，不区分的留空。")
        elif first and last and first[index] and first[index] == last[index]:
            collector.warn(index, "last_punch", "首次和末次打卡是同一时间，只有一次打卡，无法计算工时。")


def _keep_clock_of_dates(table: Table) -> None:
    """In a punch log the date column holds the punch itself: 2026-09-01 07:58."""
    if "first_punch" in table.values:
        return
    clocks = []
    for cell in table.cells["date"]:
        times = parse_times(cell) if isinstance(cell, dt.datetime | str) else []
        clocks.append(times[0] if times and times[0] != dt.time(0) else None)
    if any(clocks):
        table.clocks = clocks


def complete_list_rows(rows: Iterable[ParsedRow], table: Table) -> None:
    """Give every row with a date its ``days``, a list of one day, in place."""
    for row in rows:
        date = row.values.get("date")
        if date is not None:
            row.values["days"] = [
                _day(row.values, date, _passages(table, row.number - table.number(0), date))
            ]


def _passages(table: Table, index: int, date: dt.date) -> tuple[ClockTime, ...]:
    """What the clock times of a row tell: of the date column in a punch log, else of first and last punch."""
    cells = table.cells
    directions = cells.get("direction")
    direction = read_direction(directions[index]) if directions else ""
    if table.clocks:
        clock = table.clocks[index]
        return (ClockTime(clock, direction or ""),) if clock else ()
    first = of_list_cell(cells["first_punch"][index], date) if "first_punch" in cells else ()
    last = of_list_cell(cells["last_punch"][index], date) if "last_punch" in cells else ()
    if "first_punch" in cells and "last_punch" in cells:
        return of_pair(first, last)
    return tuple(one._replace(direction=direction) if direction else one for one in (*first, *last))


def _day(values: dict[str, Any], date: dt.date, punches: tuple[ClockTime, ...]) -> AttendanceDay:
    """Passages speak for themselves; only a row without them is what its hours, days or status say."""
    overtime = values.get("overtime")
    if punches:
        return AttendanceDay(date.day, date, None, None, overtime, punches)
    hours, status = values.get("hours"), values.get("status")
    mark = read_mark(status, {}) if status else None
    if mark and mark.times:
        return AttendanceDay(date.day, date, None, None, overtime, of_one_cell(mark.times))
    stated = values.get("days_worked")
    # a part of a day that somebody stated holds; more than a day in such a row is a total beside it
    if stated is not None and (hours is None or stated <= ONE):
        fraction = stated
    elif hours is not None:
        fraction = fraction_of_hours(hours)
    else:
        fraction = mark.fraction if mark and mark.fraction is not None else ZERO
    return AttendanceDay(date.day, date, fraction, hours, overtime)
