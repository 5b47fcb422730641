"""How pay days ended, as the records of a later day show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.shared import left, lines_due, pay_due

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

#: operational: what counts as kept in time, and when the bank's results are taken as complete
KEY = "forecast.pay_day"


def ended(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``project_id, month, due, promised_fen, kept_fen, missed`` of pay days whose end is known.

    Known is the end where a payroll and the bank's results are in. Where people worked and neither has come long
    after the day, nothing was paid. All else is left out: a list that somebody forgot to hand in says nothing.
    """
    terms = ctx.law.value(KEY, on=ctx.as_of).value
    paid = _paid(facts, ctx, terms)
    due = pay_due(facts, ctx)
    silent = due.filter(ibis.literal(ctx.as_of).delta(due.due, unit="day") >= terms["silent_days"])
    for told in (facts.payroll_months, facts.receipt_months):
        silent = silent.anti_join(told, ["project_id", "month"])
    silent = silent.semi_join(facts.attendance_months, ["project_id", "month"])
    nothing = silent.select(
        "project_id",
        "month",
        "due",
        promised_fen=ibis.null("int64"),
        kept_fen=ibis.literal(0, type="int64"),
        missed=ibis.literal(True),
    )
    return paid.union(nothing)


def _paid(facts: Facts, ctx: RuleContext, terms: Mapping[str, int]) -> ir.Table:
    lines = lines_due(facts, ctx)
    lines = lines.filter((lines.days >= terms["settle_days"]) & (lines.receipts_delivered == 1))
    lines = lines.mutate(line_id=lines["keys"].split(":")[1].cast("int64"))
    lines = left(lines, facts.payments.select("line_id", "last_paid_on"), "line_id")
    in_time = (lines.last_paid_on <= lines.due).fill_null(False)
    kept = ibis.ifelse(in_time, ibis.least(lines.paid_fen, lines.promised_fen), ibis.literal(0, type="int64"))
    months = (
        lines.mutate(kept_fen=kept)
        .group_by(["project_id", "month"])
        .agg(
            due=lambda t: t.due.min(),
            promised_fen=lambda t: t.promised_fen.sum(),
            kept_fen=lambda t: t.kept_fen.sum(),
        )
    )
    return months.mutate(missed=months.kept_fen * 100 < months.promised_fen * terms["kept_percent"])
