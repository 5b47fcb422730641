"""The rule book as a person reads it: every rule with its stage, since when, and how many warnings it has open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.law import Law, LawError, Value
from anxin.monitoring import stages
from anxin.monitoring.access import visible_warnings, within_subjects
from anxin.monitoring.models import RuleStage, ShadowWarning, Warning
from anxin.monitoring.sections import ADVICE, SECTIONS

if TYPE_CHECKING:
    from anxin.monitoring.rules.framework import Rule

SUBJECTS = {"project": "项目", "employer": "单位"}


@dataclass(frozen=True)
class RuleRow:
    """One rule in the list. ``open`` and ``shadow`` count what this person may see."""

    rule: Rule
    section: str
    subject: str
    stage: str
    stage_title: str
    #: from which day it is in this stage; ``None`` where it shipped so
    since: dt.date | None
    open: int
    shadow: int

    @property
    def section_title(self) -> str:
        return SECTIONS[self.section]


def rule_rows(user: User, *, on: dt.date, now: dt.datetime) -> list[RuleRow]:
    """All rules in the order of the pack; four queries however many."""
    from anxin.monitoring.rules import RULES

    standing = stages.of_rules(RULES, on=on, known_at=now)
    since = dict(
        RuleStage.objects.filter(answer="confirmed", from_day__lte=on)
        .order_by("from_day", "answered_at", "pk")
        .values_list("rule", "from_day")
    )
    waiting = visible_warnings(user).exclude(state=Warning.State.CLEARED).order_by()
    found = dict(waiting.values_list("rule").annotate(number=Count("pk")))
    trial = ShadowWarning.objects.filter(within_subjects(user, VIEW), closed_on__isnull=True)
    shadow = dict(trial.values_list("rule").annotate(number=Count("pk")))
    return [
        RuleRow(
            rule=rule,
            section=ADVICE if rule.advice else rule.family,
            subject=SUBJECTS[rule.subject],
            stage=standing[code],
            stage_title=RuleStage.Stage(standing[code]).label,
            since=since.get(code),
            open=found.get(code, 0),
            shadow=shadow.get(code, 0),
        )
        for code, rule in RULES.items()
    ]


def rule_row(user: User, code: str, *, on: dt.date, now: dt.datetime) -> RuleRow | None:
    """One of :func:`rule_rows`, or ``None`` where there is no such rule."""
    return next((row for row in rule_rows(user, on=on, now=now) if row.rule.code == code), None)


def rule_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Title of each part with its rules as (code, title), for a form."""
    from anxin.monitoring.rules import RULES

    found: dict[str, list[tuple[str, str]]] = {key: [] for key in SECTIONS}
    for code, rule in RULES.items():
        found[ADVICE if rule.advice else rule.family].append((code, rule.title))
    return [(SECTIONS[key], rules) for key, rules in found.items() if rules]


@dataclass(frozen=True)
class Grades:
    """The grading table as in force from a day in a place; ``steps`` from the gravest to the mildest."""

    since: dt.date
    place: str
    reference: str
    confidence: str
    steps: Sequence[tuple[str, str]]


def grades(rule: Rule, law: Law) -> list[Grades]:
    """Every table that is or was in force, the newest first."""
    from anxin.monitoring.rules import LEVEL_NAMES

    def one(value: Value) -> Grades:
        steps = [(LEVEL_NAMES[step["level"]], step["words"]) for step in value.value]
        return Grades(value.from_, value.region_name or "全国", value.reference, value.confidence, steps)

    return [
        one(value)
        for value in sorted(law.timeline(rule.grading), key=lambda value: value.from_, reverse=True)
    ]


def articles(rule: Rule, law: Law) -> list[str]:
    """What it rests on, as citations."""
    return [law.cite(one.statute, one.article, one.paragraph) for one in rule.articles]


def parameters(rule: Rule, law: Law, on: dt.date) -> list[tuple[str, str, Value | None]]:
    """Key, name and value on a day of what enters the measurement; ``None`` where nothing is in force."""
    found: list[tuple[str, str, Value | None]] = []
    for key in (rule.grading, *rule.parameters):
        try:
            value: Value | None = law.value(key, on=on)
        except LawError:
            value = None
        found.append((key, law.parameter(key).name, value))
    return found
