"""E04, E05, E06, E09: what tribunals, inspectorates, courts and registers hold about an employer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.kernel.money import FEN_PER_YUAN
from anxin.monitoring.rules.employers.months import (
    ARTICLES,
    DISPUTE_DAYS,
    EVENT_DAYS,
    FRESH,
    number,
    open_events,
    staff,
)
from anxin.monitoring.rules.framework import Finding, RuleContext, employer_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows, left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts


def clues(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Leads about an employer within the days that count; those found to be unfounded are left out."""
    as_of = ibis.literal(ctx.as_of)
    table = facts.clues.filter(facts.clues.employer_id.notnull())
    table = table.mutate(age=as_of.delta(table.received_on, unit="day"))
    table = table.filter((table.age >= 0) & (table.age <= number(ctx, DISPUTE_DAYS)))
    return table.filter(table.founded.fill_null(True))


def dispute_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Arbitrations, inspections and leads of the last months, one row each."""
    return ctx.once("employer_disputes", lambda: _disputes(facts, ctx))


def _disputes(facts: Facts, ctx: RuleContext) -> ir.Table:
    events = open_events(facts, ctx, "arbitration", "inspection", days=number(ctx, DISPUTE_DAYS))
    leads = clues(facts, ctx)
    one = ibis.literal(1, type="int64")
    none = ibis.literal(0, type="int64")
    both = events.select(
        "employer_id",
        "keys",
        "amount_fen",
        due="on",
        concerned=events.people.fill_null(1),
        formal=one,
        leads=none,
    ).union(
        leads.select(
            "employer_id",
            "amount_fen",
            keys=ibis.literal("clue:") + leads.clue_id.cast("string"),
            due="received_on",
            concerned=leads.people.fill_null(1),
            formal=none,
            leads=one,
        ).select("employer_id", "keys", "amount_fen", "due", "concerned", "formal", "leads")
    )
    return as_rows(
        both.mutate(month=ibis.literal(""), disputes=one, last_on=both.due),
        ("concerned", "formal", "leads", "disputes", "last_on"),
    )


def dispute_sentence(finding: Finding, name: str) -> str:
    """``…近180日内有仲裁、监察案件3件、欠薪线索2件，涉及15人，最近一件在2026年8月3日。``"""
    measures = finding.measures
    parts = [
        f"{words}{measures[key]}件"
        for key, words in (("formal", "仲裁、监察案件"), ("leads", "欠薪线索"))
        if measures[key]
    ]
    asked = f"，涉及金额{amount(finding.amount_fen)}" if finding.amount_fen else ""
    return (
        f"{subject(finding, name)}近期有{'、'.join(parts)}，涉及{measures['concerned']}人次{asked}，"
        f"最近一件在{day_words(measures['last_on'])}。"
    )


DISPUTES = employer_rule(
    code="E04",
    title="仲裁与投诉",
    articles=ARTICLES,
    grading="warning.e04",
    parameters=(DISPUTE_DAYS,),
    rows=dispute_rows,
    sentence=dispute_sentence,
    clears="案件和线索办结、工资付清后，超过计算期间没有新的案件和线索。",
    measures={"concerned": "sum", "formal": "sum", "leads": "sum", "disputes": "sum", "last_on": "max"},
)


def enforcement_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Court orders in execution against the employer that still stand."""
    return ctx.once("employer_enforcement", lambda: _enforcement(facts, ctx))


def _enforcement(facts: Facts, ctx: RuleContext) -> ir.Table:
    table = open_events(facts, ctx, "enforcement")
    table = table.filter(table.age <= number(ctx, EVENT_DAYS))
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            due=table.on,
            orders=ibis.literal(1, type="int64"),
            enforced_yuan=(table.amount_fen.fill_null(0) / FEN_PER_YUAN).floor().cast("int64"),
            last_on=table.on,
        ),
        ("orders", "enforced_yuan", "last_on"),
    )


def enforcement_sentence(finding: Finding, name: str) -> str:
    """``…被法院强制执行2件，共860,000.00元，最近一件在2026年7月9日立案。``"""
    measures = finding.measures
    return (
        f"{subject(finding, name)}被法院强制执行{measures['orders']}件，执行标的共{amount(finding.amount_fen)}，"
        f"最近一件在{day_words(measures['last_on'])}立案，尚未结案。"
    )


