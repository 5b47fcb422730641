"""What is known on a day about each coming pay day: need, money at hand, money expected, and how it went before.

Everything is one expression over the fact tables; nothing here runs a query. Money is fen. A missing source is
null and stays null: the model is told that it is unknown, never that it is zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.funds.outflows import PROVED, TO_WORKER, UNPROVED
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
#: one cycle of labour cost and some days
_INFLOW_DAYS = 40
#: an owner's habits show in half a year, a contractor's in a year
_HALF_YEAR, _YEAR = 183, 366
#: wages of a pay day leave the account so many days before it and after it
_BEFORE_DAYS, _AFTER_DAYS = 5, 25
#: less than this of the list before the day is too little money
_ENOUGH_PERCENT = 95
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
    table = left(table, _of_month(facts, ctx), ["project_id", "month"])
    for part in (_periods(facts, ctx), _helps(facts, ctx)):
        table = left(table, part, "project_id")
    table = left(table, _others(facts, ctx), "project_id")
    table = left(table, _contractor(facts, ctx), "project_id")
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
        "project_id", "month", "month_first", "month_last", "due", "ahead", "commencement"
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
    """What is to arrive after today and until the pay day of a month: agreed sums, how many in all, and the first day."""
    pay_days = _coming_pay_days(facts, ctx).select("project_id", "due", wage_month="month")
    to_come = labour_cost_periods(facts, ctx)
    to_come = to_come.filter((to_come.days < 0) & (to_come.paid_fen <= 0)).select(
        "project_id", "required_fen", agreed_by="due"
    )
    table = pay_days.join(to_come, "project_id")
    table = table.filter(table.agreed_by <= table.due)
    return (
        table.group_by(["project_id", "wage_month"])
        .agg(
            expected_fen=table.required_fen.sum(),
            expected_times=table.count(),
            expected_slack=table.due.max().delta(table.agreed_by.min(), unit="day"),
        )
        .rename(month="wage_month")
    )


def _past_pay_days(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Pay days of the last year: ``project_id, month, due, days, promised_fen, late_fen, open_fen, before_fen``.

    Where the bank's results are not in, the account tells whether wages left it; ``before_fen`` is the balance
    that was there before the day.
    """
    return ctx.once("forecast_past_pay_days", lambda: _with_balance_before(facts, _settled(facts, ctx)))


def _settled(facts: Facts, ctx: RuleContext) -> ir.Table:
    lines = lines_due(facts, ctx)
    lines = lines.filter((lines.days >= 1) & (lines.days <= _YEAR))
    lines = lines.mutate(line_id=lines["keys"].split(":")[1].cast("int64"))
    lines = left(lines, facts.payments.select("line_id", "last_paid_on"), "line_id")
    missing = ibis.greatest(lines.promised_fen - lines.paid_fen, 0)
    late = (missing > 0) | (lines.last_paid_on > lines.due)
    none = ibis.literal(0, type="int64")
    lines = lines.mutate(open_fen=missing, late_fen=ibis.ifelse(late, lines.promised_fen, none))
    months = lines.group_by(["project_id", "month", "due", "days"]).agg(
        promised_fen=lines.promised_fen.sum(),
        late_fen=lines.late_fen.sum(),
        open_fen=lines.open_fen.sum(),
        told=lines.receipts_delivered.max(),
    )
    months = left(months, _wages_out(facts, months), ["project_id", "month"])
    in_time, out, told = months.in_time_fen.fill_null(0), months.out_fen.fill_null(0), months.told == 1
    kept = in_time * 5 >= months.promised_fen * 4
    return months.select(
        "project_id",
        "month",
        "due",
        "days",
        "promised_fen",
        late_fen=ibis.ifelse(told, months.late_fen, ibis.ifelse(kept, none, months.promised_fen)),
        open_fen=ibis.ifelse(told, months.open_fen, ibis.greatest(months.promised_fen - out, none)),
    )


def _wages_out(facts: Facts, months: ir.Table) -> ir.Table:
    """Wages that left the account around a pay day: by the day, and in all until the next one is near."""
    out = facts.account_outflows
    out = out.filter(out.fate.isin([TO_WORKER, PROVED, UNPROVED])).select(
        "project_id", "booked_on", "amount_fen"
    )
    table = months.select("project_id", "month", "due").join(out, "project_id")
    after = table.booked_on.delta(table.due, unit="day")
    table = table.filter((after >= -_BEFORE_DAYS) & (after <= _AFTER_DAYS))
    none = ibis.literal(0, type="int64")
    return table.group_by(["project_id", "month"]).agg(
        in_time_fen=ibis.ifelse(table.booked_on <= table.due, table.amount_fen, none).sum(),
        out_fen=table.amount_fen.sum(),
    )


def _with_balance_before(facts: Facts, months: ir.Table) -> ir.Table:
    balances = facts.account_balances
    by_day = balances.group_by(["project_id", "on"]).agg(balance_fen=balances.balance_fen.sum())
    table = months.select("project_id", "month", "due").join(by_day, "project_id")
    table = table.filter(table.on < table.due)
    before = table.group_by(["project_id", "month"]).agg(before_fen=table.balance_fen.argmax(table.on))
    return left(months, before, ["project_id", "month"])


def _record(facts: Facts, ctx: RuleContext) -> ir.Table:
    """How the project's own pay days went: the last one, those of the last months and of a year, what is still owed."""
    months = _past_pay_days(facts, ctx)
    recent = months.filter(months.days <= _RECORD_DAYS)
    whole = recent.group_by("project_id").agg(
        late_share=recent.late_fen.sum() / recent.promised_fen.sum(), open_fen=recent.open_fen.sum()
    )
    year = _held(months, "project_id").select(
        "project_id", pay_days="held_pay_days", late_rich_days="held_late_rich_days"
    )
    newest = recent.group_by("project_id").agg(due=recent.due.max())
    last = newest.join(recent, ["project_id", "due"])
    last = last.group_by("project_id").agg(
        last_due=last.due.max(),
        last_late_share=last.late_fen.sum() / last.promised_fen.sum(),
    )
    return left(left(year, whole, "project_id"), last, "project_id")


