"""Attendance that is not only a grid: lists of days with punches, punch logs, and totals of days worked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anxin.sheets.checks import check_days, check_duplicates
from anxin.sheets.dates import parse_times
from anxin.sheets.grid import GridReader, GridReading
from anxin.sheets.marks import ONE, ZERO, fraction_of_hours, hours_between, read_mark
from anxin.sheets.result import AttendanceDay, ParsedRow
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
    for index in list(collector.standing()):
        if dates[index] is None:
            if index not in collector.outcome.rejected_indices:
                collector.reject(index, "date", "没有日期，无法计入考勤，请补填日期。")
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
        clock = table.clocks[row.number - table.number(0)] if table.clocks else None
        date = row.values.get("date")
        if date is not None:
            row.values["days"] = [_day(row.values, date, clock)]


def _day(values: dict[str, Any], date: dt.date, clock: dt.time | None) -> AttendanceDay:
    first, last = values.get("first_punch") or clock, values.get("last_punch")
    hours = values.get("hours")
    if not hours and (first or last):
        hours = None  # a missing second punch makes programs write 0 hours; presence is not absence
    if hours is None and first and last and first != last:
        hours = hours_between(first, last)
    status = values.get("status")
    mark = read_mark(status, {}) if status else None
    if hours is not None:
        fraction = fraction_of_hours(hours)
    elif first or last:
        fraction = ONE
    elif values.get("days_worked") is not None:
        fraction = values["days_worked"]
    else:
        fraction = mark.fraction if mark and mark.fraction is not None else ZERO
    return AttendanceDay(date.day, date, fraction, hours, values.get("overtime"), first, last)


def days_by_person(rows: Iterable[ParsedRow]) -> dict[tuple[str | None, ...], dict[dt.date, AttendanceDay]]:
    """(ID number, name, employee number) → date → day, over all rows of a recognition.

    Several punches of one person on one day become one day from the earliest to the latest.
    """
    people: dict[tuple[str | None, ...], dict[dt.date, AttendanceDay]] = {}
    for row in rows:
        key = tuple(row.values.get(n) for n in ("id_number", "name", "employee_number"))
        days = people.setdefault(key, {})
        for day in row.values.get("days") or ():
            if day.date is not None:
                days[day.date] = _joined(days[day.date], day) if day.date in days else day
    return people


def _joined(one: AttendanceDay, other: AttendanceDay) -> AttendanceDay:
    times = sorted(t for t in (one.first_punch, one.last_punch, other.first_punch, other.last_punch) if t)
    if len(times) >= 2:
        span = hours_between(times[0], times[-1])
        fraction = max(one.fraction, other.fraction) if not span else fraction_of_hours(span)
        return AttendanceDay(one.day, one.date, fraction, span, one.overtime_hours, times[0], times[-1])
    hours = max((h for h in (one.hours, other.hours) if h is not None), default=None)
    return AttendanceDay(
        one.day,
        one.date,
        max(one.fraction, other.fraction, Decimal(0)),
        hours,
        one.overtime_hours,
        *times[:1],
    )
