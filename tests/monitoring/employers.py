"""A rule about employers, so that what a sweep does with them is tested whatever the shipped rules look at."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

from django.utils import timezone

from anxin.monitoring.rules import RULES
from anxin.monitoring.rules.framework import Article, Rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.shared import as_rows
from anxin.registry.models import Employer
from anxin.signals.models import InsuranceMonth
from tests.monitoring import factories as make


def _rows(facts, ctx):
    """Months of contributions owed, a month counted as thirty days."""
    months = facts.employer_months
    owed = months.filter(months.insurance_arrears_months > 0)
    return as_rows(
        owed.select(
            "employer_id",
            "month",
            worker_key=ibis.null("string"),
            person=ibis.null("string"),
            amount_fen=owed.insurance_arrears_fen,
            days=owed.insurance_arrears_months * 30,
            keys=ibis.literal(""),
            due=ibis.null("date"),
        )
    )


OWES = Rule(
    code="E99",
    title="社会保险费欠缴",
    family="wages",
    articles=(Article("wage_regulation", 38),),
    grading="warning.w03",
    parameters=(),
    rows=_rows,
    sentence=lambda finding, name: f"{name}欠缴社会保险费。",
    clears="缴清欠费。",
    responsible="employer",
    subject="employer",
)


@contextmanager
def the_rule(**changes):
    """The rule is part of the pack for as long as it is tested."""
    RULES["E99"] = replace(OWES, **changes)
    try:
        yield
    finally:
        del RULES["E99"]


def employer(serial: int = 1, *, region_code: str | None = "990102", name: str = "") -> Employer:
    return Employer.objects.create(
        uscc=f"9199010{serial:011d}",
        name=name or f"虚构制造厂{serial}",
        region=make.region(region_code) if region_code else None,
    )


def owes(firm: Employer, months: int, *, since: str = "2026-10-20", fen: int = 100_000) -> InsuranceMonth:
    """From that day it is known that so many months are owed; what was known before is superseded."""
    InsuranceMonth.objects.filter(employer=firm, superseded_at__isnull=True).update(
        superseded_at=make.at(since)
    )
    return InsuranceMonth.objects.create(
        employer=firm,
        month="2026-10",
        insured=20,
        insurance_arrears_months=months,
        insurance_arrears_fen=fen if months else 0,
        recorded_at=make.at(since) if since else timezone.now(),
    )
