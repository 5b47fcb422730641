"""What pages read about employers: the work list of a month, and everything known about one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from anxin.accounts.access import VIEW, within_employers
from anxin.accounts.models import User
from anxin.kernel.months import Month
from anxin.monitoring.models import EmployerGrade, Level
from anxin.registry.models import Employer
from anxin.signals.models import (
    Clue,
    EmployerEvent,
    EmployerLink,
    EmployerProfile,
    InsuranceMonth,
    SourceMonth,
    UtilityMonth,
)

SOURCE_WORDS: Mapping[str, str] = dict(SourceMonth.Source.choices)
#: months on an employer's page: this one and a year back
MONTHS = 13
_EVENTS = 50


@dataclass(frozen=True)
class GradeFilters:
    """What narrows the work list; an empty part narrows nothing. ``level`` 0 to 4 as text."""

    month: str = ""
    text: str = ""
    region: str = ""
    level: str = ""


@dataclass(frozen=True)
class GradePage:
    """One page of the work list; ``next_after`` is the key of the next one, ``None`` at the end."""

    items: Sequence[EmployerGrade]
    next_after: str | None


@dataclass(frozen=True)
class Reason:
    code: str
    level: int
    sentence: str


@dataclass(frozen=True)
class EmployerMonth:
    """One month of an employer; every part may be unknown."""

    month: str
    insured: int | None = None
    hires: int | None = None
    leavers: int | None = None
    arrears_months: int | None = None
    arrears_fen: int | None = None
    claims: int | None = None
    water_m3: float | None = None
    power_kwh: float | None = None


def visible_employers(user: User, permission: str = VIEW) -> QuerySet[Employer]:
    """The employers of this person's places."""
    return Employer.objects.filter(within_employers(user, permission)).select_related("region")


def latest_month() -> str:
    """The last month for which employers were graded; empty where none was."""
    return EmployerGrade.objects.aggregate(last=Max("month"))["last"] or ""


def graded(user: User, filters: GradeFilters) -> QuerySet[EmployerGrade]:
    """The visible grades of a month, the greatest expected harm first; those without any sign only when asked for."""
    found = EmployerGrade.objects.filter(
        within_employers(user, VIEW, "employer__"), month=filters.month or latest_month()
    )
    if filters.level in map(str, [0, *Level.values]):
        found = found.filter(level=int(filters.level))
    else:
        found = found.filter(harm__gt=0)
    if filters.region:
        found = found.filter(region_code__startswith=filters.region)
    text = filters.text.strip()
    if text:
        found = found.filter(Q(employer__name__icontains=text) | Q(employer__uscc=text.upper()))
    return found.select_related("employer__region").order_by("-harm", "employer_id")


def grade_page(user: User, filters: GradeFilters, after: str = "", limit: int = 30) -> GradePage:
    """One page of :func:`graded`; ``after`` is ``harm-employer`` of the last row before."""
    found = graded(user, filters)
    harm, _, employer = after.partition("-")
    if harm.isdecimal() and employer.isdecimal():
        found = found.filter(Q(harm__lt=int(harm)) | Q(harm=int(harm), employer_id__gt=int(employer)))
    rows = list(found[: limit + 1])
    shown = rows[:limit]
    last = f"{shown[-1].harm}-{shown[-1].employer_id}" if len(rows) > limit else None
    return GradePage(shown, last)


def reasons_of(grade: EmployerGrade) -> list[Reason]:
    """The strongest reasons, the strongest first."""
    return [Reason(*one) for one in json.loads(grade.reasons)] if grade.reasons else []


def unknown_of(grade: EmployerGrade) -> list[str]:
    """The sources that said nothing lately, in words."""
    return [SOURCE_WORDS[name] for name in grade.unknown.split(",") if name]


def months_of(employer: Employer, until: Month) -> list[EmployerMonth]:
    """The last months, the oldest first, whether anything was reported or not; two queries."""
    since = until.plus(1 - MONTHS)
    window = {"superseded_at__isnull": True, "month__gte": str(since), "month__lte": str(until)}
    insured = {row.month: row for row in InsuranceMonth.objects.filter(employer=employer, **window)}
    used = {row.month: row for row in UtilityMonth.objects.filter(employer=employer, **window)}
    return [
        _month(str(month), insured.get(str(month)), used.get(str(month)))
        for month in (since.plus(step) for step in range(MONTHS))
    ]


def _month(month: str, insured: InsuranceMonth | None, used: UtilityMonth | None) -> EmployerMonth:
    said = {} if insured is None else {
        "insured": insured.insured,
        "hires": insured.hires,
        "leavers": insured.leavers,
        "arrears_months": insured.insurance_arrears_months,
        "arrears_fen": insured.insurance_arrears_fen,
        "claims": insured.unemployment_claims,
    }  # fmt: skip
    metered = {} if used is None else {"water_m3": used.water_m3, "power_kwh": used.power_kwh}
    return EmployerMonth(month, **said, **metered)  # type: ignore[arg-type]


def events_of(employer: Employer) -> Sequence[EmployerEvent]:
    """What registers hold about the employer, the newest first."""
    found = EmployerEvent.objects.filter(employer=employer, superseded_at__isnull=True)
    return list(found.order_by("-on", "-pk")[:_EVENTS])


def clues_of(employer: Employer) -> Sequence[Clue]:
    """The leads about the employer, the newest first."""
    found = Clue.objects.filter(employer=employer, superseded_at__isnull=True)
    return list(found.order_by("-received_on", "-pk")[:_EVENTS])


def links_of(employer: Employer, seen: QuerySet[Employer]) -> list[tuple[EmployerLink, Employer, bool]]:
    """Links that stand, with the other employer and whether this person may open its page."""
    found = EmployerLink.objects.filter(
        Q(employer=employer) | Q(other=employer), superseded_at__isnull=True, until__isnull=True
    ).select_related("employer", "other")
    links = [(link, link.other if link.employer_id == employer.pk else link.employer) for link in found]
    visible = set(seen.filter(pk__in=[other.pk for _, other in links]).values_list("pk", flat=True))
    return [(link, other, other.pk in visible) for link, other in links]


def profile_of(employer: Employer) -> EmployerProfile | None:
    return EmployerProfile.objects.filter(employer=employer, superseded_at__isnull=True).first()


def grades_of(employer: Employer) -> Sequence[EmployerGrade]:
    """The employer's grades, the newest first."""
    return list(EmployerGrade.objects.filter(employer=employer).order_by("-month")[:MONTHS])
