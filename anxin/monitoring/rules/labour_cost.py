"""W01 and W02: labour cost that did not reach the special account in time, or not in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.law import Law
from anxin.monitoring.rules.framework import Article, Finding, Fold, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, percent, subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows, left, only_left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_KEY = "construction.labour_cost_cycle_max_months"
_DETAILS = ("required_fen", "paid_fen", "working_days_left", "cycle_months")


def _longest_cycle(law: Law, ctx: RuleContext) -> int:
    """Months that a cycle may last at most: an agreed longer one does not hold."""
    return int(law.value(_KEY, on=ctx.as_of).value)


def labour_cost_periods(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row per project and period that has begun to be due, with what was required and what arrived.

    A period is named after the month in which its disbursement falls due. Where terms were amended, the
    later terms hold from their first month on. The agreed day does not move on a day off: the law moves
    only pay days.
    """
    return ctx.once("labour_cost_periods", lambda: _with_disbursements(facts, ctx, _agreed(facts, ctx)))


def _agreed(facts: Facts, ctx: RuleContext) -> ir.Table:
    projects = facts.projects.select("project_id", "completion")
    terms = facts.labour_cost_terms.join(projects, "project_id")
    months = ctx.tables.months.select("month", "month_index", "first_day")
    starts = months.select(first_month="month", first_index="month_index")
    terms = terms.join(starts, "first_month")
    table = terms.join(months, terms.first_index <= months.month_index)
    longest = ibis.literal(_longest_cycle(ctx.law, ctx))
    table = table.mutate(cycle=ibis.greatest(ibis.least(table.cycle_months, longest), 1))
    table = table.filter((table.month_index - table.first_index) % table.cycle == 0)
    table = table.filter(table.completion.isnull() | (table.first_day <= table.completion))
    newest = ibis.window(group_by=["project_id", "month"], order_by=ibis.desc("first_index"))
    table = table.mutate(rank=ibis.row_number().over(newest)).filter(lambda t: t.rank == 0)
    days = ctx.tables.month_days.select("month_index", "day_number", due="nominal")
    return only_left(table.join(days, [("month_index", "month_index"), ("due_day", "day_number")]))


def _with_disbursements(facts: Facts, ctx: RuleContext, periods: ir.Table) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    paid = facts.disbursements.filter(facts.disbursements.paid_on <= as_of)
    paid = paid.group_by(["project_id", "month"]).agg(
        paid_fen=paid.paid_fen.sum(), stated_fen=paid.due_fen.max()
    )
    table = left(periods, paid, ["project_id", "month"])
    number = ctx.tables.calendar.select(due="day", due_number="workday_number")
    today = ctx.tables.calendar.filter(ctx.tables.calendar.day == as_of).select(today="workday_number")
    table = table.join(number, "due").cross_join(today)
    return table.select(
        "project_id",
        "month",
        "due",
        "cycle_months",
        required_fen=ibis.coalesce(table.monthly_fen, table.stated_fen),
        paid_fen=table.paid_fen.fill_null(0),
        days=as_of.delta(table.due, unit="day"),
        working_days_left=table.due_number - table.today,
        keys=ibis.literal("labour_cost:") + table.project_id.cast("string") + "@" + table.month,
    )


def late_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Periods for which nothing has arrived, from the reminder before the agreed day on."""
    periods = labour_cost_periods(facts, ctx)
    late = periods.filter(periods.paid_fen <= 0)
    return as_rows(late.mutate(amount_fen=late.required_fen), _DETAILS)


def short_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Periods past the agreed day for which less than the required amount has arrived."""
    periods = labour_cost_periods(facts, ctx)
    short = periods.filter(
        (periods.days >= 1) & (periods.paid_fen > 0) & (periods.paid_fen < periods.required_fen)
    )
    return as_rows(short.mutate(amount_fen=short.required_fen - short.paid_fen), _DETAILS)


def late_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects at work without any recorded agreement on labour cost."""
    return as_gaps(active(facts, ctx).anti_join(facts.labour_cost_terms, "project_id"), "terms_missing")


def short_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Disbursed periods for which nobody recorded how much was required."""
    periods = labour_cost_periods(facts, ctx)
    return as_gaps(periods.filter((periods.paid_fen > 0) & periods.required_fen.isnull()), "amount_missing")


def late_sentence(finding: Finding, project_name: str) -> str:
    """``…人工费用800,000.00元应于…前拨付到工资专用账户，至今未到账，已逾期9天。``"""
    due, days = finding.due, finding.days or 0
    what = f"人工费用{amount(finding.amount_fen)}" if finding.amount_fen is not None else "人工费用"
    head = f"{subject(finding, project_name)}{what}应于{day_words(due) if due else ''}前拨付到工资专用账户"
    if days <= 0:
        left = finding.measures["working_days_left"]
        return f"{head}，{f'还剩{left}个工作日，' if left else ''}尚未到账。"
    return f"{head}，至今没有拨付记录，已逾期{days}天。"


def short_sentence(finding: Finding, project_name: str) -> str:
    """``…应拨人工费用…，实拨…（75%），还差…。``"""
    required, paid = finding.measures["required_fen"], finding.measures["paid_fen"]
    return (
        f"{subject(finding, project_name)}应拨人工费用{amount(required)}，实拨{amount(paid)}"
        f"（{percent(paid, required)}），还差{amount(finding.amount_fen)}，"
        f"约定{day_words(finding.due) if finding.due else ''}前拨足，已逾期{finding.days}天。"
    )


_MEASURES: dict[str, Fold] = {
    "required_fen": "sum",
    "paid_fen": "sum",
    "working_days_left": "min",
    "cycle_months": "max",
}

LATE = Rule(
    code="W01",
    title="人工费用未按期拨付",
    family="wages",
    articles=(Article("wage_regulation", 24), Article("wage_regulation", 29)),
    grading="warning.w01",
    parameters=(_KEY,),
    rows=late_rows,
    gaps=late_gaps,
    gap_sentences={
        "terms_missing": "没有登记人工费用的拨付周期和拨付日，无法判断是否按期拨付，请按施工合同补录。",
    },
    sentence=late_sentence,
    clears="建设单位将该期人工费用拨付到工资专用账户，并提交银行到账凭证。",
    responsible="owner",
    measures=_MEASURES,
)

SHORT = Rule(
    code="W02",
    title="人工费用未足额拨付",
    family="wages",
    articles=(Article("wage_regulation", 24), Article("wage_regulation", 29)),
    grading="warning.w02",
    parameters=(_KEY,),
    rows=short_rows,
    gaps=short_gaps,
    gap_sentences={
        "amount_missing": "没有登记每期应拨人工费用的数额，无法核对是否足额，请按施工合同补录。",
    },
    sentence=short_sentence,
    clears="建设单位补足该期人工费用，并提交银行到账凭证。",
    responsible="owner",
    measures=_MEASURES,
)
