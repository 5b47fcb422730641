"""The rules on every day of a past period, with what was known on that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from anxin.law import Law
from anxin.monitoring.backtest.episodes import Episodes
from anxin.monitoring.engine import Evaluation, evaluate
from anxin.monitoring.engines import Engine
from anxin.monitoring.rules.facts import Facts
from anxin.monitoring.rules.framework import Finding, Rule

#: days between two looks at what changes daily
WEEK = 7


class FactSource(Protocol):
    """Facts of any past day: a folder of deliveries, or the records of a bureau."""

    def facts(self, as_of: dt.date, known_at: dt.datetime) -> Facts:
        """The facts of a day, with what had arrived by a moment. The caller closes them."""
        ...


@dataclass(frozen=True)
class Progress:
    """One evaluated day, told while the run goes on."""

    day: dt.date
    done: int
    of: int
    findings: int


def days_between(first: dt.date, last: dt.date, every: int = WEEK) -> list[dt.date]:
    """The days to look at, from the first on; the last one always."""
    count = (last - first).days // every + 1
    days = [first + dt.timedelta(days=every * number) for number in range(count)]
    return days if days[-1] == last else [*days, last]


def run(
    source: FactSource,
    law: Law | Callable[[dt.datetime], Law],
    rules: Mapping[str, Rule],
    days: Sequence[dt.date],
    *,
    tell: Callable[[Progress], None] = lambda _: None,
    elsewhere: Callable[[], Engine] | None = None,
    see: Callable[[Evaluation, Facts, Law], None] = lambda _found, _facts, _law: None,
) -> Episodes:
    """Evaluate every day and fold what was found into episodes. ``see`` is shown each day while its facts are open.

    Rules over what comes in once a month (employers, signs of forgery) run on the month's last looked-at day.
    A rule whose grading is not in force on a day finds nothing on it. ``elsewhere`` makes the engine to which the facts
    of each day are moved; else they are judged where they are.
    """
    episodes = Episodes()
    monthly = frozenset(monthly_days(days))
    for number, day in enumerate(days, start=1):
        known_at = end_of(day)
        lawful = law if isinstance(law, Law) else law(known_at)
        facts = source.facts(day, known_at)
        try:
            facts = facts.moved_to(elsewhere()) if elsewhere else facts
            found = evaluate(
                facts, lawful, day, [one for one in rules.values() if day in monthly or _daily(one)]
            )
            _fold(found, rules, facts, day, episodes)
            see(found, facts, lawful)
        finally:
            facts.close()
        tell(Progress(day, number, len(days), len(found.findings)))
    return episodes


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in local time: what arrived on a day is known by its end."""
    return dt.datetime.combine(day, dt.time.max).astimezone()


def monthly_days(days: Sequence[dt.date]) -> list[dt.date]:
    """The last looked-at day of each month."""
    following = [*days[1:], None]
    return [
        day for day, after in zip(days, following, strict=True) if after is None or after.month != day.month
    ]


def _daily(rule: Rule) -> bool:
    return rule.subject == "project" and not rule.advice


def _fold(
    found: Evaluation, rules: Mapping[str, Rule], facts: Facts, day: dt.date, episodes: Episodes
) -> None:
    for finding in found.findings:
        rule = rules[finding.rule]
        region = facts.regions_of(rule.subject).get(finding.subject_id, "")
        episodes.add(finding, rule, day, region, _workers(found, finding) if rule.advice else ())


def _workers(found: Evaluation, finding: Finding) -> Iterable[str]:
    return {row["worker_key"] for row in found.rows_of(finding) if row["worker_key"]}
