"""What a worker sees of themself: sites, days, contracts. Nobody else's rows are within reach of these."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from anxin.kernel.masking import mask_card, mask_phone
from anxin.kernel.months import Month
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class OwnSite:
    """One enrolment of the worker, in the worker's own eyes."""

    project: Project
    employer: str
    team: str
    trade: str
    entry: dt.date | None
    exit: dt.date | None
    agreed_wage: str
    contract_signed: bool | None
    contract_number: str
    contract_from: dt.date | None
    contract_until: dt.date | None
    bank_card: str


@dataclass(frozen=True)
class OwnDay:
    """One day at one site: ``share`` 1.00 is a whole day."""

    day: dt.date
    project: Project
    share: Decimal


@dataclass(frozen=True)
class OwnMonth:
    """A month's days over all sites. ``days`` is empty where a site has told only its total."""

    month: str
    total: Decimal
    days: list[OwnDay]
    totals_only: list[tuple[Project, Decimal]]


def own_sites(worker: Worker) -> list[OwnSite]:
    """Every site the worker is or was on, the latest first."""
    rows = (
        Enrolment.objects.filter(worker=worker, superseded_at__isnull=True)
        .select_related("project", "employer")
        .order_by("-entry", "-id")
    )
    return [
        OwnSite(
            project=row.project,
            employer=row.employer.name if row.employer else row.employer_name,
            team=row.team,
            trade=row.trade,
            entry=row.entry,
            exit=row.exit,
            agreed_wage=row.agreed_wage,
            contract_signed=row.contract_signed,
            contract_number=row.contract_number,
            contract_from=row.contract_from,
            contract_until=row.contract_until,
            bank_card=masked(row.bank_card, mask_card),
        )
        for row in rows
    ]


def own_phone(worker: Worker) -> str:
    """The phone on the roster, masked."""
    return masked(worker.phone, mask_phone)


def own_month(worker: Worker, month: Month) -> OwnMonth:
    """The worker's days of one month; days win over a total told for the same site."""
    rows = (
        AttendanceDay.objects.filter(
            worker=worker, day__range=(month.first_day, month.last_day), superseded_at__isnull=True
        )
        .select_related("project")
        .order_by("day", "project_id")
    )
    days = [OwnDay(row.day, row.project, row.share) for row in rows]
    by_day = {one.project.pk for one in days}
    totals = [
        (row.project, row.days)
        for row in AttendanceMonth.objects.filter(
            worker=worker, month=str(month), superseded_at__isnull=True
        ).select_related("project")
        if row.project_id not in by_day
    ]
    total = sum((one.share for one in days), Decimal()) + sum((n for _, n in totals), Decimal())
    return OwnMonth(str(month), total, days, totals)


def own_months(worker: Worker, most: int = 12) -> list[tuple[str, Decimal]]:
    """The last months in which anything is recorded, with their days, latest first."""
    found: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in AttendanceMonth.objects.filter(worker=worker, superseded_at__isnull=True):
        found[row.month][row.project_id] = row.days
    by_day: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    shares = AttendanceDay.objects.filter(worker=worker, superseded_at__isnull=True).values_list(
        "day", "project_id", "share"
    )
    for day, project, share in shares:
        by_day[str(Month.of(day)), project] += share
    for (month, project), days in by_day.items():
        found[month][project] = days
    months = sorted(found, reverse=True)[:most]
    return [(month, sum(found[month].values(), Decimal())) for month in months]
