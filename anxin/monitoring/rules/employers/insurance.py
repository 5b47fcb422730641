"""E01, E02, E03: what the social insurance and the unemployment fund report of an employer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.employers.months import (
    ARTICLES,
    COMPARED,
    FRESH,
    LEAST_STAFF,
    at,
    chinese,
    fresh_only,
    insurance,
    month_number,
    number,
    silent,
    with_keys,
)
from anxin.monitoring.rules.framework import Finding, RuleContext, employer_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, percent, subject
from anxin.monitoring.rules.shared import as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_SOCIAL_GAP = {
    "social_missing": "社保数据最近一次是{subject}，此后没有送达，参保和缴费情况不明。",
}


def arrears_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers that owe contributions in the latest month that is known."""
    return ctx.once("employer_arrears", lambda: _arrears(facts, ctx))


def _arrears(facts: Facts, ctx: RuleContext) -> ir.Table:
    table = fresh_only(insurance(facts, ctx), "arrears_at", ctx)
    table = table.select(
        "employer_id",
        at_month=month_number(table, "arrears_at", ctx),
        arrears_months=at(table, "arrears_at", "insurance_arrears_months", ctx),
        amount_fen=at(table, "arrears_at", "insurance_arrears_fen", ctx),
        concerned=at(table, "arrears_at", "insured", ctx),
    )
    table = table.filter(table.arrears_months >= 1)
    return as_rows(with_keys(table, ctx), ("arrears_months", "concerned", "at_month"))


def arrears_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers of which the social insurance no longer says anything."""
    return silent(insurance(facts, ctx), "arrears_at", "social_missing", ctx)


def arrears_sentence(finding: Finding, name: str) -> str:
    """``…截至2026年8月，社会保险费已欠缴3个月，共36,000.00元，参保30人。``"""
    measures = finding.measures
    insured = f"，参保{measures['concerned']}人" if measures["concerned"] is not None else ""
    return (
        f"{subject(finding, name)}截至{chinese(measures['at_month'])}，社会保险费已欠缴"
        f"{measures['arrears_months']}个月，共{amount(finding.amount_fen)}{insured}。"
    )


ARREARS = employer_rule(
    code="E01",
    title="社保欠缴",
    articles=ARTICLES,
    grading="warning.e01",
    parameters=(FRESH,),
    rows=arrears_rows,
    gaps=arrears_gaps,
    gap_sentences=_SOCIAL_GAP,
    sentence=arrears_sentence,
    clears="补缴所欠社会保险费；下一次社保月报显示没有欠缴即消除。",
    measures={"arrears_months": "max", "concerned": "max", "at_month": "max"},
)


def staff_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers whose insured people fell well below the most of the months before."""
    return ctx.once("employer_staff_lost", lambda: _staff_lost(facts, ctx))


def _staff_lost(facts: Facts, ctx: RuleContext) -> ir.Table:
    compared = number(ctx, COMPARED)
    table = fresh_only(insurance(facts, ctx), "insured_at", ctx)
    earlier = range(1, compared + 1)
    none = ibis.literal(0, type="int64")
    leavers = [at(table, "insured_at", "leavers", ctx, before=age) for age in range(compared)]
    table = table.select(
        "employer_id",
        at_month=month_number(table, "insured_at", ctx),
        staying=at(table, "insured_at", "insured", ctx),
        concerned=ibis.greatest(
            *(at(table, "insured_at", "insured", ctx, before=age).fill_null(none) for age in earlier)
        ),
        leavers=_added(leavers),
    )
    table = table.mutate(lost=table.concerned - table.staying)
    table = table.filter((table.concerned >= number(ctx, LEAST_STAFF)) & (table.lost * 10 >= table.concerned))
    table = table.mutate(lost_percent=table.lost * 100 / table.concerned)
    return as_rows(
        with_keys(table, ctx), ("concerned", "staying", "lost", "lost_percent", "leavers", "at_month")
    )


