"""W12: the special account does not hold what the coming pay day needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.law_tables import month_index
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, percent, subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows, left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_FRESH = "funds.balance_fresh_days"
_DETAILS = ("balance_fen", "balance_on", "balance_percent", "need_fen", "estimated", "nominal", "provisional")


def _coming(facts: Facts, ctx: RuleContext) -> ir.Table:
    """The next pay day of each unfinished project, today included, and the wage month that it pays."""
    projects = active(facts, ctx).filter(lambda t: t.pay_day.notnull())
    projects = projects.select("project_id", "pay_day", offset=projects.pay_month_offset.fill_null(1))
    here = month_index(Month.of(ctx.as_of))
    days = ctx.tables.month_days
    near = days.filter((days.month_index >= here) & (days.month_index <= here + 1))
    near = near.filter(near.moved_earlier >= ibis.literal(ctx.as_of))
    dated = projects.join(near, projects.pay_day == near.day_number)
    first = ibis.window(group_by="project_id", order_by="moved_earlier")
    dated = dated.mutate(rank=ibis.row_number().over(first)).filter(lambda t: t.rank == 0)
    dated = dated.mutate(wage_index=dated.month_index - dated.offset)
    months = ctx.tables.months.select("month", wage_index="month_index")
    return left(dated, months, "wage_index").select(
        "project_id", "month", "nominal", "provisional", due="moved_earlier"
    )


def _judged(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Coming pay days with need and balance; a pay list not yet delivered is estimated by the latest one."""
    return ctx.once("coming_pay_days", lambda: _with_balance(facts, ctx, _with_need(facts, ctx)))


def _with_need(facts: Facts, ctx: RuleContext) -> ir.Table:
    coming = _coming(facts, ctx)
    lines = facts.payroll_lines.filter(facts.payroll_lines.net_fen > 0)
    table = left(coming, _still_open(facts, lines, coming), ["project_id", "month"])
    table = left(table, _latest_before(lines, coming), "project_id")
    return table.mutate(
        need_fen=ibis.coalesce(table.open_fen, table.last_fen),
        estimated=table.open_fen.isnull().cast("int64"),
    )


def _still_open(facts: Facts, lines: ir.Table, coming: ir.Table) -> ir.Table:
    """What the pay lists of the coming pay days still promise."""
    lines = left(lines.semi_join(coming, ["project_id", "month"]), facts.payments, "line_id")
    open_fen = ibis.greatest(lines.net_fen - lines.paid_fen.fill_null(0), 0)
    return lines.group_by(["project_id", "month"]).agg(open_fen=open_fen.sum())


def _latest_before(lines: ir.Table, coming: ir.Table) -> ir.Table:
    """What the latest pay list before each coming one promised."""
    before = lines.join(coming.select("project_id", coming_month="month"), "project_id")
    before = before.filter(before.month < before.coming_month)
    before = before.group_by(["project_id", "month"]).agg(last_fen=before.net_fen.sum())
    newest = ibis.window(group_by="project_id", order_by=ibis.desc("month"))
    before = before.mutate(rank=ibis.row_number().over(newest)).filter(lambda t: t.rank == 0)
    return before.select("project_id", "last_fen")


def _with_balance(facts: Facts, ctx: RuleContext, table: ir.Table) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    fresh = int(ctx.law.value(_FRESH, on=ctx.as_of).value)
    known = facts.account_balances.filter(facts.account_balances.on <= as_of)
    known = known.filter(as_of.delta(known.on, unit="day") <= fresh)
    last = known.group_by("project_id").agg(on=known.on.max())
    latest = known.join(last, ["project_id", "on"])
    latest = latest.group_by(["project_id", "on"]).agg(balance_fen=latest.balance_fen.sum())
    table = left(table, latest.select("project_id", "balance_fen", balance_on="on"), "project_id")
    return table.mutate(days=as_of.delta(table.due, unit="day").cast("int64"))


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Coming pay days whose need is above the latest balance."""
    table = _judged(facts, ctx)
    short = table.filter((table.need_fen > 0) & (table.balance_fen < table.need_fen))
    return as_rows(
        short.mutate(
            amount_fen=short.need_fen - short.balance_fen,
            balance_percent=short.balance_fen * 100 / short.need_fen,
            provisional=short.provisional.cast("int64"),
            keys=ibis.literal("account_balance:")
            + short.project_id.cast("string")
            + "@"
            + short.balance_on.cast("string"),
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """A need is known and no balance that is fresh enough."""
    table = _judged(facts, ctx)
    return as_gaps(
        table.filter((table.need_fen > 0) & table.balance_fen.isnull()), "balance_unknown", month=True
    )


def sentence(finding: Finding, project_name: str) -> str:
    """``…发薪日还有4天，应发…，专户余额…（占12%），还差…。``"""
    measures, days = finding.measures, -(finding.days or 0)
    need, balance = measures["need_fen"], measures["balance_fen"]
    when = f"距发薪日{day_words(finding.due) if finding.due else ''}还有{days}天" if days else "今天是发薪日"
    basis = "（工资表未到，按上一期估计）" if measures["estimated"] else ""
    return (
        f"{subject(finding, project_name)}{when}，应发{amount(need)}{basis}，"
        f"专户{day_words(measures['balance_on'])}余额{sentence_yuan(balance)}"
        f"（{percent(balance, need)}），还差{amount(finding.amount_fen)}。"
    )


RULE = Rule(
    code="W12",
    title="专户余额不够发薪",
    family="wages",
    articles=(Article("wage_regulation", 29), Article("special_account_measures", 12)),
    grading="warning.w12",
    parameters=(_FRESH, "special_account.topup_on_shortage", "period_counting.pay_date_on_holiday"),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "balance_unknown": "{month}工资的发薪日将到，银行近一个月没有报送工资专用账户余额，够不够发薪无法预判。",
    },
    sentence=sentence,
    clears="建设单位追加人工费用，或银行报送的余额足够发薪。",
    responsible="owner",
    measures={
        "balance_fen": "min",
        "balance_on": "max",
        "balance_percent": "min",
        "need_fen": "max",
        "estimated": "max",
        "nominal": "max",
        "provisional": "max",
    },
)
