"""What the signs of forgery share: the months they look at, thresholds, pay lists, punches month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.facts_schema import FILE_DEVICE
from anxin.monitoring.rules.employers.months import number
from anxin.monitoring.rules.framework import Article, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.shared import as_gaps, left, only_left

if TYPE_CHECKING:
    import datetime as dt

    import ibis.expr.types as ir

    from anxin.law import Law
    from anxin.monitoring.rules.facts import Facts

MONTH = ["project_id", "month"]
#: punches have their month as a number: text for each of a city's takes longer than what is asked of them
NUMBERED = ["project_id", "worker_key", "month_index"]
BACK = "forgery.months_back"
WORKED = "forgery.gate_share"
REAL_NAME = Article("wage_regulation", 28)
LISTS = Article("wage_regulation", 31)
FALSE_CLAIM = Article("wage_regulation", 52)
CHECK = "这是疑点，不是认定，请核实。"
#: gates are read this many days back for every month looked at
_DAYS = 31


def window(facts: Facts, ctx: RuleContext, *, more: int = 0) -> ir.Table:
    """The months looked at: the last ones before the day, and its own; ``more`` of them further back."""
    del facts
    months = ctx.tables.months
    now, back = _this_month(ctx), number(ctx, BACK) + more
    return months.filter((months.month_index <= now) & (months.month_index >= now - back)).select(
        "month", "month_index"
    )


def _this_month(ctx: RuleContext) -> ir.IntegerScalar:
    """The index of the day's month, worked out by the engine: so the next month compiles nothing anew."""
    return _index(ibis.literal(ctx.as_of))


def _index(day: ir.DateValue) -> ir.IntegerValue:
    return (day.year() * 12 + day.month()).cast("int64")


def over(lines: ir.Table, ctx: RuleContext) -> ir.Table:
    """Only lines of months that are over: of a running one the list may come before the last punches do."""
    ended = ctx.tables.months.filter(ctx.tables.months.month_index < _this_month(ctx))
    return lines.semi_join(ended, "month")


def pay_lines(facts: Facts, ctx: RuleContext, *, more: int = 0) -> ir.Table:
    """Lines of known people on the pay lists of the months looked at, with their key."""
    lines = facts.payroll_lines
    lines = lines.filter(lines.worker_key.notnull() & (lines.net_fen > 0))
    lines = lines.semi_join(window(facts, ctx, more=more), "month")
    return lines.mutate(
        person=lines.worker_key, keys=ibis.literal("payroll_line:") + lines.line_id.cast("string")
    )


def days_back(law: Law, as_of: dt.date) -> int:
    """How many days of punches are looked at, the day itself among them."""
    return _DAYS * (int(law.value(BACK, on=as_of).value) + 1)


def listed(lines: ir.Table) -> ir.Table:
    """How many people stand on each list."""
    return lines.group_by(MONTH).agg(listed=lines.worker_key.nunique())


