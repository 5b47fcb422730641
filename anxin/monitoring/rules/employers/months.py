"""What the rules about employers share: the months they look at, and how those are said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anxin.kernel.months import Month
from anxin.monitoring.rules.framework import Article, RuleContext
from anxin.monitoring.rules.law_tables import month_index
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.shared import as_gaps

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

#: signs of a business in trouble are watched under one provision
ARTICLES = (Article("wage_regulation", 38, 2),)
#: months after which a reported month no longer says how things are
FRESH = "employer_signs.fresh_months"
#: months before the latest one that it is compared with
COMPARED = "employer_signs.compared_months"
#: days for which a happening counts
EVENT_DAYS = "employer_signs.event_days"
DISPUTE_DAYS = "employer_signs.dispute_days"
#: fewer people, or less water and power, and a change says nothing
LEAST_STAFF = "employer_signs.least_staff"
#: how far back months are read; a source that was silent for longer is no longer missed
REMEMBERED = 15
YEAR = 12
INSURANCE = (
    "insured",
    "leavers",
    "insurance_arrears_months",
    "insurance_arrears_fen",
    "unemployment_claims",
)


def number(ctx: RuleContext, key: str) -> int:
    """A threshold of this pack on the day."""
    return int(ctx.law.value(key, on=ctx.as_of).value)


def this_month(ctx: RuleContext) -> int:
    return month_index(Month.of(ctx.as_of))


def month_of_index(index: int) -> Month:
    """The month that a number of :func:`month_index` stands for."""
    year, number_less_one = divmod(index - 1, 12)
    return Month(year, number_less_one + 1)


def insurance(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row an employer: what the social insurance and the unemployment fund said, month by month back.

    ``insured_0`` is the month of the day, ``insured_1`` the one before. ``insured_at``, ``arrears_at`` and
    ``claims_at`` say how many months back the latest word is. Wide on purpose: months are read once for all rules.
    """
    return ctx.once("employer_insurance", lambda: _insurance(facts, ctx))


def _insurance(facts: Facts, ctx: RuleContext) -> ir.Table:
    fresh, compared = number(ctx, FRESH), number(ctx, COMPARED)
    table = _aged(facts, ctx, INSURANCE)
    return table.group_by("employer_id").agg(
        insured_at=_last(table, "insured"),
        arrears_at=_last(table, "insurance_arrears_months"),
        claims_at=_last(table, "unemployment_claims"),
        **_back(table, "insured", fresh + compared),
        **_back(table, "leavers", fresh + compared),
        **_back(table, "unemployment_claims", fresh + compared),
        **_back(table, "insurance_arrears_months", fresh),
        **_back(table, "insurance_arrears_fen", fresh),
    )


def utilities(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row an employer: water and power month by month back, as :func:`insurance` does for people."""
    return ctx.once("employer_utilities_back", lambda: _utilities(facts, ctx))


def _utilities(facts: Facts, ctx: RuleContext) -> ir.Table:
    back = number(ctx, FRESH) + YEAR
    table = _aged(facts, ctx, ("water_m3", "power_kwh"))
    return table.group_by("employer_id").agg(
        water_m3_at=_last(table, "water_m3"),
        power_kwh_at=_last(table, "power_kwh"),
        **_back(table, "water_m3", back),
        **_back(table, "power_kwh", back),
    )


def _aged(facts: Facts, ctx: RuleContext, columns: tuple[str, ...]) -> ir.Table:
    """The employers' months with their ``age``: how many months before the day."""
    numbered = facts.employer_months.select("employer_id", "month", *columns).join(
        ctx.tables.months.select("month", "month_index"), "month"
    )
    aged = numbered.mutate(age=ibis.literal(this_month(ctx)) - numbered.month_index)
    return aged.filter((aged.age >= 0) & (aged.age <= REMEMBERED))


def _last(table: ir.Table, column: str) -> ir.IntegerScalar:
    return table.age.min(where=table[column].notnull())


def _back(table: ir.Table, column: str, months: int) -> dict[str, ir.Scalar]:
    return {f"{column}_{age}": table[column].max(where=table.age == age) for age in range(months + 1)}


def at(table: ir.Table, where: str, column: str, ctx: RuleContext, *, before: int = 0) -> ir.Value:
    """The column ``before`` months before the latest word, whose age stands in ``where``."""
    ages = range(number(ctx, FRESH) + 1)
    return ibis.cases(*((table[where] == age, table[f"{column}_{age + before}"]) for age in ages))


def fresh_only(table: ir.Table, where: str, ctx: RuleContext) -> ir.Table:
    """Without employers whose latest word is too old to say how things are."""
    return table.filter(table[where] <= number(ctx, FRESH))


def staff(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``employer_id, insured``: people insured by the latest fresh word."""
    table = fresh_only(insurance(facts, ctx), "insured_at", ctx)
    return table.select("employer_id", insured=at(table, "insured_at", "insured", ctx))


def silent(table: ir.Table, where: str, kind: str, ctx: RuleContext) -> ir.Table:
    """Employers that a source once named and of which it now says nothing: unknown, not normal."""
    stale = table.filter(table[where] > number(ctx, FRESH))
    months = ctx.tables.months.select("month_index", last_month="month")
    stale = stale.select("employer_id", month_index=ibis.literal(this_month(ctx)) - stale[where])
    return as_gaps(stale.join(months, "month_index"), kind, subject="last_month")


def month_number(table: ir.Table, where: str, ctx: RuleContext) -> ir.IntegerValue:
    """The index of the month of the latest word."""
    return ibis.literal(this_month(ctx)) - table[where]


def with_keys(table: ir.Table, ctx: RuleContext) -> ir.Table:
    """The table with the evidence key of each row's month: ``employer_month:12@2026-08``."""
    months = ctx.tables.months.select(at_month="month_index", said_in="month")
    table = table.join(months, "at_month")
    key = (
        ibis.literal("employer_month:") + table.employer_id.cast("string") + ibis.literal("@") + table.said_in
    )
    return table.mutate(keys=key, month=ibis.literal(""))


def open_events(facts: Facts, ctx: RuleContext, *kinds: str, days: int | None = None) -> ir.Table:
    """Happenings of these kinds that still stand on the day; with ``days`` also those that ended since."""
    as_of = ibis.literal(ctx.as_of)
    table = facts.employer_events.filter(facts.employer_events.kind.isin(list(kinds)))
    table = table.filter(table.on <= as_of)
    table = table.mutate(
        age=as_of.delta(table.on, unit="day"),
        keys=ibis.literal("employer_event:") + table.event_id.cast("string"),
    )
    if days is not None:
        return table.filter(table.age <= days)
    return table.filter(table.until.isnull() | (table.until > as_of))


def chinese(index: Any) -> str:
    """``2026年8月`` for a month index among a finding's measures."""
    return month_of_index(int(index)).chinese()
