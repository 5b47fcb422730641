"""W05: net pay below the local minimum wage for full attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.months import Month
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, left, only_left, parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_KEY = "wage_payment.min_wage_monthly"
_DETAILS = (
    "gross_fen",
    "deduction_fen",
    "net_fen",
    "days_worked",
    "working_days",
    "minimum_fen",
    "minimum_since",
    "minimum_source",
)


def _people(facts: Facts) -> ir.Table:
    """Pay per person and month, all lines together, with days by attendance or else by the payroll."""
    lines = facts.payroll_lines
    lines = lines.mutate(
        person=ibis.coalesce(lines.worker_key, lines.name_key),
        key=ibis.literal("payroll_line:") + lines.line_id.cast("string"),
    )
    pay = lines.group_by(["project_id", "month", "person"]).agg(
        worker_key=lines.worker_key.max(),
        gross_fen=lines.gross_fen.sum(),
        deduction_fen=lines.deduction_fen.sum(),
        net_fen=lines.net_fen.sum(),
        stated_days=lines.days_worked.sum(),
        keys=lines.key.group_concat("|"),
    )
    attendance = facts.attendance.select("project_id", "month", "worker_key", attended="days")
    matched = left(pay, attendance, ["project_id", "month", "worker_key"])
    by_the_hour = facts.enrolments.filter(~facts.enrolments.full_time)
    return matched.mutate(days_worked=ibis.coalesce(matched.attended, matched.stated_days)).anti_join(
        by_the_hour, ["project_id", "worker_key"]
    )


def _full_attendance(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People who worked every published working day of a month."""
    months = ctx.tables.months.filter(ctx.tables.months.published)
    months = months.select("month", "working_days", "first_day")
    table = _people(facts).join(months, "month")
    table = table.filter(table.days_worked >= table.working_days)
    return only_left(table.join(facts.projects.select("project_id", "region"), "project_id"))


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People with full attendance whose net pay is below the standard in force on the month's first day.

    A standard that begins within the month is not applied to it: the warning must be certain.
    """
    people = _full_attendance(facts, ctx)
    minimum = parameter(ctx, _KEY).select("region", "number", "valid_from", "valid_until", "source")
    table = people.join(
        minimum,
        (people.region == minimum.region)
        & (people.first_day >= minimum.valid_from)
        & (people.first_day <= minimum.valid_until),
    )
    table = table.mutate(minimum_fen=(table.number * 100).round().cast("int64"))
    below = table.filter(table.net_fen < table.minimum_fen)
    return as_rows(
        below.mutate(
            amount_fen=below.minimum_fen - below.net_fen,
            minimum_since=below.valid_from,
            minimum_source=below.source,
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """No standard for the region; the month's working days not published; nobody knows the days worked."""
    listed = facts.payroll_months.join(facts.projects.select("project_id", "region"), "project_id")
    months = ctx.tables.months.select("month", "first_day", "published")
    listed = only_left(listed.join(months, "month"))
    minimum = parameter(ctx, _KEY).select("region", "valid_from", "valid_until")
    without = listed.anti_join(
        minimum,
        (listed.region == minimum.region)
        & (listed.first_day >= minimum.valid_from)
        & (listed.first_day <= minimum.valid_until),
    )
    unpublished = listed.filter(~listed.published)
    return ibis.union(
        as_gaps(without, "minimum_unknown", subject="region"),
        as_gaps(
            unpublished.mutate(year=unpublished.first_day.year()),
            "calendar_unpublished",
            month=True,
            subject="year",
        ),
    )


def sentence(finding: Finding, project_name: str) -> str:
    """``…2名全勤工人实发低于当地最低工资标准2,080.00元/月，共少…，最低实发…。``"""
    minimum, since = finding.measures["minimum_fen"], finding.measures["minimum_since"]
    return (
        f"{subject(finding, project_name)}{finding.people}名全勤工人（当月工作日"
        f"{finding.measures['working_days']}天）实发低于当地最低工资标准{amount(minimum)[:-1]}元/月"
        f"（{since.year}年{since.month}月{since.day}日起），共低{amount(finding.amount_fen)}，"
        f"最低一人实发{amount(finding.measures['net_fen'])}。"
    )


RULE = Rule(
    code="W05",
    title="全勤工资低于最低工资标准",
    family="wages",
    articles=(Article("minimum_wage_rules", 12),),
    grading="warning.w05",
    parameters=(_KEY, "wage_payment.min_wage_exclusions"),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "minimum_unknown": "地区代码{subject}没有收录最低工资标准，无法核对，请由当地按正式文件补录。",
        "calendar_unpublished": "{subject}年放假安排尚未公布，{month}的工作日天数未知，是否全勤无法判断。",
    },
    sentence=sentence,
    clears="补发到不低于最低工资标准，或说明扣款原因（如个人借支）并更正工资表。",
    responsible="general_contractor",
    measures={
        "minimum_fen": "max",
        "minimum_since": "max",
        "minimum_source": "max",
        "working_days": "max",
        "net_fen": "min",
    },
    law_day=lambda finding: Month.parse(finding.month).first_day,
)
