"""What labour cost was due in each period, what arrived, and what is missing. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from anxin.kernel.months import Month, month_range

_WHOLE_BP = 10_000


@dataclass(frozen=True)
class Term:
    """What was agreed from a month on: every so many months by a day, a sum or a share of the progress money."""

    first: Month
    cycle_months: int
    due_day: int
    monthly_fen: int | None = None
    progress_share_bp: int | None = None


@dataclass(frozen=True)
class Arrived:
    """Labour cost that reached the account for a month; ``due_fen`` where the record says what was due."""

    month: Month
    paid_fen: int
    due_fen: int | None = None


@dataclass(frozen=True)
class Period:
    """One period. ``due_fen`` is ``None`` where nobody knows how much was due."""

    month: Month
    due_on: dt.date | None
    due_fen: int | None
    paid_fen: int

    @property
    def gap_fen(self) -> int:
        return max(self.due_fen - self.paid_fen, 0) if self.due_fen is not None else 0


def term_of(terms: Iterable[Term], month: Month, longest: int) -> Term | None:
    """The terms by which something falls due in the month; the later terms hold from their first month on."""
    for term in sorted(terms, key=lambda one: one.first, reverse=True):
        gone = (month.year - term.first.year) * 12 + month.number - term.first.number
        if gone >= 0 and gone % max(min(term.cycle_months, longest), 1) == 0:
            return term
    return None


def due_fen(term: Term | None, progress_fen: int | None, stated_fen: int | None) -> int | None:
    """The sum of a period: the agreed one, else the share of the month's progress, else what a record states."""
    if term is not None and term.monthly_fen is not None:
        return term.monthly_fen
    if term is not None and term.progress_share_bp is not None and progress_fen is not None:
        # half a fen is rounded up, as everywhere
        return (progress_fen * term.progress_share_bp * 2 + _WHOLE_BP) // (2 * _WHOLE_BP)
    return stated_fen


def periods(
    terms: Sequence[Term],
    arrived: Iterable[Arrived],
    progress: Mapping[Month, int],
    *,
    until: Month,
    longest: int,
) -> list[Period]:
    """Every period that has begun to be due by ``until``, and every month for which anything arrived."""
    paid: dict[Month, int] = {}
    stated: dict[Month, int] = {}
    for one in arrived:
        paid[one.month] = paid.get(one.month, 0) + one.paid_fen
        if one.due_fen is not None:
            stated[one.month] = max(stated.get(one.month, 0), one.due_fen)
    months = set(paid)
    if terms:
        first = min(term.first for term in terms)
        months |= {month for month in month_range(first, until) if term_of(terms, month, longest)}
    found = []
    for month in sorted(months):
        term = term_of(terms, month, longest)
        due = due_fen(term, progress.get(month), stated.get(month))
        found.append(Period(month, month.day(term.due_day) if term else None, due, paid.get(month, 0)))
    return found
