"""Clock times of a sheet as passages: in which direction, and on which side of midnight.

Only what the sheet tells is kept; what the passages come to as a day is not this package's business. A departure before
the arrival of the same row lies after midnight. Times of one cell that go over midnight are arrivals and departures in
turn, where they pair up; otherwise times have no direction unless a column or row says it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from anxin.sheets.dates import DateError, parse_date, parse_times
from anxin.sheets.result import ClockTime
from anxin.sheets.texts import is_blank, squeeze
from anxin.sheets.workbook import Cell

IN, OUT = "in", "out"
_IN_WORDS = re.compile(r"进|入|签到|上班|IN\b|IN$|ENTRY|ENTER")
_OUT_WORDS = re.compile(r"出(?!勤)|离|退|下班|OUT|EXIT|LEAVE")


def read_direction(cell: Cell) -> str | None:
    """``in`` or ``out`` for the words of gates, empty for a blank, ``None`` for what is neither or both."""
    if is_blank(cell):
        return ""
    text = squeeze(str(cell)).upper()
    inward, outward = bool(_IN_WORDS.search(text)), bool(_OUT_WORDS.search(text))
    if inward == outward:
        return None
    return IN if inward else OUT


def of_one_cell(times: Sequence[dt.time]) -> tuple[ClockTime, ...]:
    """The times of a cell in the order written."""
    found, later, before = [], 0, dt.time.min
    for time in times:
        later += time < before
        found.append((time, later))
        before = time
    turns = (IN, OUT) if later and len(found) % 2 == 0 else ("", "")
    return tuple(ClockTime(time, turns[place % 2], later) for place, (time, later) in enumerate(found))


def of_pair(arrivals: Iterable[ClockTime], departures: Iterable[ClockTime]) -> tuple[ClockTime, ...]:
    """Arrivals and departures of one day; a single time written twice is one passage without direction."""
    arrivals, departures = list(arrivals), list(departures)
    if len(arrivals) == 1 and departures == arrivals:
        return (arrivals[0]._replace(direction=""),)
    first = min(((one.days_later, one.at) for one in arrivals), default=None)
    return (
        *(one._replace(direction=IN) for one in arrivals),
        *(
            one._replace(direction=OUT, days_later=one.days_later + 1)
            if first and (one.days_later, one.at) < first
            else one._replace(direction=OUT)
            for one in departures
        ),
    )


def of_list_cell(cell: Cell, date: dt.date) -> tuple[ClockTime, ...]:
    """The times of a list's cell; one that carries the next day's or the day before's date keeps it."""
    times = of_one_cell(parse_times(cell))
    own = _date_in(cell)
    shift = (own - date).days if own else 0
    if shift in (-1, 1):
        return tuple(one._replace(days_later=one.days_later + shift) for one in times)
    return times


def _date_in(cell: Cell) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, str) and len(cell) > len("2026-9-1"):
        try:
            return parse_date(cell)
        except DateError:
            return None
    return None
