"""When wages are due: the agreed day, moved earlier where it is a day off."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.months import Month
from anxin.law import load, pay_day

CALENDAR = load().calendar


def due(month: str, day: int, offset: int = 1):
    return pay_day(Month.parse(month), day, offset, CALENDAR)


def test_plain_workday_stays():
    answer = due("2026-09", 15)
    assert (answer.due, answer.moved, answer.provisional) == (dt.date(2026, 10, 15), False, False)


def test_weekend_moves_to_friday():
    answer = due("2026-09", 18)
    assert (answer.due, answer.nominal, answer.moved) == (dt.date(2026, 10, 16), dt.date(2026, 10, 18), True)


def test_make_up_saturday_is_a_working_day_and_stays():
    assert due("2026-09", 10).due == dt.date(2026, 10, 10)


def test_national_day_moves_before_the_whole_holiday():
    answer = due("2026-09", 5)
    assert answer.due == dt.date(2026, 9, 30)
    assert any("国庆节放假" in step and "9月30日" in step for step in answer.steps)


def test_spring_festival_moves_over_a_worked_saturday():
    # 14 February 2026 is a make-up Saturday, the holiday begins on the 15th
    assert due("2026-01", 20).due == dt.date(2026, 2, 14)


def test_day_31_is_the_last_day_of_a_shorter_month():
    answer = due("2026-05", 31)
    assert answer.nominal == dt.date(2026, 6, 30)
    assert any("没有31日" in step for step in answer.steps)


def test_same_month_offset():
    assert due("2026-09", 28, offset=0).due == dt.date(2026, 9, 28)


def test_unpublished_year_is_provisional_and_says_so():
    answer = due("2026-12", 17)
    assert (answer.due, answer.provisional) == (dt.date(2027, 1, 15), True)
    assert "2027年放假安排尚未公布" in answer.steps[-1]


def test_notice_is_named_where_it_is_recorded():
    assert any("国办发明电〔2024〕12号" in step for step in due("2025-09", 3).steps)


@pytest.mark.parametrize("day", [0, 32])
def test_impossible_day_is_refused(day):
    with pytest.raises(ValueError, match="应为1至31"):
        due("2026-09", day)


months = st.builds(Month, st.integers(2004, 2026), st.integers(1, 12))


@given(months, st.integers(1, 31), st.integers(0, 1))
def test_never_later_than_agreed_and_always_on_a_working_day(month, day, offset):
    answer = pay_day(month, day, offset, CALENDAR)
    assert answer.due <= answer.nominal
    assert CALENDAR.presumed_workday(answer.due)
    assert answer.moved == (answer.due != answer.nominal)


@given(months, st.integers(1, 30), st.integers(0, 1))
def test_a_later_agreed_day_is_never_due_earlier(month, day, offset):
    assert pay_day(month, day, offset, CALENDAR).due <= pay_day(month, day + 1, offset, CALENDAR).due
