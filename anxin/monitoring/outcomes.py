"""From the engine's findings to what a sweep writes: sentences, explanations, rows, times to act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from anxin.law import Law
from anxin.monitoring.diffing import Difference, Measure
from anxin.monitoring.reach import Reach, Subject
from anxin.monitoring.rows_export import unnamed
from anxin.registry.models import Employer, Project

if TYPE_CHECKING:
    from anxin.monitoring.engine import Evaluation
    from anxin.monitoring.rules.framework import Finding, Gap

#: (rule, kind of gap) → rules whose earlier breaches cannot be judged while these data are missing. Other
#: gaps stand beside a judgement and do not prevent one: a provisional pay day, receipts not yet delivered.
HOLDS: dict[tuple[str, str], frozenset[str]] = {
    ("W03", "pay_day_unknown"): frozenset({"W03", "P01"}),
    ("W01", "terms_missing"): frozenset({"W01", "W02"}),
    ("W02", "amount_missing"): frozenset({"W02"}),
    ("W04", "unidentified_lines"): frozenset({"W04"}),
    ("P02", "attendance_missing"): frozenset({"P02", "W04"}),
    ("W05", "minimum_unknown"): frozenset({"W05"}),
    ("W05", "calendar_unpublished"): frozenset({"W05"}),
    ("W06", "contract_day_unknown"): frozenset({"W06"}),
    ("W09", "contracts_unknown"): frozenset({"W09"}),
    ("W09", "roster_missing"): frozenset({"W09"}),
    ("W10", "days_unknown"): frozenset({"W10"}),
    ("W11", "never_checked"): frozenset({"W11"}),
    ("W12", "balance_unknown"): frozenset({"W12"}),
    ("W19", "nothing_said"): frozenset({"W19"}),
    ("G01", "attendance_missing"): frozenset({"G01"}),
    ("G05", "nothing_said"): frozenset({"G05"}),
    ("G06", "unidentified_lines"): frozenset({"G06"}),
    ("W07", "contract_unknown"): frozenset({"W07"}),
    ("W07", "permit_unknown"): frozenset({"W07"}),
    ("W07", "waiver_unconfirmed"): frozenset({"W07"}),
}


@dataclass(frozen=True)
class Within:
    """The day by which it is to be dealt with, and the steps in words for the page."""

    day: dt.date
    provisional: bool
    words: dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One breach as this sweep found it, ready to be written."""

    fingerprint: str
    rule: str
    family: str
    advice: bool
    subject: Subject
    month: str
    measure: Measure
    days: int | None
    sentence: str
    #: all but ``act_by``, which depends on the day the warning was given
    explanation: dict[str, Any]
    #: columns of ``WarningRow``
    rows: Callable[[], list[dict[str, Any]]]
    #: from the day from which the time runs
    act_by: Callable[[dt.date], Within]


