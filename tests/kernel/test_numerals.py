"""Amounts in capitals: examples of the rules for filling in bills, and every amount read back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.numerals import capital_yuan


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (1000000, "壹万元整"),
        (1050000, "壹万零伍佰元整"),
        (10000100, "壹拾万零壹元整"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (10**10, "壹亿元整"),
        (100_0001_0000 * 100, "壹佰亿零壹万元整"),
        (10**14, "壹万亿元整"),
        (1_0001_0000_0000 * 100, "壹万零壹亿元整"),
    ],
)
def test_amounts_are_written_in_capitals(fen, words):
    assert capital_yuan(fen) == words


def read(words: str) -> int:
    """The amount that somebody reads: worked the other way round, by units."""
    digits = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    yuan, _, small = words.rpartition("元")
    total = four = digit = 0
    for sign in yuan:
        if sign in digits:
            digit = digits[sign]
        elif sign in units:
            four, digit = four + digit * units[sign], 0
        else:
            below = 10**4 if sign == "万" else 10**8
            if sign == "亿":
                total, four, digit = (total + four + digit) * below, 0, 0
            else:
                total, four, digit = total + (four + digit) * below, 0, 0
    fen = (total + four + digit) * 100
    for number, unit in re.findall(r"([壹贰叁肆伍陆柒捌玖])([角分])", small):
        fen += digits[number] * (10 if unit == "角" else 1)
    return fen


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_what_is_written_is_read_back(fen):
    assert read(capital_yuan(fen)) == fen
    assert "零零" not in capital_yuan(fen)


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_amounts_without_a_customary_name_are_refused(fen):
    with pytest.raises(ValueError, match="大写"):
        capital_yuan(fen)
