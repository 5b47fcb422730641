"""How likely an employer is to stop paying, and how much harm that would do.

Pure arithmetic over what the rules about employers found; every number that decides is a dated parameter.

    inability = 1 - product over rules of (1 - weight of the rule's grade)      chance that wages cannot be paid
    harm      = people x months x inability                                      person-months of wages at risk

Signs of different rules are taken as independent witnesses, so two mild ones weigh more than one and never more than
certainty. W18 counts the same signs again and is left out. People are those insured, or those who were there before
a sudden loss; months are the months already owed to the social insurance, at least one: who stops paying
contributions stops paying wages soon after.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anxin.monitoring.rules import RULES
from anxin.monitoring.rules.employers.months import FRESH, insurance, number, staff, utilities
from anxin.monitoring.rules.framework import SEVERITY, Finding, Rule, RuleContext

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.law import Law

#: percent of inability that one grade of one rule stands for
WEIGHTS = "employer_risk.weights"
#: inability in percent from which an employer is graded
GRADES = "employer_risk.grades"
#: counts the other rules again
COMBINED = "W18"
_MOST_MONTHS = 12
_REASONS = 3
#: sources in the order in which they are named; each with the column that says how long ago it spoke
SOURCES = ("social", "unemployment", "water", "power")


@dataclass(frozen=True)
class Standing:
    """What is known of one employer beside its signs."""

    employer_id: int
    #: insured people by the latest fresh word; ``None``: unknown
    insured: int | None
    #: sources that said nothing lately: unknown, never normal
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """One employer graded. ``level`` 0 is no sign at all, 1 blue to 4 red."""

    employer_id: int
    level: int
    people: int | None
    months: int
    #: percent
    inability: int
    #: person-months at risk, times 100
    harm: int
    #: the strongest findings, the strongest first
    reasons: tuple[Finding, ...]
    unknown: tuple[str, ...]


def standings(facts: Any, ctx: RuleContext) -> ir.Table:
    """``employer_id, insured, social, unemployment, water, power``: people, and 1 where a source has spoken lately."""
    fresh = number(ctx, FRESH)
    table = facts.employers.select("employer_id")
    people, used = insurance(facts, ctx), utilities(facts, ctx)
    spoke = people.select(
        "employer_id",
        social=(people.insured_at <= fresh).cast("int64"),
        unemployment=(people.claims_at <= fresh).cast("int64"),
    )
    metered = used.select(
        "employer_id",
        water=(used.water_m3_at <= fresh).cast("int64"),
        power=(used.power_kwh_at <= fresh).cast("int64"),
    )
    for other in (staff(facts, ctx), spoke, metered):
        joined = table.left_join(other, "employer_id")
        table = joined.drop(*[name for name in joined.columns if name.endswith("_right")])
    return table


def read_standings(rows: Mapping[str, list[Any]]) -> list[Standing]:
    """The rows of :func:`standings`, as columns."""
    spoken = list(zip(*(rows[name] for name in SOURCES), strict=True))
    return [
        Standing(employer, people, tuple(name for name, said in zip(SOURCES, told, strict=True) if not said))
        for employer, people, told in zip(rows["employer_id"], rows["insured"], spoken, strict=True)
    ]


def weighed_rules(law: Law, as_of: dt.date) -> list[Rule]:
    """The rules that a grade is made of: those about employers that the law gives a weight on the day.

    What is too common to warn of may still tell employers apart: a table ``employer_risk.e01`` goes before the
    rule's own.
    """
    weights = law.value(WEIGHTS, on=as_of).value
    known = set(law.keys())
    weighed = [rule for rule in RULES.values() if rule.subject == "employer" and rule.code in weights]
    return [
        replace(rule, grading=own) if (own := f"employer_risk.{rule.code.lower()}") in known else rule
        for rule in weighed
    ]


def score_all(
    findings: Iterable[Finding], known: Iterable[Standing], law: Law, as_of: dt.date
) -> list[Score]:
    """Every employer graded, the greatest expected harm first."""
    weights: Mapping[str, Mapping[str, int]] = law.value(WEIGHTS, on=as_of).value
    steps = law.value(GRADES, on=as_of).value
    signs: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.rule != COMBINED:
            signs[finding.subject_id].append(finding)
    scores = [_score(one, signs.get(one.employer_id, ()), weights, steps) for one in known]
    return sorted(scores, key=lambda score: (-score.harm, score.employer_id))


def _score(
    known: Standing,
    signs: Iterable[Finding],
    weights: Mapping[str, Mapping[str, int]],
    steps: Iterable[Mapping[str, Any]],
) -> Score:
    found = sorted(signs, key=lambda sign: (-_weight(sign, weights), sign.rule))
    if not found:
        return Score(known.employer_id, 0, known.insured, 0, 0, 0, (), known.unknown)
    solvent = 1.0
    for sign in found:
        solvent *= 1 - _weight(sign, weights) / 100
    inability = round((1 - solvent) * 100)
    people, months = _people(known, found), _months(found)
    level = next(
        (SEVERITY[step["level"]] for step in steps if inability >= step["when"]["inability"]["min"]), 0
    )
    return Score(
        known.employer_id,
        level,
        people,
        months,
        inability,
        (people or 1) * months * inability,
        tuple(found[:_REASONS]),
        known.unknown,
    )


def _weight(sign: Finding, weights: Mapping[str, Mapping[str, int]]) -> int:
    return weights[sign.rule][sign.level]


def _people(known: Standing, signs: Iterable[Finding]) -> int | None:
    """Those insured now; after a sudden loss those who were there before it, because they are owed as well."""
    lost = [sign.measures["concerned"] or 0 for sign in signs if sign.rule == "E02"]
    counted = [people for people in (known.insured, *lost) if people is not None]
    return max(counted, default=None)


def _months(signs: Iterable[Finding]) -> int:
    owed = [sign.measures["arrears_months"] for sign in signs if sign.rule == "E01"]
    return min(max([1, *owed]), _MOST_MONTHS)