def _held(months: ir.Table, key: str) -> ir.Table:
    """Counts of pay days: all, late with money enough, with too little money before, and of these the kept ones."""
    short = (months.before_fen * 100 < months.promised_fen * _ENOUGH_PERCENT).fill_null(False)
    rich = (months.before_fen * 100 >= months.promised_fen * _ENOUGH_PERCENT).fill_null(False)
    late = months.late_fen * 5 > months.promised_fen
    return months.group_by(key).agg(
        held_pay_days=months.count(),
        held_late_rich_days=(late & rich).cast("int64").sum(),
        held_short_days=short.cast("int64").sum(),
        held_short_kept_days=(short & ~late).cast("int64").sum(),
    )


def _others(facts: Facts, ctx: RuleContext) -> ir.Table:
    """How the pay days of the other projects of the same contractor went."""
    months = _past_pay_days(facts, ctx)
    recent = months.filter(months.days <= _RECORD_DAYS)
    sums = recent.group_by("project_id").agg(late=recent.late_fen.sum(), promised=recent.promised_fen.sum())
    party = _contractors(facts)
    mine = party.join(sums, "project_id").select(
        "party", other_id="project_id", late="late", promised="promised"
    )
    table = party.join(mine, "party")
    table = table.filter(table.project_id != table.other_id)
    return table.group_by("project_id").agg(contractor_late_share=table.late.sum() / table.promised.sum())


def _helps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """On all sites of the contractor: how often there was too little money before a pay day, and it was kept all the same."""
    party = _contractors(facts)
    months = _past_pay_days(facts, ctx).join(party, "project_id")
    counts = _held(months, "party").select(
        "party", contractor_short_days="held_short_days", contractor_short_kept_days="held_short_kept_days"
    )
    return left(party, counts, "party").drop("party")


def _periods(facts: Facts, ctx: RuleContext) -> ir.Table:
    """How the owner's money came in the last months: how much the last time and on average, how late, how often not at all."""
    arrived = facts.disbursements.group_by(["project_id", "month"]).agg(
        came_on=facts.disbursements.paid_on.min()
    )
    periods = labour_cost_periods(facts, ctx)
    periods = periods.filter((periods.days >= 0) | (periods.paid_fen > 0)).filter(periods.days <= _HALF_YEAR)
    first = facts.account_balances.group_by("project_id").agg(since=facts.account_balances.on.min())
    periods = left(left(periods, arrived, ["project_id", "month"]), first, "project_id")
    came = periods.paid_fen > 0
    wait = ibis.least(ibis.greatest(periods.came_on.delta(periods.due, unit="day"), -5), 60)
    came_due = ibis.ifelse(came, periods.due, ibis.null("date"))
    missing = ~came & (periods.due >= periods.since).fill_null(False)
    return periods.group_by("project_id").agg(
        usual_fen=ibis.ifelse(came, periods.paid_fen, ibis.null("int64")).mean(),
        wait_days=ibis.ifelse(came, wait, ibis.null("int64")).mean(),
        last_wait_days=wait.argmax(came_due),
        last_period_fen=periods.paid_fen.argmax(came_due),
        unpaid_periods=missing.cast("int64").sum(),
        unpaid_days_most=ibis.ifelse(missing, periods.days, ibis.null("int64")).max(),
    )


def _of_month(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Labour cost of the very wage month: when it was due, and what of it has come."""
    periods = labour_cost_periods(facts, ctx)
    return periods.select(
        "project_id",
        "month",
        month_due_days="days",
        month_paid_fen="paid_fen",
    )


def _contractors(facts: Facts) -> ir.Table:
    projects = facts.projects
    return projects.filter(projects.contractor_id.notnull()).select("project_id", party="contractor_id")


def _contractor(facts: Facts, ctx: RuleContext) -> ir.Table:
    """What other bodies report of the firm itself: months of insurance in arrears, and troubles of late."""
    months = facts.employer_months.filter(facts.employer_months.insurance_arrears_months.notnull())
    newest = months.group_by("employer_id").agg(month=months.month.max())
    arrears = newest.join(months, ["employer_id", "month"]).select("employer_id", "insurance_arrears_months")
    events = facts.employer_events
    recent = events.filter(
        events.kind.isin(_TROUBLES) & (ibis.literal(ctx.as_of).delta(events.on, unit="day") <= _TROUBLE_DAYS)
    )
    troubles = recent.group_by("employer_id").agg(troubles=recent.count())
    party = _contractors(facts).rename(employer_id="party")
    table = left(left(party, arrears, "employer_id"), troubles, "employer_id")
    return table.select(
        "project_id",
        contractor_insurance_arrears=table.insurance_arrears_months,
        contractor_troubles=table.troubles.fill_null(0),
    )


def _lists(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Wage months past their pay day in which people worked and for which no payroll has come."""
    due = pay_due(facts, ctx)
    past = due.filter(due.due <= ibis.literal(ctx.as_of)).select("project_id", "month", "due")
    past = past.filter(ibis.literal(ctx.as_of).delta(past.due, unit="day") <= _RECORD_DAYS)
    missing = past.anti_join(facts.payroll_months, ["project_id", "month"])
    return missing.group_by("project_id").agg(missing_lists=missing.count())
