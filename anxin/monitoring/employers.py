"""Grading employers: all of them by month, or one again after something arrived about it."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.evidence import bulk, journal
from anxin.evidence.journal import SYSTEM, Actor
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import employer_risk, snapshot
from anxin.monitoring.models import EmployerGrade
from anxin.monitoring.rules import RULES, SEVERITY
from anxin.monitoring.rules.framework import Finding

_COLUMNS = (
    "employer_id",
    "region_code",
    "level",
    "people",
    "months",
    "inability",
    "harm",
    "reasons",
    "unknown",
)


@dataclass(frozen=True)
class Graded:
    """What one grading did."""

    month: str
    employers: int
    #: level → how many
    by_level: dict[int, int]
    findings: int
    #: rule code → why it could not run
    skipped: dict[str, str]
    seconds: float


def grade_employers(
    *,
    as_of: dt.date,
    now: dt.datetime,
    actor: Actor = SYSTEM,
    employer_ids: Sequence[int] | None = None,
) -> Graded:
    """Grade every employer (or these) as of a day and keep the grades of that day's month.

    Raises :class:`~anxin.kernel.refusal.Refused` for a day that has not come, and where no employer is registered.
    """
    if as_of > timezone.localdate(now):
        raise Refused("评级日期不能晚于今天，请改为今天或更早的日期。", field="as_of")
    started = time.perf_counter()
    scores, regions, findings, skipped = _scores(as_of, now, employer_ids)
    if not scores:
        raise Refused("还没有登记任何用人单位，请先导入用人单位登记。")
    rows = [_row(score, regions) for score in scores]
    month = f"{as_of:%Y-%m}"
    by_level = {level: sum(score.level == level for score in scores) for level in range(5)}
    with transaction.atomic():
        _replace(month, rows, employer_ids, as_of, now)
        if employer_ids is None:
            journal.record(
                actor=actor,
                action="monitoring.employers_graded",
                object_type="employer_grades",
                object_id=month,
                summary=f"评定{month}用人单位风险：共{len(rows)}家，红色{by_level[4]}家，橙色{by_level[3]}家",
                now=now,
                after={"as_of": as_of.isoformat(), "employers": len(rows), "by_level": by_level},
            )
    return Graded(month, len(rows), by_level, findings, skipped, time.perf_counter() - started)


def _scores(
    as_of: dt.date, known_at: dt.datetime, employer_ids: Sequence[int] | None
) -> tuple[list[employer_risk.Score], dict[int, str], int, dict[str, str]]:
    from anxin.monitoring import engine  # brings DuckDB, which a web process should not pay for
    from anxin.monitoring.rules.facts import Facts

    law = local_law.current(known_at=known_at)
    tables = snapshot.take(as_of=as_of, known_at=known_at, project_ids=(), employer_ids=employer_ids)
    facts = Facts.from_arrow(tables, regions=snapshot.regions())
    try:
        evaluation = engine.evaluate(facts, law, as_of, employer_risk.weighed_rules(law, as_of))
        known = employer_risk.read_standings(
            engine.look(facts, law, as_of, employer_risk.standings).to_pydict()
        )
        regions = dict(facts.regions_of("employer"))
    finally:
        facts.close()
    if employer_ids is not None:  # those they are linked with were only looked at
        wanted = set(employer_ids)
        known = [one for one in known if one.employer_id in wanted]
    scores = employer_risk.score_all(evaluation.findings, known, law, as_of)
    return scores, regions, len(evaluation.findings), dict(evaluation.skipped)


def _row(score: employer_risk.Score, regions: dict[int, str]) -> tuple[object, ...]:
    reasons = json.dumps([_reason(sign) for sign in score.reasons], ensure_ascii=False)
    return (
        score.employer_id,
        regions.get(score.employer_id, ""),
        score.level,
        score.people,
        score.months,
        score.inability,
        score.harm,
        reasons if score.reasons else "",
        ",".join(score.unknown),
    )


def _reason(sign: Finding) -> tuple[str, int, str]:
    """The rule's own sentence without the name with which it begins."""
    return sign.rule, SEVERITY[sign.level], RULES[sign.rule].sentence(sign, "").lstrip("： ")


def _replace(
    month: str,
    rows: Sequence[tuple[object, ...]],
    only: Sequence[int] | None,
    as_of: dt.date,
    now: dt.datetime,
) -> None:
    old = EmployerGrade.objects.filter(month=month)
    if only is not None:
        old = old.filter(employer__in=only)
    old._raw_delete(old.db)  # type: ignore[attr-defined]  # nothing points at a grade: no row need be read first
    constants = {"month": month, "as_of": as_of, "graded_at": now}
    bulk.insert(EmployerGrade, _COLUMNS, rows, constants=constants)
