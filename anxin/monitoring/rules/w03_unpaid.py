"""W03: wages of which nothing has arrived by the pay day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, due_text, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, lines_due, pay_due

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_DETAILS = ("promised_fen", "paid_fen", "nominal", "provisional", "receipts_delivered")


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Due payroll lines to which no successful receipt has been matched."""
    lines = lines_due(facts, ctx)
    unpaid = lines.filter(lines.paid_fen <= 0)
    return as_rows(unpaid.mutate(amount_fen=unpaid.promised_fen), _DETAILS)


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """No pay day agreed; receipts not delivered for a due month; the calendar not published."""
    wage_months = facts.payroll_months.union(facts.attendance_months, distinct=True)
    projects = facts.projects.filter(facts.projects.pay_day.isnull())
    without_day = wage_months.join(projects, "project_id").select("project_id")
    due = pay_due(facts, ctx)
    begun = due.filter(due.due <= ibis.literal(ctx.as_of)).join(
        facts.payroll_months.distinct(), ["project_id", "month"]
    )
    silent = begun.anti_join(facts.receipt_months, ["project_id", "month"])
    unpublished = begun.filter(begun.provisional)
    return ibis.union(
        as_gaps(without_day, "pay_day_unknown"),
        as_gaps(silent, "receipts_missing", month=True),
        as_gaps(
            unpublished.mutate(year=unpublished.nominal.year()),
            "calendar_unpublished",
            month=True,
            subject="year",
        ),
    )


def sentence(finding: Finding, project_name: str) -> str:
    """``…12名工人的工资共85,300.00元，应于…前发放，至今未到账，最长已逾期38天。``"""
    head = f"{subject(finding, project_name)}{finding.people}名工人的工资共{amount(finding.amount_fen)}，"
    source = "" if finding.measures["receipts_delivered"] else "（尚未收到该月银行发放结果）"
    if finding.due and finding.due >= finding.as_of:
        return f"{head}应于今天（{day_words(finding.as_of)}）发放，尚未到账{source}。"
    return f"{head}应于{due_text(finding)}前发放，至今未到账{source}，已逾期{finding.days}天。"


RULE = Rule(
    code="W03",
    title="逾期未发工资",
    family="wages",
    articles=(Article("wage_regulation", 12), Article("wage_regulation", 14)),
    grading="warning.w03",
    parameters=("period_counting.pay_date_on_holiday",),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "pay_day_unknown": "没有登记约定的发薪日，无法判断工资是否逾期，请在项目资料中补录发薪日。",
        "receipts_missing": "{month}工资已到发薪日，但银行还没有提交发放结果，是否到账无法核实，请催交银行发放结果。",
        "calendar_unpublished": "{subject}年放假安排尚未公布，{month}工资的发薪日为暂定，公布后请更新日历。",
    },
    sentence=sentence,
    clears="银行发放结果显示该月工资全部成功到账，或更正有误的工资表。",
    responsible="general_contractor",
    measures={
        "promised_fen": "sum",
        "paid_fen": "sum",
        "nominal": "max",
        "provisional": "max",
        "receipts_delivered": "max",
    },
)
