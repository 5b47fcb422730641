"""Due dates for a whole column of start days, by joining the law laid out as small tables.

The same answer as :meth:`anxin.law.Law.deadline` without pauses, extensions and restarts, for any number of
rows in one query: working days by the number of the working day, natural days, months and years by date
arithmetic with a look-up where the law rolls over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.law import BadQuestion, Law, Value, WorkCalendar
from anxin.monitoring.rules.lazy import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.law.counting_rules import Counting

_ONE_DAY = dt.timedelta(days=1)
_NO_LENGTH = "“{}”不是可以计算到期日的期限，请核对键名。"
_FOREVER = dt.date(9999, 12, 31)
#: working days are laid out by number, with room for the weekends and holidays among them
_DAYS_PER_WORKING_DAY = 2
#: the longest run of days off that a roll may have to cross, and then some
_ROOM = 40

_RULES = pa.schema(
    [
        ("rule_key", pa.string()),
        ("rule_region", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),
        ("counts", pa.string()),  # working, natural or month
        ("length", pa.int64()),  # days or months, negative where counted backwards
        ("start_counted", pa.bool_()),
        ("rolls", pa.bool_()),
        ("shortest", pa.bool_()),  # a shortest period: the next step from the day after
    ]
)
_CALENDAR = pa.schema(
    [
        ("day", pa.date32()),
        ("worked", pa.int64()),  # 1 or 0
        ("number", pa.int64()),  # working days up to and including this day
        ("unknown", pa.int64()),  # days of unpublished years up to and including this day
        ("published", pa.bool_()),
        ("rolled", pa.date32()),  # the day itself if worked, else the first working day after it
        ("rolled_unknown", pa.bool_()),  # whether an unpublished day was looked at in rolling
    ]
)


@dataclass(frozen=True)
class DueRules:
    """How the asked periods are counted in the asked regions, and the calendar to count them on."""

    rules: ir.Table
    calendar: ir.Table

    @classmethod
    def lay_out(
        cls,
        law: Law,
        keys: Iterable[str],
        regions: Iterable[str] = ("",),
        *,
        until: dt.date,
        part: str = "",
    ) -> DueRules:
        """Rules of ``keys`` in ``regions`` for start days through ``until``.

        ``part`` chooses among several lengths of one provision. Raises
        :class:`~anxin.law.UnknownKey`, and :class:`~anxin.law.BadQuestion` for what is no length of time.
        """
        places = sorted(set(regions))
        rows = [row for key in sorted(set(keys)) for place in places for row in _rules(law, key, place, part)]
        # to the end of the year, so that one calendar serves every day of it
        last = dt.date(until.year, 12, 31) + dt.timedelta(
            days=max((_reach(row) for row in rows), default=0) + _ROOM
        )
        return cls(
            rules=ibis.memtable(pa.Table.from_pylist(rows, schema=_RULES)),
            calendar=ibis.memtable(_calendar(law.calendar, last)),
        )


def due_dates(
    starts: ir.Table,
    column: str,
    rules: DueRules,
    *,
    key: str | ir.StringValue,
    region: str | ir.StringValue = "",
) -> ir.Table:
    """``starts`` with ``due``, ``nominal``, ``act_from`` and ``provisional`` for the start day in ``column``.

    ``key`` and ``region`` are one value for all rows or a column of ``starts``. ``due`` is null where the law
    gives no answer (:meth:`Law.deadline` would refuse) and where the start lies beyond the laid-out calendar.
    ``column`` holds dates; periods in hours run from the beginning of the day.
    """
    given = {"rule_key": key, "rule_region": region}
    varying = {name: value for name, value in given.items() if not isinstance(value, str)}
    fixed = {name: value for name, value in given.items() if isinstance(value, str)}
    asked = starts.mutate(_start=starts[column], **{f"_{name}": value for name, value in varying.items()})
    # few days are asked many times: each question is worked out once and joined back
    questions = asked.select("_start", *(f"_{name}" for name in varying)).distinct()
    laid_out = rules.rules
    for name, value in fixed.items():
        laid_out = laid_out.filter(laid_out[name] == value)
    answers = _with_due(
        _with_number(_with_rule(questions, laid_out, varying), rules.calendar), rules.calendar
    ).rename({f"answer{name}": name for name in questions.columns})
    answered = asked.left_join(
        answers, [asked[name] == answers[f"answer{name}"] for name in questions.columns]
    )
    return answered.select(*starts.columns, "due", "nominal", "act_from", "provisional")


def _with_rule(asked: ir.Table, rules: ir.Table, varying: Iterable[str]) -> ir.Table:
    """Each question with the rule in force on its start day."""
    return asked.left_join(
        rules,
        [
            asked._start >= rules.valid_from,
            asked._start <= rules.valid_until,
            *(asked[f"_{name}"] == rules[name] for name in varying),
        ],
    )


def _with_number(ruled: ir.Table, calendar: ir.Table) -> ir.Table:
    """Each question with the number of the working day that it seeks, or with the natural day that it reaches."""
    at = calendar.select(
        at="day", at_number="number", at_worked="worked", at_unknown="unknown", at_published="published"
    )
    row = ruled.left_join(at, [ruled._start == at.at])
    backward = row.length < 0
    # working days before the start day itself, where it counts or where the way leads backwards from it
    aside = backward | row.start_counted
    number = row.at_number - ibis.ifelse(aside, row.at_worked, 0)
    sought = number + row.length + ibis.ifelse(backward, 1, 0)
    known = row.at_unknown - ibis.ifelse(aside & ~row.at_published, 1, 0)
    return row.mutate(
        _number=ibis.ifelse(row.counts == "working", sought, ibis.null("int64")),
        _known=known,
        _reached=_reached(row),
    )


def _reached(row: ir.Table) -> ir.DateValue:
    """Last day of a natural length of time, before any rolling."""
    first = ibis.ifelse(row.start_counted, 1, 0)
    by_days = row._start + (row.length - first).as_interval("D")
    corresponding = (row._start + row.length.as_interval("M")).cast("date")
    exact = corresponding.day() == row._start.day()
    by_months = corresponding - ibis.ifelse(exact, first, 0).as_interval("D")
    return ibis.cases(
        (row.counts == "natural", by_days.cast("date")),
        (row.counts == "month", by_months.cast("date")),
        else_=ibis.null("date"),
    )


def _with_due(row: ir.Table, calendar: ir.Table) -> ir.Table:
    """The questions with their answers."""
    asked = [name for name in ("_start", "_rule_key", "_rule_region") if name in row.columns]
    worked = calendar.filter(calendar.worked == 1).select(
        w_number="number", w_day="day", w_unknown="unknown", w_published="published"
    )
    rolled = calendar.select(r_day="day", rolled="rolled", rolled_unknown="rolled_unknown")
    row = row.left_join(worked, [row._number == worked.w_number])
    row = row.left_join(rolled, [row.rolls & (row._reached == rolled.r_day)])
    working = row.counts == "working"
    through = row.w_unknown - ibis.ifelse((row.length < 0) & ~row.w_published, 1, 0)
    due = ibis.ifelse(working, row.w_day, ibis.ifelse(row.rolls, row.rolled, row._reached))
    provisional = ibis.ifelse(working, through != row._known, row.rolls & row.rolled_unknown)
    nominal = ibis.ifelse(working, row.w_day, row._reached)
    following = (due + ibis.interval(days=1)).cast("date")
    return row.select(
        *asked,
        due=due,
        nominal=ibis.ifelse(due.isnull(), ibis.null("date"), nominal),
        act_from=ibis.ifelse(row.shortest, following, ibis.null("date")),
        provisional=ibis.ifelse(due.isnull(), ibis.null("boolean"), provisional),
    )


def _rules(law: Law, key: str, region: str, part: str) -> Iterator[dict[str, Any]]:
    """One row per span of dates in which the period is counted in one way."""
    for span in law.spans(key, region):
        counting = span.value.counting
        if counting is None or counting.bound == "range":
            raise BadQuestion(_NO_LENGTH.format(span.value.name))
        counts, length = _counted(counting.measure, counting.day_type, _length(span.value, part))
        yield {
            "rule_key": key,
            "rule_region": region,
            "valid_from": span.from_,
            "valid_until": span.until or _FOREVER,
            "counts": counts,
            "length": -length if counting.backward else length,
            "start_counted": counting.start_day_counted and length > 0 and _by_days(counting),
            "rolls": counting.rolls and length > 0 and not counting.backward,
            "shortest": counting.bound == "min" and not counting.backward,
        }


def _length(value: Value, part: str) -> int:
    """The one length, or that of the part asked for."""
    content = value.value
    if isinstance(content, dict):
        if not _is_length(content.get(part)):
            names = "、".join(name for name, number in content.items() if _is_length(number))
            raise BadQuestion(f"“{value.name}”分几种情形，请指明其中一种：{names}。")
        content = content[part]
    if not _is_length(content):
        raise BadQuestion(_NO_LENGTH.format(value.name))
    return int(content)


def _is_length(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _by_days(counting: Counting) -> bool:
    """Whether the first day can be counted in: not in hours, and not where the way leads backwards."""
    return counting.measure != "hour" and not counting.backward


def _counted(measure: str, day_type: str, length: int) -> tuple[str, int]:
    """How it is counted on the tables, and how many of those. Hours run from the beginning of the day."""
    if measure in ("month", "year"):
        return "month", length * (12 if measure == "year" else 1)
    if measure == "hour":
        return "natural", length // 24
    return day_type, length


def _reach(row: dict[str, Any]) -> int:
    """Natural days that a period may take at most."""
    per = {"working": _DAYS_PER_WORKING_DAY, "natural": 1, "month": 31}[row["counts"]]
    return max(row["length"], 0) * per if row["counts"] == "working" or row["rolls"] else 0


def _calendar(calendar: WorkCalendar, last: dt.date) -> pa.Table:
    """From the day before the first published one: a start there is not counted, so it may be asked for."""
    first = calendar.published_from - _ONE_DAY
    days = [first + n * _ONE_DAY for n in range((last - first).days + 1)]
    worked = [0, *(int(calendar.presumed_workday(day)) for day in days[1:])]
    published = [True, *(calendar.is_published(day) for day in days[1:])]
    rolled: list[dt.date | None] = []
    unknown: list[bool] = []
    following, doubtful = None, False
    for day, works, known in zip(reversed(days), reversed(worked), reversed(published), strict=True):
        following = day if works else following
        doubtful = not known or (doubtful and not works)
        rolled.append(following)
        unknown.append(doubtful)
    return pa.table(
        {
            "day": days,
            "worked": worked,
            "number": list(accumulate(worked)),
            "unknown": list(accumulate(int(not known) for known in published)),
            "published": published,
            "rolled": [None, *rolled[::-1][1:]],
            "rolled_unknown": unknown[::-1],
        },
        schema=_CALENDAR,
    )
