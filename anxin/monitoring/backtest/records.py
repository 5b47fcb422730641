"""A bureau's own records as the facts of past days, and what they say in hindsight."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.monitoring import snapshot
from anxin.monitoring.backtest.truth import Arrears, Truth
from anxin.monitoring.engine import look
from anxin.monitoring.rules.facts import Facts
from anxin.monitoring.rules.framework import RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.shared import left, lines_due

if TYPE_CHECKING:
    import ibis.expr.types as ir


class RecordedFacts:
    """Facts of past days from the database, each as known at its end."""

    def facts(self, as_of: dt.date, known_at: dt.datetime) -> Facts:
        """The facts of a day. The caller closes them."""
        return Facts.from_arrow(snapshot.take(as_of=as_of, known_at=known_at))


def law_known_at(known_at: dt.datetime) -> Law:
    """The law with what this bureau had recorded over it by then."""
    return local_law.current(known_at=known_at)


def hindsight(source: RecordedFacts, last: dt.date, now: dt.datetime) -> Truth:
    """Which wages turned out to be late, by everything that has arrived until now.

    Of construction projects alone: a payroll is a promise with a day, and receipts say when it was kept. What
    was never put on a payroll stays unknown, so recall is at most what the records can show.
    """
    facts = source.facts(last, now)
    try:
        return Truth(arrears=tuple(_late(facts, law_known_at(now), last)), covers=frozenset({"project"}))
    finally:
        facts.close()


def _late(facts: Facts, law: Law, last: dt.date) -> list[Arrears]:
    return [
        Arrears(
            subject="project",
            subject_id=row["project_id"],
            month=row["month"],
            due=row["due"],
            settled=None if row["open_lines"] else row["settled"],
            people=row["people"],
            amount_fen=row["amount_fen"],
        )
        for row in look(facts, law, last, late_months).sort_by(_ORDER).to_pylist()
    ]


_ORDER = [("project_id", "ascending"), ("month", "ascending")]


def late_months(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row per project and month of which a line was paid after its day, or not in full."""
    lines = lines_due(facts, ctx)
    lines = lines.mutate(line_id=lines["keys"].split(":")[1].cast("int64"))
    lines = left(lines, facts.payments.select("line_id", "last_paid_on"), "line_id")
    short = lines.paid_fen < lines.promised_fen
    late = lines.filter(short | (lines.last_paid_on > lines.due)).mutate(
        settled=ibis.ifelse(short, ibis.null("date"), lines.last_paid_on)
    )
    return late.group_by(["project_id", "month"]).agg(
        due=late.due.min(),
        settled=late.settled.max(),
        open_lines=late.settled.isnull().sum(),
        people=late.person.nunique(),
        amount_fen=late.promised_fen.sum(),
    )
