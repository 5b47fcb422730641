"""Attendance files become days worked, or months where only the total is given.

Marks and hours are days as somebody wrote them. Clock times are punches and go the way of all punches
(``punch_files``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, ImportRefused, RowProblem
from anxin.kernel.months import Month
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth
from anxin.workforce.people import Identified, identify, named, project_for_import
from anxin.workforce.punch_files import FilePunch, Told, date_of, keep_punches, moments, without_future

if TYPE_CHECKING:
    from anxin.sheets.result import AttendanceDay as ReadDay
    from anxin.sheets.result import ParsedRow

_WHOLE = Decimal(1)
_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")
#: what the columns of the table can hold
_MOST_HOURS = Decimal("99.9")
_FILE = AttendanceDay.Source.FILE


class _Day(NamedTuple):
    """One day as the table holds it."""

    share: Decimal
    hours: Decimal | None
    overtime_hours: Decimal | None


@dataclass
class _Person:
    """What one file says about one worker. ``listed`` days worked out of the days it ``covers``."""

    row: int
    days: dict[dt.date, _Day] = field(default_factory=dict)
    first: dt.date | None = None
    last: dt.date | None = None
    #: month → (total days, row), where no single days are given
    totals: dict[str, tuple[Decimal, int]] = field(default_factory=dict)
    #: (moment, direction) → row and the day for which it is written
    punches: dict[tuple[dt.datetime, str], tuple[int, dt.date]] = field(default_factory=dict)
    #: days told by punches → overtime hours written beside them
    punched: dict[dt.date, Decimal | None] = field(default_factory=dict)
    #: row → total of days stated where the row's days are punches
    stated: dict[int, Decimal] = field(default_factory=dict)


class AttendanceImport:
    """考勤表: one fact per worker and day worked."""

    kind = "attendance"
    title = "考勤表"

    def check(self, *, project_code: str) -> None:
        project_for_import(project_code)

    def apply(self, context: ApplyContext) -> ApplyResult:
        project = project_for_import(context.batch.project_code, lock=True)
        result = ApplyResult(project_ids=[project.pk])
        rows = context.recognition.rows
        if context.month is None and any(map(_needs_month, rows)):
            raise ImportRefused("无法确定这是哪个月的考勤：表中没有写明月份，请指定考勤月份（如 2026-09）。")
        people = identify(
            project,
            rows,
            now=context.now,
            report=context.report,
            source=f"{self.title}“{context.batch.filename}”",
        )
        result.problems += people.problems
        result.counts["workers_registered"] = people.created
        _give_back_unknown(rows, people, result)
        rows, early = without_future(rows, context)
        result.problems += early
        gathered = _gather(rows, people.workers, context)
        context.report(len(rows) // 2, len(rows), "写入考勤")
        _write_days(project, gathered, context, result)
        _write_totals(project, gathered, context, result)
        context.report(len(rows) * 3 // 4, len(rows), "折算打卡")
        keep_punches(project, _told(gathered), context, result)
        said = (day for person in gathered.values() for day in (*person.days, *person.punched))
        months = {str(Month.of(day)) for day in said}
        months |= {month for person in gathered.values() for month in person.totals}
        result.months = sorted(months)
        return result


def _give_back_unknown(rows: Sequence[ParsedRow], people: Identified, result: ApplyResult) -> None:
    for row in rows:
        if row.number in people.unknown:
            reason = f"花名册中没有{named(row)}，无法确认是谁；请补充身份证号，或先导入花名册。"
            result.problems.append(RowProblem(row.number, reason, field="name"))


# --- gathering what the file says ------------------------------------------------------------------------


def _gather(
    rows: Sequence[ParsedRow], workers: Mapping[int, int], context: ApplyContext
) -> dict[int, _Person]:
    """Worker → what all rows of the file say together; a person may stand in several."""
    gathered: dict[int, _Person] = {}
    grid = "date" not in context.recognition.columns
    for row in rows:
        worker = workers.get(row.number)
        if worker is None:
            continue
        person = gathered.setdefault(worker, _Person(row.number))
        days = row.values.get("days")
        if days == [] and grid and not row.values.get("days_worked") and context.month is not None:
            # Nothing worked in the whole month: a corrected grid takes earlier days back.
            person.first = min(person.first or context.month.first_day, context.month.first_day)
            person.last = max(person.last or context.month.last_day, context.month.last_day)
        elif days:
            for read in days:
                _add_day(person, row.number, read, context.month, whole_month=grid)
            stated = row.values.get("days_worked")
            if grid and stated is not None and any(read.punches for read in days):
                person.stated[row.number] = stated
        elif row.values.get("days_worked") is not None:
            month = context.month
            assert month is not None  # see _needs_month
            before = person.totals.get(str(month), (Decimal(0), row.number))
            person.totals[str(month)] = (before[0] + row.values["days_worked"], before[1])
    return gathered


def _add_day(person: _Person, row: int, read: ReadDay, month: Month | None, *, whole_month: bool) -> None:
    day = date_of(read, month)
    if day is None:
        return
    # A grid speaks of the whole month: a day that a corrected grid leaves empty was not worked. A list of
    # punches speaks only of the days from its first to its last.
    first, last = (Month.of(day).first_day, Month.of(day).last_day) if whole_month else (day, day)
    person.first = min(person.first or first, first)
    person.last = max(person.last or last, last)
    for at, direction in moments(day, read):
        person.punches.setdefault((at, direction), (row, day))
    if read.punches:
        person.punched[day] = _hours(_sum(person.punched.get(day), read.overtime_hours))
    if read.fraction is None or (read.fraction <= 0 and not read.hours and not read.overtime_hours):
        return
    earlier = person.days.get(day)
    share, hours, overtime = read.fraction, read.hours, read.overtime_hours
    if earlier is not None:
        share = earlier.share + share
        hours = _sum(earlier.hours, hours)
        overtime = _sum(earlier.overtime_hours, overtime)
    person.days[day] = _Day(min(share, _WHOLE).quantize(_CENT), _hours(hours), _hours(overtime))


def _told(gathered: Mapping[int, _Person]) -> Told:
    told = Told()
    for worker, person in gathered.items():
        if person.first and person.last:
            told.spans[worker] = (person.first, person.last)
        for (at, direction), place in person.punches.items():
            told.punches[FilePunch(worker, at, direction)] = place
        told.overtime.update({(worker, day): hours for day, hours in person.punched.items()})
        told.totals.update({row: (worker, stated) for row, stated in person.stated.items()})
    return told


def _sum(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return right if left is None else left if right is None else left + right


def _hours(value: Decimal | None) -> Decimal | None:
    return None if value is None else min(value, _MOST_HOURS).quantize(_TENTH)


def _needs_month(row: ParsedRow) -> bool:
    """Whether the row's days carry no dates of their own."""
    days = row.values.get("days")
    return any(day.date is None for day in days) if days else row.values.get("days_worked") is not None


