"""Who is on site, and on which days."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Min, Q, QuerySet, Sum

from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View, checked, month_of
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment


def _attendance(view: View) -> Iterable[Row]:
    days = (
        view.rows(AttendanceDay)
        .filter(day__lte=view.as_of, share__gt=0)
        .values_list("project_id", "worker_id", month_of("day"))
        .annotate(days=Sum("share"), first=Min("day"), last=Max("day"))
        .order_by()
    )
    seen: set[Row] = set()
    for project, worker, month, share, first, last in days.iterator(CHUNK):
        seen.add((project, worker, month))
        yield project, str(worker), checked(month), round(float(share), 2), first, last
    # Daily rows say more than a monthly total, so they win where both were delivered.
    for project, worker, month, total in (
        _monthly(view).filter(days__gt=0).values_list("project_id", "worker_id", "month", "days")
    ):
        if (project, worker, month) not in seen:
            yield project, str(worker), month, float(total), None, None


def _monthly(view: View) -> QuerySet[AttendanceMonth]:
    return view.rows(AttendanceMonth).filter(month__lte=view.month)


def _attendance_months(view: View) -> Iterable[Row]:
    by_day = view.rows(AttendanceDay).filter(day__lte=view.as_of)
    found = {
        (project, checked(month))
        for project, month in by_day.values_list("project_id", month_of("day")).distinct().order_by()
    }
    found.update(_monthly(view).values_list("project_id", "month").distinct().order_by())
    return sorted(found)


def _enrolments(view: View) -> Iterable[Row]:
    rows = view.rows(Enrolment).filter(Q(entry__isnull=True) | Q(entry__lte=view.as_of)).order_by("pk")
    for row in rows.values_list(
        "project_id",
        "worker_id",
        "entry",
        "exit",
        "employer_id",
        "team",
        "trade",
        "contract_from",
        "card_hash",
    ).iterator(CHUNK):
        project, worker, entry, left, employer, team, trade, contract, card = row
        gone = left if left and left <= view.as_of else None
        # phones are sealed without a hash to compare, and nobody records yet who may receive for whom
        unknown = (None, None)
        yield project, str(worker), entry, gone, True, employer, team, trade, contract, card or None, *unknown


TABLES: dict[str, Rows] = {
    "attendance": _attendance,
    "attendance_months": _attendance_months,
    "enrolments": _enrolments,
}
