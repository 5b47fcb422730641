"""Attendance grids: a column per day, a person in one row or in two or three (morning, afternoon, overtime)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anxin.kernel.months import Month
from anxin.sheets.clocktimes import of_one_cell, of_pair
from anxin.sheets.daycolumns import DayLabel
from anxin.sheets.marks import (
    HALF,
    MAX_DAY_UNITS,
    ONE,
    ZERO,
    Mark,
    hours_between,
    only_marks,
    read_legend,
    read_mark,
    settled,
)
from anxin.sheets.result import AttendanceDay, CellProblem, ClockTime, ParsedRow, problem_at
from anxin.sheets.rows import RowJudge, RowKind
from anxin.sheets.table import Table
from anxin.sheets.texts import is_blank, squeeze

_SESSIONS = (
    (re.compile(r"^(?:上午|早上|AM|上)$"), "am"),
    (re.compile(r"^(?:下午|中午|PM|下)$"), "pm"),
    (re.compile(r"^(?:加班|晚上|晚|夜|夜间|加点|加|延时|加班\(?小?时?数?\)?|加班工时)$"), "overtime"),
    (re.compile(r"^(?:签到|上班|上班时间|进场|到)$"), "in"),
    (re.compile(r"^(?:签退|下班|下班时间|出场|退)$"), "out"),
    (re.compile(r"^(?:出勤|正班|考勤|正常|白班|工时|日班|上班工时|正常出勤|点工)$"), "whole"),
)
_MAX_ROWS_PER_PERSON = 4


@dataclass
class GridReading:
    rows: list[ParsedRow] = field(default_factory=list)
    rejected: list[CellProblem] = field(default_factory=list)
    warnings: list[CellProblem] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    rows_read: int = 0


@dataclass
class _Person:
    start: int
    rows: list[int]


class GridReader:
    """Reads one grid; see :mod:`anxin.sheets.marks` for how marks count."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.days = table.header.days
        outside = [*table.sheet.rows[: table.header.first], *table.body[-12:]]
        self.legend = read_legend(outside)
        self.result = GridReading()
        self._guessed: set[str] = set()

    def read(self) -> GridReading:
        people = self._people()
        numbers_are_days = self._numbers_are_days(people)
        for person in people:
            self._person(person, numbers_are_days)
        self._warn_of_repeats()
        self.result.skipped.sort()
        return self.result

    def _warn_of_repeats(self) -> None:
        """The same person in two places of a grid; two people may share a name, so this only warns."""
        columns = self.table.assignment.columns
        name = next(n for n in ("name", "employee_number", "id_number") if n in columns)
        seen: dict[tuple[Any, ...], int] = {}
        for row in self.result.rows:
            key = tuple(row.values.get(n) for n in ("id_number", "name", "employee_number"))
            if key in seen:
                sentence = f"与第{seen[key]}行是同一个人，请确认不是重复填写。"
                notes = list(row.warnings)
                self._warn(row.number - self.table.number(0), columns[name], sentence, notes)
                row.warnings = tuple(notes)
            seen.setdefault(key, row.number)

    # --- which rows belong to whom --------------------------------------------------------------------------

    def _people(self) -> list[_Person]:
        table = self.table
        identity = [n for n in ("name", "id_number", "employee_number") if n in table.values]
        judge = RowJudge(table.header, table.assignment.columns, tuple(identity), table.assignment.serial, ())
        people: list[_Person] = []
        previous: tuple[Any, ...] | None = None
        for index, cells in enumerate(table.body):
            key = tuple(table.values[n][index] for n in identity)
            has_marks = any(not is_blank(cells[c]) for c in self.days)
            known = any(part is not None for part in key) or any(index in table.problems[n] for n in identity)
            merged = people and table.group_start.get(index) == people[-1].start
            if merged or (not known and has_marks and self._continues(people, index)):
                people[-1].rows.append(index)
                continue
            values = table.row_values(index) | ({"name": "?"} if known else {})
            verdict = judge.judge(cells, values)
            if verdict.kind is not RowKind.DATA:
                if not known and has_marks and verdict.reason.startswith(("没有姓名", "只有序号")):
                    self._reject_nameless(index, identity[0])
                else:
                    self.result.skipped.append((table.number(index), verdict.reason))
                continue
            same = people and key == previous and self._session(index)
            if same:
                people[-1].rows.append(index)
            else:
                people.append(_Person(index, [index]))
            previous = key
        return people

    def _continues(self, people: list[_Person], index: int) -> bool:
        """A row without a name right below a person's, filled with marks only (and perhaps 下午, 加班)."""
        if not people or index - people[-1].start >= _MAX_ROWS_PER_PERSON or people[-1].rows[-1] < index - 2:
            return False
        cells = self.table.body[index]
        outside = [
            cell
            for c, cell in enumerate(cells)
            if c not in self.days and c < min(self.days) and not is_blank(cell)
        ]
        if any(isinstance(cell, str) and not self._session_of(cell) for cell in outside):
            return False
        return only_marks([cells[c] for c in self.days], self.legend)

    def _reject_nameless(self, index: int, name: str) -> None:
        self.result.rows_read += 1
        column = self.table.assignment.columns[name]
        self.result.rejected.append(
            problem_at(
                self.table.number(index),
                column,
                self.table.header.shown[column],
                "",
                f"{self.table.kind.title_of(name)}为空，但这一行有考勤，无法确定是谁，请补填。",
                field=name,
            )
        )

    def _session_of(self, cell: object) -> str | None:
        text = squeeze(cell) if isinstance(cell, str) else ""
        return next((role for pattern, role in _SESSIONS if pattern.match(text)), None)

    def _session(self, index: int) -> str | None:
        """The role that a label to the left of the days gives the row."""
        cells = self.table.body[index]
        named = {
            self.table.assignment.columns[n]
            for n in ("name", "team", "trade")
            if n in self.table.assignment.columns
        }
        for column in range(min(self.days) - 1, -1, -1):
            if column not in named:
                role = self._session_of(cells[column])
                if role:
                    return role
        return None

    def _roles(self, person: _Person) -> dict[int, str]:
        """Row index → am, pm, overtime, in, out, whole: by label, else by position."""
        labelled = {index: self._session(index) for index in person.rows}
        if len(person.rows) > 1 and all(labelled.values()):
            return {index: role or "whole" for index, role in labelled.items()}
        span = person.rows[-1] - person.start + 1
        if span == 1:
            return {person.start: "whole"}
        if span == 2:
            second = self.table.body[person.rows[-1]]
            numeric = [c for c in self.days if isinstance(second[c], int | float)]
            first_marks = any(isinstance(self.table.body[person.start][c], str) for c in self.days)
            if numeric and first_marks:
                return {person.start: "whole", person.rows[-1]: "overtime"}
        order = ("am", "pm", "overtime", "overtime")
        return {index: order[index - person.start] for index in person.rows}

    # --- what a person's cells say --------------------------------------------------------------------------

    def _numbers_are_days(self, people: list[_Person]) -> bool:
        largest = ZERO
        for person in people:
            for index, role in self._roles(person).items():
                if role == "overtime":
                    continue
                for column in self.days:
                    cell = self.table.body[index][column]
                    mark = None if is_blank(cell) else read_mark(cell, self.legend)
                    if mark and mark.number is not None:
                        largest = max(largest, mark.number)
        return largest <= MAX_DAY_UNITS

    def _person(self, person: _Person, numbers_are_days: bool) -> None:
        table = self.table
        self.result.rows_read += len(person.rows)
        bad = [
            (n, table.problems[n][person.start])
            for n in ("id_number", "name")
            if person.start in table.problems.get(n, {})
        ]
        if bad:
            for name, sentence in bad:
                column = table.assignment.columns[name]
                for index in person.rows:
                    self.result.rejected.append(
                        problem_at(
                            table.number(index),
                            column,
                            table.header.shown[column],
                            table.body[person.start][column],
                            sentence,
                            field=name,
                        )
                    )
            return
        notes: list[str] = []
        days = self._days_of(person, numbers_are_days, notes)
        values = table.row_values(person.start)
        for name in ("date", "first_punch", "last_punch", "direction", "session", "status"):
            values.pop(name, None)
        values["days"] = days
        counted = sum((day.fraction for day in days if day.fraction is not None), ZERO)
        stated = values.get("days_worked")
        # what passages come to is not known here: whoever turns them into days compares the stated total
        told = bool(days) and not any(day.punches for day in days)
        if not days and not stated:
            self._warn(person.start, min(self.days), "这个人没有任何出勤记录，请确认。", notes)
        elif told and stated is not None and stated != counted and stated <= 62:
            column = table.assignment.columns["days_worked"]
            self._warn(
                person.start, column, f"表内写的出勤{stated}天与逐日合计{counted}天不一致，请核对。", notes
            )
        values["days_worked"] = counted if told else stated
        self.result.rows.append(
            ParsedRow(table.number(person.start), values, tuple(notes), person.rows[-1] - person.start + 1)
            if len(person.rows) == person.rows[-1] - person.start + 1
            else ParsedRow(table.number(person.start), values, tuple(notes), len(person.rows))
        )

    def _days_of(self, person: _Person, numbers_are_days: bool, notes: list[str]) -> list[AttendanceDay]:
        roles = self._roles(person)
        days = []
        for label, columns in self._columns_of_days().items():
            marks: dict[str, Mark] = {}
            for column in columns:
                of_column = self._session_of(self.table.header.raw[column][-1]) if len(columns) > 1 else None
                for index, role in roles.items():
                    mark = self._mark(index, column, notes)
                    if mark is not None:
                        marks[of_column or role] = mark
            if marks:
                day = self._day(label, marks, numbers_are_days)
                if day is None:
                    sentence = f"{self.table.period}没有这一天，内容没有计入，请核对月份。"
                    self._warn(person.start, columns[0], sentence, notes)
                    continue
                if day.punches and day.fraction is not None:
                    sentence = (
                        f"这一天既有符号又有打卡时间，按符号记{day.fraction}天，打卡时间另存备查，请核对。"
                    )
                    self._warn(person.start, columns[0], sentence, notes)
                days.append(day)
        return days

    def _columns_of_days(self) -> dict[DayLabel, list[int]]:
        columns: dict[DayLabel, list[int]] = {}
        for column, label in self.days.items():
            columns.setdefault(label, []).append(column)
        return columns

    def _mark(self, index: int, column: int, notes: list[str]) -> Mark | None:
        """The mark of one cell; ``None`` for a blank and, with a warning, for what makes no sense."""
        cell = self.table.body[index][column]
        if is_blank(cell):
            return None
        mark = read_mark(cell, self.legend)
        if mark is None:
            text = str(cell).strip()
            self._warn(index, column, f"看不懂“{text}”的意思，这一天没有计入，请改为 √、× 或小时数。", notes)
            return None
        if mark.number is not None and mark.number > 24:
            self._warn(index, column, f"“{mark.number}”超过一天24小时，这一天没有计入，请核对。", notes)
            return None
        return mark

    def _day(self, label: DayLabel, marks: dict[str, Mark], numbers_are_days: bool) -> AttendanceDay | None:
        """The day that a person's marks make; ``None`` for work on a day that the month does not have."""
        date, valid = self._date(label)
        if not valid:
            worked = any(mark.fraction != ZERO for mark in marks.values())
            return None if worked else AttendanceDay(label.day, None, ZERO)
        overtime = _overtime(marks.pop("overtime", None))
        if "in" in marks or "out" in marks:
            return _day_of_punches(label, date, marks, overtime)
        fraction, hours = ZERO, None
        punches: list[ClockTime] = []
        for role, mark in marks.items():
            done = settled(mark, numbers_are_days)
            share = done.fraction or ZERO
            whole_in_half = mark.number is None or (numbers_are_days and share >= ONE)
            halved = role in ("am", "pm") and whole_in_half and not mark.hours
            fraction += share * HALF if halved else share
            hours = hours if done.hours is None else (hours or ZERO) + done.hours
            overtime = done.overtime if done.overtime is not None else overtime
            punches += of_one_cell(done.times)
        if "am" in marks or "pm" in marks:
            fraction = min(fraction, ONE)
        return _told(label, date, _plain(fraction), hours, overtime, tuple(punches))

    def _date(self, label: DayLabel) -> tuple[dt.date | None, bool]:
        """The date of a day column, and whether there is such a day. Unknown month: no date, but valid."""
        period = self.table.period
        if label.year:
            return dt.date(label.year, label.month or 1, label.day), True
        if period is None:
            return None, True
        month = period
        if label.month:
            year = (
                period.year
                - (1 if label.month > period.number + 6 else 0)
                + (1 if label.month < period.number - 6 else 0)
            )
            month = Month(year, label.month)
        elif self._wraps() and label.day >= next(iter(self.days.values())).day:
            month = period.plus(-1)
        if label.day > month.days:
            return None, False
        return month.day(label.day), True

    def _wraps(self) -> bool:
        """26 … 31, 1 … 25: the month before and the wage month."""
        labels = [label.day for label in self.days.values()]
        return labels[0] > labels[-1]

    def _warn(self, index: int, column: int, sentence: str, notes: list[str]) -> None:
        problem = problem_at(
            self.table.number(index),
            column,
            self.table.header.shown[column],
            self.table.body[index][column],
            sentence,
        )
        notes.append(problem.reason)
        self.result.warnings.append(problem)


def _day_of_punches(
    label: DayLabel, date: dt.date | None, marks: dict[str, Mark], overtime: Decimal | None
) -> AttendanceDay:
    """A row of arrivals above a row of departures."""
    arrivals, departures = (of_one_cell(marks[role].times) if role in marks else () for role in ("in", "out"))
    present = any((mark.fraction or ZERO) > 0 for mark in marks.values())
    return _told(label, date, ONE if present else ZERO, None, overtime, of_pair(arrivals, departures))


def _told(
    label: DayLabel,
    date: dt.date | None,
    fraction: Decimal,
    hours: Decimal | None,
    overtime: Decimal | None,
    punches: tuple[ClockTime, ...],
) -> AttendanceDay:
    """A day of passages has no fraction, unless somebody wrote a mark for a part of it."""
    written = None if punches and not fraction and not hours else fraction
    return AttendanceDay(label.day, date, written, hours, overtime, punches)


def _overtime(extra: Mark | None) -> Decimal | None:
    """Overtime in hours: as written, or from its beginning to its end."""
    if extra is None:
        return None
    if extra.number is None and len(extra.times) > 1:
        return hours_between(extra.times[0], extra.times[-1])
    return extra.number if extra.number is not None else extra.hours


def _plain(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
