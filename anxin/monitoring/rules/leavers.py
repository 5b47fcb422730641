"""W19 and G05: people who left the site and have not confirmed that they were paid off, or say that they were not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.grading import lowest_limit
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_SETTLE = "wage_payment.termination_settlement"
_YEARS = "inspection.limitation_years"
#: a span of days, unlike a day of the calendar, needs no new expression on the next day
_DAYS_OF_A_YEAR = 365.25
_PERSON = ["project_id", "worker_key"]
_DETAILS = ("contested", "handling", "silent", "open_days", "open_fen", "unlisted_months", "contested_on")


def _leavers(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People whose last enrolment on a project has ended, within the years in which a claim is looked into."""
    as_of = ibis.literal(ctx.as_of)
    years = int(ctx.law.value(_YEARS, on=ctx.as_of).value)
    earliest = ibis.literal(ctx.as_of - dt.timedelta(days=round(years * _DAYS_OF_A_YEAR)))
    people = facts.enrolments
    staying = people.filter(people.exit.isnull() | (people.exit > as_of))
    staying = staying.filter(staying.entry.isnull() | (staying.entry <= as_of))
    gone = people.filter((people.exit <= as_of) & (people.exit >= earliest))
    gone = gone.group_by(_PERSON).agg(exit=gone.exit.max())
    return gone.anti_join(staying, _PERSON)


def _said(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Per leaver, what was last said by the day: confirmed, contested, being handled."""
    as_of = ibis.literal(ctx.as_of)
    said = facts.settlements.mutate(
        confirmed=ibis.ifelse(facts.settlements.confirmed_on <= as_of, facts.settlements.confirmed_on, None),
        against=ibis.ifelse(facts.settlements.contested_on <= as_of, facts.settlements.contested_on, None),
    )
    said = said.group_by(_PERSON).agg(
        confirmed=said.confirmed.max(),
        contested_on=said.against.max(),
        handling=said.handling.cast("int64").max(),
    )
    still = said.contested_on.notnull() & (said.confirmed.isnull() | (said.confirmed < said.contested_on))
    return said.mutate(
        contested=still.cast("int64"), settled=(said.confirmed.notnull() & ~still).cast("int64")
    )


def _with_open_books(facts: Facts, people: ir.Table) -> ir.Table:
    """These people with what the pay lists still owe them, and their attended months that stand in no pay list."""
    lines = left(facts.payroll_lines.semi_join(people, _PERSON), facts.payments, "line_id")
    owed = ibis.greatest(lines.net_fen - lines.paid_fen.fill_null(0), 0)
    open_lines = lines.group_by(_PERSON).agg(open_fen=owed.sum())
    present = facts.attendance.filter(facts.attendance.days > 0).semi_join(people, _PERSON)
    unlisted = present.anti_join(facts.payroll_lines, ["project_id", "worker_key", "month"])
    unlisted = unlisted.group_by(_PERSON).agg(unlisted_months=unlisted.count())
    table = left(left(people, open_lines, _PERSON), unlisted, _PERSON)
    return table.mutate(
        open_fen=table.open_fen.fill_null(0), unlisted_months=table.unlisted_months.fill_null(0)
    )


def _unsettled(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Leavers of projects at which anything was ever said, who have not confirmed."""
    return ctx.once("unsettled_leavers", lambda: _with_what_is_open(facts, ctx))


def _with_what_is_open(facts: Facts, ctx: RuleContext) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    leavers = _leavers(facts, ctx).semi_join(facts.settlements, "project_id")
    table = left(leavers, _said(facts, ctx), _PERSON)
    table = _with_open_books(facts, table.filter(table.settled.fill_null(0) == 0))
    days = as_of.delta(table.exit, unit="day").cast("int64")
    contested, zero = table.contested.fill_null(0), ibis.literal(0, type="int64")
    open_books = (table.open_fen > 0) | (table.unlisted_months > 0)
    handling = ibis.ifelse(contested == 1, table.handling.fill_null(0), zero)
    return table.mutate(
        days=days,
        due=table.exit,
        contested=contested,
        handling=handling,
        silent=ibis.ifelse(handling == 1, zero, 1).cast("int64"),
        open_days=ibis.ifelse(open_books, days, zero),
    )


def _shaped(table: ir.Table) -> ir.Table:
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            person=table.worker_key,
            amount_fen=table.open_fen,
            keys=ibis.literal("enrolment:") + table.project_id.cast("string") + "@" + table.worker_key,
        ),
        _DETAILS,
    )


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Leavers who contest, or have been silent for the days of the mildest grade."""
    floor = min(
        lowest_limit(ctx.law.value("warning.w19", on=ctx.as_of, region=region), "days")
        for region in ("", *facts.regions)
    )
    table = _unsettled(facts, ctx)
    return _shaped(table.filter((table.contested == 1) | (table.days >= floor)))


def guizhou_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Leavers from the day after who have not confirmed, whatever the books say."""
    table = _unsettled(facts, ctx)
    return _shaped(table.filter((table.contested == 1) | (table.days >= 1)))


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects with leavers from which nobody has ever said anything."""
    silent = _leavers(facts, ctx).select("project_id").distinct()
    return as_gaps(silent.anti_join(facts.settlements, "project_id"), "nothing_said")


def sentence(finding: Finding, project_name: str) -> str:
    """``…5名离场工人没有确认结清，最久22天；其中1人反映欠薪，账面未付…。``"""
    measures = finding.measures
    parts = []
    if measures["contested"]:
        handled = f"（{measures['handling']}人的正在处理）" if measures["handling"] else ""
        parts.append(f"其中{measures['contested']}人反映欠薪{handled}")
    if finding.amount_fen:
        parts.append(f"工资表上尚未到账{amount(finding.amount_fen)}")
    if measures["unlisted_months"]:
        parts.append(f"{measures['unlisted_months']}人月有考勤而没有工资记录")
    note = f"；{'，'.join(parts)}" if parts else "；账面没有未付的记录，请提醒本人确认"
    return f"{subject(finding, project_name)}{finding.people}名离场工人没有确认结清，最久已{finding.days}天{note}。"


UNSETTLED = Rule(
    code="W19",
    title="离场工人工资未结清",
    family="wages",
    articles=(Article("wage_payment_rules_1994", 9), Article("wage_regulation", 31)),
    grading="warning.w19",
    parameters=(_SETTLE, _YEARS),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "nothing_said": "有工人离场，而没有收到任何结清确认或异议，工资是否结清无法判断，请发送确认。"
    },
    sentence=sentence,
    clears="离场工人确认结清，或工资付清后登记结清；离场登记有误的更正。",
    responsible="general_contractor",
    measures={
        "contested": "sum",
        "handling": "sum",
        "silent": "sum",
        "open_days": "max",
        "unlisted_months": "sum",
    },
)

GUIZHOU = replace(
    UNSETTLED, code="G05", title="（贵州）离场人员没有结清确认", grading="warning.g05", rows=guizhou_rows
)
