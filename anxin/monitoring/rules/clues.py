"""W14, W15, Z01 and Z02: complaints and clues about unpaid wages, by business and by case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from anxin.kernel.months import Month
from anxin.monitoring.rules.framework import (
    Article,
    Finding,
    Fold,
    RuleContext,
    employer_rule,
    site_rule,
)
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_SPAN = "clue_density.days"
_DETAILS = ("received_on", "channel", "clues", "concerned", "extreme")
#: recommended tables and notices look at complaints as such: what binds is the duty to watch and to act on them
_ARTICLES = (Article("wage_regulation", 38), Article("wage_regulation", 41))


def _standing(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Clues received by the day that have not been found to be unfounded by then."""
    as_of = ibis.literal(ctx.as_of)
    clues = facts.clues.filter(facts.clues.received_on <= as_of)
    unfounded = (clues.founded == False) & (clues.closed_on <= as_of)  # noqa: E712 a column, not a truth
    return clues.filter(~unfounded.fill_null(False))


def _of_businesses(clues: ir.Table, facts: Facts, *roles: str) -> ir.Table:
    """Clues by the business named, or else by the businesses that hold these roles in the project named."""
    named = clues.filter(clues.employer_id.notnull())
    on_site = clues.filter(clues.employer_id.isnull() & clues.project_id.notnull()).drop("employer_id")
    parts = [named.select("clue_id", "employer_id")]
    for role in roles:
        holders = facts.projects.select("project_id", employer_id=role).filter(
            lambda t: t.employer_id.notnull()
        )
        parts.append(on_site.join(holders, "project_id").select("clue_id", "employer_id"))
    who = ibis.union(*parts, distinct=True)
    return clues.drop("employer_id", "project_id").join(who, "clue_id")


def _shaped(table: ir.Table, month: ir.Column) -> ir.Table:
    return as_rows(
        table.mutate(
            month=month,
            clues=ibis.literal(1, type="int64"),
            concerned=ibis.greatest(table.people.fill_null(1), 1),
            extreme=table.extreme.cast("int64"),
            keys=ibis.literal("clue:") + table.clue_id.cast("string"),
        ),
        _DETAILS,
    )


def density_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Clues of the last days by the business they speak of: the employer named, else the general contractor."""
    span = int(ctx.law.value(_SPAN, on=ctx.as_of).value)
    clues = _of_businesses(_standing(facts, ctx), facts, "contractor_id")
    recent = clues.filter(clues.received_on > ibis.literal(ctx.as_of - dt.timedelta(days=span)))
    return _shaped(recent, ibis.literal(""))


def case_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Clues of a project that are still being handled."""
    clues = _standing(facts, ctx).filter(lambda t: t.project_id.notnull()).drop("employer_id")
    open_ones = clues.filter(clues.closed_on.isnull() | (clues.closed_on > ibis.literal(ctx.as_of)))
    return as_rows(
        open_ones.mutate(
            month=ibis.literal(""),
            days=ibis.literal(ctx.as_of).delta(open_ones.received_on, unit="day").cast("int64"),
            concerned=ibis.greatest(open_ones.people.fill_null(1), 1),
            people_in_case=ibis.greatest(open_ones.people.fill_null(1), 1),
            extreme=open_ones.extreme.cast("int64"),
            keys=ibis.literal("clue:") + open_ones.clue_id.cast("string"),
        ),
        ("received_on", "channel", "concerned", "people_in_case", "extreme"),
    )


def monthly_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Clues of this and the last month by owner and general contractor of the project they speak of."""
    clues = _standing(facts, ctx).filter(lambda t: t.project_id.notnull())
    # the notice counts the site's clues at its owner and its contractor, whoever the clue itself names
    clues = _of_businesses(clues.mutate(employer_id=ibis.null("int64")), facts, "owner_id", "contractor_id")
    table = clues.filter(clues.received_on >= ibis.literal(_last_month(ctx)))
    return _shaped(table, table.received_on.strftime("%Y-%m"))


def arbitration_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Arbitration of this and the last month by business."""
    events = facts.employer_events.filter(facts.employer_events.kind == "arbitration")
    events = events.filter(
        (events.on <= ibis.literal(ctx.as_of)) & (events.on >= ibis.literal(_last_month(ctx)))
    )
    concerned = ibis.greatest(events.people.fill_null(1), 1)
    return as_rows(
        events.mutate(
            month=events.on.strftime("%Y-%m"),
            received_on=events.on,
            concerned=concerned,
            people_in_case=concerned,
            cases=ibis.literal(1, type="int64"),
            keys=ibis.literal("employer_event:") + events.event_id.cast("string"),
        ),
        ("received_on", "concerned", "people_in_case", "cases"),
    )


