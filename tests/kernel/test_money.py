from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.money import MoneyError, format_yuan, parse_yuan, sentence_yuan, yuan_string

fen = st.integers(min_value=-(10**15), max_value=10**15)


@given(fen)
def test_what_the_machine_form_says_is_read_back(amount):
    assert parse_yuan(yuan_string(amount)) == amount


@given(fen)
def test_what_people_read_is_read_back(amount):
    assert parse_yuan(format_yuan(amount)) == amount
    assert parse_yuan(sentence_yuan(amount)) == amount


@given(st.integers(min_value=-(10**11), max_value=10**11))
def test_a_number_cell_is_read_to_the_fen_whatever_its_binary_form(amount):
    assert parse_yuan(amount / 100) == amount
    assert parse_yuan(Decimal(amount) / 100) == amount


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,234.50", 123450),
        ("１２３４．５", 123450),  # full-width digits
        ("1，234.5", 123450),  # full-width comma
        ("¥1,234.50元", 123450),
        ("￥ 1 234.5", 123450),
        ("5元整", 500),
        ("3.2万", 3200000),
        ("3.2万元", 3200000),
        ("(500)", -50000),
        ("-500", -50000),
        ("+500", 50000),
        (".5", 50),
        (0.1 + 0.2, 30),
        (Decimal("0.005"), 1),
        (1e3, 100000),
        (0, 0),
        ("0", 0),
    ],
)
def test_amounts_as_clerks_write_them(written, expected):
    assert parse_yuan(written) == expected


@pytest.mark.parametrize("written", [None, "", "  ", "-", "--", "—", "——", "/", "无", "\u3000"])
def test_a_cell_that_means_nothing_is_not_zero(written):
    assert parse_yuan(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "abc",
        "12,34",
        "1,23,456",
        "1.2.3",
        "十元",
        True,
        "1e5",
        "NaN",
        float("nan"),
        float("inf"),
        "--5",
        "(-5)",
        "5%",
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(written):
    with pytest.raises(MoneyError) as refused:
        parse_yuan(written)
    assert str(refused.value).endswith("。")


def test_the_unit_of_the_header_counts_unless_the_text_names_its_own():
    assert parse_yuan("3.2", unit=10_000) == 3_200_000
    assert parse_yuan(3.2, unit=10_000) == 3_200_000
    assert parse_yuan("3.2万", unit=1) == 3_200_000
    assert parse_yuan("3.2万", unit=10_000) == 3_200_000


@pytest.mark.parametrize(("amount", "shown"), [(0, "¥0.00"), (5, "¥0.05"), (-123456789, "-¥1,234,567.89")])
def test_money_in_lists(amount, shown):
    assert format_yuan(amount) == shown
