"""Working days, from the days off and days worked that an export tells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Weekends are off, except days of ``worked``; ``off`` are holidays on other days."""

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()

    def works(self, day: dt.date) -> bool:
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def between(self, earlier: dt.date, later: dt.date) -> int:
        """Working days after ``earlier`` up to ``later``; negative where ``later`` comes first."""
        if later < earlier:
            return -self.between(later, earlier)
        days = (earlier + dt.timedelta(days=n) for n in range(1, (later - earlier).days + 1))
        return sum(self.works(day) for day in days)

    def on_or_before(self, day: dt.date) -> dt.date:
        while not self.works(day):
            day -= dt.timedelta(days=1)
        return day

    def on_or_after(self, day: dt.date) -> dt.date:
        while not self.works(day):
            day += dt.timedelta(days=1)
        return day

    def after(self, day: dt.date, number: int) -> dt.date:
        """The ``number``-th working day after a day."""
        while number:
            day += dt.timedelta(days=1)
            number -= self.works(day)
        return day

    def in_month(self, month: str) -> int:
        """Working days of ``YYYY-MM``."""
        day = dt.date.fromisoformat(f"{month}-01")
        count = 0
        while day.isoformat()[:7] == month:
            count += self.works(day)
            day += dt.timedelta(days=1)
        return count
