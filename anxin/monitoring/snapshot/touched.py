"""Which months of a table can differ from those of an earlier snapshot, told by the marks that facts carry.

A fact is never edited: it arrives (``recorded_at``) and is replaced (``superseded_at``); punches carry when they came,
when a file withdrew them and when their person was found. The day alone changes a table where rows are shown once their
day has come, or for the last months only. What is told here may be too much and never too little; tables that are not
named here, such as payments, whose rows move from month to month, are read whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import DateField, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from anxin.evidence.models import Recorded
from anxin.funds.models import AccountBalance
from anxin.kernel.months import Month, month_range
from anxin.monitoring.snapshot.gates import moments_looked_at
from anxin.monitoring.snapshot.signals import MONTHS_BACK
from anxin.monitoring.snapshot.view import View
from anxin.payroll.models import PayrollLine
from anxin.signals.models import CardFlow, InsuranceMonth, UtilityMonth
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Punch

#: a delivery bears the moment at which its taking in began, and may have ended after the earlier snapshot was read
_OVERLAP = dt.timedelta(days=1)


@dataclass(frozen=True)
class Months:
    """Of one table: months that must be read, and the first one that it shows."""

    read: frozenset[str]
    first: str = ""


def months_of(name: str, before: View, now: View) -> Months | None:
    """What of a table can differ between two views of everything under the same law; ``None``: all of it."""
    forward = before.known_at <= now.known_at and before.as_of <= now.as_of
    return _TABLES[name](before, now) if name in _TABLES and forward else None


def _payroll_lines(before: View, _now: View) -> Months:
    return Months(frozenset(_wage_months(PayrollLine, "month", before)))


def _attendance(before: View, now: View) -> Months:
    marked = {*_day_months(AttendanceDay, "day", before), *_wage_months(AttendanceMonth, "month", before)}
    return Months(frozenset(marked | _came(before, now)))


def _account_balances(before: View, now: View) -> Months:
    return Months(frozenset({*_day_months(AccountBalance, "on", before), *_came(before, now)}))


def _employer_months(before: View, now: View) -> Months:
    marked = {
        month for kind in (InsuranceMonth, UtilityMonth) for month in _wage_months(kind, "month", before)
    }
    return Months(frozenset(marked | _came(before, now)), str(Month.of(now.as_of).plus(-MONTHS_BACK)))


def _moments(rows: Callable[[View], QuerySet[CardFlow] | QuerySet[Punch]], before: View, now: View) -> Months:
    """Tables that show the last months by the day: the first of them loses its days one by one."""
    zone = timezone.get_default_timezone()
    days = rows(before).annotate(on=TruncDate("at", tzinfo=zone, output_field=DateField()))
    marked = {f"{day:%Y-%m}" for (day,) in days.values_list("on").distinct().order_by()}
    first = f"{moments_looked_at(now, zone)[0].astimezone(zone):%Y-%m}"
    return Months(frozenset(marked | _came(before, now) | {first}), first)


def _card_flows(before: View) -> QuerySet[CardFlow]:
    return CardFlow.objects.filter(_marked(before))


def _punches(before: View) -> QuerySet[Punch]:
    since = before.known_at - _OVERLAP
    return Punch.objects.filter(
        Q(batch__received_at__gt=since)
        | Q(batch__derived_at__isnull=True)  # a person was found for some of them, or they are new
        | Q(batch__derived_at__gt=since)
        | Q(claim__decided_at__gt=since)
        | Q(withdrawn_at__gt=since)
    )


def _marked(before: View) -> Q:
    since = before.known_at - _OVERLAP
    return Q(recorded_at__gt=since) | Q(superseded_at__gt=since)


def _wage_months(kind: type[Recorded], column: str, before: View) -> Iterator[str]:
    found = kind._default_manager.filter(_marked(before)).values_list(column).distinct().order_by()
    return (month for (month,) in found)


def _day_months(kind: type[Recorded], column: str, before: View) -> Iterator[str]:
    return (f"{day:%Y-%m}" for day in _wage_months(kind, column, before))


def _came(before: View, now: View) -> frozenset[str]:
    """Months with days that had not come then."""
    if before.as_of == now.as_of:
        return frozenset()
    return frozenset(map(str, month_range(Month.of(before.as_of), Month.of(now.as_of))))


_TABLES: dict[str, Callable[[View, View], Months]] = {
    "payroll_lines": _payroll_lines,
    "attendance": _attendance,
    "account_balances": _account_balances,
    "employer_months": _employer_months,
    "card_flows": partial(_moments, _card_flows),
    "punch_days": partial(_moments, _punches),
}
