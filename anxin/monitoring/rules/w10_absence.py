"""W10: people on the roster whom no gate has seen for long while the site went on, and who may still be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.grading import lowest_limit
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows, left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_DETAILS = ("last_seen", "site_seen", "paid_absent", "paid_fen")
_PAID = "roster_absence.paid_days"


def _last_days(facts: Facts, ctx: RuleContext) -> tuple[ir.Table, ir.Table]:
    """The last attended day by person, and by site; only sites whose attendance tells days."""
    as_of = ibis.literal(ctx.as_of)
    seen = facts.attendance.filter(facts.attendance.last_day.notnull() & (facts.attendance.days > 0))
    seen = seen.mutate(last_day=ibis.least(seen.last_day, as_of))
    by_person = seen.group_by(["project_id", "worker_key"]).agg(last_seen=seen.last_day.max())
    by_site = seen.group_by("project_id").agg(site_seen=seen.last_day.max())
    return by_person, by_site


def _absent(facts: Facts, ctx: RuleContext) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    people = facts.enrolments.semi_join(active(facts, ctx), "project_id")
    people = people.filter(people.entry <= as_of)
    gone = people.filter(people.exit.notnull() & (people.exit <= as_of))
    people = people.group_by(["project_id", "worker_key"]).agg(entry=people.entry.max())
    people = people.anti_join(gone, ["project_id", "worker_key"])
    by_person, by_site = _last_days(facts, ctx)
    table = left(people.join(by_site, "project_id"), by_person, ["project_id", "worker_key"])
    # who has never been seen counts from the entry
    table = table.mutate(last_seen=ibis.greatest(ibis.coalesce(table.last_seen, table.entry), table.entry))
    return table.mutate(days=table.site_seen.delta(table.last_seen, unit="day").cast("int64"))


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People not seen for the days of the mildest grade before the site's own last attended day."""
    floor = min(
        lowest_limit(ctx.law.value("warning.w10", on=ctx.as_of, region=region), "days")
        for region in ("", *facts.regions)
    )
    table = _absent(facts, ctx)
    table = table.filter(table.days >= floor)
    months = ctx.tables.months.select("month", "first_day")
    lines = facts.payroll_lines.filter(facts.payroll_lines.net_fen > 0).join(months, "month")
    paid = lines.join(table.select("project_id", "worker_key", "last_seen"), ["project_id", "worker_key"])
    paid = paid.filter(paid.first_day > paid.last_seen)
    paid = paid.group_by(["project_id", "worker_key"]).agg(paid_fen=paid.net_fen.sum())
    table = left(table, paid, ["project_id", "worker_key"])
    limit = int(ctx.law.value(_PAID, on=ctx.as_of).value)
    long = (table.days >= limit) & table.paid_fen.notnull()
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            person=table.worker_key,
            amount_fen=ibis.ifelse(long, table.paid_fen, ibis.null("int64")),
            paid_absent=long.cast("int64"),
            keys=ibis.literal("enrolment:") + table.project_id.cast("string") + "@" + table.worker_key,
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Rosters with people on site and no attendance that tells days."""
    as_of = ibis.literal(ctx.as_of)
    people = facts.enrolments.semi_join(active(facts, ctx), "project_id")
    people = people.filter((people.entry <= as_of) & (people.exit.isnull() | (people.exit > as_of)))
    _, by_site = _last_days(facts, ctx)
    return as_gaps(people.select("project_id").distinct().anti_join(by_site, "project_id"), "days_unknown")


def sentence(finding: Finding, project_name: str) -> str:
    """``…花名册上4人连续没有考勤，最久32天；其中1人没有考勤期间仍列入工资表…。``"""
    measures = finding.measures
    paid = measures["paid_absent"]
    note = (
        f"；其中{paid}人久未考勤仍列入工资表，涉及{amount(finding.amount_fen)}，请核实是否虚列"
        if paid
        else ""
    )
    return (
        f"{subject(finding, project_name)}花名册上{finding.people}人连续没有考勤，最久{finding.days}天"
        f"（数到工地最后有考勤的{day_words(measures['site_seen'])}）{note}。"
    )


RULE = Rule(
    code="W10",
    title="在册而长期没有考勤",
    family="paper",
    articles=(Article("wage_regulation", 28),),
    grading="warning.w10",
    parameters=(_PAID, "construction.entry_requires_contract_and_realname"),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "days_unknown": "花名册有人在场，而没有逐日考勤，谁多久没有到岗无法判断，请提交逐日考勤。",
    },
    sentence=sentence,
    clears="登记离场日期，或补交漏记的考勤；虚列工资的更正工资表。",
    responsible="general_contractor",
    measures={"site_seen": "max", "paid_absent": "sum"},
)
