"""What pages read about rosters, attendance and single workers. People leave here masked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncMonth

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.masking import mask_card, mask_id_number, mask_name, mask_phone
from anxin.kernel.months import Month
from anxin.kernel.paging import Page
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.workforce.access import visible_workers
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker


@dataclass(frozen=True)
class PersonShown:
    """A worker as shown to somebody who has not asked to see more."""

    worker_id: int
    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class RosterRow:
    """One enrolment of a project's roster, masked. ``source`` is ``file name 第N行`` or empty."""

    enrolment_id: int
    person: PersonShown
    employer: str
    team: str
    trade: str
    employee_number: str
    entry: dt.date | None
    exit: dt.date | None
    agreed_wage: str
    contract_signed: bool | None
    bank_card: str
    batch_id: int | None
    source: str


@dataclass(frozen=True)
class RosterCounts:
    """``people`` ever enrolled, ``present`` on the given day, ``with_contract`` among those present."""

    people: int
    present: int
    with_contract: int


@dataclass(frozen=True)
class AttendanceMonthRow:
    """A project's attendance in one month: people seen, person-days, and the last day delivered."""

    month: str
    people: int
    days: Decimal
    last_day: dt.date | None


@dataclass(frozen=True)
class AttendanceRow:
    """One worker's month: ``shares`` by day of month (1.00 a whole day); empty where only a total was given."""

    person: PersonShown
    days: Decimal
    shares: dict[int, Decimal]


@dataclass(frozen=True)
class SiteRow:
    """One worker on one visible project."""

    project: Project
    employer: str
    team: str
    trade: str
    entry: dt.date | None
    exit: dt.date | None
    days: Decimal
    first_day: dt.date | None
    last_day: dt.date | None


def masked(sealed: object, mask: Callable[[str], str]) -> str:
    """A sealed identifier in its masked form; empty where nothing is known."""
    return mask(sealed.open()) if isinstance(sealed, Sealed) else ""


def shown(worker: Worker) -> PersonShown:
    """The worker, masked."""
    return PersonShown(
        worker.pk,
        mask_name(worker.name),
        masked(worker.id_number, mask_id_number),
        masked(worker.phone, mask_phone),
    )


def roster(project: Project, after: int | None = None, limit: int = 50) -> Page[RosterRow]:
    """The project's current enrolments by key; ``after`` is the last enrolment id of the page before."""
    found = (
        Enrolment.objects.filter(project=project, superseded_at__isnull=True)
        .select_related("worker", "employer", "batch")
        .order_by("id")
    )
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    return Page([_roster_row(row) for row in rows[:limit]], rows[limit - 1].pk if more else None)


def _roster_row(row: Enrolment) -> RosterRow:
    return RosterRow(
        enrolment_id=row.pk,
        person=shown(row.worker),
        employer=row.employer.name if row.employer else row.employer_name,
        team=row.team,
        trade=row.trade,
        employee_number=row.employee_number,
        entry=row.entry,
        exit=row.exit,
        agreed_wage=row.agreed_wage,
        contract_signed=row.contract_signed,
        bank_card=masked(row.bank_card, mask_card),
        batch_id=row.batch_id,
        source=f"{row.batch.filename} 第{row.row_number}行" if row.batch else "",
    )


def attendance_months(project: Project) -> list[AttendanceMonthRow]:
    """The project's attendance by month, oldest first. Where a person has days and a total, the days count."""
    by_day = {
        str(Month.of(row["month"])): row
        for row in AttendanceDay.objects.filter(project=project, superseded_at__isnull=True)
        .annotate(month=TruncMonth("day"))
        .values("month")
        .annotate(people=Count("worker", distinct=True), days=Sum("share"), last_day=Max("day"))
    }
    totals: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for month, worker_id, days in AttendanceMonth.objects.filter(
        project=project, superseded_at__isnull=True
    ).values_list("month", "worker_id", "days"):
        totals[month][worker_id] = days
    if totals:
        for month, worker_id in _people_with_days(project, totals):
            totals[month].pop(worker_id, None)
    rows = []
    for month in sorted(by_day.keys() | totals.keys()):
        day_row, extra = by_day.get(month), totals.get(month, {})
        people, days = (day_row["people"], day_row["days"]) if day_row else (0, Decimal(0))
        last_day = day_row["last_day"] if day_row else None
        rows.append(AttendanceMonthRow(month, people + len(extra), days + sum(extra.values()), last_day))
    return rows


