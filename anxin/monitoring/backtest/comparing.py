"""Two runs over the same days side by side: what would appear, what would vanish, and whose work it would be."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from anxin.monitoring.backtest.episodes import Episode, Episodes
from anxin.monitoring.backtest.scoring import score_all
from anxin.monitoring.backtest.truth import Truth
from anxin.monitoring.rules.framework import Rule

#: examples kept of each kind; the numbers are whole
EXAMPLES = 200
DISTRICT = 6


def report(
    after: Episodes,
    rules: Mapping[str, Rule],
    truth: Truth | None,
    *,
    first: dt.date,
    last: dt.date,
    before: Episodes | None = None,
    organisations: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """Everything a page shows of a back-test, as JSON-able pieces.

    ``before`` is the run without the changed numbers; ``organisations`` gives the body that answers for a project.
    """
    told: dict[str, Any] = {
        "scores": _scores(after, rules, truth, first, last),
        "districts": _districts(after, rules, truth, first, last),
        "workload": _workload(after, organisations or {}),
    }
    if before is not None:
        told |= {
            "scores_before": _scores(before, rules, truth, first, last),
            "workload_before": _workload(before, organisations or {}),
            "appeared": _examples(_only(after, before)),
            "vanished": _examples(_only(before, after)),
            "changed": _changed(before, after),
        }
    return told


def _scores(
    episodes: Episodes, rules: Mapping[str, Rule], truth: Truth | None, first: dt.date, last: dt.date
) -> list[dict[str, Any]]:
    return [score.as_json() for score in score_all(episodes, rules, truth, first=first, last=last)]


def _districts(
    episodes: Episodes, rules: Mapping[str, Rule], truth: Truth | None, first: dt.date, last: dt.date
) -> dict[str, list[dict[str, Any]]]:
    """Scores of each district. Recall is told for the whole only: what was missed has no warning to place it by."""
    parts: dict[str, Episodes] = defaultdict(Episodes)
    for episode in episodes:
        parts[episode.region[:DISTRICT]].take(episode)
    return {region: _scores(part, rules, truth, first, last) for region, part in sorted(parts.items())}


def _workload(episodes: Iterable[Episode], organisations: Mapping[int, str]) -> list[dict[str, Any]]:
    """Warnings and red warnings a body would have had; signs of forgery are looked into by the bureau itself."""
    warnings: Counter[str] = Counter()
    red: Counter[str] = Counter()
    for episode in episodes:
        body = organisations.get(episode.subject_id, "") if episode.subject == "project" else ""
        warnings[body] += 1
        red[body] += episode.first_red is not None
    return [
        {"organisation": body, "warnings": count, "red": red[body]} for body, count in warnings.most_common()
    ]


def _only(these: Episodes, others: Episodes) -> list[Episode]:
    return [episode for key, episode in these.items() if others.get(key) is None]


def _examples(episodes: list[Episode]) -> dict[str, Any]:
    shown = sorted(episodes, key=lambda one: (-one.severity, one.first, one.rule, one.subject_id))[:EXAMPLES]
    return {
        "count": len(episodes),
        "examples": [
            {
                "rule": one.rule,
                "subject": one.subject,
                "subject_id": one.subject_id,
                "month": one.month,
                "severity": one.severity,
                "first": one.first.isoformat(),
                "people": one.people,
                "amount_fen": one.amount_fen,
            }
            for one in shown
        ],
    }


def _changed(before: Episodes, after: Episodes) -> dict[str, int]:
    """Warnings that stay, and are graded higher or lower, or given earlier or later."""
    counts = {"higher": 0, "lower": 0, "earlier": 0, "later": 0}
    for key, then in before.items():
        now = after.get(key)
        if now is None:
            continue
        counts["higher"] += now.severity > then.severity
        counts["lower"] += now.severity < then.severity
        counts["earlier"] += now.first < then.first
        counts["later"] += now.first > then.first
    return counts
