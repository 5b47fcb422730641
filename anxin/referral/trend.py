"""Month by month: what came in, what was struck off, what was still open at its end, and how long it took.

A month that is over stays as it was: what was struck off in it and opened again later counts in it all the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.models import Clue
from anxin.kernel.months import Month
from anxin.referral import fates
from anxin.referral.counting import moments, percentile
from anxin.referral.models import Closing
from anxin.referral.owed import RULE, claimed

#: what each column counts, as shown beside the figures and in the workbook
DEFINITIONS = (
    ("收到", f"当月收到的欠薪线索条数；{fates.RULE}；{RULE}"),
    ("销号", "当月销号、到月末（本月到截止日）没有重新打开的条数，不论哪个月收到"),
    ("月末未销号", "到月末（本月到截止日）已经收到、还没有销号的条数"),
    ("办结用时中位数", "“销号”一栏的那些线索从收到到销号的自然日，最近名次法"),
)


@dataclass(frozen=True)
class MonthFigures:
    """One month up to ``until``, its last day or the day of the question."""

    month: Month
    until: dt.date
    came: int
    settled: int
    open: int
    #: days; ``None`` where nothing was struck off
    median: int | None


def trend(user: User, *, as_of: dt.date, months: int = 12, region: str = "") -> list[MonthFigures]:
    """The last ``months`` months up to ``as_of``, the oldest first, of what this person sees; four queries."""
    end = moments(as_of, as_of)[1]
    clues = visible_clues(user).filter(claimed(end), received_at__lt=end)
    if region:
        clues = clues.filter(region__code__startswith=region)
    days = clues.order_by().annotate(day=TruncDate("received_at")).values("day").annotate(number=Count("pk"))
    came = [(one["day"], one["number"]) for one in days]
    closed = [
        (
            timezone.localdate(received),
            timezone.localdate(done),
            timezone.localdate(undone) if undone is not None else None,
        )
        for received, done, undone in _closings(clues.order_by())
    ]
    shown = [Month.of(as_of).plus(-back) for back in reversed(range(months))]
    return [_figures(month, min(month.last_day, as_of), came, closed) for month in shown]


def _closings(found: QuerySet[Clue]) -> Iterator[tuple[dt.datetime, dt.datetime, dt.datetime | None]]:
    """``(received, closed, opened again)`` of each clue: its own closings, or those of the one it was merged into."""
    clues, told = found.annotate(fate=fates.fate()), ("closed_at", "reopened_at")
    own = Closing.objects.filter(clue__in=clues.filter(fate=F("pk")).values("pk")).order_by()
    yield from own.values_list("clue__received_at", *told)
    merged = clues.exclude(fate=F("pk"))
    of_lead: dict[int, list[tuple[dt.datetime, dt.datetime | None]]] = defaultdict(list)
    for lead, done, undone in (
        Closing.objects.filter(clue__in=merged.values("fate")).order_by().values_list("clue", *told)
    ):
        of_lead[lead].append((done, undone))
    if of_lead:
        for received, lead in merged.values_list("received_at", "fate"):
            yield from ((received, done, undone) for done, undone in of_lead[lead] if done >= received)


def _figures(
    month: Month,
    until: dt.date,
    came: Iterable[tuple[dt.date, int]],
    closed: Iterable[tuple[dt.date, dt.date, dt.date | None]],
) -> MonthFigures:
    standing = [
        (received, done)
        for received, done, undone in closed
        if done <= until and (undone is None or undone > until)
    ]
    spent = sorted((done - received).days for received, done in standing if done >= month.first_day)
    came = list(came)
    return MonthFigures(
        month=month,
        until=until,
        came=sum(number for day, number in came if month.first_day <= day <= until),
        settled=len(spent),
        open=sum(number for day, number in came if day <= until) - len(standing),
        median=percentile(spent, 50),
    )
