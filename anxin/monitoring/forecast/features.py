"""What is known on a day about each coming pay day: need, money at hand, money expected, and how it went before.

Everything is one expression over the fact tables; nothing here runs a query. Money is fen. A missing source is
null and stays null: the model is told that it is unknown, never that it is zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.funds.outflows import NOT_WAGES, OTHER_PAYEE
from anxin.monitoring.rules.framework import RuleContext
from anxin.monitoring.rules.labour_cost import labour_cost_periods
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.shared import active, left, lines_due, pay_due

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

#: pay days further ahead than this are not looked at
DAYS_AHEAD = 35
#: how far back the project's own record of paying counts
_RECORD_DAYS = 100
_CLUE_DAYS = 60
#: one cycle of labour cost and some days
_INFLOW_DAYS = 40
_OUTFLOW_DAYS = 90
#: of firms: what courts, tax offices and registers report
_TROUBLES = ("enforcement", "dishonesty", "tax_arrears", "abnormal_registration", "arbitration")
_TROUBLE_DAYS = 180


def coming(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row per project and pay day within ``DAYS_AHEAD`` days after the evaluated day, with everything known of it."""
    table = _coming_pay_days(facts, ctx)
    for part in (
        _need(facts, ctx),
        _balances(facts),
        _owner(facts, ctx),
        _inflow(facts, ctx),
        _record(facts, ctx),
    ):
        table = left(table, part, "project_id")
    table = left(table, _promised(facts), ["project_id", "month"])
    table = left(table, _expected(facts, ctx), ["project_id", "month"])
    table = left(table, _clues(facts, ctx), "project_id")
    table = left(table, _diverted(facts, ctx), "project_id")
    for role in ("contractor", "owner"):
        table = left(table, _others(facts, ctx, role), "project_id")
        table = left(table, _firm(facts, ctx, role), "project_id")
    return left(table, _lists(facts, ctx), "project_id")


