"""P01: wages that arrived, but less than the payroll promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.phrases import amount, due_text, percent, subject
from anxin.monitoring.rules.shared import as_rows, lines_due

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_DETAILS = ("promised_fen", "paid_fen", "nominal", "provisional", "receipts_delivered")


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Due payroll lines of which a part has arrived. Lines of which nothing arrived belong to W03."""
    lines = lines_due(facts, ctx)
    short = lines.filter((lines.paid_fen > 0) & (lines.paid_fen < lines.promised_fen))
    return as_rows(short.mutate(amount_fen=short.promised_fen - short.paid_fen), _DETAILS)


def sentence(finding: Finding, project_name: str) -> str:
    """``…3名工人应到账…，实际到账…（到账95%），还差…，应于…前足额发放。``"""
    promised, paid = finding.measures["promised_fen"], finding.measures["paid_fen"]
    late = f"，已逾期{finding.days}天" if finding.days else ""
    return (
        f"{subject(finding, project_name)}{finding.people}名工人应到账{amount(promised)}，"
        f"实际到账{amount(paid)}（{percent(paid, promised)}），还差{amount(finding.amount_fen)}，"
        f"应于{due_text(finding)}前足额发放{late}。"
    )


RULE = Rule(
    code="P01",
    title="工资未足额发放",
    family="wages",
    articles=(Article("wage_regulation", 12),),
    grading="warning.p01",
    parameters=("period_counting.pay_date_on_holiday",),
    rows=rows,
    sentence=sentence,
    clears="补发差额并由银行发放结果证明到账，或更正有误的工资表。",
    responsible="general_contractor",
    measures={
        "promised_fen": "sum",
        "paid_fen": "sum",
        "nominal": "max",
        "provisional": "max",
        "receipts_delivered": "max",
    },
)
