from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.months import Month, month_range

months = st.builds(Month, st.integers(1950, 2500), st.integers(1, 12))


@given(months)
def test_the_text_is_read_back_and_sorts_like_the_month(month):
    assert Month.parse(str(month)) == month
    assert str(month) < str(month.plus(1))


@given(months, st.integers(-300, 300), st.integers(-300, 300))
def test_going_in_two_steps_is_going_in_one(month, first, second):
    assert month.plus(first).plus(second) == month.plus(first + second)


@given(months)
def test_months_follow_each_other_without_a_gap(month):
    assert month.last_day + dt.timedelta(days=1) == month.plus(1).first_day
    assert Month.of(month.first_day) == Month.of(month.last_day) == month


@given(months, st.integers(0, 40))
def test_a_range_holds_both_ends(month, length):
    found = list(month_range(month, month.plus(length)))
    assert len(found) == length + 1
    assert found == sorted(found)
    assert (found[0], found[-1]) == (month, month.plus(length))


def test_a_range_backwards_is_empty():
    assert list(month_range(Month(2026, 3), Month(2026, 2))) == []


def test_a_pay_day_beyond_the_month_is_its_last_day():
    assert Month(2026, 2).day(30) == dt.date(2026, 2, 28)
    assert Month(2028, 2).day(30) == dt.date(2028, 2, 29)
    assert Month(2026, 3).day(30) == dt.date(2026, 3, 30)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-9", "26-09", "2026年9月", "", "1800-01"])
def test_what_is_no_month_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"不是有效的月份，应形如 2026-09。"):
        Month.parse(text)


def test_chinese():
    assert Month(2026, 9).chinese() == "2026年9月"
