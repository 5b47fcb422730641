"""W09: people on site without a labour contract, or who are not on the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.months import Month
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import percent, subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_DETAILS = ("unsigned", "unregistered", "entry", "listed")


def _on_site(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People of the roster who are on site today, once each, with the earliest entry and contract."""
    as_of = ibis.literal(ctx.as_of)
    people = facts.enrolments.semi_join(active(facts, ctx), "project_id")
    people = people.filter(people.entry.isnull() | (people.entry <= as_of))
    people = people.filter(people.exit.isnull() | (people.exit > as_of))
    signed = ibis.ifelse(people.contract_on <= as_of, people.contract_on, ibis.null("date"))
    return people.group_by(["project_id", "worker_key"]).agg(entry=people.entry.min(), signed=signed.min())


def _strangers(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People with attendance of this or the last month whom no roster of the project has ever named."""
    since = str(Month.of(ctx.as_of).plus(-1))
    present = facts.attendance.filter((facts.attendance.days > 0) & (facts.attendance.month >= since))
    present = present.semi_join(active(facts, ctx), "project_id")
    present = present.semi_join(facts.enrolments, "project_id")
    unknown = present.anti_join(facts.enrolments, ["project_id", "worker_key"])
    return unknown.select("project_id", "worker_key").distinct()


def _contracts_known(people: ir.Table) -> ir.Table:
    """Projects whose roster tells contracts at all: a column nobody fills says nothing."""
    return people.filter(people.signed.notnull()).select("project_id").distinct()


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row per person on site without a contract, or not on the roster."""
    people, strangers = _on_site(facts, ctx), _strangers(facts, ctx)
    unsigned = people.filter(people.signed.isnull()).semi_join(_contracts_known(people), "project_id")
    everyone = people.select("project_id", "worker_key").union(strangers)
    listed = everyone.group_by("project_id").agg(listed=everyone.count())
    none, one = ibis.literal(0, type="int64"), ibis.literal(1, type="int64")
    missing = ibis.union(
        unsigned.select("project_id", "worker_key", "entry", unsigned=one, unregistered=none),
        strangers.select(
            "project_id", "worker_key", entry=ibis.null("date"), unsigned=none, unregistered=one
        ),
    )
    table = missing.join(listed, "project_id")
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            person=table.worker_key,
            days=ibis.literal(ctx.as_of).delta(table.entry, unit="day").cast("int64"),
            keys=ibis.literal("enrolment:") + table.project_id.cast("string") + "@" + table.worker_key,
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects with attendance and no roster; rosters that do not tell contracts."""
    people = _on_site(facts, ctx)
    silent = people.select("project_id").distinct().anti_join(_contracts_known(people), "project_id")
    attended = facts.attendance_months.select("project_id").distinct()
    attended = attended.semi_join(active(facts, ctx), "project_id")
    return ibis.union(
        as_gaps(silent, "contracts_unknown"),
        as_gaps(attended.anti_join(facts.enrolments, "project_id"), "roster_missing"),
    )


def sentence(finding: Finding, project_name: str) -> str:
    """``…在场60人中，3人进场没有签订劳动合同，1人有考勤而没有实名登记（合计占6.7%）。``"""
    measures, people = finding.measures, finding.people or 0
    parts = [
        f"{measures[name]}人{words}"
        for name, words in (
            ("unsigned", "已进场而没有劳动合同记录"),
            ("unregistered", "有考勤而没有实名登记"),
        )
        if measures[name]
    ]
    share = percent(people, measures["listed"])
    return (
        f"{subject(finding, project_name)}在场{measures['listed']}人中，{'，'.join(parts)}（合计占{share}）。"
    )


RULE = Rule(
    code="W09",
    title="进场未签劳动合同或未实名登记",
    family="paper",
    articles=(Article("wage_regulation", 28),),
    grading="warning.w09",
    parameters=("construction.entry_requires_contract_and_realname", "real_name.contract_or_agreement"),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "contracts_unknown": "花名册没有一人登记劳动合同签订日期，是否先签合同再进场无法核对，请补填。",
        "roster_missing": "有考勤而没有提交实名制花名册，谁在工地无法核对，请补交。",
    },
    sentence=sentence,
    clears="补签并登记劳动合同，补办实名登记；已离场的登记离场日期。",
    responsible="general_contractor",
    measures={"unsigned": "sum", "unregistered": "sum", "listed": "max"},
)
