"""Who of an employer's people worked how much in a month: roster and attendance put side by side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, Q, QuerySet

from anxin.kernel.months import Month
from anxin.registry.models import Employer, Participation, Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment
from anxin.workforce.people import plain_name

_NONE = Decimal(0)


@dataclass(frozen=True)
class Attended:
    """One person's month: ``hours`` where attendance says any."""

    enrolment: Enrolment
    days: Decimal
    hours: Decimal | None


@dataclass(frozen=True)
class _Worked:
    share: Decimal
    hours: Decimal | None


def employers_on(project: Project) -> list[Employer]:
    """Who may have a payroll on the project: general contractor, subcontractors and labour companies."""
    roles = Participation.Role
    return list(
        Employer.objects.filter(
            participations__project=project,
            participations__role__in=[roles.GENERAL_CONTRACTOR, roles.SUBCONTRACTOR, roles.LABOUR_COMPANY],
        )
        .distinct()
        .order_by("name", "id")
    )


def is_general_contractor(project: Project, employer: Employer) -> bool:
    return _as_general_contractor(project, employer).exists()


def _as_general_contractor(project: Project, employer: Employer) -> QuerySet[Participation]:
    return Participation.objects.filter(
        project=project, employer=employer, role=Participation.Role.GENERAL_CONTRACTOR
    )


def people_of(project: Project, month: Month, employer: Employer, team: str = "") -> list[Attended]:
    """The employer's people who were on the roster in that month, with what attendance says, by team and name.

    Somebody with two enrolments (another team or employer within the month) has each day counted where the
    roster says they were; the latest entry wins where both cover a day. A month's total without days goes to the
    latest enrolment. People whom the roster gives no employer are the general contractor's.
    """
    enrolments = list(
        Enrolment.objects.filter(project=project, superseded_at__isnull=True)
        .filter(Q(entry__isnull=True) | Q(entry__lte=month.last_day))
        .filter(Q(exit__isnull=True) | Q(exit__gte=month.first_day))
        .annotate(general=Exists(_as_general_contractor(project, employer)))
        .select_related("worker")
    )
    by_worker: dict[int, list[Enrolment]] = defaultdict(list)
    for enrolment in sorted(enrolments, key=lambda one: (one.entry or dt.date.min, one.pk), reverse=True):
        by_worker[enrolment.worker_id].append(enrolment)
    days, totals = _days(project, month, by_worker), _totals(project, month, by_worker)
    found: dict[int, Attended] = {}
    for worker, own in by_worker.items():
        mine = [one for one in own if _works_for(one, employer) and team in ("", one.team)]
        if not mine:
            continue
        worked = [one for day, one in days.get(worker, {}).items() if _enrolled_on(own, day) in mine]
        attended = sum((one.share for one in worked), _NONE)
        if not days.get(worker) and own[0] in mine:
            attended = totals.get(worker, _NONE)
        hours = [one.hours for one in worked if one.hours is not None]
        found[worker] = Attended(mine[0], attended, sum(hours, _NONE) if hours else None)
    return sorted(
        found.values(), key=lambda one: (one.enrolment.team, one.enrolment.worker.name, one.enrolment.pk)
    )


def attended_days(project: Project, month: Month, workers: Iterable[int]) -> dict[int, dict[int, Decimal]]:
    """For each worker the share of every day of the month that attendance knows (day of month → share)."""
    found = _days(project, month, set(workers))
    return {worker: {day.day: one.share for day, one in days.items()} for worker, days in found.items()}


def _works_for(enrolment: Enrolment, employer: Employer) -> bool:
    if enrolment.employer_id is not None:
        return enrolment.employer_id == employer.pk
    if enrolment.employer_name:
        return plain_name(enrolment.employer_name) == plain_name(employer.name)
    return enrolment.general  # type: ignore[attr-defined, no-any-return]


def _enrolled_on(enrolments: list[Enrolment], day: dt.date) -> Enrolment:
    """Where the roster has somebody on a day; the latest entry, also where the roster has a gap."""
    for one in enrolments:
        if (one.entry is None or one.entry <= day) and (one.exit is None or day <= one.exit):
            return one
    return enrolments[0]


def _days(project: Project, month: Month, workers: Iterable[int]) -> dict[int, dict[dt.date, _Worked]]:
    wanted = set(workers)
    found: dict[int, dict[dt.date, _Worked]] = defaultdict(dict)
    rows = AttendanceDay.objects.filter(
        project=project, superseded_at__isnull=True, day__range=(month.first_day, month.last_day)
    ).values_list("worker_id", "day", "share", "hours")
    for worker, day, share, hours in rows.iterator(chunk_size=5000):
        if worker in wanted:
            found[worker][day] = _Worked(share, hours)
    return found


def _totals(project: Project, month: Month, workers: Iterable[int]) -> dict[int, Decimal]:
    wanted = set(workers)
    rows = AttendanceMonth.objects.filter(
        project=project, superseded_at__isnull=True, month=str(month)
    ).values_list("worker_id", "days")
    return {worker: days for worker, days in rows if worker in wanted}
