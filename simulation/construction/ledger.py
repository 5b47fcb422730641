"""Words of the accounts: what waits, what has been booked, and how money that does not suffice is shared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from simulation.calendar import workday_on_or_after

IN, OUT = 0, 1
Day = np.datetime64


@dataclass
class Waiting:
    """Wages of one month of a site that have not been paid: rows, what is left, their numbers in the truth."""

    month: int
    row: np.ndarray
    rest: np.ndarray
    number: np.ndarray  # -1 for people who do not exist


@dataclass
class Booked:
    """What the bank will report of a month: entries of the accounts, and payments to cards."""

    entries: list[tuple[int, Day, int, int, str, str, str, str, int]] = field(default_factory=list)
    payments: list[tuple[int, int, np.ndarray, np.ndarray, Day, int, int]] = field(default_factory=list)


def banking(day: Day) -> Day:
    """The day, or the next one on which banks work."""
    date = day.item()
    assert isinstance(date, dt.date)
    return Day(workday_on_or_after(date))


def share_out(owed: np.ndarray, balance: int, whole: bool, draw: float) -> np.ndarray:
    """What each is paid of ``owed``: all of it, or as far as the balance goes: down the list, or everybody a part."""
    total = int(owed.sum())
    if balance >= total:
        return owed.copy()
    if whole:
        # Down the list, beginning somewhere: whose turn it is differs from month to month.
        start = int(draw * len(owed))
        order = np.r_[np.arange(start, len(owed)), np.arange(start)]
        paid = np.zeros_like(owed)
        paid[order] = np.where(np.cumsum(owed[order]) <= balance, owed[order], 0)
        return paid
    return owed * (balance * 1000 // total) // 100_000 * 100
