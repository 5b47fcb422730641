"""Working days as the State Council publishes them, make-up days included.

Only published years are known. For any other day the calendar says *unknown*, or answers provisionally
and marks the answer: weekends and the public holidays with a fixed solar date are presumed days off.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from anxin.law.errors import DataError, UnpublishedYear

_ONE_DAY = dt.timedelta(days=1)
#: public holidays with a fixed solar date, off in every year (全国年节及纪念日放假办法 art. 2)
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
#: the longest run of days off is nine; a search beyond this is a fault in the data
_LONGEST_SEARCH = 30


class DayKind(Enum):
    """What the published calendar says about a day."""

    WORKDAY = "工作日"
    MAKE_UP = "调休上班"
    WEEKEND = "周末"
    HOLIDAY = "放假"
    UNKNOWN = "尚未公布"


@dataclass(frozen=True)
class DatedAnswer:
    """A day that was worked out, and whether an unpublished year was involved."""

    day: dt.date
    provisional: bool


class WorkCalendar:
    """Published days off and make-up working days, by year."""

    def __init__(
        self,
        marks: Mapping[dt.date, tuple[str, str]],
        years: frozenset[int],
        notices: Mapping[int, str] | None = None,
    ) -> None:
        self._marks = marks
        self.years = years
        self._notices = notices or {}
        self._consecutive = _consecutive(years)

    def with_years(self, years: Mapping[int, Mapping[str, Any]]) -> WorkCalendar:
        """The calendar with more years: ``{year: {"notice": str, "days": [(day, kind, festival)]}}``."""
        if not years:
            return self
        marks = {day: mark for day, mark in self._marks.items() if day.year not in years}
        for content in years.values():
            marks.update({day: (kind, festival) for day, kind, festival in content["days"]})
        notices = {**self._notices, **{year: content["notice"] for year, content in years.items()}}
        return WorkCalendar(marks, self.years | frozenset(years), notices)

    @property
    def published_from(self) -> dt.date:
        return dt.date(min(self._consecutive), 1, 1)

    @property
    def published_through(self) -> dt.date:
        """Last day of the last published year without a missing year before it."""
        return dt.date(max(self._consecutive), 12, 31)

    def is_published(self, day: dt.date) -> bool:
        return day.year in self.years

    def kind(self, day: dt.date) -> DayKind:
        """What kind of day it is; :attr:`DayKind.UNKNOWN` in an unpublished year."""
        if day.year not in self.years:
            return DayKind.UNKNOWN
        mark = self._marks.get(day)
        if mark:
            return DayKind.HOLIDAY if mark[0] == "off" else DayKind.MAKE_UP
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY

    def festival(self, day: dt.date) -> str:
        """Name of the festival whose arrangement covers the day, or an empty text."""
        mark = self._marks.get(day)
        return mark[1] if mark else ""

    def notice(self, year: int) -> str:
        """Number of the State Council notice for the year, or an empty text where it is not recorded."""
        return self._notices.get(year, "")

    def is_workday(self, day: dt.date) -> bool:
        """Whether the day is a working day. Raises :class:`UnpublishedYear` where nobody knows yet."""
        kind = self.kind(day)
        if kind is DayKind.UNKNOWN:
            if day < self.published_from:
                raise UnpublishedYear(
                    f"日历自{self.published_from.year}年起收录，{day}是否为工作日没有依据，请人工核对。"
                )
            raise UnpublishedYear(
                f"{day.year}年的放假安排没有收录（已收录至{self.published_through.year}年），"
                "是否为工作日未知；国务院公布后请导入该年日历。"
            )
        return kind in (DayKind.WORKDAY, DayKind.MAKE_UP)

    def presumed_workday(self, day: dt.date) -> bool:
        """The published answer, else the provisional one: neither weekend nor fixed public holiday."""
        if self.is_published(day):
            return self.is_workday(day)
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED

    def previous_workday_on_or_before(self, day: dt.date) -> DatedAnswer:
        """The day itself if worked, else the last working day before it."""
        provisional = False
        for _ in range(_LONGEST_SEARCH):
            provisional = provisional or not self.is_published(day)
            if self.presumed_workday(day):
                return DatedAnswer(day, provisional)
            day -= _ONE_DAY
        raise DataError(f"{day} 前后连续{_LONGEST_SEARCH}天没有工作日，请检查日历数据。")

    def add_working_days(self, start: dt.date, count: int) -> DatedAnswer:
        """The ``count``-th working day after ``start``, which itself is not counted.

        ``count`` 0 is the start day. A negative count goes backwards.
        """
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        day, left, provisional = start, abs(count), False
        while left:
            day += step
            provisional = provisional or not self.is_published(day)
            left -= self.presumed_workday(day)
        return DatedAnswer(day, provisional)


def _consecutive(years: frozenset[int]) -> list[int]:
    """The first unbroken run of years."""
    run = [min(years)]
    while run[-1] + 1 in years:
        run.append(run[-1] + 1)
    return run


def read_calendar(*folders: Path, notices: Mapping[int, str] | None = None) -> WorkCalendar:
    """Calendar from ``YYYY.csv`` files (day, kind off|work, festival); a later folder replaces a year.

    Raises :class:`DataError` naming file and line.
    """
    files = {int(path.stem): path for folder in folders for path in sorted(folder.glob("[0-9]*.csv"))}
    if not files:
        raise DataError("没有找到任何年度日历文件（形如 2026.csv）。")
    marks: dict[dt.date, tuple[str, str]] = {}
    for year, path in files.items():
        with path.open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), start=2):
                day = _day(row, year, f"{path.name} 第{number}行")
                marks[day] = (row["kind"], row.get("festival") or "")
    return WorkCalendar(marks, frozenset(files), notices)


def _day(row: dict[str, str], year: int, where: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(row["day"])
    except (KeyError, ValueError):
        raise DataError(f"{where}：日期不对，应形如 {year}-10-01。") from None
    if day.year != year or row.get("kind") not in ("off", "work"):
        raise DataError(f"{where}：日期须在{year}年内，kind 须为 off 或 work。")
    return day
