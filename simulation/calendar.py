"""Months, days off and pay days, from the published calendar that ships as data with the law."""

from __future__ import annotations

import calendar as solar
import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

_PUBLISHED = Path(__file__).parents[1] / "anxin" / "law" / "data" / "calendar"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month that can be counted on and iterated by day."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def plus(self, months: int) -> Month:
        whole = self.year * 12 + self.number - 1 + months
        return Month(whole // 12, whole % 12 + 1)

    @property
    def length(self) -> int:
        return solar.monthrange(self.year, self.number)[1]

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, self.number, self.length)

    def day(self, number: int) -> dt.date:
        """The day of that number, or the last one where the month is shorter."""
        return dt.date(self.year, self.number, min(number, self.length))

    def days(self) -> np.ndarray:
        """All days as ``datetime64[D]``."""
        return np.arange(np.datetime64(self.first), np.datetime64(self.last) + 1)


def month_of(day: dt.date) -> Month:
    """The month in which the day lies."""
    return Month(day.year, day.month)


@cache
def _marks(year: int) -> dict[dt.date, tuple[str, str]]:
    path = _PUBLISHED / f"{year}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        return {
            dt.date.fromisoformat(row["day"]): (row["kind"], row["festival"]) for row in csv.DictReader(file)
        }


def is_workday(day: dt.date) -> bool:
    """Whether offices and banks work: weekends, days off and make-up days as published."""
    kind, _ = _marks(day.year).get(day, ("", ""))
    return kind == "work" or (kind != "off" and day.weekday() < 5)


def festival(day: dt.date) -> str:
    """The festival for which the day is off, or nothing."""
    kind, name = _marks(day.year).get(day, ("", ""))
    return name if kind == "off" else ""


def workday_on_or_before(day: dt.date) -> dt.date:
    """The day, or the nearest working day before it: wages due on a day off are due before."""
    while not is_workday(day):
        day -= ONE_DAY
    return day


def workday_on_or_after(day: dt.date) -> dt.date:
    """The day, or the nearest working day after it: banks and clerks wait."""
    while not is_workday(day):
        day += ONE_DAY
    return day


def pay_day(month: Month, day_of_month: int, offset: int) -> dt.date:
    """When the wages of ``month`` fall due."""
    return workday_on_or_before(month.plus(offset).day(day_of_month))