def _coming_pay_days(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``project_id, month, due, ahead`` of unfinished projects that have an agreed pay day."""
    projects = active(facts, ctx)
    projects = projects.filter(projects.pay_day.notnull()).select(
        "project_id",
        "pay_day",
        "owner_id",
        "contractor_id",
        "commencement",
        offset=projects.pay_month_offset.fill_null(1),
    )
    months = ctx.tables.months.select("month", "month_index", month_first="first_day", month_last="last_day")
    table = projects.cross_join(months)
    table = table.mutate(payable_index=table.month_index + table.offset)
    days = ctx.tables.month_days.select("day_number", "moved_earlier", of_index="month_index")
    table = table.join(days, [table.payable_index == days.of_index, table.pay_day == days.day_number])
    as_of = ibis.literal(ctx.as_of)
    table = table.mutate(due=table.moved_earlier, ahead=table.moved_earlier.delta(as_of, unit="day"))
    begun = table.commencement.isnull() | (table.commencement <= table.month_last)
    return table.filter((table.ahead >= 1) & (table.ahead <= DAYS_AHEAD) & begun).select(
        "project_id", "month", "month_first", "month_last", "due", "ahead"
    )


def _promised(facts: Facts) -> ir.Table:
    """What the payroll of the very month promises, where it has been delivered."""
    lines = facts.payroll_lines
    return lines.group_by(["project_id", "month"]).agg(
        promised_fen=lines.net_fen.sum(), promised_people=lines.count()
    )


def _need(facts: Facts, ctx: RuleContext) -> ir.Table:
    """The wage bill of the latest delivered payroll, and attendance of its month and of later ones."""
    bills = _promised(facts)
    newest = bills.group_by("project_id").agg(month=bills.month.max())
    latest = newest.join(bills, ["project_id", "month"])
    days = facts.attendance.group_by(["project_id", "month"]).agg(worked=facts.attendance.days.sum())
    latest = left(latest, days, ["project_id", "month"])
    present = days.group_by("project_id").agg(present_month=days.month.max())
    now = present.join(days, [present.project_id == days.project_id, present.present_month == days.month])
    now = now.select(project_id=now.project_id, present_month=now.present_month, present_worked=now.worked)
    table = left(latest, now, "project_id")
    return table.select(
        "project_id",
        "present_month",
        "present_worked",
        bill_month=table.month,
        bill_fen=table.promised_fen,
        bill_people=table.promised_people,
        bill_worked=table.worked,
    )


def _balances(facts: Facts) -> ir.Table:
    """The last reported balance of the special accounts of a project."""
    balances = facts.account_balances
    newest = balances.group_by("project_id").agg(on=balances.on.max())
    table = newest.join(balances, ["project_id", "on"])
    return table.group_by("project_id").agg(balance_fen=table.balance_fen.sum(), balance_on=table.on.max())


def _owner(facts: Facts, ctx: RuleContext) -> ir.Table:
    """How the owner has kept the agreed disbursements of the last months; only where a sum was agreed."""
    fallen = labour_cost_periods(facts, ctx)
    recent = fallen.filter((fallen.days >= 0) & (fallen.days <= _RECORD_DAYS) & (fallen.required_fen > 0))
    return recent.group_by("project_id").agg(
        owed_fen=recent.required_fen.sum(),
        disbursed_fen=ibis.least(recent.paid_fen, recent.required_fen).sum(),
    )


def _inflow(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Labour cost that has arrived, agreed or not: when last, and how much of late."""
    arrived = facts.disbursements
    age = ibis.literal(ctx.as_of).delta(arrived.paid_on, unit="day")
    none = ibis.literal(0, type="int64")
    return arrived.group_by("project_id").agg(
        disbursed_on=arrived.paid_on.max(),
        inflow_fen=ibis.ifelse(age <= _INFLOW_DAYS, arrived.paid_fen, none).sum(),
    )


def _expected(facts: Facts, ctx: RuleContext) -> ir.Table:
    """What is agreed to arrive after today and until the pay day of a month."""
    pay_days = _coming_pay_days(facts, ctx).select("project_id", "due", wage_month="month")
    to_come = labour_cost_periods(facts, ctx)
    to_come = to_come.filter((to_come.days < 0) & (to_come.paid_fen <= 0)).select(
        "project_id", "required_fen", agreed_by="due"
    )
    table = pay_days.join(to_come, "project_id")
    table = table.filter(table.agreed_by <= table.due)
    return (
        table.group_by(["project_id", "wage_month"])
        .agg(expected_fen=table.required_fen.sum())
        .rename(month="wage_month")
    )


def _lateness(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Due payroll lines of the last months, each late or not: ``project_id, month, due, promised_fen, late_fen``."""
    lines = lines_due(facts, ctx)
    lines = lines.filter(lines.days <= _RECORD_DAYS)
    lines = lines.mutate(line_id=lines["keys"].split(":")[1].cast("int64"))
    lines = left(lines, facts.payments.select("line_id", "last_paid_on"), "line_id")
    missing = ibis.greatest(lines.promised_fen - lines.paid_fen, 0)
    late = (missing > 0) | (lines.last_paid_on > lines.due)
    return lines.select(
        "project_id",
        "month",
        "due",
        "promised_fen",
        open_fen=missing,
        late_fen=ibis.ifelse(late, lines.promised_fen, ibis.literal(0, type="int64")),
    )


def _record(facts: Facts, ctx: RuleContext) -> ir.Table:
    """How the project's own pay days went: the last one, all of the last months, and what is still owed."""
    lines = _lateness(facts, ctx)
    whole = lines.group_by("project_id").agg(
        late_share=lines.late_fen.sum() / lines.promised_fen.sum(), open_fen=lines.open_fen.sum()
    )
    newest = lines.group_by("project_id").agg(due=lines.due.max())
    last = newest.join(lines, ["project_id", "due"])
    last = last.group_by("project_id").agg(
        last_due=last.due.max(), last_late_share=last.late_fen.sum() / last.promised_fen.sum()
    )
    return left(whole, last, "project_id")


def _others(facts: Facts, ctx: RuleContext, role: str) -> ir.Table:
    """How the pay days of the other projects of the same owner or contractor went."""
    lines = _lateness(facts, ctx)
    sums = lines.group_by("project_id").agg(late=lines.late_fen.sum(), promised=lines.promised_fen.sum())
    party = _party(facts, role)
    mine = party.join(sums, "project_id").select(
        "party", other_id="project_id", late="late", promised="promised"
    )
    table = party.join(mine, "party")
    table = table.filter(table.project_id != table.other_id)
    return table.group_by("project_id").agg(**{f"{role}_late_share": table.late.sum() / table.promised.sum()})


def _party(facts: Facts, role: str) -> ir.Table:
    column = f"{role}_id"
    return facts.projects.filter(facts.projects[column].notnull()).select("project_id", party=column)


def _firm(facts: Facts, ctx: RuleContext, role: str) -> ir.Table:
    """What other bodies report of the firm itself: months of insurance in arrears, and troubles of late."""
    months = facts.employer_months.filter(facts.employer_months.insurance_arrears_months.notnull())
    newest = months.group_by("employer_id").agg(month=months.month.max())
    arrears = newest.join(months, ["employer_id", "month"]).select("employer_id", "insurance_arrears_months")
    events = facts.employer_events
    recent = events.filter(
        events.kind.isin(_TROUBLES) & (ibis.literal(ctx.as_of).delta(events.on, unit="day") <= _TROUBLE_DAYS)
    )
    troubles = recent.group_by("employer_id").agg(troubles=recent.count())
    party = _party(facts, role).rename(employer_id="party")
    table = left(left(party, arrears, "employer_id"), troubles, "employer_id")
    return table.select(
        "project_id",
        **{
            f"{role}_insurance_arrears": table.insurance_arrears_months,
            f"{role}_troubles": table.troubles.fill_null(0),
        },
    )


def _lists(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Wage months past their pay day in which people worked and for which no payroll has come."""
    due = pay_due(facts, ctx)
    past = due.filter(due.due <= ibis.literal(ctx.as_of)).select("project_id", "month", "due")
    past = past.filter(ibis.literal(ctx.as_of).delta(past.due, unit="day") <= _RECORD_DAYS)
    missing = past.anti_join(facts.payroll_months, ["project_id", "month"])
    return missing.group_by("project_id").agg(missing_lists=missing.count())


def _clues(facts: Facts, ctx: RuleContext) -> ir.Table:
    clues = facts.clues
    recent = clues.filter(
        clues.project_id.notnull()
        & (ibis.literal(ctx.as_of).delta(clues.received_on, unit="day") <= _CLUE_DAYS)
    )
    return recent.group_by("project_id").agg(clues=recent.count())


def _diverted(facts: Facts, ctx: RuleContext) -> ir.Table:
    outflows = facts.account_outflows
    recent = outflows.filter(
        outflows.fate.isin([OTHER_PAYEE, NOT_WAGES])
        & (ibis.literal(ctx.as_of).delta(outflows.booked_on, unit="day") <= _OUTFLOW_DAYS)
    )
    return recent.group_by("project_id").agg(diverted_fen=recent.amount_fen.sum())
