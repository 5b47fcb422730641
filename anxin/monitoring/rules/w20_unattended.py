"""W20: a warning was handed to somebody, and nothing has been heard since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_CODE = "W20"


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Warnings of projects that wait for an answer for at least one working day; never those of this rule."""
    as_of = ibis.literal(ctx.as_of)
    tasks = facts.warning_tasks
    tasks = tasks.filter(tasks.project_id.notnull() & (tasks.rule != _CODE))
    tasks = tasks.mutate(since=ibis.coalesce(tasks.assigned_on, tasks.opened_on))
    waiting = tasks.answered_on.isnull() | (tasks.answered_on < tasks.since) | (tasks.answered_on > as_of)
    tasks = tasks.filter(waiting & (tasks.since < as_of))
    calendar = ctx.tables.calendar
    number = calendar.select(since="day", since_number="workday_number")
    today = calendar.filter(calendar.day == as_of).select(today="workday_number")
    table = tasks.join(number, "since").cross_join(today)
    table = table.mutate(days=table.today - table.since_number)
    table = table.filter(table.days >= 1)
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            due=table.since,
            keys=ibis.literal("warning:") + table.warning_id.cast("string"),
            of_rule=table.rule,
            of_level=table.level,
        ),
        ("of_rule", "of_level", "since"),
    )


def sentence(finding: Finding, project_name: str) -> str:
    """``…有3条预警派单后没有反馈，最早2026年10月9日派单，已过6个工作日，最高级别为红色。``"""
    names = {1: "蓝色", 2: "黄色", 3: "橙色", 4: "红色"}
    highest = names[finding.measures["of_level"]]
    return (
        f"{subject(finding, project_name)}有{finding.rows}条预警派单后没有反馈，最早"
        f"{day_words(finding.due) if finding.due else ''}派单，已过{finding.days}个工作日，"
        f"其中最高级别为{highest}，请核实办理情况。"
    )


RULE = Rule(
    code=_CODE,
    title="预警派单后未处置",
    family="paper",
    articles=(Article("wage_regulation", 38), Article("wage_regulation", 41)),
    grading="warning.w20",
    parameters=("warning.act_within",),
    rows=rows,
    sentence=sentence,
    clears="承办人受理并登记核实、处置情况；预警因事实消除的，本预警随之消除。",
    responsible="bureau",
    measures={"of_level": "max"},
    days_unit="working",
)