def _people_with_days(project: Project, months: dict[str, dict[int, Decimal]]) -> Sequence[tuple[str, int]]:
    spans = [Month.parse(month) for month in months]
    found = (
        AttendanceDay.objects.filter(
            project=project,
            superseded_at__isnull=True,
            day__range=(min(spans).first_day, max(spans).last_day),
        )
        .annotate(month=TruncMonth("day"))
        .values_list("month", "worker_id")
        .distinct()
    )
    return [(str(Month.of(month)), worker) for month, worker in found if str(Month.of(month)) in months]


def attendance_of_month(
    project: Project, month: Month, after: int | None = None, limit: int = 50
) -> Page[AttendanceRow]:
    """One month's attendance person by person, by worker id."""
    days = AttendanceDay.objects.filter(
        project=project, superseded_at__isnull=True, day__range=(month.first_day, month.last_day)
    )
    totals = AttendanceMonth.objects.filter(project=project, superseded_at__isnull=True, month=str(month))
    people = Worker.objects.filter(
        Q(pk__in=days.values("worker_id")) | Q(pk__in=totals.values("worker_id"))
    ).order_by("id")
    if after is not None:
        people = people.filter(pk__gt=after)
    workers = list(people[: limit + 1])
    ids = [worker.pk for worker in workers[:limit]]
    shares: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for worker_id, day, share in days.filter(worker_id__in=ids).values_list("worker_id", "day", "share"):
        shares[worker_id][day.day] = share
    sums = dict(totals.filter(worker_id__in=ids).values_list("worker_id", "days"))
    rows = []
    for worker in workers[:limit]:
        own = shares.get(worker.pk, {})
        total = sum(own.values(), Decimal(0)) if own else sums[worker.pk]
        rows.append(AttendanceRow(shown(worker), total, own))
    return Page(rows, ids[-1] if len(workers) > limit else None)


def find_worker(user: User, id_number: str, permission: str = VIEW) -> Worker | None:
    """The worker with this ID number, if within the person's scope.

    Pages call :func:`anxin.workforce.services.look_up`, which leaves the trace that a look-up must leave.
    """
    wanted = finding_hash("id", clean_identifier(id_number))
    return visible_workers(user, permission).filter(id_hash=wanted).first()


def visible_worker(user: User, worker_id: int, permission: str = VIEW) -> Worker | None:
    """One worker by key, if within the person's scope."""
    return visible_workers(user, permission).filter(pk=worker_id).first()


def worker_sites(worker: Worker, user: User) -> list[SiteRow]:
    """The worker's enrolments on the projects this person may see, latest entry first, with days attended.

    Projects where the worker is on no roster and was seen at work come last, without employer and team.
    """
    projects = visible_projects(user)
    enrolments = list(
        Enrolment.objects.filter(worker=worker, superseded_at__isnull=True, project__in=projects)
        .select_related("project__region", "employer")
        .order_by("-entry", "-id")
    )
    attended = {
        row["project_id"]: row
        for row in AttendanceDay.objects.filter(
            worker=worker, superseded_at__isnull=True, project__in=projects
        )
        .values("project_id")
        .annotate(days=Sum("share"), first_day=Min("day"), last_day=Max("day"))
    }
    totals = dict(
        AttendanceMonth.objects.filter(worker=worker, superseded_at__isnull=True, project__in=projects)
        .values_list("project_id")
        .annotate(Sum("days"))
    )
    bare = (attended.keys() | totals.keys()) - {row.project_id for row in enrolments}
    unlisted = Project.objects.filter(pk__in=bare).select_related("region").order_by("pk")
    return [
        *(_site_row(row, attended.get(row.project_id), totals.get(row.project_id)) for row in enrolments),
        *(
            _site_row(Enrolment(project=project), attended.get(project.pk), totals.get(project.pk))
            for project in unlisted
        ),
    ]


def _site_row(row: Enrolment, attended: Mapping[str, Any] | None, total: Decimal | None) -> SiteRow:
    return SiteRow(
        project=row.project,
        employer=row.employer.name if row.employer else row.employer_name,
        team=row.team,
        trade=row.trade,
        entry=row.entry,
        exit=row.exit,
        days=attended["days"] if attended else total or Decimal(0),
        first_day=attended["first_day"] if attended else None,
        last_day=attended["last_day"] if attended else None,
    )
