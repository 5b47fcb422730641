"""W11: the rights notice board of a site is missing, incomplete, or was not put right in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_DETAILS = ("checked_on", "missing_items", "no_board", "fix_days", "fix_by", "fixed_on")


def _latest(facts: Facts, ctx: RuleContext) -> ir.Table:
    """The latest look at each unfinished site's board."""
    checks = facts.board_checks.filter(facts.board_checks.checked_on <= ibis.literal(ctx.as_of))
    checks = checks.semi_join(active(facts, ctx), "project_id")
    newest = ibis.window(group_by="project_id", order_by=[ibis.desc("checked_on"), ibis.desc("check_id")])
    return checks.mutate(rank=ibis.row_number().over(newest)).filter(lambda t: t.rank == 0)


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Boards that do not stand or lack items, until they are put right."""
    as_of = ibis.literal(ctx.as_of)
    checks = _latest(facts, ctx)
    wrong = checks.filter(~checks.standing | (checks.missing_items > 0))
    wrong = wrong.filter(wrong.fixed_on.isnull() | (wrong.fixed_on > as_of))
    late = as_of.delta(wrong.fix_by, unit="day").cast("int64")
    return as_rows(
        wrong.mutate(
            month=ibis.literal(""),
            due=wrong.fix_by,
            days=late,
            fix_days=late,
            no_board=(~wrong.standing).cast("int64"),
            fixed_on=ibis.null("date"),
            keys=ibis.literal("board_check:") + wrong.check_id.cast("string"),
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Unfinished sites at which nobody has looked at the board yet."""
    return as_gaps(active(facts, ctx).anti_join(_latest(facts, ctx), "project_id"), "never_checked")


def sentence(finding: Finding, project_name: str) -> str:
    """``…2026年10月9日检查，维权信息告示牌缺3项，应于…前改正，已超5天。``"""
    measures, days = finding.measures, finding.days
    what = (
        "没有设立维权信息告示牌" if measures["no_board"] else f"维权信息告示牌缺{measures['missing_items']}项"
    )
    due = f"，应于{day_words(finding.due)}前改正" if finding.due else "，请改正"
    late = f"，至今没有改正记录，已超{days}天" if days and days > 0 else ""
    return f"{subject(finding, project_name)}{day_words(measures['checked_on'])}检查，{what}{due}{late}。"


RULE = Rule(
    code="W11",
    title="维权信息告示牌缺失或缺项",
    family="paper",
    articles=(Article("wage_regulation", 34), Article("wage_regulation", 56)),
    grading="warning.w11",
    parameters=("construction.notice_board_items",),
    rows=rows,
    gaps=gaps,
    gap_sentences={"never_checked": "没有维权信息告示牌的检查记录，是否设立、是否齐全无法判断。"},
    sentence=sentence,
    clears="设立或补齐告示牌，并登记改正（附照片）或新的检查结果。",
    responsible="general_contractor",
    measures={"checked_on": "max", "missing_items": "max", "no_board": "max", "fix_days": "max"},
)