# --- days ------------------------------------------------------------------------------------------------


def _write_days(
    project: Project, gathered: Mapping[int, _Person], context: ApplyContext, result: ApplyResult
) -> None:
    current = _current_days(project, gathered)
    new: list[tuple[Any, ...]] = []
    replaced: list[int] = []
    for worker, person in gathered.items():
        known = current.get(worker, {})
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for day, said in person.days.items():
            old = known.get(day)
            if old is not None and old[1] == said and old[2] == _FILE:
                result.unchanged += 1
                continue
            new.append((worker, person.row, day, *said))
            if old is not None:
                replaced.append(old[0])
                before[str(day)], after[str(day)] = str(old[1].share), str(said.share)
        for day, (pk, said, source) in known.items():
            # What a gate saw or a person corrected is not taken back by a sheet that leaves the day empty.
            if source != _FILE:
                continue
            if person.first and person.last and person.first <= day <= person.last and day not in person.days:
                replaced.append(pk)
                before[str(day)], after[str(day)] = str(said.share), "0"
        if before:
            shown = {"row": person.row, "worker_id": worker}
            result.changes.append({"before": {**shown, "days": before}, "after": {**shown, "days": after}})
    result.superseded += bulk.supersede(AttendanceDay, replaced, by=context.batch.pk, now=context.now)
    result.inserted += len(new)
    columns = ("worker_id", "row_number", "day", "share", "hours", "overtime_hours")
    bulk.insert(AttendanceDay, columns, new, constants=_constants(project, context))


def _current_days(
    project: Project, gathered: Mapping[int, _Person]
) -> dict[int, dict[dt.date, tuple[int, _Day, str]]]:
    """Worker → day → (row id, what it says, who says so), for the span of the file."""
    found: dict[int, dict[dt.date, tuple[int, _Day, str]]] = defaultdict(dict)
    spans = [(person.first, person.last) for person in gathered.values() if person.first and person.last]
    if not spans:
        return found
    rows = AttendanceDay.objects.filter(
        project=project,
        superseded_at__isnull=True,
        day__range=(min(first for first, _ in spans), max(last for _, last in spans)),
    ).values_list("id", "worker_id", "day", "share", "hours", "overtime_hours", "source")
    for pk, worker, day, share, hours, overtime, source in rows.iterator(chunk_size=5000):
        if worker in gathered:
            found[worker][day] = (pk, _Day(share, hours, overtime), source)
    return found


# --- monthly totals --------------------------------------------------------------------------------------


def _write_totals(
    project: Project, gathered: Mapping[int, _Person], context: ApplyContext, result: ApplyResult
) -> None:
    said = {
        (worker, month): (min(days, _MOST_HOURS).quantize(_TENTH), row)
        for worker, person in gathered.items()
        for month, (days, row) in person.totals.items()
    }
    if not said:
        return
    current = _current_totals(project, {month for _, month in said})
    new, replaced = [], []
    for (worker, month), (days, row) in said.items():
        old = current.get((worker, month))
        if old is not None and old[1] == days:
            result.unchanged += 1
            continue
        new.append((worker, row, month, days))
        if old is not None:
            replaced.append(old[0])
            shown = {"row": row, "worker_id": worker, "month": month}
            result.changes.append(
                {"before": {**shown, "days": str(old[1])}, "after": {**shown, "days": str(days)}}
            )
    result.superseded += bulk.supersede(AttendanceMonth, replaced, by=context.batch.pk, now=context.now)
    result.inserted += len(new)
    columns = ("worker_id", "row_number", "month", "days")
    bulk.insert(AttendanceMonth, columns, new, constants=_constants(project, context))


def _current_totals(project: Project, months: Iterable[str]) -> dict[tuple[int, str], tuple[int, Decimal]]:
    rows = AttendanceMonth.objects.filter(project=project, month__in=list(months), superseded_at__isnull=True)
    return {
        (worker, month): (pk, days)
        for pk, worker, month, days in rows.values_list("id", "worker_id", "month", "days")
    }


def _constants(project: Project, context: ApplyContext) -> dict[str, Any]:
    return {"project_id": project.pk, "batch_id": context.batch.pk, "recorded_at": context.now}