ENFORCEMENT = employer_rule(
    code="E05",
    title="法院强制执行",
    articles=ARTICLES,
    grading="warning.e05",
    parameters=(EVENT_DAYS,),
    rows=enforcement_rows,
    sentence=enforcement_sentence,
    clears="执行案件结案；法院数据显示已结即消除。",
    measures={"orders": "sum", "enforced_yuan": "sum", "last_on": "max"},
)

#: what a register says, from mild to severe
_GRADES = {"abnormal": 1, "revoked": 2, "deregistered": 3}
_WORDS = {1: "被列入经营异常名录", 2: "被吊销营业执照", 3: "已办理注销登记"}


def registration_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Businesses that the register calls abnormal, revoked or gone, while people may still be insured there."""
    return ctx.once("employer_registration", lambda: _registration(facts, ctx))


def _registration(facts: Facts, ctx: RuleContext) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    register = facts.employers
    register = register.filter(
        register.status.isin(list(_GRADES)) & (register.status_on.isnull() | (register.status_on <= as_of))
    )
    severity = ibis.cases(
        (register.status == "abnormal", 1), (register.status == "revoked", 2), else_=3
    ).cast("int64")
    stated = register.select(
        "employer_id",
        severity=severity,
        on="status_on",
        keys=ibis.literal("employer:") + register.employer_id.cast("string"),
    )
    listed = open_events(facts, ctx, "abnormal_registration")
    listed = listed.select("employer_id", "on", "keys", severity=ibis.literal(1, type="int64"))
    both = stated.union(listed.select("employer_id", "severity", "on", "keys"))
    table = left(both, staff(facts, ctx).select("employer_id", "insured"), "employer_id")
    staffed = (table.insured.fill_null(0) > 0).cast("int64")
    # A business that was wound up and employs nobody is no longer anybody's employer.
    table = table.filter((table.severity < 3) | (table.insured.fill_null(0) > 0))
    return as_rows(
        table.mutate(
            month=ibis.literal(""), due=table.on, concerned=table.insured, staffed=staffed, last_on=table.on
        ),
        ("severity", "staffed", "concerned", "last_on"),
    )


def registration_sentence(finding: Finding, name: str) -> str:
    """``…2026年5月6日被列入经营异常名录，仍有30人参保。``"""
    measures = finding.measures
    when = day_words(measures["last_on"]) if measures["last_on"] else ""
    people = measures["concerned"]
    still = "参保人数不明" if people is None else f"仍有{people}人参保" if people else "目前没有人参保"
    return f"{subject(finding, name)}{when}{_WORDS[measures['severity']]}，{still}。"


REGISTRATION = employer_rule(
    code="E06",
    title="登记状态异常",
    articles=ARTICLES,
    grading="warning.e06",
    parameters=(FRESH,),
    rows=registration_rows,
    sentence=registration_sentence,
    clears="移出经营异常名录、恢复正常登记；已吊销或注销的，核实职工工资结清、社保关系转出。",
    measures={"severity": "max", "staffed": "max", "concerned": "max", "last_on": "max"},
)


def dishonesty_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Entries in a list of dishonest debtors that still stand."""
    return ctx.once("employer_dishonesty", lambda: _dishonesty(facts, ctx))


def _dishonesty(facts: Facts, ctx: RuleContext) -> ir.Table:
    table = open_events(facts, ctx, "dishonesty")
    table = left(table, staff(facts, ctx).select("employer_id", "insured"), "employer_id")
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            due=table.on,
            entries=ibis.literal(1, type="int64"),
            concerned=table.insured,
            last_on=table.on,
        ),
        ("entries", "concerned", "last_on"),
    )


def dishonesty_sentence(finding: Finding, name: str) -> str:
    """``…2026年6月1日被列入失信名单（1条），参保30人。``"""
    measures = finding.measures
    people = measures["concerned"]
    insured = "参保人数不明" if people is None else f"参保{people}人"
    return (
        f"{subject(finding, name)}有{measures['entries']}条失信记录尚未移出，最近一条在"
        f"{day_words(measures['last_on'])}，{insured}。"
    )


DISHONESTY = employer_rule(
    code="E09",
    title="列入失信名单",
    articles=ARTICLES,
    grading="warning.e09",
    parameters=(FRESH,),
    rows=dishonesty_rows,
    sentence=dishonesty_sentence,
    clears="履行义务后移出失信名单；名单数据显示已移出即消除。",
    measures={"entries": "sum", "concerned": "max", "last_on": "max"},
)
