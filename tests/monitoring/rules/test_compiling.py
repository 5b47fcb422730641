"""Compiled rules: kept plans answer as fresh ones do, and see nothing that is not in their key."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.law import load
from anxin.monitoring import compiling
from anxin.monitoring.engine import evaluate
from anxin.monitoring.engines import DuckEngine, EngineError
from anxin.monitoring.engines.duck import connect
from anxin.monitoring.rules import RULES, Facts
from anxin.monitoring.rules.facts import FactTables
from tests.monitoring.rules.case_reader import read_cases, together

CASES = read_cases()
DAYS = [dt.date(2026, 9, 30), dt.date(2026, 10, 15), dt.date(2026, 11, 20), dt.date(2027, 1, 4)]


def outcome(evaluation):
    rows = {code: evaluation.rows_table(code).to_pylist() for code in evaluation.rules}
    return evaluation.findings, evaluation.gaps, evaluation.skipped, rows


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.sampled_from(DAYS), min_size=2, max_size=3),
    codes=st.sets(st.sampled_from(sorted(RULES)), min_size=2, max_size=3),
    chosen=st.sets(st.sampled_from(range(len(CASES))), min_size=5, max_size=40),
)
def test_a_kept_plan_gives_what_a_fresh_one_gives_whatever_ran_before(law, days, codes, chosen):
    compiling.forget()
    rules = [RULES[code] for code in sorted(codes)]
    facts = Facts.from_arrow(together([CASES[number] for number in sorted(chosen)]))
    kept = [outcome(evaluate(facts, law, day, rules)) for day in [*days, days[0]]]
    compiling.forget()
    assert outcome(evaluate(facts, law, days[0], rules)) == kept[0] == kept[-1]
    facts.close()


def test_the_second_set_of_facts_compiles_nothing(law, monkeypatch):
    evaluate(Facts.from_arrow(together(CASES)), law, DAYS[2])
    regions = Facts.from_arrow(together(CASES)).regions
    monkeypatch.setattr(compiling, "to_sql", lambda *_: pytest.fail("compiled again"))
    one = Facts.from_arrow(together(CASES[:1]), regions=regions)
    assert evaluate(one, law, DAYS[2]).rules == tuple(RULES)


def test_another_law_other_regions_and_another_dialect_are_kept_apart(law):
    base = compiling.plan_for("duckdb", DAYS[0], law, ("990101",)).shelf
    assert compiling.plan_for("duckdb", DAYS[1], law, ("990101",)).shelf is base
    assert compiling.plan_for("duckdb", DAYS[0], load([]), ("990101",)).shelf is not base
    assert compiling.plan_for("duckdb", DAYS[0], law, ("990102",)).shelf is not base
    assert compiling.plan_for("spark", DAYS[0], law, ("990101",)).shelf is not base


def test_every_rule_compiled_for_one_day_gives_on_a_later_one_what_a_fresh_one_gives(law):
    facts = Facts.from_arrow(together(CASES))
    compiling.forget()
    evaluate(facts, law, DAYS[0])
    kept = outcome(evaluate(facts, law, DAYS[2]))
    compiling.forget()
    assert outcome(evaluate(facts, law, DAYS[2])) == kept


def test_the_next_day_compiles_little_and_the_next_month_not_much_more(law, monkeypatch):
    compiling.forget()
    facts = Facts.from_arrow(together(CASES))
    made = []
    real = compiling.to_sql
    monkeypatch.setattr(compiling, "to_sql", lambda *what: made.append(what) or real(*what))
    counts = []
    for day in (dt.date(2026, 10, 20), dt.date(2026, 10, 21), dt.date(2026, 11, 9)):
        before = len(made)
        evaluate(facts, law, day)
        counts.append(len(made) - before)
    assert counts[1] <= counts[0] * 0.1
    assert counts[2] <= counts[0] * 0.5


def test_a_changed_rule_of_the_same_code_is_compiled_anew(law):
    facts = Facts.from_arrow(together(CASES))
    rule = RULES["W03"]
    none = replace(rule, rows=lambda facts, ctx: rule.rows(facts, ctx).limit(0))
    assert any(found.rule == "W03" for found in evaluate(facts, law, DAYS[2]).findings)
    assert not evaluate(facts, law, DAYS[2], [none]).findings


def test_what_a_rule_sees_has_no_rows_and_no_engine():
    seen = FactTables(("990101",))
    assert seen.projects.columns[0] == "project_id"
    for name in ("engine", "counts", "first_month", "wages"):
        with pytest.raises(AttributeError):
            getattr(seen, name)


def test_rows_whose_keys_were_added_up_in_another_order_are_the_same(law):
    lines = together([case for case in CASES if case.rule == "W05"])
    backwards = {
        **lines,
        "payroll_lines": lines["payroll_lines"].take(pa.array(range(lines["payroll_lines"].num_rows))[::-1]),
    }
    first, second = (
        evaluate(Facts.from_arrow(one), law, DAYS[2], [RULES["W05"]]) for one in (lines, backwards)
    )
    assert outcome(first) == outcome(second)


def test_memory_is_bounded_as_asked_and_a_wrong_bound_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("ANXIN_RULES_MEMORY", "300MiB")
    monkeypatch.setenv("ANXIN_RULES_TEMP", str(tmp_path))
    with connect() as connection:
        told = dict(
            connection.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name IN ('memory_limit', 'temp_directory')"
            ).fetchall()
        )
    assert told["memory_limit"] == "300.0 MiB"
    assert told["temp_directory"].startswith(str(tmp_path))
    with pytest.raises(EngineError, match="2GiB"):
        connect("viel")


def test_more_rows_than_memory_are_sorted_on_disk(tmp_path):
    engine = DuckEngine(connect("120MiB", tmp_path))
    schema = pa.schema([("n", pa.int64()), ("t", pa.string())])
    engine.keep("large", "SELECT range AS n, md5(range::VARCHAR) AS t FROM range(4000000)")
    found = engine.fetch("SELECT n, t FROM large ORDER BY t LIMIT 3", schema)
    assert found["t"].to_pylist() == sorted(found["t"].to_pylist())
    assert found["t"][0].as_py() < "0001"
    engine.close()
