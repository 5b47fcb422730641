"""G01, G02, G03 and G06: what Guizhou's platform has published about pay through the special account.

Their grading tables hold in Guizhou alone; elsewhere the engine leaves the rules silent. G04 stands with the other
outliers of pay, G05 with the other leavers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.months import Month
from anxin.monitoring.rules import w04_attendance_unpaid
from anxin.monitoring.rules.framework import Article, Finding, RuleContext, site_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, due_text, percent, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, left, only_left, parameter, pay_due

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_FLOOR = "pay_outlier.average_floor"
_MONTH = ["project_id", "month"]


def _paid_by_month(facts: Facts) -> ir.Table:
    """Per project and month: what the pay list promises, and what of it has arrived."""
    lines = left(facts.payroll_lines, facts.payments, "line_id")
    return lines.group_by(_MONTH).agg(
        promised_fen=lines.net_fen.sum(), paid_fen=lines.paid_fen.fill_null(0).sum()
    )


def silent_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Months with attendance for which nothing has arrived by the end of the month after."""
    as_of = ibis.literal(ctx.as_of)
    present = facts.attendance.filter(facts.attendance.days > 0)
    months = ctx.tables.months
    following = months.select(next_index="month_index", due="last_day")
    table = present.group_by(_MONTH).agg(concerned=present.worker_key.nunique())
    table = table.join(months.select("month", "month_index"), "month")
    table = table.mutate(next_index=table.month_index + 1).join(following, "next_index")
    table = left(table, _paid_by_month(facts), _MONTH)
    table = table.filter((table.due < as_of) & (table.paid_fen.fill_null(0) <= 0))
    return as_rows(
        table.mutate(
            amount_fen=table.promised_fen,
            days=as_of.delta(table.due, unit="day").cast("int64"),
            paid_fen=table.paid_fen.fill_null(0),
            keys=ibis.literal("payroll:") + table.project_id.cast("string") + "@" + table.month,
        ),
        ("concerned", "promised_fen", "paid_fen"),
    )


def silent_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Months with a pay list whose attendance was not delivered."""
    del ctx
    return as_gaps(
        facts.payroll_months.anti_join(facts.attendance_months, _MONTH), "attendance_missing", month=True
    )


def average_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Pay lists whose mean per head is below the floor of the region."""
    as_of = ibis.literal(ctx.as_of)
    spans = parameter(ctx, _FLOOR)
    spans = spans.filter((spans.valid_from <= as_of) & (spans.valid_until >= as_of))
    floor = spans.select("region", floor_fen=(spans.number * 100).round().cast("int64"))
    floor = facts.projects.select("project_id", "region").join(floor, "region")
    lines = facts.payroll_lines.semi_join(floor, "project_id")
    table = lines.group_by(_MONTH).agg(total_fen=lines.net_fen.sum(), concerned=lines.name_key.nunique())
    table = only_left(table.join(floor.select("project_id", "floor_fen"), "project_id"))
    below = table.filter(table.total_fen < table.floor_fen * table.concerned)
    return as_rows(
        below.mutate(
            amount_fen=below.floor_fen * below.concerned - below.total_fen,
            keys=ibis.literal("payroll:") + below.project_id.cast("string") + "@" + below.month,
        ),
        ("total_fen", "concerned", "floor_fen"),
    )


def uncovered_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People with attendance to whom nothing of the month has arrived, once its pay day is past."""
    as_of = ibis.literal(ctx.as_of)
    lines = left(facts.payroll_lines, facts.payments, "line_id")
    arrived = lines.filter(lines.paid_fen > 0).select("project_id", "month", "worker_key").distinct()
    present = facts.attendance.filter(facts.attendance.days > 0)
    attended = present.group_by(_MONTH).agg(attended=present.worker_key.nunique())
    table = present.anti_join(arrived, ["project_id", "month", "worker_key"]).join(attended, _MONTH)
    due = pay_due(facts, ctx)
    table = table.join(due.filter(due.due < as_of), _MONTH)
    return as_rows(
        table.mutate(
            attended_days=table["days"],
            person=table.worker_key,
            days=as_of.delta(table.due, unit="day").cast("int64"),
            provisional=table.provisional.cast("int64"),
            keys=ibis.literal("attendance:") + table.worker_key + "@" + table.month,
        ),
        ("attended_days", "attended", "nominal", "provisional"),
    )


def uncovered_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Due months for which the bank has delivered no receipts."""
    due = pay_due(facts, ctx)
    begun = due.filter(due.due < ibis.literal(ctx.as_of)).join(facts.attendance_months.distinct(), _MONTH)
    return as_gaps(begun.anti_join(facts.receipt_months, _MONTH), "receipts_missing", month=True)


