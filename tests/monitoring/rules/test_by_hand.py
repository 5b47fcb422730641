"""Each rule gives what the same rule gives as SQL written by hand, over the facts of its golden cases.

A simulated city has no row of some rules, and equality of nothing shows nothing: the cases have rows of each.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cache

import pytest

from anxin.monitoring.compiling import Run, plan_for
from anxin.monitoring.engine import joined_keys
from anxin.monitoring.rules import RULES, Facts
from anxin.monitoring.rules.law_tables import LawTables
from benchmarks.rivals.sql_rules import HandWritten, codes, differences
from tests.monitoring.rules.case_reader import read_cases, together

#: days of a rule on which most warnings are expected; more of them show little more and take their time
_DAYS = 2


@pytest.fixture(scope="module")
def by_hand(law):
    return cache(lambda day: HandWritten(law, day))


@pytest.mark.parametrize("code", codes())
def test_rows_are_those_of_the_sql_written_by_hand(code, law, by_hand):
    own = [case for case in read_cases() if case.rule == code]
    facts = Facts.from_arrow(together(own))
    expected = Counter[dt.date]()
    for case in own:
        expected[case.today] += len(case.warnings)
    for day, warnings in expected.most_common(_DAYS):
        LawTables.build(facts, law, day, joined_keys(law, [RULES[code]]))
        plan = plan_for(facts.engine.name, day, law, facts.regions)
        rows = plan.rule(RULES[code]).rows
        mine = Run(plan, facts.engine).fetch(rows)
        assert differences(mine, by_hand(day).run(facts.engine, {code: rows.schema})[code]) == 0, day
        assert mine.num_rows >= warnings
    assert sum(expected.values()) > 0
    facts.close()
