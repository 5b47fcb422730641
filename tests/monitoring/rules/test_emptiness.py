"""What is not asked had no answer."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest

from anxin.monitoring.compiling import Run, plan_for
from anxin.monitoring.emptiness import NOTHING, needs_of, nothing_comes
from anxin.monitoring.engine import joined_keys
from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.rules import RULES, Facts
from anxin.monitoring.rules.law_tables import LawTables
from tests.monitoring.rules.case_reader import read_cases, together

DAY = dt.date(2026, 11, 20)
TABLES = together(read_cases())
A, B, C = (ibis.table({"k": "int64", name: "int64"}, name=name) for name in "abc")


def needs(expression, **kept):
    return {"".join(sorted(names)) for names in needs_of(expression, kept)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (A.filter(A.a > 1).mutate(x=1).order_by("k").distinct().drop("a"), {"a"}),
        (A.join(B, "k").join(C, "k"), {"a", "b", "c"}),
        (A.left_join(B, "k"), {"a"}),
        (A.semi_join(B, "k"), {"a", "b"}),
        (A.anti_join(B, "k"), {"a"}),
        (A.outer_join(B, "k"), set()),
        (A.select("k").union(B.select("k")), {"ab"}),
        (A.join(B, "k").select("k").union(A.join(C, "k").select("k")), {"a", "bc"}),
        (A.group_by("k").agg(n=A.count()), {"a"}),
        (A.agg(n=A.count()), set()),
        (A.cross_join(B.agg(n=B.count())), {"a"}),
    ],
)
def test_needs_are_those_of_the_joins_and_unions(expression, expected):
    assert needs(expression) == expected


def test_a_table_that_is_worked_out_needs_what_its_query_needs():
    assert needs(A.join(B, "k"), b=needs_of(C, {})) == {"a", "c"}
    assert needs(A.join(B, "k"), b=NOTHING) == {"a"}


def test_a_table_of_unknown_size_counts_as_having_rows():
    asked = needs_of(A.join(B, "k"), {})
    assert not nothing_comes(asked, {"a": 1})
    assert nothing_comes(asked, {"a": 1, "b": 0})


@pytest.mark.parametrize("gone", [name for name in SCHEMAS if name != "known_sites"])
def test_queries_left_out_for_want_of_a_table_have_no_rows_without_it(law, gone):
    regions = (*TABLES["projects"]["region"].to_pylist(), *TABLES["employers"]["region"].to_pylist())
    facts = Facts.from_arrow({**TABLES, gone: SCHEMAS[gone].empty_table()}, regions=regions)
    LawTables.build(facts, law, DAY, joined_keys(law, RULES.values()))
    plan = plan_for("duckdb", DAY, law, facts.regions)
    run = Run(plan, facts.engine)
    compiled = [plan.rule(rule) for rule in RULES.values()]
    queries = [query for pair in compiled for query in (pair.rows, pair.gaps) if query]
    left_out = [query for query in queries if nothing_comes(query.needs, facts.counts)]
    assert not any(run.fetch(query).num_rows for query in left_out)
    assert len(left_out) < len(queries)
    if gone == "projects":
        assert len(left_out) > 20
    facts.close()