def silent_sentence(finding: Finding, project_name: str) -> str:
    """``…有考勤40人，当月和次月都没有经工资专用账户发放工资。``"""
    promised = f"（工资表{amount(finding.amount_fen)}）" if finding.amount_fen else ""
    return (
        f"{subject(finding, project_name)}有考勤{finding.people}人，当月和次月都没有经工资专用账户发放工资"
        f"{promised}，次月结束至今已{finding.days}天。"
    )


def average_sentence(finding: Finding, project_name: str) -> str:
    """``…发放清册50人，人均实发1,650.00元，低于1,890.00元。``"""
    measures, people = finding.measures, finding.people or 1
    return (
        f"{subject(finding, project_name)}发放清册{people}人，人均实发{amount(measures['total_fen'] // people)}，"
        f"低于{amount(measures['floor_fen'])}，请核对是否足额造册。"
    )


def uncovered_sentence(finding: Finding, project_name: str) -> str:
    """``…发薪日已过，有考勤的40人中3人没有发薪到账（覆盖率92.5%）。``"""
    attended, people = finding.measures["attended"], finding.people or 0
    return (
        f"{subject(finding, project_name)}发薪日{due_text(finding)}已过，有考勤的{attended}人中"
        f"{people}人没有工资到账（发薪覆盖率{percent(attended - people, attended)}）。"
    )


_PAID_DIRECTLY = (Article("wage_regulation", 31),)

SILENT = site_rule(
    code="G01",
    title="（贵州）当月及次月都没有发薪",
    articles=_PAID_DIRECTLY,
    grading="warning.g01",
    parameters=("construction.pay_direct_to_worker_account",),
    rows=silent_rows,
    gaps=silent_gaps,
    gap_sentences={
        "attendance_missing": "{month}有工资表而没有提交考勤，是否应当发薪无法判断，请补交该月考勤。"
    },
    sentence=silent_sentence,
    clears="经工资专用账户发放该月工资，并由银行发放结果证明到账，或更正有误的考勤。",
    measures={"concerned": "max", "paid_fen": "sum"},
    law_day=lambda finding: Month.parse(finding.month).last_day,
)

AVERAGE = site_rule(
    code="G02",
    title="（贵州）发放清册人均过低",
    articles=(Article("wage_regulation", 31), Article("minimum_wage_rules", 12)),
    grading="warning.g02",
    parameters=(_FLOOR,),
    rows=average_rows,
    sentence=average_sentence,
    clears="补齐清册并足额发放；确因出勤少的，附考勤说明。",
    measures={"total_fen": "sum", "concerned": "max", "floor_fen": "max"},
)

UNCOVERED = site_rule(
    code="G03",
    title="（贵州）发薪人数少于考勤人数",
    articles=_PAID_DIRECTLY,
    grading="warning.g03",
    parameters=("construction.worktally_frequency", "period_counting.pay_date_on_holiday"),
    rows=uncovered_rows,
    gaps=uncovered_gaps,
    gap_sentences={"receipts_missing": "银行没有报送{month}工资的发放结果，发薪人数无法核对。"},
    sentence=uncovered_sentence,
    clears="补发并由银行发放结果证明到账，或更正有误的考勤。",
    measures={"attended": "max", "nominal": "max", "provisional": "max"},
)

UNLISTED = site_rule(
    code="G06",
    title="（贵州）考勤人员没有工资记录",
    articles=w04_attendance_unpaid.RULE.articles,
    grading="warning.g06",
    parameters=w04_attendance_unpaid.RULE.parameters,
    rows=w04_attendance_unpaid.rows,
    gaps=w04_attendance_unpaid.gaps,
    gap_sentences=w04_attendance_unpaid.RULE.gap_sentences,
    sentence=w04_attendance_unpaid.sentence,
    clears=w04_attendance_unpaid.RULE.clears,
    measures=w04_attendance_unpaid.RULE.measures,
)