@dataclass(frozen=True)
class Missing:
    """One thing that could not be judged."""

    fingerprint: str
    rule: str
    subject: Subject
    month: str
    missing: str
    #: rules whose earlier breaches of the same subject and month stay open while this is missing
    holds: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What the rules gave, before anything is compared or written."""

    engine: str
    rules: list[str]
    facts: int
    parameters_hash: str
    seen: dict[str, Seen]
    gaps: dict[str, Missing]


def outcome(evaluation: Evaluation, law: Law, reach: Reach) -> Outcome:
    """Everything that a sweep needs of an evaluation; one query each for names and regions of projects and
    employers.

    Employers that were only shown because others are linked with them are not judged: half of what is known
    about them was not read.
    """
    findings = [one for one in evaluation.findings if reach.covers(_subject(one.rule, one.subject_id))]
    names = _names(findings)
    seen = (
        _seen(finding, evaluation, law, names[_subject(finding.rule, finding.subject_id)])
        for finding in findings
    )
    return Outcome(
        engine=evaluation.engine,
        rules=list(evaluation.rules),
        facts=evaluation.facts_count,
        parameters_hash=evaluation.law_digest,
        seen={item.fingerprint: item for item in seen},
        gaps={
            gap.fingerprint: _missing(gap)
            for gap in evaluation.gaps
            if reach.covers(_subject(gap.rule, gap.subject_id))
        },
    )


def _subject(rule: str, subject_id: int) -> Subject:
    from anxin.monitoring.rules import RULES

    if RULES[rule].subject == "employer":
        return Subject(None, subject_id)
    return Subject(subject_id, None)


def _names(findings: Iterable[Finding]) -> dict[Subject, tuple[str, str]]:
    """Name and region of every subject; in chunks, because a city has more employers than a query has places."""
    subjects = {_subject(finding.rule, finding.subject_id) for finding in findings}
    projects = [subject.project_id for subject in subjects if subject.project_id is not None]
    employers = [subject.employer_id for subject in subjects if subject.employer_id is not None]
    found: dict[Subject, tuple[str, str]] = {}
    for start in range(0, len(projects), _CHUNK):
        rows = Project.objects.filter(pk__in=projects[start : start + _CHUNK])
        for pk, name, region in rows.values_list("pk", "name", "region_id"):
            found[Subject(pk, None)] = (name, region)
    for start in range(0, len(employers), _CHUNK):
        firms = Employer.objects.filter(pk__in=employers[start : start + _CHUNK])
        for pk, name, place in firms.values_list("pk", "name", "region_id"):
            found[Subject(None, pk)] = (name, place or "")
    return found


_CHUNK = 5_000


def _seen(finding: Finding, evaluation: Evaluation, law: Law, subject: tuple[str, str]) -> Seen:
    from anxin.monitoring.rules import RULES, act_within, explain

    rule = RULES[finding.rule]
    name, region = subject
    explanation = explain(finding, law, rule=rule, subject_name=name, region=region)
    grading = law.value(finding.threshold.key, on=finding.as_of, region=region)
    explanation["threshold"] |= {"name": grading.name, "reference": grading.reference}

    def act_by(opened_on: dt.date) -> Within:
        within = act_within(law, finding.level, opened_on, region)
        steps = [
            {"what": step.what, "date": step.by.isoformat(), "words": step.words} for step in within.steps
        ]
        words = {
            "from": opened_on.isoformat(),
            "level": finding.level,
            "steps": steps,
            "reference": within.reference,
            "confidence": within.confidence,
        }
        return Within(within.by, within.provisional, words)

    kept = {key: value for key, value in explanation.items() if key in _KEPT}
    return Seen(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        family=rule.family,
        advice=rule.advice,
        subject=_subject(finding.rule, finding.subject_id),
        month=finding.month,
        measure=Measure(finding.severity, finding.people, finding.amount_fen),
        days=finding.days,
        sentence=explanation["sentence"],
        explanation=kept,
        rows=partial(_rows, evaluation, finding),
        act_by=act_by,
    )


#: what of a finding's explanation the warning keeps; the rest are columns of the warning
_KEPT = frozenset(
    {
        "title",
        "threshold",
        "parameters",
        "articles",
        "measures",
        "due",
        "days_unit",
        "responsible",
        "responsible_name",
        "clears",
    }
)


def _rows(evaluation: Evaluation, finding: Finding) -> list[dict[str, Any]]:
    return [
        {
            "worker_key": row["worker_key"] or "",
            "amount_fen": row["amount_fen"],
            "days": row["days"],
            "keys": row["keys"],
            "detail": {name: _plain(value) for name, value in row["detail"].items()} | _besides(row),
        }
        for row in evaluation.rows_of(finding)
    ]


def _besides(row: dict[str, Any]) -> dict[str, Any]:
    """What has no column of its own: the due day, and what tells people of no known worker apart."""
    told = {"due": row["due"].isoformat()} if row["due"] else {}
    if row["person"] and row["person"] != row["worker_key"]:
        told["person"] = unnamed(row["person"])
    return told


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _missing(gap: Gap) -> Missing:
    return Missing(
        fingerprint=gap.fingerprint,
        rule=gap.rule,
        subject=_subject(gap.rule, gap.subject_id),
        month=gap.month,
        missing=gap.missing,
        holds=HOLDS.get((gap.rule, gap.kind), frozenset()),
    )


def report(result: Outcome, difference: Difference, limit: int) -> dict[str, Any]:
    """What a rehearsal would have kept, for reading."""
    findings = [
        {
            "fingerprint": seen.fingerprint,
            "rule": seen.rule,
            "project": seen.subject.project_id,
            "employer": seen.subject.employer_id,
            "month": seen.month,
            "level": seen.measure.level,
            "people": seen.measure.people,
            "amount_fen": seen.measure.amount_fen,
            "days": seen.days,
            "sentence": seen.sentence,
            "change": difference.changes[seen.fingerprint].value,
        }
        for seen in list(result.seen.values())[:limit]
    ]
    gaps = [
        {
            "rule": gap.rule,
            "project": gap.subject.project_id,
            "employer": gap.subject.employer_id,
            "month": gap.month,
            "missing": gap.missing,
        }
        for gap in list(result.gaps.values())[:limit]
    ]
    return {"findings": findings, "gaps": gaps}
