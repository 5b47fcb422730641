"""W13 and G04: one person's pay of a month, or of a year, is beyond what a site pays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows, only_left, parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_NOTICE = "pay_outlier.notice_amount"
_MONTH = "pay_outlier.month_amount"
_YEAR = "pay_outlier.year_amount"
_LIMITS = {"notice_fen": _NOTICE, "month_limit_fen": _MONTH, "year_limit_fen": _YEAR}
_YEARS = ["project_id", "person", "year"]
_DETAILS = ("month_fen", "year_fen", "over_month", "over_year", "over_both", *_LIMITS)


def _outliers(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Months that are beyond what a site pays, or with which the year is, with their lines: few of a city's."""
    return ctx.once("pay_outliers", lambda: _beyond(facts, ctx))


def _beyond(facts: Facts, ctx: RuleContext) -> ir.Table:
    lines, limits = facts.payroll_lines, _limits(facts, ctx)
    lines = lines.mutate(
        person=ibis.coalesce(lines.worker_key, lines.name_key), year=lines.month.substr(0, 4)
    )
    # only the people in question have their year added up month by month
    lines = lines.semi_join(_in_question(lines, limits), _YEARS)
    key = ibis.literal("payroll_line:") + lines.line_id.cast("string")
    pay = lines.group_by([*_YEARS, "month"]).agg(
        worker_key=lines.worker_key.max(), month_fen=lines.gross_fen.sum(), keys=key.group_concat("|")
    )
    so_far = ibis.window(group_by=_YEARS, order_by="month", preceding=None, following=0)
    # a line that names nobody known is told apart within its month only, and adds up to no year
    pay = pay.mutate(
        year_fen=ibis.ifelse(pay.worker_key.notnull(), pay.month_fen.sum().over(so_far), pay.month_fen)
    )
    table = pay.join(limits, "project_id")
    over_month, over_year = table.month_fen > table.month_limit_fen, table.year_fen > table.year_limit_fen
    table = table.mutate(
        amount_fen=table.month_fen,
        over_month=over_month.cast("int64"),
        over_year=over_year.cast("int64"),
        over_both=(over_month & over_year).cast("int64"),
    )
    return table.filter((table.month_fen > table.notice_fen) | over_month | over_year)


def _in_question(lines: ir.Table, limits: ir.Table) -> ir.Table:
    """People with a month above a limit of a month, or a year above that of a year, corrections left aside."""
    pay = lines.group_by([*_YEARS, "month"]).agg(month_fen=lines.gross_fen.sum())
    years = pay.group_by(_YEARS).agg(
        most_fen=pay.month_fen.max(), year_fen=ibis.greatest(pay.month_fen, 0).sum()
    )
    table = years.join(limits, "project_id")
    month = table.most_fen > ibis.least(table.notice_fen, table.month_limit_fen)
    return table.filter(month | (table.year_fen > table.year_limit_fen))


def _limits(facts: Facts, ctx: RuleContext) -> ir.Table:
    """The limits of each project's region on the evaluated day."""
    as_of = ibis.literal(ctx.as_of)
    table = facts.projects.select("project_id", "region")
    for name, key in _LIMITS.items():
        spans = parameter(ctx, key).filter(lambda t: (t.valid_from <= as_of) & (t.valid_until >= as_of))
        limit = (spans.number * 100).round().cast("int64")
        table = only_left(table.join(spans.select("region", **{name: limit}), "region"))
    return table.drop("region")


def high_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People whose month is above the amount worth a notice."""
    table = _outliers(facts, ctx)
    return as_rows(table.filter(table.month_fen > table.notice_fen), _DETAILS)


def guizhou_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People whose month is above the limit of a month, or with whom the year has passed its limit."""
    table = _outliers(facts, ctx)
    over = (table.over_month == 1) | ((table.over_year == 1) & (table.month_fen > 0))
    return as_rows(table.filter(over), _DETAILS)


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
    measures={
        "month_fen": "max",
        "year_fen": "max",
        "over_month": "sum",
        "over_year": "sum",
        "over_both": "sum",
        "month_limit_fen": "max",
        "year_limit_fen": "max",
    },
    advice=True,
)

GUIZHOU = replace(
    HIGH,
    code="G04",
    title="（贵州）个人发薪数额过大",
    articles=(Article("special_account_measures", 6),),
    grading="warning.g04",
    rows=guizhou_rows,
)
