"""Punches become days by the stated rule: cases in YAML, and what must hold for any punches."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from anxin.law import load
from anxin.workforce.day_rule import DayRule, Passage, ruled_days

FIRST = dt.date(2026, 9, 7)
RULE = DayRule.of("test", load().value("gates.day_rule", FIRST).value)
CASES = yaml.safe_load((Path(__file__).parent / "day_cases.yaml").read_text(encoding="utf-8"))


def passage(text: str) -> Passage:
    """``in +1 06:00`` → an entry at six on the day after the first."""
    parts = text.split()
    direction = parts.pop(0) if parts[0] in ("in", "out") else ""
    later = int(parts.pop(0)) if len(parts) > 1 else 0
    moment = dt.datetime.combine(FIRST + dt.timedelta(days=later), dt.time.fromisoformat(parts[0]))
    return Passage(moment, direction)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case_comes_to_its_days(case):
    found = ruled_days([passage(text) for text in case["punches"]], RULE)
    said = {(day - FIRST).days: [str(one.share), str(one.hours), one.remark] for day, one in found.items()}
    expected = {
        day: [share, "None" if hours == "null" else hours, remark]
        for day, (share, hours, remark) in case["days"].items()
    }
    assert said == expected


PASSAGES = st.lists(
    st.builds(
        lambda minutes, direction: Passage(
            dt.datetime.combine(FIRST, dt.time()) + dt.timedelta(minutes=minutes), direction
        ),
        st.integers(0, 5 * 24 * 60),
        st.sampled_from(["in", "out", ""]),
    ),
    max_size=14,
)


@given(PASSAGES, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(passages, random):
    again = passages + passages[: len(passages) // 2]
    random.shuffle(again)
    assert ruled_days(again, RULE) == ruled_days(passages, RULE)


@given(PASSAGES)
def test_every_punch_stands_behind_exactly_one_day(passages):
    behind = [one for day in ruled_days(passages, RULE).values() for one in day.punches]
    assert sorted(behind) == sorted(set(passages))


@given(PASSAGES)
def test_a_day_is_at_most_whole_and_its_hours_fit_between_first_and_last(passages):
    for day in ruled_days(passages, RULE).values():
        assert Decimal(0) <= day.share <= 1
        if day.hours is not None:
            assert 0 <= day.hours <= Decimal((day.last - day.first).total_seconds()) / 3600


@given(PASSAGES, st.integers(0, 4))
def test_a_day_needs_only_the_punches_of_itself_and_the_days_beside_it(passages, number):
    day = FIRST + dt.timedelta(days=number)
    start = dt.datetime.combine(day - dt.timedelta(days=1), dt.time())
    near = [one for one in passages if start <= one.at < start + dt.timedelta(days=4)]
    assert ruled_days(near, RULE).get(day) == ruled_days(passages, RULE).get(day)
