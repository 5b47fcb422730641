"""E08: a business with the same owner or legal representative is in trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.employers.insurance import arrears_rows
from anxin.monitoring.rules.employers.months import ARTICLES, FRESH, number, staff
from anxin.monitoring.rules.employers.records import dishonesty_rows, enforcement_rows, registration_rows
from anxin.monitoring.rules.framework import Finding, RuleContext, employer_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import as_rows, left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_ARREARS = "employer_signs.severe_arrears_months"
_DETAILS = ("linked", "signs", "concerned", "other_id")


def severe(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``employer_id, signs``: businesses whose trouble reaches those around them."""
    return ctx.once("employer_severe", lambda: _severe(facts, ctx))


def _severe(facts: Facts, ctx: RuleContext) -> ir.Table:
    arrears = arrears_rows(facts, ctx)
    arrears = arrears.filter(arrears.arrears_months >= number(ctx, _ARREARS))
    gone = registration_rows(facts, ctx)
    gone = gone.filter(gone.severity >= 2)
    parts = {
        "E01": arrears,
        "E05": enforcement_rows(facts, ctx),
        "E06": gone,
        "E09": dishonesty_rows(facts, ctx),
    }
    signs = ibis.union(
        *(table.select(employer_id="subject_id", sign=ibis.literal(code)) for code, table in parts.items()),
        distinct=True,
    )
    return signs.group_by("employer_id").agg(signs=signs.count())


def contagion_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row for each linked business in trouble."""
    return ctx.once("employer_contagion", lambda: _contagion(facts, ctx))


def _contagion(facts: Facts, ctx: RuleContext) -> ir.Table:
    as_of = ibis.literal(ctx.as_of)
    links = facts.employer_links
    links = links.filter(links.since.isnull() | (links.since <= as_of))
    links = links.filter(links.until.isnull() | (links.until > as_of))
    one = links.select("employer_id", "other_id")
    other = links.select(employer_id="other_id", other_id="employer_id")
    pairs = one.union(other, distinct=True)
    troubled = severe(facts, ctx).select(other_id="employer_id", signs="signs")
    table = left(
        pairs.join(troubled, "other_id"), staff(facts, ctx).select("employer_id", "insured"), "employer_id"
    )
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            linked=ibis.literal(1, type="int64"),
            concerned=table.insured,
            keys=ibis.literal("employer:") + table.other_id.cast("string"),
        ),
        _DETAILS,
    )


def contagion_sentence(finding: Finding, name: str) -> str:
    """``…与其有共同股东或法定代表人的2家单位出现严重欠缴、被执行、失信或吊销。``"""
    measures = finding.measures
    return (
        f"{subject(finding, name)}与其有共同股东或法定代表人的{measures['linked']}家单位出现社保长期欠缴、"
        f"被强制执行、失信或吊销等情形（单家最多{measures['signs']}项）。"
    )


CONTAGION = employer_rule(
    code="E08",
    title="关联单位出险",
    articles=ARTICLES,
    grading="warning.e08",
    parameters=(_ARREARS, FRESH),
    rows=contagion_rows,
    sentence=contagion_sentence,
    clears="关联单位的情形消除，或关联关系解除；核实本单位资金没有被抽走。",
    measures={"linked": "sum", "signs": "max", "concerned": "max"},
)
