"""What must hold whatever the facts: money that arrives never makes things worse, order never matters."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import asdict

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.monitoring.engine import evaluate
from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.rules import RULES, SEVERITY, Facts

TODAY = dt.date(2026, 11, 20)
PAY = [RULES["W03"], RULES["P01"]]
MONTHS = ("2026-07", "2026-08", "2026-09")

#: one payroll line: project, month, promised fen, share paid in percent before and after more money arrived
lines = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(MONTHS),
        st.integers(1, 900_000),
        st.integers(0, 110),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=30,
)
#: an example costs a run of the rules; the lists are long instead of many
few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def table(name: str, rows: list[dict]) -> pa.Table:
    schema = SCHEMAS[name]
    return pa.Table.from_pylist([{f.name: row.get(f.name) for f in schema} for row in rows], schema=schema)


def facts_of(items, percent, *, days_later: int = 0, shuffle: int | None = None) -> Facts:
    """Facts of payroll lines that were paid ``percent(before, more)`` of what was promised."""
    numbered = list(enumerate(items, start=1))
    months = sorted({(project, month) for _, (project, month, *_rest) in numbered})
    lines_rows = [
        {
            "line_id": n,
            "project_id": project,
            "worker_key": f"w{n}",
            "name_key": f"w{n}",
            "month": month,
            "gross_fen": promised,
            "net_fen": promised,
        }
        for n, (project, month, promised, _before, _more) in numbered
    ]
    payments = [
        {"line_id": n, "paid_fen": promised * percent(before, more) // 100}
        for n, (_project, _month, promised, before, more) in numbered
        if percent(before, more)
    ]
    if shuffle is not None:
        random.Random(shuffle).shuffle(lines_rows)
        random.Random(shuffle).shuffle(payments)
    projects = [
        {"project_id": n, "region": "990101", "pay_day": 15 + days_later, "state": "in_progress"}
        for n in (1, 2, 3)
    ]
    delivered = [{"project_id": project, "month": month} for project, month in months]
    return Facts.from_arrow(
        {
            "projects": table("projects", projects),
            "payroll_lines": table("payroll_lines", lines_rows),
            "payroll_months": table("payroll_months", delivered),
            "receipt_months": table("receipt_months", delivered),
            "payments": table("payments", payments),
        }
    )


def owed(evaluation) -> int:
    return sum(finding.amount_fen for finding in evaluation.findings)


@few
@given(lines)
def test_what_is_owed_is_exactly_what_was_promised_and_has_not_arrived(law, items):
    evaluation = evaluate(facts_of(items, lambda before, more: before), law, TODAY, rules=PAY)
    expected = 0
    for _project, _month, promised, before, _more in items:
        expected += max(promised - promised * before // 100, 0)
    assert owed(evaluation) == expected
    assert sum(finding.rows for finding in evaluation.findings) == sum(
        promised * before // 100 < promised for _p, _m, promised, before, _more in items
    )


@few
@given(lines)
def test_more_money_arriving_never_raises_what_is_owed_nor_who_is_owed(law, items):
    before = evaluate(facts_of(items, lambda a, more: a), law, TODAY, rules=PAY)
    after = evaluate(facts_of(items, lambda a, more: a + more), law, TODAY, rules=PAY)
    assert owed(after) <= owed(before)
    people_before = {(row["subject_id"], row["person"]) for f in before.findings for row in before.rows_of(f)}
    people_after = {(row["subject_id"], row["person"]) for f in after.findings for row in after.rows_of(f)}
    assert people_after <= people_before


@few
@given(lines, st.integers(0, 40))
def test_as_days_pass_an_unpaid_warning_never_becomes_milder(law, items, days):
    facts = facts_of(items, lambda before, more: before)
    today = evaluate(facts, law, TODAY, rules=PAY)
    later = evaluate(facts, law, TODAY + dt.timedelta(days=days), rules=PAY)
    levels = {finding.fingerprint: finding.severity for finding in later.findings}
    for finding in today.findings:
        assert levels[finding.fingerprint] >= finding.severity


@few
@given(lines, st.integers(0, 1000))
def test_the_order_of_rows_and_a_second_run_change_nothing(law, items, seed):
    one = evaluate(facts_of(items, lambda before, more: before), law, TODAY, rules=PAY)
    other = evaluate(facts_of(items, lambda before, more: before, shuffle=seed), law, TODAY, rules=PAY)
    assert [asdict(finding) for finding in one.findings] == [asdict(finding) for finding in other.findings]
    for first, second in zip(one.findings, other.findings, strict=True):
        assert one.rows_of(first) == other.rows_of(second)


@few
@given(lines)
def test_rows_add_up_to_their_finding(law, items):
    evaluation = evaluate(facts_of(items, lambda before, more: before), law, TODAY, rules=PAY)
    for finding in evaluation.findings:
        rows = evaluation.rows_of(finding)
        assert len(rows) == finding.rows
        assert sum(row["amount_fen"] for row in rows) == finding.amount_fen
        assert len({row["person"] for row in rows}) == finding.people
        assert max(row["days"] for row in rows) == finding.days


@pytest.mark.parametrize("level", SEVERITY)
def test_severity_grows_from_blue_to_red(level):
    assert list(SEVERITY) == ["blue", "yellow", "orange", "red"]
    assert SEVERITY[level] == list(SEVERITY).index(level) + 1
