"""行刑衔接: every case at, over or near the criminal line of its place, the most urgent first.

How a case stands is computed when asked, from what was found, ordered, attached and handed to the police
(:func:`anxin.enforcement.crime.watched`); nothing of the list is stored. However many cases there are, it is five queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.access import visible_matters
from anxin.casework.models import Deadline, Matter, Step
from anxin.enforcement import crime
from anxin.enforcement.crime import MET, UNKNOWN, Measure, Point, Watch
from anxin.enforcement.inspection import HELPED, arrears_of_all
from anxin.enforcement.models import Arrears
from anxin.law import Law

#: from this share of every number of a condition on a case is shown before it gets there
NEAR = 80
#: how near a case is, the nearest first, by its name in the address
LEVELS = {MET: "达到数额标准", UNKNOWN: "在幅度内，本省数额没有补录", "near": "接近标准"}
TRANSFERS = {"no": "没有开始移送", "yes": "已经开始移送"}
#: clocks of the transfer that the police answer for; the others are ours
POLICE = {"police_forwarding", "police_review", "reconsideration_decision"}
#: steps after which a case is with the office again as if it had not been transferred
_BACK = ("fall_short", "close_without_crime")
#: states of the transfer in which nothing is counted, although the office is to go on at once
_OURS = ("screening", "team")
_FAR = dt.date(9999, 12, 31)
PAGE = 40


@dataclass(frozen=True)
class CrimeFilters:
    """What the list shows; the names are those of the address. Empty means all."""

    level: str = ""
    transfer: str = ""
    #: significant digits of a region: its subtree
    region: str = ""
    #: part of the number, the title, the employer's or the project's name
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> CrimeFilters:
        """From the address; what makes no sense there counts as empty."""
        asked = {one.name: query.get(one.name, "").strip()[:80] for one in fields(cls)}
        asked["level"] = asked["level"] if asked["level"] in LEVELS else ""
        asked["transfer"] = asked["transfer"] if asked["transfer"] in TRANSFERS else ""
        return cls(**asked)


@dataclass(frozen=True)
class CrimeRow:
    """One case of the list. ``matter`` is the transfer where there is one, else the case that was found out."""

    matter: Matter
    watch: Watch
    level: str
    #: what is to be done now, in words, and its place in the order: 0 is the most urgent
    standing: str
    rank: int
    #: the day that the order within one rank follows
    due: dt.date | None
    #: running limits of the transfer: the office's own, and what the police have to answer by
    own: Deadline | None
    police: Deadline | None
    #: how far the transfer is, in the procedure's words; empty: not begun
    transfer: str

    @property
    def amounts(self) -> Sequence[Point]:
        return self.watch.amounts

    @property
    def order(self) -> Point:
        return self.watch.order

    @property
    def key(self) -> tuple[int, int, int]:
        """What the list is sorted and paged by."""
        return self.rank, (self.due or _FAR).toordinal(), self.matter.pk


@dataclass(frozen=True)
class CrimePage:
    """One page. ``next_after`` asks for the next one; ``None`` on the last."""

    rows: Sequence[CrimeRow]
    next_after: str | None
    number: int


def crime_page(
    user: User, filters: CrimeFilters, now: dt.datetime, law: Law, *, after: str = "", limit: int = PAGE
) -> CrimePage:
    """One page of what this person may see."""
    rows = crime_rows(user, filters, now, law)
    start = _cursor(after)
    rest = [one for one in rows if one.key > start] if start else rows
    shown = rest[:limit]
    following = ".".join(map(str, shown[-1].key)) if len(rest) > limit else None
    return CrimePage(shown, following, len(rows))


def crime_rows(user: User, filters: CrimeFilters, now: dt.datetime, law: Law) -> list[CrimeRow]:
    """All of it, the most urgent first."""
    on = timezone.localdate(now)
    matters = list(_narrowed(_candidates(user), user, filters))
    found = arrears_of_all(matters)
    near = {one.pk: level for one in matters if (level := level_of(found[one.pk], one.region_id, on, law))}
    if filters.level:
        near = {pk: level for pk, level in near.items() if level == filters.level}
    kept = [one for one in matters if one.pk in near]
    told = crime.watched(kept, on, law, found)
    clocks = _clocks(kept)
    rows = [_row(one, told[one.pk], near[one.pk], clocks.get(one.pk, []), now, law) for one in kept]
    return sorted(rows, key=lambda one: one.key)


def waiting(user: User, on: dt.date, law: Law) -> int:
    """How many open cases have reached an amount and are not on their way to the police; one query."""
    cases = _candidates(user).exclude(procedure=crime.PROCEDURE)
    rows = Arrears.objects.filter(matter__in=cases.values("pk"), superseded_at__isnull=True)
    return sum(level_of(one, one.matter.region_id, on, law) == MET for one in rows.select_related("matter"))


def level_of(arrears: Arrears, region: str, on: dt.date, law: Law) -> str:
    """Which of :data:`LEVELS`; empty where nothing comes near."""
    points = crime.amounts_of(arrears, region, on, law)
    for state in (MET, UNKNOWN):
        if any(one.state == state for one in points):
            return state
    return "near" if any(one.measures and all(map(_near, one.measures)) for one in points) else ""


def _near(one: Measure) -> bool:
    """At least 80 of 100; months are whole, so there one month short is near."""
    return one.has * 100 >= one.needs * NEAR or (one.unit == "个月" and one.has + 1 >= one.needs)


def _candidates(user: User) -> QuerySet[Matter]:
    """Open cases that found arrears, there or in the one they follow; a case that is on its way to the police is shown as
    that transfer, an opinion on leniency only where it found arrears of its own."""
    own = Arrears.objects.filter(matter=OuterRef("pk"), superseded_at__isnull=True)
    before = Arrears.objects.filter(matter=OuterRef("follows_id"), superseded_at__isnull=True)
    back = Step.objects.filter(matter=OuterRef("pk"), kind=Step.Kind.TAKEN, transition__in=_BACK)
    gone = (
        visible_matters(user).filter(procedure=crime.PROCEDURE, follows=OuterRef("pk")).exclude(Exists(back))
    )
    return (
        visible_matters(user)
        .filter(Exists(own) | Q(Exists(before), procedure=crime.PROCEDURE))
        .filter(procedure__in=HELPED, closed_on__isnull=True)
        .exclude(Exists(gone.select_related(None)))
    )


def _narrowed(rows: QuerySet[Matter], user: User, filters: CrimeFilters) -> QuerySet[Matter]:
    if filters.transfer:
        begun = Q(procedure=crime.PROCEDURE)
        rows = rows.filter(begun if filters.transfer == "yes" else ~begun)
    if filters.region:
        rows = rows.filter(region__code__startswith=filters.region)
    if text := filters.text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(project__name__icontains=text)
            | Q(employer__name__icontains=text)
        )  # fmt: skip
    return rows


def _clocks(matters: Sequence[Matter]) -> dict[int, list[Deadline]]:
    """The limits that run in the transfers among these, the first to run out in front; one query."""
    transfers = [one.pk for one in matters if one.procedure == crime.PROCEDURE]
    rows = Deadline.objects.filter(matter__in=transfers, met_on__isnull=True, ended_on__isnull=True)
    found: dict[int, list[Deadline]] = {}
    for one in rows.order_by("due_on", "due_at", "pk"):
        found.setdefault(one.matter_id, []).append(one)
    return found


def _row(
    matter: Matter, watch: Watch, level: str, clocks: Sequence[Deadline], now: dt.datetime, law: Law
) -> CrimeRow:
    own = next((one for one in clocks if one.clock not in POLICE), None)
    # of two answers the police owe, being silent on the review is what can be complained of
    theirs = sorted(
        (one for one in clocks if one.clock in POLICE), key=lambda one: one.clock == "police_forwarding"
    )
    police = theirs[0] if theirs else None
    begun = matter.procedure == crime.PROCEDURE
    rank, said, due = _transferred(matter, own, police, now) if begun else _not_transferred(watch, level)
    state = law.procedure(crime.PROCEDURE).state(matter.state).name if begun else ""
    return CrimeRow(matter, watch, level, said, rank, due, own, police, state)


def _transferred(
    matter: Matter, own: Deadline | None, police: Deadline | None, now: dt.datetime
) -> tuple[int, str, dt.date | None]:
    if own is not None:
        late = _late(own, now)
        return (0, f"{own.name}已逾期", own.due_on) if late else (2, own.name, own.due_on)
    if police is not None:
        late = _late(police, now)
        said = "公安逾期没有答复，应当书面催问，可以建议检察院立案监督"
        return (0, said, police.due_on) if late else (4, "等公安答复", police.due_on)
    if matter.state in _OURS:
        return 1, "已开始移送，应当立即核实并报请审批", None
    return 8, "跟踪刑事程序", None


def _not_transferred(watch: Watch, level: str) -> tuple[int, str, dt.date | None]:
    order = watch.order
    if watch.reached:
        return 1, "责令期满未付，应当立即核实移送", order.until
    if level == MET and order.until is not None:
        return 3, "等责令支付期满", order.until
    if level == MET:
        said = "补登付款期限" if order.state == UNKNOWN else "看是否已付或者还没有责令支付"
        return 5, said, None
    return (6, "补录本省数额，再行对照", None) if level == UNKNOWN else (7, "留意是否继续拖欠", None)


def _late(one: Deadline, now: dt.datetime) -> bool:
    """A limit in hours is over by the minute."""
    if one.due_at is not None:
        return now > one.due_at
    return one.due_on is not None and timezone.localdate(now) > one.due_on


def _cursor(after: str) -> tuple[int, int, int] | None:
    """``1.739500.12``; nonsense counts as "from the beginning"."""
    parts = after.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 18 for part in parts):
        return None
    rank, day, pk = map(int, parts)
    return rank, day, pk
