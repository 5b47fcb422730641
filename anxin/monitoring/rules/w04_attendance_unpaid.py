"""W04: people who attended and stand in no payroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import due_text, percent, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, left, pay_due

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_MONTH = ["project_id", "month"]
_DETAILS = ("attended_days", "attended", "unidentified_lines", "payroll_delivered", "nominal", "provisional")


def _missing(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Attending workers without a payroll line, once the month is over and its payroll is to be expected.

    Before a payroll is delivered nobody can stand in it, so such a month counts from its pay day on.
    Lines that name nobody known may be these people: a month is judged only beyond their number.
    """
    return ctx.once("attendance_without_line", lambda: _without_line(facts, ctx))


def _without_line(facts: Facts, ctx: RuleContext) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    present = facts.attendance.filter(facts.attendance.days > 0)
    lines = facts.payroll_lines
    unknown = lines.filter(lines.worker_key.isnull())
    unidentified = unknown.group_by(_MONTH).agg(unidentified_lines=unknown.name_key.nunique())
    attended = present.group_by(_MONTH).agg(attended=present.worker_key.nunique())
    missing = facts.attendance.anti_join(lines, ["project_id", "month", "worker_key"])
    # filtered last: two queries below build on it, and a filtered table is worked out once for both
    missing = missing.filter(missing.days > 0)
    counted = missing.group_by(_MONTH).agg(missing=missing.worker_key.nunique())
    delivered = facts.payroll_months.distinct().mutate(delivered=ibis.literal(1))
    table = missing.join(attended, _MONTH).join(counted, _MONTH)
    table = table.join(ctx.tables.months.select("month", month_end="last_day"), "month")
    for other in (unidentified, delivered, pay_due(facts, ctx)):
        table = left(table, other, _MONTH)
    table = table.mutate(
        unidentified_lines=table.unidentified_lines.fill_null(0),
        payroll_delivered=table.delivered.fill_null(0),
    )
    to_be_expected = (table.payroll_delivered == 1) | (table.due < as_of)
    return table.filter((table.month_end < as_of) & to_be_expected)


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row per attending worker without a payroll line."""
    missing = _missing(facts, ctx)
    missing = missing.filter(missing.missing > missing.unidentified_lines)
    late = ibis.literal(ctx.as_of).delta(missing.due, unit="day")
    return as_rows(
        missing.mutate(
            person=missing.worker_key,
            days=ibis.greatest(late.fill_null(0), 0),
            attended_days=missing["days"],
            provisional=missing.provisional.cast("int64").fill_null(0),
            keys=ibis.literal("attendance:") + missing.worker_key + "@" + missing.month,
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Months whose unidentified payroll lines may be the very people who seem to be missing."""
    missing = _missing(facts, ctx)
    unclear = missing.filter(missing.unidentified_lines > 0)
    return as_gaps(unclear, "unidentified_lines", month=True, subject="unidentified_lines")


def sentence(finding: Finding, project_name: str) -> str:
    """``…有考勤的40人中，3人没有工资记录（覆盖率92.5%）。``"""
    attended, people = finding.measures["attended"], finding.people or 0
    head = f"{subject(finding, project_name)}有考勤的{attended}人中，{people}人没有工资记录"
    if not finding.measures["payroll_delivered"]:
        return f"{head}：发薪日{due_text(finding)}已过，该月工资表仍未提交，已超{finding.days}天。"
    unknown = finding.measures["unidentified_lines"]
    note = f"；工资表另有{unknown}人未能对应到实名制人员，可能与其中部分重合" if unknown else ""
    return f"{head}（工资覆盖率{percent(attended - people, attended)}）{note}。"


RULE = Rule(
    code="W04",
    title="有考勤无工资记录",
    family="wages",
    articles=(Article("wage_regulation", 31),),
    grading="warning.w04",
    parameters=("construction.worktally_frequency",),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "unidentified_lines": "{month}工资表有{subject}人未能对应到实名制人员，"
        "与有考勤而无工资记录的人员是否为同一批人无法判断，请在工资表中补填身份证号。",
    },
    sentence=sentence,
    clears="补交这些人员的工资表，或更正有误的考勤。",
    responsible="general_contractor",
    measures={
        "attended": "max",
        "attended_days": "sum",
        "unidentified_lines": "max",
        "payroll_delivered": "max",
        "nominal": "max",
        "provisional": "max",
    },
)
