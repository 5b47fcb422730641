"""W18: how many different signs of trouble an employer shows, and whether anybody has complained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.employers.contagion import contagion_rows
from anxin.monitoring.rules.employers.insurance import arrears_rows, claims_rows, staff_rows
from anxin.monitoring.rules.employers.months import (
    ARTICLES,
    DISPUTE_DAYS,
    EVENT_DAYS,
    FRESH,
    open_events,
    staff,
)
from anxin.monitoring.rules.employers.records import (
    clues,
    dishonesty_rows,
    dispute_rows,
    enforcement_rows,
    registration_rows,
)
from anxin.monitoring.rules.employers.utilities import utility_rows
from anxin.monitoring.rules.framework import Finding, RuleContext, employer_rule
from anxin.monitoring.rules.grading import lowest_limit
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import as_rows, left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

#: sign → words, in the order in which a sentence names them
SIGNS = {
    "arrears": "社保欠缴",
    "staff": "人员骤减",
    "claims": "失业金申领集中",
    "disputes": "仲裁或监察",
    "enforcement": "强制执行",
    "registration": "登记异常",
    "utilities": "用水用电骤降",
    "contagion": "关联单位出险",
    "dishonesty": "失信",
    "tax": "欠税",
}


def _signs(facts: Facts, ctx: RuleContext) -> dict[str, ir.Table]:
    """The rows of each sign that are worth counting: from the mildest grade of its own rule on."""

    def limit(code: str, measure: str) -> int:
        return lowest_limit(ctx.law.value(f"warning.{code}", on=ctx.as_of), measure)

    owed, lost, claimed = arrears_rows(facts, ctx), staff_rows(facts, ctx), claims_rows(facts, ctx)
    disputes = dispute_rows(facts, ctx)
    return {
        "arrears": owed.filter(owed.arrears_months >= limit("e01", "arrears_months")),
        "staff": lost.filter(lost.lost_percent >= limit("e02", "lost_percent")),
        "claims": claimed.filter(claimed.claims >= limit("e03", "claims")),
        "disputes": disputes.filter(disputes.formal > 0),
        "enforcement": enforcement_rows(facts, ctx),
        "registration": registration_rows(facts, ctx),
        "utilities": utility_rows(facts, ctx),
        "contagion": contagion_rows(facts, ctx),
        "dishonesty": dishonesty_rows(facts, ctx),
        "tax": open_events(facts, ctx, "tax_arrears"),
    }


def combination_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row for each kind of sign an employer shows."""
    none = ibis.literal(0, type="int64")
    one = ibis.literal(1, type="int64")
    parts = []
    for sign, table in _signs(facts, ctx).items():
        owner = table.employer_id if "employer_id" in table.columns else table.subject_id
        flags = {f"has_{name}": one if name == sign else none for name in SIGNS}
        rows = table.select(employer_id=owner, keys=table["keys"])
        parts.append(
            rows.group_by("employer_id")
            .agg(keys=rows["keys"].min())
            .mutate(**flags)
            .select("employer_id", "keys", *flags)
        )
    table = ibis.union(*parts)
    said = clues(facts, ctx)
    complaints = said.group_by("employer_id").agg(complaints=said.count())
    table = left(left(table, complaints, "employer_id"), staff(facts, ctx), "employer_id")
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            signs=one,
            complaints=table.complaints.fill_null(0),
            concerned=table.insured,
        ),
        ("signs", "complaints", "concerned", *(f"has_{name}" for name in SIGNS)),
    )


def combination_sentence(finding: Finding, name: str) -> str:
    """``…同时出现3项经营异常：社保欠缴、强制执行、失信；近期有欠薪投诉2件。``"""
    measures = finding.measures
    shown = [words for sign, words in SIGNS.items() if measures[f"has_{sign}"]]
    together = "同时出现" if len(shown) > 1 else "出现"
    said = f"；近期有欠薪投诉{measures['complaints']}件" if measures["complaints"] else ""
    return f"{subject(finding, name)}{together}{len(shown)}项经营异常：{'、'.join(shown)}{said}。"


COMBINATION = employer_rule(
    code="W18",
    title="企业经营异常叠加",
    articles=ARTICLES,
    grading="warning.w18",
    parameters=(FRESH, DISPUTE_DAYS, EVENT_DAYS),
    rows=combination_rows,
    sentence=combination_sentence,
    clears="各项异常分别消除；不满三项而又没有投诉的，不再预警。",
    measures={
        "signs": "sum",
        "complaints": "max",
        "concerned": "max",
        **{f"has_{name}": "max" for name in SIGNS},
    },
)
