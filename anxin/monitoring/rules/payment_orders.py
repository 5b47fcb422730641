"""W16 and W17: an order to pay has run out unpaid; the decision on the list of dishonest employers comes near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.grading import lowest_limit
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows, left, only_left, parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_SINGLE = "crime.large_amount_single"
_GROUP = "crime.large_amount_group"
_DECIDE = "blacklist.listing_decision_days"
_CRIME_DETAILS = (
    "served_on",
    "order_people",
    "order_months",
    "concerned",
    "single_limit_fen",
    "group_limit_fen",
    "limit_is_minimum",
    "limit_percent",
    "single_months",
    "group_people",
)


def _unpaid(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Orders served by the day and not yet paid, by the employer named or else the project's contractor."""
    as_of = ibis.literal(ctx.as_of)
    orders = facts.payment_orders.filter(facts.payment_orders.served_on <= as_of)
    orders = orders.filter(orders.paid_on.isnull() | (orders.paid_on > as_of))
    contractors = facts.projects.select("project_id", "contractor_id")
    table = left(orders, contractors, "project_id")
    table = table.mutate(employer_id=ibis.coalesce(table.employer_id, table.contractor_id))
    return table.filter(table.employer_id.notnull()).drop("project_id", "contractor_id")


def _limits(ctx: RuleContext, key: str, name: str) -> ir.Table:
    """The local amount on the day; where the place has recorded none, the least of the nation's range."""
    as_of = ibis.literal(ctx.as_of)
    spans = parameter(ctx, key)
    spans = spans.filter((spans.valid_from <= as_of) & (spans.valid_until >= as_of))
    return spans.select(
        "region",
        **{
            name: (spans.number * 100).round().cast("int64"),
            f"{name}_lower": spans.lower_bound.cast("int64"),
        },
    )


def crime_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Unpaid orders near or past their last day, with their share of the criminal amount once past."""
    months, people = _conditions(ctx)
    table = _unpaid(facts, ctx)
    for key, name in ((_SINGLE, "single_limit_fen"), (_GROUP, "group_limit_fen")):
        table = only_left(left(table, _limits(ctx, key, name), "region"))
    days = ibis.literal(ctx.as_of).delta(table.due_on, unit="day").cast("int64")
    table = table.mutate(days=days, concerned=ibis.greatest(table.people.fill_null(1), 1))
    # the mean never exceeds what the person with the most is owed
    alone = table.amount_fen * 100 / table.concerned / table.single_limit_fen
    together = table.amount_fen * 100 / table.group_limit_fen
    single = ibis.ifelse(table.months >= months, alone, 0.0).fill_null(0.0)
    group = ibis.ifelse(table.concerned >= people, together, 0.0).fill_null(0.0)
    past = table.days >= 1
    floor = min(
        lowest_limit(ctx.law.value("warning.w16", on=ctx.as_of, region=region), "days")
        for region in ("", *facts.regions)
    )
    table = table.filter(table.days >= floor)
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            due=table.due_on,
            order_people=table.people,
            order_months=table.months,
            single_months=ibis.literal(months, type="float64"),
            group_people=ibis.literal(people, type="int64"),
            limit_is_minimum=ibis.greatest(table.single_limit_fen_lower, table.group_limit_fen_lower),
            limit_percent=ibis.ifelse(past, ibis.greatest(single, group), 0.0),
            keys=ibis.literal("payment_order:") + table.order_id.cast("string"),
        ),
        _CRIME_DETAILS,
    )


def _conditions(ctx: RuleContext) -> tuple[float, int]:
    """Months of arrears of one person, and people together, from which the amounts count."""
    single = ctx.law.value(_SINGLE, on=ctx.as_of).value
    group = ctx.law.value(_GROUP, on=ctx.as_of).value
    return float(single["months"]), int(group["people"])


def listing_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Unpaid orders by working days past their last day."""
    as_of = ibis.literal(ctx.as_of)
    table = _unpaid(facts, ctx).filter(lambda t: t.due_on < as_of)
    calendar = ctx.tables.calendar
    number = calendar.select(due_on="day", due_number="workday_number")
    today = calendar.filter(calendar.day == as_of).select(today="workday_number")
    table = table.join(number, "due_on").cross_join(today)
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            due=table.due_on,
            days=table.today - table.due_number,
            concerned=ibis.greatest(table.people.fill_null(1), 1),
            keys=ibis.literal("payment_order:") + table.order_id.cast("string"),
        ),
        ("served_on", "concerned"),
    )


def crime_sentence(finding: Finding, project_name: str) -> str:
    """``…责令支付…应于…前付清，至今未付，已过期3天；数额达到当地标准的…。``"""
    measures, days = finding.measures, finding.days or 0
    due = day_words(finding.due) if finding.due else ""
    head = f"{subject(finding, project_name)}{finding.rows}份责令支付文书（{measures['concerned']}人，共{amount(finding.amount_fen)}）"
    if days < 0:
        return f"{head}将于{due}期满，还剩{-days}天，尚未付清。"
    if not days:
        return f"{head}今天期满，尚未付清。"
    share = measures["limit_percent"]
    if share <= 0:
        return f"{head}已于{due}期满，过期{days}天，仍未付清。"
    lowest = "（当地未录入，按国家幅度的下限）" if measures["limit_is_minimum"] else ""
    reached = f"数额为拒不支付劳动报酬“数额较大”标准{lowest}的{share:.0f}%"
    return f"{head}已于{due}期满，过期{days}天，仍未付清，{reached}，请研究移送。"


def listing_sentence(finding: Finding, project_name: str) -> str:
    """``…责令支付期满后已过15个工作日，应在第20个工作日前作出是否列入失信名单的决定。``"""
    due = day_words(finding.due) if finding.due else ""
    return (
        f"{subject(finding, project_name)}{finding.rows}份责令支付文书（{finding.measures['concerned']}人，"
        f"共{amount(finding.amount_fen)}）最早于{due}期满未付，已过{finding.days}个工作日，"
        "请核实是否符合列入失信联合惩戒名单的情形，按期作出决定或办理延期。"
    )


CRIME = Rule(
    code="W16",
    title="责令支付期满未付，接近刑事标准",
    family="wages",
    articles=(
        Article("criminal_law", 276),
        Article("wage_crime_interpretation_2013", 3),
        Article("wage_crime_interpretation_2013", 4),
    ),
    grading="warning.w16",
    parameters=(_SINGLE, _GROUP, "crime.must_order_first"),
    rows=crime_rows,
    sentence=crime_sentence,
    clears="登记付清日期；移送公安后按案件办理。",
    responsible="employer",
    measures={"concerned": "sum", "limit_percent": "max", "limit_is_minimum": "max"},
    subject="employer",
)

LISTING = Rule(
    code="W17",
    title="失信名单列入决定将到期",
    family="paper",
    articles=(Article("blacklist_measures", 8),),
    grading="warning.w17",
    parameters=(_DECIDE, "blacklist.listing_conditions"),
    rows=listing_rows,
    sentence=listing_sentence,
    clears="登记付清日期，或登记列入（不予列入、延期）的决定。",
    responsible="bureau",
    measures={"concerned": "sum"},
    days_unit="working",
    subject="employer",
)
