"""The same expressions on Spark: the same findings to the row."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.monitoring.engine import evaluate
from anxin.monitoring.engines import EngineError
from anxin.monitoring.engines.spark import SparkEngine
from anxin.monitoring.rules import RULES, Facts
from tests.monitoring.rules.case_reader import read_cases, together

TODAY = dt.date(2026, 11, 20)
CASES = read_cases()


@pytest.fixture(scope="module")
def both(law, spark_url):
    """The whole pack over the golden cases on each engine."""
    tables = together(CASES)
    one = Facts.from_arrow(tables)
    other = Facts.from_arrow(tables, engine=SparkEngine(spark_url))
    yield evaluate(one, law, TODAY), evaluate(other, law, TODAY)
    one.close()
    other.close()


def test_every_rule_runs_on_spark(both):
    assert both[1].engine == "spark"
    assert both[1].rules == both[0].rules == tuple(RULES)
    assert both[1].facts_count == both[0].facts_count > 100


def test_findings_and_gaps_are_the_same(both):
    assert both[1].findings == both[0].findings
    assert both[1].gaps == both[0].gaps
    assert both[0].findings


@pytest.mark.parametrize("code", RULES)
def test_the_rows_behind_the_findings_are_the_same(both, code):
    mine, theirs = (run.rows_table(code) for run in both)
    assert theirs.schema == mine.schema
    assert theirs.to_pylist() == mine.to_pylist()


def test_an_address_that_is_none_is_told():
    with pytest.raises(EngineError, match="sc://"):
        SparkEngine("http://127.0.0.1")
