"""Expressions that several rules build on. Nothing here runs a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.framework import ROW_COLUMNS, RuleContext
from anxin.monitoring.rules.lazy import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts


def as_rows(table: ir.Table, details: tuple[str, ...] = ()) -> ir.Table:
    """The table in the shape of rule rows: the fixed columns with their types, then the details.

    The subject is the table's ``project_id``, or its ``employer_id`` where it has no project.
    """
    types = {
        "subject_id": "int64",
        "month": "string",
        "worker_key": "string",
        "person": "string",
        "amount_fen": "int64",
        "days": "int64",
        "keys": "string",
        "due": "date",
    }
    table = table.mutate(subject_id=_subject(table))
    fixed = {
        name: (table[name] if name in table.columns else ibis.null()).cast(types[name])
        for name in ROW_COLUMNS
    }
    return table.select(**fixed, **{name: table[name] for name in details})


def as_gaps(table: ir.Table, kind: str, *, month: bool = False, subject: str | None = None) -> ir.Table:
    """The table in the shape of gaps. ``subject`` names the column to show in the sentence."""
    return table.select(
        subject_id=_subject(table),
        month=table.month if month else ibis.literal(""),
        kind=ibis.literal(kind),
        subject=table[subject].cast("string") if subject else ibis.literal(""),
    ).distinct()


def _subject(table: ir.Table) -> ir.Column:
    return table.project_id if "project_id" in table.columns else table.employer_id


def left(table: ir.Table, other: ir.Table, keys: str | list[str]) -> ir.Table:
    """Left join on columns of the same name, without the copies of those columns."""
    return only_left(table.left_join(other, keys))


def only_left(joined: ir.Table) -> ir.Table:
    """A joined table without the copies that a join leaves of columns of the right side."""
    return joined.drop(*[name for name in joined.columns if name.endswith("_right")])


def active(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects that are not completed on the day."""
    projects = facts.projects
    unfinished = projects.completion.isnull() | (projects.completion > ibis.literal(ctx.as_of))
    return projects.filter(unfinished & (projects.state != "completed"))


def pay_due(facts: Facts, ctx: RuleContext) -> ir.Table:
    """``project_id, month, nominal, due, provisional`` for every wage month of a project with a pay day.

    The due day is the agreed day, moved earlier where it is a day off (保障农民工工资支付条例 art. 14).
    """
    return ctx.once("pay_due", lambda: _pay_due(facts, ctx))


def _pay_due(facts: Facts, ctx: RuleContext) -> ir.Table:
    wage_months = facts.payroll_months.union(facts.attendance_months, distinct=True)
    months = ctx.tables.months.select("month", "month_index")
    projects = facts.projects.filter(facts.projects.pay_day.notnull()).select(
        "project_id", "pay_day", offset=facts.projects.pay_month_offset.fill_null(1)
    )
    months_of_projects = wage_months.join(projects, "project_id").join(months, "month")
    payable = months_of_projects.mutate(
        payable_index=months_of_projects.month_index + months_of_projects.offset
    )
    days = ctx.tables.month_days
    dated = payable.join(days, [("payable_index", "month_index"), ("pay_day", "day_number")])
    return dated.select("project_id", "month", "nominal", "provisional", due=dated.moved_earlier)


def lines_due(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Payroll lines that are due, with what has arrived and whether the bank's receipts were delivered."""
    as_of = ibis.literal(ctx.as_of)
    due = pay_due(facts, ctx)
    due = due.filter(due.due <= as_of)
    lines = facts.payroll_lines.filter(facts.payroll_lines.net_fen > 0)
    receipts = facts.receipt_months.distinct().mutate(delivered=ibis.literal(1))
    table = lines.join(due, ["project_id", "month"])
    table = left(table, facts.payments, "line_id")
    table = left(table, receipts, ["project_id", "month"])
    return table.select(
        "project_id",
        "month",
        "worker_key",
        "nominal",
        "due",
        person=ibis.coalesce(table.worker_key, table.name_key),
        promised_fen=table.net_fen,
        paid_fen=table.paid_fen.fill_null(0),
        days=as_of.delta(table.due, unit="day"),
        keys=ibis.literal("payroll_line:") + table.line_id.cast("string"),
        provisional=table.provisional.cast("int64"),
        receipts_delivered=table.delivered.fill_null(0),
    )


def parameter(ctx: RuleContext, key: str) -> ir.Table:
    """Spans of one law parameter by region."""
    table = ctx.tables.parameters
    return table.filter(table.key == key)
