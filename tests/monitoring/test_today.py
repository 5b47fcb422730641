"""The watched day: a mark in expressions, and a note of every question."""

from __future__ import annotations

import datetime as dt
import pickle

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.law import LawError
from anxin.monitoring.engines.base import to_sql
from anxin.monitoring.today import Watch, Watched, checked, filled_in, holds

DAY = dt.date(2026, 11, 20)
NEXT = dt.date(2026, 11, 21)
LATER = dt.date(2026, 12, 1)


def sql(expression) -> str:
    return to_sql(expression.name("x").as_table(), "duckdb")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(-900, 900))
def test_a_day_some_days_away_is_filled_in_for_any_day_and_asks_nothing(day, days):
    watch = Watch(DAY)
    text = sql(ibis.literal(watch.today() + dt.timedelta(days=days)))
    there = day + dt.timedelta(days=days)
    assert f"MAKE_DATE({there.year}, {there.month}, {there.day})" in filled_in(text, day)
    assert not watch.asked


def test_another_date_that_happens_to_be_the_day_stays_itself():
    watch = Watch(DAY)
    both = (ibis.literal(watch.today()) > ibis.literal(DAY)).ifelse(1, 0)
    text = filled_in(sql(both), NEXT)
    assert "MAKE_DATE(2026, 11, 21)" in text
    assert "MAKE_DATE(2026, 11, 20)" in text


@pytest.mark.parametrize(
    ("question", "on_next", "later"),
    [
        (lambda day: (day.year, day.month), True, False),
        (lambda day: day.replace(day=1), True, False),
        (lambda day: f"{day:%Y-%m-%d}", False, False),
        (lambda day: str(day), False, False),
        (lambda day: day - dt.date(2026, 1, 1), False, False),
        (lambda day: dt.date(2026, 1, 1) - day, False, False),
        (lambda day: day >= dt.date(2026, 11, 25), True, False),
        (lambda day: day < dt.date(2026, 11, 25), True, False),
        (lambda day: day == dt.date(2026, 12, 1), True, False),
        (lambda day: day - dt.timedelta(days=3) <= day, True, True),
        (lambda day: (day - (day - dt.timedelta(days=3))).days, True, True),
        (lambda day: pickle.loads(pickle.dumps(day)), False, False),
    ],
)
def test_what_is_asked_is_answered_truly_and_decides_for_which_days_it_holds(question, on_next, later):
    watch = Watch(DAY)
    assert question(watch.today()) == question(DAY)
    asked = tuple(watch.asked)
    assert holds(asked, DAY)
    assert holds(asked, NEXT) is on_next
    assert holds(asked, LATER) is later


class Rates:
    """A stand-in for the law: a rate that changes on 1 December, unknown before 2026."""

    def rate(self, *, on: dt.date) -> int:
        if on.year < 2026:
            raise LawError("2026年以前没有规定。")
        return 3 if on >= LATER else 2

    def fixed(self, name: str) -> str:
        return name


def test_the_law_of_the_day_counts_by_its_answer():
    watch = Watch(DAY)
    law = Watched(Rates(), watch)
    assert law.rate(on=watch.today()) == 2
    assert law.fixed("x") == "x"
    assert len(watch.asked) == 1
    assert holds(tuple(watch.asked), NEXT)
    assert not holds(tuple(watch.asked), LATER)
    assert not holds(tuple(watch.asked), dt.date(2025, 1, 1))


def test_a_refusal_is_raised_and_counts_as_an_answer():
    watch = Watch(dt.date(2025, 5, 1))
    with pytest.raises(LawError, match="2026年以前"):
        Watched(Rates(), watch).rate(on=watch.today())
    assert holds(tuple(watch.asked), dt.date(2025, 6, 1))
    assert not holds(tuple(watch.asked), DAY)


def test_a_day_inside_a_table_of_values_is_refused():
    table = pa.table({"day": pa.array([Watch(DAY).today()], pa.date32())})
    with pytest.raises(TypeError, match="as_of"):
        checked("SELECT 1", [table])
    assert checked("SELECT 1", [pa.table({"day": [DAY, dt.date(9999, 12, 31)]})]) == "SELECT 1"


def test_compared_with_moments_it_is_filled_in_too():
    at = ibis.literal(dt.datetime(2026, 11, 20, 7, 0))
    text = filled_in(sql((at < ibis.literal(Watch(DAY).today()).cast("timestamp")).ifelse(1, 0)), NEXT)
    assert "MAKE_DATE(2026, 11, 21)" in text
    text = filled_in(sql((at < ibis.literal(Watch(DAY).today(), type="timestamp")).ifelse(1, 0)), NEXT)
    assert "2026, 11, 21" in text
    assert "39" not in text
