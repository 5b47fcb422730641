"""A site at a glance: its roster in numbers and its last month of attendance, in one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from anxin.kernel.months import Month
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth
from anxin.workforce.queries import RosterCounts


@dataclass(frozen=True)
class SiteGlance:
    """What a project's first page says of its people. ``month`` is the last with attendance, empty where none."""

    roster: RosterCounts
    month: str
    #: people with days or a total in that month
    people: int


def site_glance(project: Project, on: dt.date) -> SiteGlance:
    """Roster and last month; only the days of that month are read, however long the site has stood."""
    days = AttendanceDay.objects.filter(project=project, superseded_at__isnull=True)
    totals = AttendanceMonth.objects.filter(project=project, superseded_at__isnull=True)
    first = days.order_by("-day").annotate(first=TruncMonth("day")).values("first")[:1]
    in_month = days.filter(day__gte=Subquery(first))
    of_month = totals.filter(month=Subquery(totals.order_by("-month").values("month")[:1]))
    both = of_month.filter(Exists(in_month.filter(worker=OuterRef("worker"))))
    found = (
        _roster(Project.objects.filter(pk=project.pk), on)
        .annotate(
            first=Subquery(first),
            month=Subquery(of_month.values("month")[:1]),
            with_days=_people(in_month),
            with_total=_people(of_month),
            with_both=_people(both),
        )
        .get()
    )
    roster = _counts(found)
    day_month = str(Month.of(found["first"])) if found["first"] else ""
    last = max(day_month, found["month"] or "")
    people = found["with_days"] or 0 if day_month == last else 0
    if last and found["month"] == last:
        people += (found["with_total"] or 0) - (found["with_both"] or 0 if day_month == last else 0)
    return SiteGlance(roster, last, people)


def roster_counts(project: Project, on: dt.date) -> RosterCounts:
    """How many people the roster holds, and how many are on site on a day."""
    return _counts(_roster(Project.objects.filter(pk=project.pk), on).get())


def _counts(found: Mapping[str, int]) -> RosterCounts:
    return RosterCounts(found["people"], found["present"], found["with_contract"])


def _roster(projects: QuerySet[Project], on: dt.date) -> Any:
    stands = Q(enrolments__superseded_at__isnull=True)
    entered = Q(enrolments__entry__isnull=True) | Q(enrolments__entry__lte=on)
    present = stands & entered & (Q(enrolments__exit__isnull=True) | Q(enrolments__exit__gte=on))
    signed = present & Q(enrolments__contract_signed=True)
    return projects.values("pk").annotate(
        people=Count("enrolments__worker", distinct=True, filter=stands),
        present=Count("enrolments__worker", distinct=True, filter=present),
        with_contract=Count("enrolments__worker", distinct=True, filter=signed),
    )


def _people(rows: QuerySet[AttendanceDay] | QuerySet[AttendanceMonth]) -> Subquery:
    counted = rows.order_by().values("project").annotate(number=Count("worker", distinct=True))
    return Subquery(counted.values("number"))
