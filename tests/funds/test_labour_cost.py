"""What labour cost was due and arrived, period by period."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from anxin.funds.labour_cost import Arrived, Term, periods
from anxin.kernel.months import Month

MARCH, APRIL, MAY = (Month(2026, number) for number in (3, 4, 5))


def found(terms=(), arrived=(), progress=None, until=MAY):
    return [
        (str(one.month), one.due_fen, one.paid_fen, one.gap_fen)
        for one in periods(terms, arrived, progress or {}, until=until, longest=1)
    ]


def test_fixed_sum_falls_due_every_month_until_now():
    term = Term(APRIL, 1, 10, monthly_fen=100)
    assert found([term], [Arrived(APRIL, 60), Arrived(APRIL, 10)]) == [
        ("2026-04", 100, 70, 30),
        ("2026-05", 100, 0, 100),
    ]


def test_later_terms_hold_from_their_first_month():
    terms = [Term(APRIL, 1, 10, monthly_fen=100), Term(MAY, 1, 10, monthly_fen=200)]
    assert [due for _, due, *_ in found(terms)] == [100, 200]


def test_share_is_rounded_half_up_and_unknown_without_progress():
    term = Term(APRIL, 1, 10, progress_share_bp=2_500)
    assert [due for _, due, *_ in found([term], progress={APRIL: 2})] == [1, None]


def test_stated_sum_is_used_where_nothing_was_agreed():
    assert found([], [Arrived(MARCH, 50, 80)]) == [("2026-03", 80, 50, 30)]


def test_agreed_day_of_a_short_month_is_its_last():
    [one] = periods([Term(APRIL, 1, 31)], [], {}, until=APRIL, longest=1)
    assert one.due_on == dt.date(2026, 4, 30)


def test_agreed_cycle_longer_than_the_law_allows_does_not_hold():
    assert len(found([Term(MARCH, 3, 10, monthly_fen=1)])) == 3


_months = st.builds(Month, st.just(2026), st.integers(1, 12))


@given(
    st.lists(st.builds(Term, _months, st.integers(1, 3), st.integers(1, 31), st.none() | st.integers(1, 10**9))),
    st.lists(st.builds(Arrived, _months, st.integers(1, 10**9), st.none() | st.integers(1, 10**9))),
)  # fmt: skip
def test_everything_that_arrived_stands_in_some_period_once(terms, arrived):
    told = periods(terms, arrived, {}, until=MAY, longest=1)
    assert sum(one.paid_fen for one in told) == sum(one.paid_fen for one in arrived)
    assert len({one.month for one in told}) == len(told)
    assert all(one.gap_fen >= 0 for one in told)
