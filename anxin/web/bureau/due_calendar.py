"""The days of a due date drawn as months: where it starts, what is counted, what is passed over, where it ends."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.law import DayKind, Deadline, Law, Pause, WorkCalendar

#: more months than this are drawn as the first and the last ones
MOST_MONTHS = 6
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """One day. ``marks``: start, due, counted, paused, rest, make-up, unknown; ``said`` reads it aloud."""

    day: dt.date
    marks: str
    said: str


@dataclass(frozen=True)
class DrawnMonth:
    """A month as weeks from Monday, ``None`` outside the month. ``skipped``: months left out before it."""

    title: str
    weeks: tuple[tuple[Cell | None, ...], ...]
    skipped: int


def drawn(
    law: Law, deadline: Deadline, pauses: Sequence[Pause] = (), *, start_word: str = ""
) -> list[DrawnMonth]:
    """The months from the start to the due day. ``start_word`` names the start where it is no 起算日."""
    start = deadline.start.date() if isinstance(deadline.start, dt.datetime) else deadline.start
    first, last = min(start, deadline.due_day), max(start, deadline.due_day)
    months = _months(first, last)
    kept = months if len(months) <= MOST_MONTHS else [*months[:2], *months[-2:]]
    word = start_word or ("事件之日" if deadline.backward else "起算日")
    painter = _Painter(law.calendar, deadline, start, pauses, word)
    result = []
    for index, (year, month) in enumerate(kept):
        skipped = len(months) - len(kept) if index == 2 and len(kept) < len(months) else 0
        result.append(painter.month(year, month, skipped))
    return result


def _months(first: dt.date, last: dt.date) -> list[tuple[int, int]]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return [((start + n) // 12, (start + n) % 12 + 1) for n in range(count)]


class _Painter:
    def __init__(
        self,
        calendar: WorkCalendar,
        deadline: Deadline,
        start: dt.date,
        pauses: Sequence[Pause],
        start_word: str,
    ) -> None:
        self.calendar = calendar
        self.deadline = deadline
        self.start = start
        self.pauses = pauses
        self.start_word = start_word
        # Days of a count that was begun anew do not belong to it.
        restarts = [step.on for step in deadline.steps if step.kind == "restart" and step.on]
        self.counts_from = max(restarts, default=start)

    def month(self, year: int, month: int, skipped: int) -> DrawnMonth:
        weeks = [
            tuple(self.cell(dt.date(year, month, number)) if number else None for number in week)
            for week in gregorian.Calendar().monthdayscalendar(year, month)
        ]
        return DrawnMonth(f"{year}年{month}月", tuple(weeks), skipped)

    def cell(self, day: dt.date) -> Cell:
        marks, said = [], []
        kind = self.calendar.kind(day)
        if day == self.start:
            marks.append("start")
            said.append(self.start_word)
        if self.is_counted(day):
            marks.append("counted")
            said.append("计入")
        if self.is_paused(day):
            marks.append("paused")
            said.append("中止")
        if self.is_rest(day, kind):
            marks.append("rest")
            said.append(self.calendar.festival(day) or ("周末" if day.weekday() >= 5 else "法定节假日"))
        if kind is DayKind.MAKE_UP:
            marks.append("makeup")
            said.append("调休上班")
        if day == self.deadline.due_day:
            marks.append("last")
            said.append("到期日" if self.deadline.bound == "max" else "期满日")
        return Cell(day, " ".join(f"day-{mark}" for mark in marks), "，".join(said))

    def is_rest(self, day: dt.date, kind: DayKind) -> bool:
        if kind is not DayKind.UNKNOWN:
            return kind in (DayKind.WEEKEND, DayKind.HOLIDAY)
        # Before the first recorded year nothing is known of holidays; after the last they are presumed.
        return day.weekday() >= 5 or (
            day >= self.calendar.published_from and not self.calendar.presumed_workday(day)
        )

    def is_counted(self, day: dt.date) -> bool:
        low, high = self.counts_from, self.deadline.nominal
        inside = self.deadline.due_day <= day < self.start if self.deadline.backward else low < day <= high
        if not inside or self.is_paused(day):
            return False
        return self.deadline.day_type != "working" or self.calendar.presumed_workday(day)

    def is_paused(self, day: dt.date) -> bool:
        return any(pause.first <= day <= pause.last for pause in self.pauses)