def _added(columns: list[ir.Value]) -> ir.Value:
    """The sum of what is known of the columns."""
    none = ibis.literal(0, type="int64")
    total = columns[0].fill_null(none)
    for column in columns[1:]:
        total = total + column.fill_null(none)
    return total


def staff_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers of which the social insurance no longer says anything."""
    return silent(insurance(facts, ctx), "insured_at", "social_missing", ctx)


def staff_sentence(finding: Finding, name: str) -> str:
    """``…2026年8月参保18人，比此前最多时的40人少22人（55%）。``"""
    measures = finding.measures
    left_by = f"，其间减员{measures['leavers']}人次" if measures["leavers"] else ""
    return (
        f"{subject(finding, name)}{chinese(measures['at_month'])}参保{measures['staying']}人，比此前最多时的"
        f"{measures['concerned']}人少{measures['lost']}人（{percent(measures['lost'], measures['concerned'])}）{left_by}。"
    )


STAFF = employer_rule(
    code="E02",
    title="人员骤减",
    articles=ARTICLES,
    grading="warning.e02",
    parameters=(FRESH, COMPARED, LEAST_STAFF),
    rows=staff_rows,
    gaps=staff_gaps,
    gap_sentences=_SOCIAL_GAP,
    sentence=staff_sentence,
    clears="参保人数不再比前几个月明显减少；季节性用工或整体搬迁的，核实离职人员工资已结清后说明。",
    measures={
        "concerned": "max",
        "staying": "max",
        "lost": "max",
        "lost_percent": "max",
        "leavers": "max",
        "at_month": "max",
    },
)


def claims_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers whose former people draw unemployment benefit in number."""
    return ctx.once("employer_claims", lambda: _claims(facts, ctx))


def _claims(facts: Facts, ctx: RuleContext) -> ir.Table:
    table = fresh_only(insurance(facts, ctx), "claims_at", ctx)
    ages = range(number(ctx, COMPARED))
    none = ibis.literal(0, type="int64")
    claims = _added([at(table, "claims_at", "unemployment_claims", ctx, before=age) for age in ages])
    insured = [at(table, "claims_at", "insured", ctx, before=age).fill_null(none) for age in ages]
    table = table.select(
        "employer_id",
        at_month=month_number(table, "claims_at", ctx),
        claims=claims,
        # Where nobody is insured any more, those who claim are all there were.
        concerned=ibis.greatest(*insured, claims),
    )
    table = table.filter(table.claims >= 1)
    table = table.mutate(claim_percent=table.claims * 100 / table.concerned)
    return as_rows(with_keys(table, ctx), ("claims", "claim_percent", "concerned", "at_month"))


def claims_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers of which the unemployment fund no longer says anything."""
    return silent(insurance(facts, ctx), "claims_at", "claims_missing", ctx)


def claims_sentence(finding: Finding, name: str) -> str:
    """``…截至2026年8月的3个月里，有12人申领失业保险金（此前参保40人）。``"""
    measures = finding.measures
    return (
        f"{subject(finding, name)}截至{chinese(measures['at_month'])}的近几个月里，原职工{measures['claims']}人"
        f"申领失业保险金，占其间最多参保{measures['concerned']}人的{percent(measures['claims'], measures['concerned'])}。"
    )


CLAIMS = employer_rule(
    code="E03",
    title="失业金申领集中",
    articles=ARTICLES,
    grading="warning.e03",
    parameters=(FRESH, COMPARED),
    rows=claims_rows,
    gaps=claims_gaps,
    gap_sentences={
        "claims_missing": "失业保险金申领数据最近一次是{subject}，此后没有送达，申领情况不明。",
    },
    sentence=claims_sentence,
    clears="近几个月不再有职工集中申领失业保险金；核实离职人员工资已结清。",
    measures={"claims": "max", "claim_percent": "max", "concerned": "max", "at_month": "max"},
)
