"""Coming pay days as they looked on past days, and how they ended, from any source of facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from anxin.law import Law
from anxin.monitoring.backtest.running import FactSource, Progress, end_of
from anxin.monitoring.engine import look
from anxin.monitoring.forecast import features, outcomes
from anxin.monitoring.forecast.rolling import Ended, PayDay, Sample


@dataclass
class Collected:
    """What a model learns from."""

    samples: list[Sample] = field(default_factory=list)
    ended: dict[PayDay, Ended] = field(default_factory=dict)


def collect(
    source: FactSource,
    law: Law,
    days: Sequence[dt.date],
    *,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Collected:
    """Look at every day with what was known on it. The first day on which an end is seen is when it was known."""
    collected = Collected()
    for number, day in enumerate(days, start=1):
        facts = source.facts(day, end_of(day))
        try:
            seen = look(facts, law, day, features.coming).to_pylist()
            done = look(facts, law, day, outcomes.ended).to_pylist()
        finally:
            facts.close()
        collected.samples += [Sample(row["project_id"], row["month"], day, row["due"], row) for row in seen]
        for row in done:
            collected.ended.setdefault((row["project_id"], row["month"]), Ended(row["missed"], day))
        tell(Progress(day, number, len(days), len(seen)))
    return collected