def punches(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Punches of the months looked at with their ``month_index``: cut by the day first, the table is the city's largest."""
    table = facts.punch_days
    age = ibis.literal(ctx.as_of).delta(table.day, unit="day")
    table = table.filter((age >= 0) & (age < days_back(ctx.law, ctx.as_of)))
    return table.mutate(month_index=_index(table.day))


def with_month(table: ir.Table, ctx: RuleContext) -> ir.Table:
    """The table with the ``month`` of its number."""
    return table.join(ctx.tables.months.select("month", "month_index"), "month_index").drop("month_index")


def at_gates(table: ir.Table) -> ir.Table:
    """The punches that a device saw: what came by file is somebody's sheet, of a team perhaps, with rounded times."""
    return table.filter(table.device != FILE_DEVICE)


def punched(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``project_id, worker_key, month, punched``: days with a punch; one in a file speaks for the person too."""
    table = punches(facts, ctx)
    return ctx.once(
        "punched_months",
        lambda: with_month(table.group_by(NUMBERED).agg(punched=table.day.nunique()), ctx),
    )


def gate_days(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``project_id, month, gate_days``: days on which the gates of a site told of anybody."""
    table = at_gates(punches(facts, ctx))
    days = table.group_by(["project_id", "month_index"])
    return ctx.once("gate_days", lambda: with_month(days.agg(gate_days=table.day.nunique()), ctx))


def lines_at_gates(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines of months that are over whose days the gate could have seen, with ``punched``, ``gate_days`` and the month's ``length``.

    A gate that told of fewer days than the line claims, less a margin, was out of order: nobody is judged by it.
    """
    return ctx.once("lines_at_gates", lambda: _lines_at_gates(facts, ctx))


def _lines_at_gates(facts: Facts, ctx: RuleContext) -> ir.Table:
    lines = over(pay_lines(facts, ctx), ctx).join(gate_days(facts, ctx), MONTH)
    table = left(lines, punched(facts, ctx), ["project_id", "worker_key", "month"])
    table = table.mutate(punched=table.punched.fill_null(0))
    months = ctx.tables.months
    table = table.join(months.select("month", length=months.last_day.day()), "month")
    share = number(ctx, WORKED)
    return table.filter(
        table.days_worked.notnull() & (table.gate_days * 100 >= ibis.least(table.days_worked, 26.0) * share)
    )


def own_gate(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Enrolments whose trade has another way in (crane, driver): their days are kept by hand."""
    words = ctx.law.value("forgery.remote_trades", on=ctx.as_of).value
    return _of_trades(facts, words)


def watch(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Enrolments of night watch and upkeep, who stay when the site stands still."""
    words = ctx.law.value("forgery.watch_trades", on=ctx.as_of).value
    return _of_trades(facts, words)


def _of_trades(facts: Facts, words: list[str]) -> ir.Table:
    people = facts.enrolments
    fits = ibis.or_(*[people.trade.contains(word) for word in words])
    return people.filter(fits).select("project_id", "worker_key").distinct()


def without_gates(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Gap: a pay list in a month in which no gate told of anybody."""
    silent = facts.payroll_months.semi_join(window(facts, ctx), "month")
    return as_gaps(silent.anti_join(gate_days(facts, ctx), MONTH), "gates_silent", month=True)


def without_cards(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Gap: a pay list of which no line names a card."""
    lines = facts.payroll_lines
    named = lines.filter(lines.card.notnull()).select(*MONTH).distinct()
    lists = facts.payroll_months.semi_join(window(facts, ctx), "month")
    return as_gaps(lists.anti_join(named, MONTH), "cards_unknown", month=True)


def without_flows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Gap: a pay list of whose cards no bank tells what leaves them."""
    lines = pay_lines(facts, ctx)
    told = lines.semi_join(facts.card_flows.select("card").distinct(), "card").select(*MONTH).distinct()
    lists = facts.payroll_months.semi_join(window(facts, ctx), "month")
    return as_gaps(lists.anti_join(told, MONTH), "flows_unknown", month=True)


def emptied(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines of whose money most left the card for one account within a day or two of its coming."""
    return ctx.once("emptied_cards", lambda: _emptied(facts, ctx))


def _emptied(facts: Facts, ctx: RuleContext) -> ir.Table:
    lines = pay_lines(facts, ctx)
    lines = lines.join(facts.payments, "line_id")
    lines = only_left(lines).filter(lines.card.notnull() & lines.last_paid_on.notnull())
    flows = facts.card_flows.mutate(left_on=facts.card_flows["at"].date())
    table = only_left(lines.join(flows, "card"))
    movement = ibis.literal("card_flow:") + table.line_id.cast("string") + "@"
    table = table.mutate(keys=table.keys + "|" + movement + table.left_on.strftime("%Y-%m-%d"))
    age = table.left_on.delta(table.last_paid_on, unit="day")
    most = number(ctx, "forgery.emptied_percent")
    return table.filter(
        (age >= 0)
        & (age <= number(ctx, "forgery.emptied_days"))
        & (table.amount_fen * 100 >= table.paid_fen * most)
    )


GATE_GAPS = {"gates_silent": "{month}有工资表而没有闸机打卡记录，工资与到岗无法核对，请补传。"}
CARD_GAPS = {"cards_unknown": "{month}工资表没有写收款账号，多人共用银行卡等情形无法核对，请补填。"}
FLOW_GAPS = {"flows_unknown": "{month}没有工资卡的转出明细，工资是否被集中转走无法核对。"}
