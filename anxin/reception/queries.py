"""What people read about receptions: the queue, the register with its counts, promises, the roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from anxin.accounts.models import User
from anxin.reception.access import visible_duties, visible_promises, visible_visits
from anxin.reception.models import Duty, Promise, Visit

PAGE = 40
#: promises are due soon within so many days
SOON = dt.timedelta(days=3)
#: a public roster further ahead would only be wrong
AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True)
class VisitFilters:
    """What the register is narrowed to."""

    first: dt.date | None = None
    last: dt.date | None = None
    region: str = ""
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> VisitFilters:
        """From an address; what is not known counts as nothing."""
        return cls(
            first=_day(query.get("first", "")),
            last=_day(query.get("last", "")),
            region=region if (region := query.get("region", "")).isalnum() else "",
            text=query.get("text", "").strip()[:60],
        )


@dataclass(frozen=True)
class Counts:
    """批次 and 人次 of a register: how many groups came and how many people in all, and what became of them."""

    groups: int
    persons: int
    with_clue: int
    promises: int
    kept: int


def queue_of(user: User, *, on: dt.date) -> list[Visit]:
    """Everybody who came on this day and is not gone, by place and number."""
    found = visible_visits(user).filter(on=on).exclude(state=Visit.State.LEFT)
    return list(found.order_by("region", "number"))


def register(user: User, filters: VisitFilters) -> QuerySet[Visit]:
    """The visits that meet the filters, the latest first."""
    found = visible_visits(user)
    if filters.first:
        found = found.filter(on__gte=filters.first)
    if filters.last:
        found = found.filter(on__lte=filters.last)
    if filters.region:
        found = found.filter(region__code__startswith=filters.region)
    if filters.text:
        found = found.filter(Q(about__icontains=filters.text) | Q(clue__number__icontains=filters.text))
    return found.order_by("-on", "-pk")


def visit_page(
    user: User, filters: VisitFilters, *, after: str = "", limit: int = PAGE
) -> tuple[list[Visit], str | None]:
    """One page of the register, by key."""
    found = register(user, filters).annotate(promised=Count("promises"))
    on, _, pk = after.partition("_")
    day = _day(on)
    if day and pk.isdecimal() and len(pk) <= 18:
        found = found.filter(Q(on__lt=day) | Q(on=day, pk__lt=int(pk)))
    items: list[Visit] = list(found[: limit + 1])
    last = items[limit - 1] if len(items) > limit else None
    return items[:limit], f"{last.on}_{last.pk}" if last else None


def counts(user: User, filters: VisitFilters) -> Counts:
    """The numbers of the whole register under the filters; two queries."""
    found = register(user, filters).order_by()
    visits = found.aggregate(
        groups=Count("pk"), persons=Sum("people"), with_clue=Count("pk", filter=Q(clue__isnull=False))
    )
    promises = Promise.objects.filter(visit__in=found).aggregate(
        made=Count("pk"), kept=Count("pk", filter=Q(kept_on__isnull=False))
    )
    return Counts(
        visits["groups"], visits["persons"] or 0, visits["with_clue"], promises["made"], promises["kept"]
    )


def open_promises(user: User) -> QuerySet[Promise]:
    """What was promised and is not kept, the most urgent first."""
    return visible_promises(user).filter(kept_on__isnull=True).order_by("due_on", "pk")


def promise_page(
    user: User, part: str, *, today: dt.date, after: str = "", limit: int = PAGE
) -> tuple[list[Promise], str | None]:
    """One page of promises by their day: open, overdue or kept."""
    found = promises_of(user, part, today=today)
    on, _, pk = after.partition("_")
    day = _day(on)
    if day and pk.isdecimal() and len(pk) <= 18:
        found = found.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=int(pk)))
    items = list(found[: limit + 1])
    last = items[limit - 1] if len(items) > limit else None
    return items[:limit], f"{last.due_on}_{last.pk}" if last else None


def promises_of(user: User, part: str, *, today: dt.date) -> QuerySet[Promise]:
    """The promises of one part, by their day."""
    if part == "kept":
        return visible_promises(user).filter(kept_on__isnull=False).order_by("due_on", "pk")
    found = open_promises(user)
    return found.filter(due_on__lt=today) if part == "overdue" else found


def promise_counts(user: User, *, today: dt.date) -> dict[str, int]:
    """How many promises each part has; one query."""
    return visible_promises(user).aggregate(
        open=Count("pk", filter=Q(kept_on__isnull=True)),
        overdue=Count("pk", filter=Q(kept_on__isnull=True, due_on__lt=today)),
        soon=Count("pk", filter=Q(kept_on__isnull=True, due_on__range=(today, today + SOON))),
        kept=Count("pk", filter=Q(kept_on__isnull=False)),
        late=Count("pk", filter=Q(kept_on__gt=F("due_on"))),
    )


def roster(user: User, *, first: dt.date) -> QuerySet[Duty]:
    """The roster from a day on."""
    return visible_duties(user).filter(on__gte=first).order_by("on", "pk")


def public_roster(*, today: dt.date) -> list[Duty]:
    """What everybody may read: published days from today on, the cancelled ones with why.

    A visit to the field with a clue is not announced: it would tell the employer.
    """
    found = Duty.objects.filter(
        on__range=(today, today + AHEAD), published_at__isnull=False, clue__isnull=True
    )
    return list(found.select_related("region").order_by("on", "pk")[:200])


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None
