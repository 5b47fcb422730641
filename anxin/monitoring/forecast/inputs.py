"""From what is known of a coming pay day to the numbers a model reads. A missing source stays unknown."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from anxin.monitoring.forecast import sentences
from anxin.monitoring.forecast.money import Row, covered, need_fen

#: less than four fifths by the day is a missed pay day
_MISSED = 0.2
_MONTH = 30


@dataclass(frozen=True)
class Input:
    """One number of the model, made so that a higher one can only make a miss likelier; ``say`` tells it with its values."""

    name: str
    value: Callable[[Row], float | None]
    say: Callable[[Row], str]


def _gap(row: Row, *, overdue: bool) -> float | None:
    share = covered(row, overdue=overdue)
    return None if share is None else max(0.0, 1.0 - share)


def _unhelped(row: Row) -> float:
    """How seldom the contractor has put in money where there was too little; in between while nothing is known."""
    short, kept = row.get("contractor_short_days") or 0, row.get("contractor_short_kept_days") or 0
    return float(1 - (kept + 0.8) / (short + 2))


def _gap_unhelped(row: Row) -> float | None:
    gap = _gap(row, overdue=True)
    return None if gap is None else gap * _unhelped(row)


def _missed_last(row: Row) -> float | None:
    share = row.get("last_late_share")
    return None if share is None else float(share > _MISSED)


def _gap_again(row: Row) -> float | None:
    gap, missed = _gap(row, overdue=True), _missed_last(row)
    return None if gap is None or missed is None else gap * missed


def _scarce(row: Row) -> float | None:
    """Bounded logarithm of how little is covered: half and twice as much weigh alike."""
    share = covered(row)
    return None if share is None else -max(-3.0, min(2.0, math.log(max(share, 1e-3))))


def _likely_short(row: Row) -> float | None:
    """Near 1 where clearly too little will be there, near 0 where enough, in between around the need."""
    share = covered(row, overdue=False)
    return None if share is None else 1 / (1 + math.exp(min(60.0, (share - 0.95) * 8)))


def _habit(row: Row) -> float:
    return float((row.get("late_rich_days") or 0) / ((row.get("pay_days") or 0) + 1))


def _owed(row: Row) -> float:
    """Whether the labour cost of the wage month is due and has not come."""
    days = row.get("month_due_days")
    return float(days is not None and days >= 0 and not row.get("month_paid_fen"))


def _open(row: Row) -> float | None:
    need = need_fen(row)
    return min(3.0, (row.get("open_fen") or 0) / need) if need else None


def _contractor_late(row: Row) -> float | None:
    share = row.get("contractor_late_share")
    return None if share is None else float(share > 0.5)


def _firm(row: Row) -> float | None:
    months = row.get("contractor_insurance_arrears")
    return None if months is None else float(min(6, months))


INPUTS: tuple[Input, ...] = (
    Input("gap", lambda row: _gap(row, overdue=True), sentences.money),
    Input("gap_on_time", lambda row: _gap(row, overdue=False), sentences.money),
    Input("gap_unhelped", _gap_unhelped, sentences.unhelped),
    Input("gap_again", _gap_again, sentences.again),
    Input("scarce", _scarce, sentences.money),
    Input("likely_short", _likely_short, sentences.money),
    Input("missed_last", _missed_last, sentences.last),
    Input("late", lambda row: row.get("late_share"), sentences.late),
    Input("habit", _habit, sentences.habit),
    Input("open", _open, sentences.still_owed),
    Input("owed", _owed, sentences.overdue),
    Input("unpaid", lambda row: float(min(4, row.get("unpaid_periods") or 0)), sentences.unpaid),
    Input("contractor", _contractor_late, sentences.contractor),
    Input("lists", lambda row: float(min(3, row.get("missing_lists") or 0)), sentences.lists),
    Input("firm", _firm, sentences.insurance),
    Input("troubles", lambda row: math.log1p(row.get("contractor_troubles") or 0), sentences.troubles),
    # tells nothing of the site, but the same signs say more when the day is near
    Input("near", lambda row: -row["ahead"] / _MONTH, lambda row: ""),
)


def vector(row: Row) -> list[float | None]:
    """The numbers in the order of ``INPUTS``; ``None`` where the source is missing."""
    return [one.value(row) for one in INPUTS]
