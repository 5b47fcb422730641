"""Fixing what a project owes as a wage deposit: the computation of that day is kept with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from anxin.evidence.journal import Actor
from anxin.funds.deposit_amount import DepositFacts, deposit_amount
from anxin.funds.models import DepositAssessment
from anxin.funds.recording import save
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.law import LawError
from anxin.local_law.queries import current
from anxin.registry.models import Project


def assess_deposit(
    project: Project,
    facts: DepositFacts,
    *,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    number: str = "",
) -> DepositAssessment:
    """Work the amount out by the law of ``facts.on`` and fix it; the one before is replaced.

    Refuses while something is unknown that would change the amount: then nothing can be fixed.
    """
    law = current()
    try:
        amount = deposit_amount(facts, law)
    except LawError as problem:
        raise Refused(str(problem)) from None
    if amount.unknown:
        raise Refused(f"还有情况没有核实，不能核定：{amount.unknown[0]}")
    standing = project.deposit_assessments.filter(superseded_at__isnull=True).first()
    assessment = DepositAssessment(
        project=project,
        on=on,
        facts={**asdict(facts), "on": facts.on.isoformat()},
        amount_fen=amount.amount_fen,
        exempt=amount.exempt,
        percent=amount.percent,
        lines=[[line.text, line.basis, line.needs_check] for line in amount.lines],
        law_digest=law.digest(),
        number=number.strip(),
        recorded_at=now,
    )
    what = "免存" if amount.exempt else sentence_yuan(amount.amount_fen)
    return save(assessment, standing, project, f"核定工资保证金：{what}", actor, now)


def facts_of(project: Project) -> DepositFacts | None:
    """What the register knows for the computation; ``None`` without a price or a day."""
    on = project.permit_on or project.commencement
    if project.contract_fen is None or on is None:
        return None
    months = None
    if project.commencement and project.planned_completion:
        months = max(round((project.planned_completion - project.commencement).days / 30.44), 0)
    return DepositFacts(
        on=on, region=project.region_id, contract_fen=project.contract_fen, months=months,
        industry=project.industry,
    )  # fmt: skip
