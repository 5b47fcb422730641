"""P02: people in the payroll who have no attendance that month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, percent, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_MONTH = ["project_id", "month"]


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Payroll lines of months with attendance whose person did not attend, or is not known at all."""
    del ctx  # holds on any day
    lines = facts.payroll_lines.mutate(
        person=ibis.coalesce(facts.payroll_lines.worker_key, facts.payroll_lines.name_key)
    )
    lines = lines.semi_join(facts.attendance_months, _MONTH)
    listed = lines.group_by(_MONTH).agg(listed=lines.person.nunique())
    present = facts.attendance.filter(facts.attendance.days > 0)
    absent = lines.anti_join(present, ["project_id", "month", "worker_key"]).join(listed, _MONTH)
    return as_rows(
        absent.mutate(
            amount_fen=absent.net_fen,
            unidentified=absent.worker_key.isnull().cast("int64"),
            keys=ibis.literal("payroll_line:") + absent.line_id.cast("string"),
        ),
        ("gross_fen", "net_fen", "days_worked", "unidentified", "listed"),
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Months with a payroll and no attendance at all."""
    del ctx
    silent = facts.payroll_months.anti_join(facts.attendance_months, _MONTH)
    return as_gaps(silent, "attendance_missing", month=True)


def sentence(finding: Finding, project_name: str) -> str:
    """``…工资表60人中，5人当月没有考勤，涉及工资…。``"""
    listed, people = finding.measures["listed"], finding.people or 0
    unknown = finding.measures["unidentified"]
    note = f"，其中{unknown}条工资记录未能对应到实名制人员" if unknown else ""
    return (
        f"{subject(finding, project_name)}工资表{listed}人中，{people}人当月没有考勤"
        f"（占{percent(people, listed)}），涉及工资{amount(finding.amount_fen)}{note}。"
        "请核实用工是否真实、考勤是否漏记。"
    )


RULE = Rule(
    code="P02",
    title="有工资无考勤",
    family="wages",
    articles=(Article("wage_regulation", 28), Article("wage_regulation", 31)),
    grading="warning.p02",
    parameters=("construction.entry_requires_contract_and_realname", "construction.worktally_frequency"),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "attendance_missing": "{month}有工资表而没有提交考勤，工资与出勤是否相符无法核对，请补交该月考勤。",
    },
    sentence=sentence,
    clears="补交漏记的考勤并说明原因，或更正工资表。",
    responsible="general_contractor",
    measures={"net_fen": "sum", "unidentified": "sum", "listed": "max"},
)
