"""What a pay day will ask for and what money there will be, from what is known on a day. Money is fen."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
#: labour cost that has not come for so many days does not come any more
_STOPPED_DAYS = 40
#: where nothing is known of an owner's habits
_USUAL_WAIT = 3
_MONTH = 30


def need_fen(row: Row) -> int | None:
    """What the pay day will ask for: the month's own payroll, else the last bill scaled by attendance.

    Empty before any payroll was delivered.
    """
    if row.get("promised_fen"):
        return int(row["promised_fen"])
    if not row.get("bill_fen"):
        return None
    return round(row["bill_fen"] * _growth(row))


def _growth(row: Row) -> float:
    """Attendance of the present month, as if whole, over that of the month of the last bill; within reason."""
    worked, before = row.get("present_worked"), row.get("bill_worked")
    if not worked or not before or row["present_month"] != row["month"]:
        return 1.0
    year, month = (int(part) for part in row["month"].split("-"))
    whole = calendar.monthrange(year, month)[1]
    as_of: dt.date = row["due"] - dt.timedelta(days=row["ahead"])
    passed = min(whole, (as_of - row["month_first"]).days + 1)
    if passed < 10:
        return 1.0
    return float(min(2.0, max(0.3, worked * whole / passed / before)))


def keeps_word(row: Row) -> float | None:
    """Share of the agreed labour cost of the last months that has arrived."""
    owed = row.get("owed_fen")
    return None if not owed else min(1.0, (row.get("disbursed_fen") or 0) / owed)


def expected_fen(row: Row) -> int:
    """What people are told to count on until the pay day: the agreed sums, as far as the owner has kept word so far."""
    word = keeps_word(row)
    return round((row.get("expected_fen") or 0) * (1.0 if word is None else word))


def free_fen(row: Row) -> int | None:
    """The balance without what earlier pay days still ask for."""
    if row.get("balance_fen") is None:
        return None
    return int(row["balance_fen"]) - int(row.get("open_fen") or 0)


def to_come_fen(row: Row) -> float:
    """Labour cost that will fall due before the pay day, weighed by whether the owner's habit leaves it the time."""
    one, wait = _one_period(row), _wait(row)
    sum_ = 0.0
    for number in range(int(row.get("expected_times") or 0)):
        left_days = (row.get("expected_slack") or 0) - _MONTH * number
        sum_ += one * (1.0 if left_days > wait + 1 else 0.3 if left_days >= 0 else 0.0) * _goes_on(row)
    return sum_


def overdue_fen(row: Row) -> float:
    """Labour cost of the wage month that is overdue, weighed by how late this owner usually is."""
    days = row.get("month_due_days")
    if days is None or days < 0 or row.get("month_paid_fen"):
        return 0.0
    likely = 0.8 if days < _wait(row) + 8 else 0.4 if days < 25 else 0.2
    return _one_period(row) * (likely if _goes_on(row) == 1.0 else _goes_on(row))


def _one_period(row: Row) -> float:
    """What one period brings: as the last one, else the usual, else what is agreed."""
    return float(row.get("last_period_fen") or row.get("usual_fen") or row.get("expected_fen") or 0)


def _wait(row: Row) -> float:
    """Days after the agreed one on which money comes from this owner."""
    if row.get("wait_days") is None:
        return _USUAL_WAIT
    return max(0.0, row["wait_days"], row.get("last_wait_days") or 0.0)


def _goes_on(row: Row) -> float:
    return 0.1 if (row.get("unpaid_days_most") or 0) > _STOPPED_DAYS else 1.0


def covered(row: Row, *, overdue: bool = True) -> float | None:
    """The balance and what is to come over the need; 1 means enough. ``overdue``: with what should have come already."""
    need, free = need_fen(row), free_fen(row)
    if not need or free is None:
        return None
    return max(0.0, free + to_come_fen(row) + (overdue_fen(row) if overdue else 0.0)) / need