def _last_month(ctx: RuleContext) -> dt.date:
    return Month.of(ctx.as_of).plus(-1).first_day


def _sum(finding: Finding) -> str:
    return f"，反映金额{amount(finding.amount_fen)}" if finding.amount_fen else ""


def density_sentence(finding: Finding, project_name: str) -> str:
    """``…近30日收到欠薪投诉线索6件，涉及14人，反映金额…。``"""
    clues, concerned = finding.measures["clues"], finding.measures["concerned"]
    return (
        f"{subject(finding, project_name)}近期收到欠薪投诉线索{clues}件，涉及{concerned}人{_sum(finding)}，"
        "请核实并督促支付。"
    )


def case_sentence(finding: Finding, project_name: str) -> str:
    """``…有2件欠薪线索正在处理，最大一件涉及12人，反映金额…；有极端苗头。``"""
    measures = finding.measures
    extreme = f"；其中{measures['extreme']}件有极端苗头" if measures["extreme"] else ""
    return (
        f"{subject(finding, project_name)}有{finding.rows}件欠薪线索正在处理，最大一件涉及"
        f"{measures['people_in_case']}人{_sum(finding)}，最早一件已{finding.days}天{extreme}。"
    )


def monthly_sentence(finding: Finding, project_name: str) -> str:
    """``…当月工程欠薪线索12次，超过月通报线。``"""
    return (
        f"{subject(finding, project_name)}作为建设单位或施工总承包单位，当月工程欠薪线索"
        f"{finding.measures['clues']}次，涉及{finding.measures['concerned']}人{_sum(finding)}，超过月通报线。"
    )


def arbitration_sentence(finding: Finding, project_name: str) -> str:
    """``…当月劳动仲裁11件，最大一件涉及15人，达到月通报线。``"""
    return (
        f"{subject(finding, project_name)}当月劳动仲裁{finding.measures['cases']}件，最大一件涉及"
        f"{finding.measures['people_in_case']}人{_sum(finding)}，达到月通报线。"
    )


_COUNTED: dict[str, Fold] = {"clues": "sum", "concerned": "sum", "extreme": "sum"}

DENSITY = employer_rule(
    code="W14",
    title="同一单位欠薪线索密集",
    articles=_ARTICLES,
    grading="warning.w14",
    parameters=(_SPAN,),
    rows=density_rows,
    sentence=density_sentence,
    clears="线索办结且近期不再有新的线索；查明不属实的，登记核处结论。",
    measures=_COUNTED,
)

CASE = site_rule(
    code="W15",
    title="单案涉及人数多或有极端苗头",
    articles=_ARTICLES,
    grading="warning.w15",
    parameters=("emergency.warning_group_people", "emergency.group_event_levels"),
    rows=case_rows,
    sentence=case_sentence,
    clears="工资付清并登记线索办结；查明不属实的，登记核处结论。",
    measures={"concerned": "sum", "people_in_case": "max", "extreme": "sum"},
)

MONTHLY = employer_rule(
    code="Z01",
    title="（珠海）当月工程欠薪线索超过通报线",
    articles=_ARTICLES,
    grading="warning.z01",
    parameters=(),
    rows=monthly_rows,
    sentence=monthly_sentence,
    clears="列入当月通报并联合约谈；其后一个月不再超过通报线即消除。",
    measures=_COUNTED,
)

ARBITRATION = employer_rule(
    code="Z02",
    title="（珠海）当月劳动仲裁达到通报线",
    articles=_ARTICLES,
    grading="warning.z02",
    parameters=(),
    rows=arbitration_rows,
    sentence=arbitration_sentence,
    clears="列入当月通报并联合约谈；其后一个月不再达到通报线即消除。",
    measures={"concerned": "sum", "people_in_case": "max", "cases": "sum"},
)
