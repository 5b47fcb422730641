"""A finding in pieces that a page, a file or a command can show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anxin.law import Law, LawError
from anxin.monitoring.rules.framework import (
    FAMILY_NAMES,
    LEVEL_NAMES,
    RESPONSIBLE_NAMES,
    Article,
    Finding,
    Gap,
    Level,
    Rule,
    Threshold,
)
from anxin.monitoring.rules.grading import act_within
from anxin.monitoring.rules.pack import RULES


def explain(
    finding: Finding,
    law: Law,
    *,
    subject_name: str,
    rule: Rule | None = None,
    region: str = "",
    opened_on: dt.date | None = None,
    gaps: tuple[Gap, ...] = (),
) -> dict[str, Any]:
    """Everything that explains a finding, as JSON-able pieces; dates as text, money in fen.

    ``opened_on`` is the day the warning was first given (default: the finding's day), from which the
    time to act runs. ``gaps`` are all gaps of the run; those of this subject and period are shown.
    ``rule`` is only for a rule that is not in the pack.
    """
    rule = rule or RULES[finding.rule]
    return {
        "rule": rule.code,
        "title": rule.title,
        "family": rule.family,
        "family_name": FAMILY_NAMES[rule.family],
        "level": finding.level,
        "level_name": LEVEL_NAMES[finding.level],
        "severity": finding.severity,
        "subject": subject_name,
        "period": finding.month,
        "as_of": finding.as_of.isoformat(),
        "people": finding.people,
        "amount_fen": finding.amount_fen,
        "days": finding.days,
        "days_unit": rule.days_unit,
        "due": _plain(finding.due),
        "measures": {name: _plain(value) for name, value in finding.measures.items()},
        "threshold": _threshold(finding.threshold),
        "parameters": [_parameter(law, key, rule.law_day(finding), region) for key in rule.parameters],
        "articles": [_article(law, article) for article in rule.articles],
        "sentence": rule.sentence(finding, subject_name),
        "missing": [
            gap.missing
            for gap in gaps
            if gap.subject_id == finding.subject_id and gap.month in ("", finding.month)
        ],
        "responsible": rule.responsible,
        "responsible_name": RESPONSIBLE_NAMES[rule.responsible],
        "act_by": _act_by(law, finding.level, opened_on or finding.as_of, region),
        "clears": rule.clears,
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    """The row of the grading table that was reached, with what was measured."""
    return {
        "key": threshold.key,
        "words": threshold.words,
        "conditions": [
            {**condition, "measured": _plain(condition["measured"])} for condition in threshold.conditions
        ],
        "since": threshold.since.isoformat(),
        "kind": threshold.kind,
        "confidence": threshold.confidence,
    }


def _article(law: Law, article: Article) -> dict[str, Any]:
    statute = law.statute(article.statute)
    return {
        "title": statute.title,
        "number": statute.number,
        "article": article.article,
        "paragraph": article.paragraph,
        "citation": law.cite(article.statute, article.article, article.paragraph),
    }


def _act_by(law: Law, level: Level, opened_on: dt.date, region: str) -> dict[str, Any]:
    """Until when somebody must act on a warning of this level, and how that day was reached."""
    within = act_within(law, level, opened_on, region)
    return {
        "by": within.by.isoformat(),
        "provisional": within.provisional,
        "steps": [
            {"what": step.what, "by": step.by.isoformat(), "words": step.words} for step in within.steps
        ],
        "reference": within.reference,
        "confidence": within.confidence,
    }


def _parameter(law: Law, key: str, day: dt.date, region: str) -> dict[str, Any]:
    """The value in force, or why there is none."""
    try:
        value = law.value(key, on=day, region=region)
    except LawError as problem:
        return {"key": key, "name": law.parameter(key).name, "value": None, "missing": str(problem)}
    return {
        "key": key,
        "name": value.name,
        "value": value.value,
        "unit": value.unit,
        "since": value.from_.isoformat(),
        "kind": value.kind,
        "reference": value.reference,
        "confidence": value.confidence,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
