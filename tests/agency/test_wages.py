"""What a line comes to, worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.agency.wages import Deduction, Figures, Rate, read_rate

RATES = {
    "300元/天": Rate("day", 30_000),
    "日薪 280": Rate("day", 28_000),
    "350/工": Rate("day", 35_000),
    "9,000元/月": Rate("month", 900_000),
    "月工资1.2万": Rate("month", 1_200_000),
    "３５元／小时": Rate("hour", 3_500),
    "计件 12.5元": Rate("piece", 1_250),
    "42元/㎡": Rate("piece", 4_200),
}


@pytest.mark.parametrize("text, rate", RATES.items())
def test_an_agreed_wage_is_read_as_rosters_write_it(text, rate):
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "面议", "300", "300至350元/天", "按合同", "0元/天", "999999999999元/天"]
)
def test_an_agreed_wage_that_is_not_certain_is_not_guessed(text):
    assert read_rate(text) is None


def test_a_daily_wage_is_days_times_rate():
    figures = Figures("day", 30_050, Decimal("25.5"))
    assert figures.net_fen == 766_275
    assert figures.told() == "日工资300.50元 × 25.5天 = 7,662.75元。"


def test_a_monthly_wage_is_counted_by_the_legal_paid_days():
    # 9,000 ÷ 21.75 × 10 = 4,137.931… yuan
    assert Figures("month", 900_000, Decimal(10)).net_fen == 413_793


@pytest.mark.parametrize("days", ["21.75", "22", "31"])
def test_a_whole_month_is_the_monthly_wage_and_not_more(days):
    assert Figures("month", 900_000, Decimal(days)).gross_fen == 900_000


def test_extra_and_deductions_are_told_with_their_kinds():
    figures = Figures("day", 30_000, Decimal(20), 20_000, (Deduction("advance", 50_000),))
    assert figures.net_fen == 570_000
    assert (
        figures.told()
        == "日工资300.00元 × 20天 = 6,000.00元，另加200.00元，应发6,200.00元，扣已预支工资500.00元，实发5,700.00元。"
    )


@pytest.mark.parametrize(
    "figures, field",
    [
        (Figures("week", 1, Decimal(1)), "unit"),
        (Figures("day", -1, Decimal(1)), "rate"),
        (Figures("day", 1, Decimal(-1)), "quantity"),
        (Figures("day", 1, Decimal(32)), "quantity"),
        (Figures("day", 30_000, Decimal(1), -1), "extra"),
        (Figures("day", 30_000, Decimal(1), 0, (Deduction("fine", 100),)), "deduction"),
        (Figures("day", 30_000, Decimal(1), 0, (Deduction("damage", 100),)), "deduction"),
        (Figures("day", 30_000, Decimal(1), 0, (Deduction("advance", 0),)), "deduction"),
        (Figures("day", 30_000, Decimal(1), 0, (Deduction("advance", 30_001),)), "deduction"),
        (Figures("piece", 10**12, Decimal(1)), "rate"),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_their_field(figures, field):
    assert figures.problem()[0] == field


@given(
    rate=st.integers(0, 10**7),
    quantity=st.decimals(0, 31, places=2),
    extra=st.integers(0, 10**6),
    taken=st.lists(st.integers(1, 10**5), max_size=4),
    unit=st.sampled_from(["day", "month", "hour", "piece", "fixed"]),
)
def test_net_is_always_gross_less_deductions_in_whole_fen(rate, quantity, extra, taken, unit):
    figures = Figures(unit, rate, quantity, extra, tuple(Deduction("advance", fen) for fen in taken))
    assert figures.net_fen == figures.earned_fen + extra - sum(taken)
    assert isinstance(figures.net_fen, int)
    assert figures.earned_fen >= 0
    if unit == "month":
        assert figures.earned_fen <= rate
