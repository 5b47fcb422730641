"""W13 and G04: one person's pay of a month, or of a year, is beyond what a site pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import Article, Finding, Fold, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows, left, only_left, parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_NOTICE = "pay_outlier.notice_amount"
_MONTH = "pay_outlier.month_amount"
_YEAR = "pay_outlier.year_amount"
_LIMITS = {"notice_fen": _NOTICE, "month_limit_fen": _MONTH, "year_limit_fen": _YEAR}
_PAY = ["project_id", "month", "person"]
_DETAILS = ("month_fen", "year_fen", "over_month", "over_year", "over_both", *_LIMITS)


def _lines(facts: Facts) -> ir.Table:
    """The lines of all pay lists with whom they name."""
    lines = facts.payroll_lines
    return lines.mutate(person=ibis.coalesce(lines.worker_key, lines.name_key))


def _paid(lines: ir.Table, limits: ir.Table) -> ir.Table:
    """Per person and month: what the lists say for the month, and for the year until then on this project."""
    pay = lines.group_by(_PAY).agg(worker_key=lines.worker_key.max(), month_fen=lines.gross_fen.sum())
    pay = pay.mutate(year=pay.month.substr(0, 4))
    so_far = ibis.window(
        group_by=["project_id", "person", "year"], order_by="month", preceding=None, following=0
    )
    # a line that names nobody known is told apart within its month only, and adds up to no year
    pay = pay.mutate(
        year_fen=ibis.ifelse(pay.worker_key.notnull(), pay.month_fen.sum().over(so_far), pay.month_fen)
    )
    table = pay.join(limits, "project_id")
    over_month, over_year = table.month_fen > table.month_limit_fen, table.year_fen > table.year_limit_fen
    return table.mutate(
        over_month=over_month.cast("int64"),
        over_year=over_year.cast("int64"),
        over_both=(over_month & over_year).cast("int64"),
    )


def _limits(facts: Facts, ctx: RuleContext) -> ir.Table:
    """The limits of each project's region on the evaluated day."""
    as_of = ibis.literal(ctx.as_of)
    table = facts.projects.select("project_id", "region")
    for name, key in _LIMITS.items():
        spans = parameter(ctx, key).filter(lambda t: (t.valid_from <= as_of) & (t.valid_until >= as_of))
        limit = (spans.number * 100).round().cast("int64")
        table = only_left(table.join(spans.select("region", **{name: limit}), "region"))
    return table.drop("region")


def _shaped(lines: ir.Table, found: ir.Table) -> ir.Table:
    """The months found, with their lines: few of a city's lines, so that only theirs are put together."""
    key = ibis.literal("payroll_line:") + lines.line_id.cast("string")
    own = lines.mutate(key=key).semi_join(found, _PAY)
    table = left(found, own.group_by(_PAY).agg(keys=own.key.group_concat("|")), _PAY)
    return as_rows(table.mutate(amount_fen=table.month_fen), _DETAILS)


def high_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People whose month is above the amount worth a notice."""
    lines, limits = _lines(facts), _limits(facts, ctx)
    months = lines.group_by(_PAY).agg(month_fen=lines.gross_fen.sum()).join(limits, "project_id")
    high = months.filter(months.month_fen > months.notice_fen)
    # months are few that high, and only their people's year is added up
    table = _paid(lines.semi_join(high, ["project_id", "person"]), limits)
    return _shaped(lines, table.filter(table.month_fen > table.notice_fen))


def guizhou_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People whose month is above the limit of a month, or with whom the year has passed its limit."""
    lines = _lines(facts)
    table = _paid(lines, _limits(facts, ctx))
    over = (table.over_month == 1) | ((table.over_year == 1) & (table.month_fen > 0))
    return _shaped(lines, table.filter(over))


def sentence(finding: Finding, project_name: str) -> str:
    """``…1人单月应发数额偏高，最高52,000.00元，其中…，请核实是否真实用工。``"""
    measures = finding.measures
    parts = [f"最高一人单月{amount(measures['month_fen'])}、当年累计{amount(measures['year_fen'])}"]
    if measures["over_month"]:
        parts.append(f"{measures['over_month']}人超过单月限额{amount(measures['month_limit_fen'])}")
    if measures["over_year"]:
        parts.append(f"{measures['over_year']}人超过全年限额{amount(measures['year_limit_fen'])}")
    return (
        f"{subject(finding, project_name)}工资表中{finding.people}人应发数额偏高，{'，'.join(parts)}，"
        "请核实是否真实用工、有无套取。"
    )


_MEASURES: dict[str, Fold] = {
    "month_fen": "max",
    "year_fen": "max",
    "over_month": "sum",
    "over_year": "sum",
    "over_both": "sum",
    "month_limit_fen": "max",
    "year_limit_fen": "max",
}

HIGH = Rule(
    code="W13",
    title="个人发薪数额异常",
    family="wages",
    articles=(Article("special_account_measures", 6), Article("wage_regulation", 27)),
    grading="warning.w13",
    parameters=(_NOTICE, _MONTH, _YEAR),
    rows=high_rows,
    sentence=sentence,
    clears="核实属实的，说明工种和计薪依据；有误的更正工资表。",
    responsible="general_contractor",
    measures=_MEASURES,
    advice=True,
)

GUIZHOU = Rule(
    code="G04",
    title="（贵州）个人发薪数额过大",
    family="wages",
    articles=(Article("special_account_measures", 6),),
    grading="warning.g04",
    parameters=(_NOTICE, _MONTH, _YEAR),
    rows=guizhou_rows,
    sentence=sentence,
    clears="核实属实的，说明工种和计薪依据；有误的更正工资表。",
    responsible="general_contractor",
    measures=_MEASURES,
    advice=True,
)
