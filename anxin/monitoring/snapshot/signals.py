"""What other bodies report about employers and sites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.db.models import Q

from anxin.evidence.bulk import chunks
from anxin.kernel.months import Month
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View
from anxin.registry.models import Employer, Participation, Project
from anxin.signals import coverage
from anxin.signals.models import (
    BoardCheck,
    Clue,
    EmployerEvent,
    EmployerLink,
    EmployerProfile,
    InsuranceMonth,
    LeaverSettlement,
    Officer,
    PaymentOrder,
    RainDay,
    SitePower,
    SourceMonth,
    Standstill,
    UtilityMonth,
)
from anxin.workforce.models import Worker

#: months before the day that rules about employers look at; older ones stay in the records
MONTHS_BACK = 15
_INSURANCE = (
    "insured",
    "hires",
    "leavers",
    "insurance_due_fen",
    "insurance_arrears_months",
    "insurance_arrears_fen",
    "unemployment_claims",
)


def with_linked(employer_ids: Sequence[int]) -> set[int]:
    """The employers, and those they are or were linked with."""
    found = set(employer_ids)
    if found:
        touching = Q(employer__in=employer_ids) | Q(other__in=employer_ids)
        for pair in EmployerLink.objects.filter(touching).values_list("employer_id", "other_id"):
            found.update(pair)
    return found


def _employers(view: View) -> Iterable[Row]:
    profiles = {
        row[0]: row[1:]
        for row in view.about(EmployerProfile)
        .values_list("employer_id", "industry", "founded_on", "status", "status_on")
        .iterator(CHUNK)
    }
    found = Employer.objects.filter(view.among("pk")).order_by("pk").values_list("pk", "region_id")
    for key, region in found.iterator(CHUNK):
        industry, founded, status, on = profiles.get(key, ("", None, "", None))
        if on is not None and on > view.as_of:
            status, on = "", None  # on that day it had not happened yet
        yield key, region or "", industry or None, founded, status or None, on


def _employer_months(view: View) -> Iterable[Row]:
    """Insurance and utilities side by side: two ordered streams, merged."""
    since = str(Month.of(view.as_of).plus(-MONTHS_BACK))
    window = {"month__gte": since, "month__lte": view.month}

    def stream(model: type[InsuranceMonth] | type[UtilityMonth], *columns: str) -> Iterator[Row]:
        rows = view.about(model).filter(view.in_months("month"), **window).order_by("employer_id", "month")
        return rows.values_list("employer_id", "month", *columns).iterator(CHUNK)

    insurance, utilities = stream(InsuranceMonth, *_INSURANCE), stream(UtilityMonth, "water_m3", "power_kwh")
    no_insurance, no_utilities = (None,) * len(_INSURANCE), (None, None)
    left, right = next(insurance, None), next(utilities, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[:2] < right[:2]):
            assert left is not None
            yield (*left, *no_utilities)
            left = next(insurance, None)
        elif left is None or right[:2] < left[:2]:
            yield (*right[:2], *no_insurance, *right[2:])
            right = next(utilities, None)
        else:
            yield (*left, *right[2:])
            left, right = next(insurance, None), next(utilities, None)


def _employer_events(view: View) -> Iterable[Row]:
    rows = view.about(EmployerEvent).filter(on__lte=view.as_of).order_by("pk")
    for *row, until, people, fen in rows.values_list(
        "pk", "employer_id", "kind", "on", "until", "people", "amount_fen"
    ).iterator(CHUNK):
        yield (*row, until if until and until <= view.as_of else None, people, fen)


def _employer_links(view: View) -> Iterable[Row]:
    both = EmployerLink.objects.filter(view.known(), view.among() | view.among("other_id"))
    rows = both.filter(Q(since__isnull=True) | Q(since__lte=view.as_of)).order_by("pk")
    for *row, until in rows.values_list("employer_id", "other_id", "kind", "since", "until").iterator(CHUNK):
        yield (*row, until if until and until <= view.as_of else None)


def _source_months(view: View) -> Iterable[Row]:
    if view.employer_ids == ():
        return []
    rows = SourceMonth.objects.filter(view.known(), month__lte=view.month)
    return rows.order_by("pk").values_list("source", "region_id", "month").iterator(CHUNK)


def _officers(view: View) -> Iterable[Row]:
    """Persons who are also on a roster; of named projects those of the businesses that take part there."""
    rows = Officer.objects.filter(view.known())
    if view.project_ids is not None:
        parts = Participation.objects.filter(project__in=view.project_ids)
        rows = rows.filter(view.among() | Q(employer__in=parts.values("employer_id")))
    workers = _workers(rows.values_list("person_hash", flat=True))
    for employer, mark, office in (
        rows.order_by("pk").values_list("employer_id", "person_hash", "office").iterator(CHUNK)
    ):
        if mark in workers:
            yield employer, workers[mark], office


def _workers(marks: Iterable[str]) -> dict[str, str]:
    """Keyed hash of an ID number → the key of the registered worker."""
    known = (
        Worker.objects.filter(id_hash__in=piece).values_list("id_hash", "pk")
        for piece in chunks({mark for mark in marks if mark})
    )
    return {mark: str(pk) for mark, pk in chain.from_iterable(known)}


def _board_checks(view: View) -> Iterable[Row]:
    rows = view.rows(BoardCheck).filter(checked_on__lte=view.as_of).order_by("pk")
    for *row, fixed in rows.values_list(
        "pk", "project_id", "checked_on", "standing", "missing_items", "fix_by", "fixed_on"
    ).iterator(CHUNK):
        yield (*row, fixed if fixed and fixed <= view.as_of else None)


def _standstills(view: View) -> Iterable[Row]:
    rows = view.rows(Standstill).filter(from_day__lte=view.as_of).order_by("pk")
    for project, start, until, cause in rows.values_list(
        "project_id", "from_day", "until_day", "cause"
    ).iterator(CHUNK):
        yield project, start, until if until and until <= view.as_of else None, cause


def _site_days(view: View) -> Iterable[Row]:
    """Power by site, rain by region; a site takes the rain of the smallest region around it that has a gauge."""
    rain: dict[str, dict[dt.date, float | None]] = {}
    fallen = RainDay.objects.filter(view.known(), day__lte=view.as_of).values_list(
        "region_id", "day", "rain_mm"
    )
    for region, day, mm in fallen.iterator(CHUNK):
        rain.setdefault(region, {})[day] = mm
    power: dict[int, dict[dt.date, float | None]] = {}
    used = view.rows(SitePower).filter(day__lte=view.as_of).values_list("project_id", "day", "power_kwh")
    for project, day, kwh in used.iterator(CHUNK):
        power.setdefault(project, {})[day] = kwh
    sites = Project.objects.filter(view.here("pk"), recorded_at__lte=view.known_at).order_by("pk")
    for project, region in sites.values_list("pk", "region_id").iterator(CHUNK):
        none: dict[dt.date, float | None] = {}
        around = next((rain[region[:end]] for end in range(len(region), 1, -1) if region[:end] in rain), none)
        own = power.get(project, none)
        for day in sorted({*around, *own}):
            yield project, day, around.get(day), own.get(day)


def _clues(view: View) -> Iterable[Row]:
    rows = view.touching(Clue).filter(received_on__lte=view.as_of)
    workers = _workers(rows.exclude(person_hash="").values_list("person_hash", flat=True))
    for row in (
        rows.order_by("pk")
        .values_list(
            "pk",
            "received_on",
            "project_id",
            "employer_id",
            "region_id",
            "channel",
            "person_hash",
            "people",
            "amount_fen",
            "months",
            "extreme",
            "closed_on",
            "founded",
        )
        .iterator(CHUNK)
    ):
        closed = row[11] is not None and row[11] <= view.as_of
        yield (
            *row[:6],
            workers.get(row[6]),
            *row[7:11],
            row[11] if closed else None,
            row[12] if closed else None,
        )


def _payment_orders(view: View) -> Iterable[Row]:
    rows = view.touching(PaymentOrder).filter(served_on__lte=view.as_of).order_by("pk")
    for *row, paid in rows.values_list(
        "pk",
        "project_id",
        "employer_id",
        "region_id",
        "served_on",
        "due_on",
        "people",
        "amount_fen",
        "months",
        "paid_on",
    ).iterator(CHUNK):
        yield (*row, paid if paid and paid <= view.as_of else None)


def _settlements(view: View) -> Iterable[Row]:
    rows = view.rows(LeaverSettlement).filter(left_on__lte=view.as_of).order_by("pk")
    for project, worker, left, confirmed, contested, handling in rows.values_list(
        "project_id", "worker_id", "left_on", "confirmed_on", "contested_on", "handling"
    ).iterator(CHUNK):
        said = [day if day and day <= view.as_of else None for day in (confirmed, contested)]
        yield project, str(worker), left, *said, handling and said[1] is not None


def _known_sites(view: View) -> Iterable[Row]:
    if view.project_ids is not None:
        return  # sites outside the register belong to nobody's project
    for site in coverage.sites(as_of=view.as_of, known_at=view.known_at):
        yield (
            site.pk,
            site.region_id,
            site.source,
            site.number,
            site.name,
            site.on,
            site.contract_fen,
            site.project_id,
        )


TABLES: dict[str, Rows] = {
    "employers": _employers,
    "employer_months": _employer_months,
    "employer_events": _employer_events,
    "employer_links": _employer_links,
    "source_months": _source_months,
    "officers": _officers,
    "board_checks": _board_checks,
    "standstills": _standstills,
    "site_days": _site_days,
    "clues": _clues,
    "payment_orders": _payment_orders,
    "settlements": _settlements,
    "known_sites": _known_sites,
}
