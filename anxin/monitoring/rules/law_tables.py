"""The law on a day, laid out as small tables that rules join: calendar, months, parameters by region.

Working days are joined, never counted in a loop; a value of a region is a span of dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.kernel.months import Month, month_range
from anxin.law import Law

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_FOREVER = dt.date(9999, 12, 31)
#: due days a little after the evaluated day are needed for reminders
_DAYS_AHEAD = 120
_MONTHS_AHEAD = 3
#: no wage month or permit is older; a mistyped year must not make the tables huge
_EARLIEST = dt.date(1995, 1, 1)

_CALENDAR = pa.schema(
    [
        ("day", pa.date32()),
        ("ordinal", pa.int64()),  # days since the year 1, to add natural days by a join
        ("workday", pa.bool_()),
        ("published", pa.bool_()),
        ("workday_number", pa.int64()),  # working days up to and including this day, from the first row on
        ("workday_on_or_before", pa.date32()),
        ("workday_on_or_after", pa.date32()),
    ]
)
_MONTHS = pa.schema(
    [
        ("month", pa.string()),
        ("month_index", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("working_days", pa.int64()),
        ("published", pa.bool_()),
    ]
)
_MONTH_DAYS = pa.schema(
    [
        ("month_index", pa.int64()),
        ("day_number", pa.int64()),  # 1-31; beyond the month's end: its last day
        ("nominal", pa.date32()),
        ("moved_earlier", pa.date32()),  # the last working day on or before
        ("provisional", pa.bool_()),
    ]
)
_PARAMETERS = pa.schema(
    [
        ("key", pa.string()),
        ("region", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),
        ("number", pa.float64()),
        ("unit", pa.string()),
        ("lower_bound", pa.bool_()),  # the nation gives a range and no local value is recorded
        ("source", pa.string()),
    ]
)

NAMES = ("law_calendar", "law_months", "law_month_days", "law_parameters")


@dataclass(frozen=True)
class LawTables:
    """The tables above by name; :func:`put` holds their rows on the engine that holds the facts."""

    calendar: ir.Table
    months: ir.Table
    month_days: ir.Table
    parameters: ir.Table

    @classmethod
    @cache
    def named(cls) -> LawTables:
        """The tables as rules see them."""
        from anxin.monitoring.rules.lazy import ibis

        schemas = (_CALENDAR, _MONTHS, _MONTH_DAYS, _PARAMETERS)
        return cls(
            *(ibis.table(ibis.schema(schema), name=name) for name, schema in zip(NAMES, schemas, strict=True))
        )

    @classmethod
    def build(cls, facts: Facts, law: Law, as_of: dt.date, keys: Iterable[str]) -> LawTables:
        """Tables for the months and regions in the facts, held by their engine. ``keys`` are joined by rules."""
        first, last = _reach(facts, as_of)
        tables = _laid_out(
            law.digest(), _Law(law), first, last, as_of, tuple(sorted(set(keys))), facts.regions
        )
        for name, table in zip(NAMES, tables, strict=True):
            facts.engine.put(name, table)
        return cls.named()


@dataclass(frozen=True)
class _Law:
    """Wraps the law so that it is passed along without being a part of the key: its digest is."""

    law: Law = field(compare=False, hash=False)


@lru_cache(maxsize=8)
def _laid_out(
    digest: str,
    wrapped: _Law,
    first: Month,
    last: Month,
    as_of: dt.date,
    keys: tuple[str, ...],
    regions: tuple[str, ...],
) -> tuple[pa.Table, ...]:
    del digest  # only a part of the key
    law = wrapped.law
    return (
        _calendar(law, first.first_day, as_of + dt.timedelta(days=_DAYS_AHEAD)),
        _months(law, first, last),
        _month_days(law, first, last),
        _parameters(law, keys, regions),
    )


def _reach(facts: Facts, as_of: dt.date) -> tuple[Month, Month]:
    """First and last month that any fact needs."""
    earliest = [as_of]
    if facts.first_month:
        earliest.append(Month.parse(facts.first_month).first_day)
    if facts.first_day:
        earliest.append(facts.first_day)
    # from the beginning of the year: a part of a city then shares the tables of the whole
    first = max(min(earliest), _EARLIEST).replace(month=1, day=1)
    return Month.of(first), Month.of(as_of).plus(_MONTHS_AHEAD)


def _calendar(law: Law, first: dt.date, last: dt.date) -> pa.Table:
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    worked = [law.calendar.presumed_workday(day) for day in days]
    numbers, before, after = [], [], []
    number, previous = 0, law.calendar.previous_workday_on_or_before(first).day
    for day, works in zip(days, worked, strict=True):
        number += works
        previous = day if works else previous
        numbers.append(number)
        before.append(previous)
    following = law.calendar.add_working_days(last, 1).day
    for day, works in zip(reversed(days), reversed(worked), strict=True):
        following = day if works else following
        after.append(following)
    return pa.table(
        {
            "day": days,
            "ordinal": [day.toordinal() for day in days],
            "workday": worked,
            "published": [law.calendar.is_published(day) for day in days],
            "workday_number": numbers,
            "workday_on_or_before": before,
            "workday_on_or_after": after[::-1],
        },
        schema=_CALENDAR,
    )


def month_index(month: Month) -> int:
    """A number that grows by one from month to month."""
    return month.year * 12 + month.number


def _months(law: Law, first: Month, last: Month) -> pa.Table:
    rows = [
        {
            "month": str(month),
            "month_index": month_index(month),
            "first_day": month.first_day,
            "last_day": month.last_day,
            "working_days": sum(law.calendar.presumed_workday(month.day(n + 1)) for n in range(month.days)),
            "published": law.calendar.is_published(month.first_day),
        }
        for month in month_range(first, last)
    ]
    return pa.Table.from_pylist(rows, schema=_MONTHS)


def _month_days(law: Law, first: Month, last: Month) -> pa.Table:
    return pa.Table.from_pylist(
        [_month_day(law, month, number) for month in month_range(first, last) for number in range(1, 32)],
        schema=_MONTH_DAYS,
    )


def _month_day(law: Law, month: Month, number: int) -> dict[str, Any]:
    nominal = month.day(number)
    answer = law.calendar.previous_workday_on_or_before(nominal)
    return {
        "month_index": month_index(month),
        "day_number": number,
        "nominal": nominal,
        "moved_earlier": answer.day,
        "provisional": answer.provisional,
    }


def _parameters(law: Law, keys: Iterable[str], regions: Iterable[str]) -> pa.Table:
    rows = [row for key in keys for region in regions for row in _spans(law, key, region)]
    return pa.Table.from_pylist(rows, schema=_PARAMETERS)


def _spans(law: Law, key: str, region: str) -> Iterator[dict[str, Any]]:
    for span in law.spans(key, region):
        value = span.value.value
        lower_bound = isinstance(value, dict)
        number = value["min"] if lower_bound else value
        yield {
            "key": key,
            "region": region,
            "valid_from": span.from_,
            "valid_until": span.until or _FOREVER,
            "number": float(number),
            "unit": span.value.unit,
            "lower_bound": lower_bound,
            "source": span.value.reference,
        }
