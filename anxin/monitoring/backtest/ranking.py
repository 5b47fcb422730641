"""The work list of employers on a past day against those that came to owe wages after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from anxin.law import Law
from anxin.monitoring.backtest.intervals import wilson
from anxin.monitoring.backtest.running import FactSource, end_of
from anxin.monitoring.backtest.truth import Failure
from anxin.monitoring.employer_risk import read_standings, score_all, standings, weighed_rules
from anxin.monitoring.engine import evaluate, look
from anxin.monitoring.engines import Engine

#: of employers that fail within so many days after the day somebody should have known
WITHIN = 120


@dataclass(frozen=True)
class Ranked:
    """How many true cases the head of the list holds, beside the share among all employers."""

    employers: int
    failing: int
    top: int
    hits: int

    @property
    def base_rate(self) -> float:
        return self.failing / self.employers if self.employers else 0.0

    @property
    def lift(self) -> float | None:
        """How many times the base rate the head of the list holds."""
        return self.hits / self.top / self.base_rate if self.failing and self.top else None

    def as_json(self) -> dict[str, Any]:
        return {
            "employers": self.employers,
            "failing": self.failing,
            "base_rate": self.base_rate,
            "top": self.top,
            "hits": self.hits,
            "interval": wilson(self.hits, self.top),
            "lift": self.lift,
        }


def rank(
    source: FactSource,
    law: Law,
    day: dt.date,
    failures: Iterable[Failure],
    *,
    top: int = 100,
    elsewhere: Callable[[], Engine] | None = None,
) -> Ranked:
    """Grade every employer as of a day, and count who of the first ones failed within ``WITHIN`` days after it.

    Employers that owed already on the day are neither counted for the list nor for the base: to list them is no art.
    ``elsewhere`` makes the engine to which the facts are moved, as in :func:`~anxin.monitoring.backtest.running.run`.
    """
    facts = source.facts(day, end_of(day))
    try:
        facts = facts.moved_to(elsewhere()) if elsewhere else facts
        found = evaluate(facts, law, day, weighed_rules(law, day))
        known = read_standings(look(facts, law, day, standings).to_pydict())
    finally:
        facts.close()
    scores = score_all(found.findings, known, law, day)
    owing = {one.employer_id for one in failures if one.since <= day}
    coming = {one.employer_id for one in failures if day < one.since <= day + dt.timedelta(days=WITHIN)}
    listed = [score.employer_id for score in scores if score.employer_id not in owing]
    first = listed[:top]
    return Ranked(
        employers=len(listed),
        failing=len(coming & set(listed)),
        top=len(first),
        hits=sum(employer in coming for employer in first),
    )
