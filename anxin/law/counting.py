"""Arithmetic of periods: from a start day to the last day, by the kinds of day a law counts.

Nothing here knows a statute. A pause is a closed interval of days, none of which is counted.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.law.calendar import WorkCalendar

_ONE_DAY = dt.timedelta(days=1)
#: statutory lengths are at most a few hundred working days; more is a fault in the question
LONGEST_WORKING_DAYS = 5000

Interval = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Counted:
    """The last day of a count, and whether an unpublished year was looked at."""

    day: dt.date
    provisional: bool = False


def working_days(
    calendar: WorkCalendar, start: dt.date, count: int, pauses: Sequence[Interval] = (), *, step: int = 1
) -> Counted:
    """The ``count``-th working day after ``start`` (before it where ``step`` is -1), which is not counted.

    Raises :class:`UnpublishedYear` before the first recorded year.
    """
    day, left, provisional = start, count, False
    while left:
        day += step * _ONE_DAY
        worked = known_workday(calendar, day)
        provisional = provisional or not calendar.is_published(day)
        left -= worked and not is_paused(day, pauses)
    return Counted(day, provisional)


def natural_days(start: dt.date, count: int, pauses: Sequence[Interval] = ()) -> dt.date:
    """The ``count``-th day after ``start``; days inside a pause are not counted."""
    return make_up(start, start + count * _ONE_DAY, pauses)


def months(start: dt.date, count: int) -> dt.date:
    """The day of the same number ``count`` months later (earlier if negative), else the month's last day.

    民法典 art. 202: where the month lacks the corresponding day, its last day ends the period.
    """
    return _corresponding(start, count)[0]


def months_with_start(start: dt.date, count: int) -> dt.date:
    """The last day of ``count`` months of which ``start`` is the first day."""
    day, exact = _corresponding(start, count)
    return day - _ONE_DAY if exact else day


def make_up(start: dt.date, end: dt.date, pauses: Sequence[Interval]) -> dt.date:
    """The end moved later by the paused days between ``start`` (not included) and the new end."""
    lost = sum(
        max(0, (min(last, end) - max(first, start + _ONE_DAY)).days + 1)
        for first, last in pauses
        if last > start and first <= end
    )
    day = end
    while lost:
        day += _ONE_DAY
        lost -= not is_paused(day, pauses)
    return day


def roll_forward(calendar: WorkCalendar, day: dt.date) -> Counted:
    """The day itself if worked, else the first working day after it."""
    provisional = not calendar.is_published(day)
    if known_workday(calendar, day):
        return Counted(day, provisional)
    following = working_days(calendar, day, 1)
    return Counted(following.day, provisional or following.provisional)


def is_paused(day: dt.date, pauses: Sequence[Interval]) -> bool:
    return any(first <= day <= last for first, last in pauses)


def known_workday(calendar: WorkCalendar, day: dt.date) -> bool:
    """Whether the day is worked; presumed in a year not yet published, refused before the first year."""
    if day < calendar.published_from:
        return calendar.is_workday(day)
    return calendar.presumed_workday(day)


def _corresponding(start: dt.date, count: int) -> tuple[dt.date, bool]:
    """The corresponding day, and whether the month has it."""
    index = start.year * 12 + start.month - 1 + count
    year, month = divmod(index, 12)
    last = gregorian.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last)), start.day <= last
