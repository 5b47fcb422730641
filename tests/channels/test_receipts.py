"""Receipts: sixteen digits that follow from the phone's word, and typing errors that are noticed before anybody looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from anxin.channels import receipts
from anxin.kernel.refusal import Refused

KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=22, max_size=40)


@given(KEYS, st.integers(0, 4))
def test_a_receipt_is_sixteen_digits_with_a_check_digit_and_always_the_same(key, turn):
    number = receipts.number_for(key, turn)
    assert len(number) == 16 and number.isdigit() and luhn.is_valid(number)
    assert receipts.number_for(key, turn) == number != receipts.number_for(key + "x", turn)
    assert receipts.typed(receipts.shown(number)) == number


@given(KEYS, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_without_asking_the_database(key, place, more):
    number = receipts.number_for(key)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    with pytest.raises(Refused, match="有一位不对"):
        receipts.typed(wrong)


@pytest.mark.parametrize("text", ["", "123", "1234 5678 9012 345x", "一二三四五六七八九十", "1" * 40])
def test_what_cannot_be_a_receipt_says_how_long_one_is(text):
    with pytest.raises(Refused, match="16位数字"):
        receipts.typed(text)


def test_full_width_digits_and_hyphens_are_read():
    number = receipts.number_for("k" * 24)
    wide = "-".join(
        "".join(chr(ord(digit) + 0xFEE0) for digit in part) for part in receipts.shown(number).split()
    )
    assert receipts.typed(wide) == number


def test_another_installation_gives_another_receipt(settings):
    here = receipts.number_for("k" * 24)
    settings.ANXIN_DATA_KEY = b"\x07" * 32
    assert receipts.number_for("k" * 24) != here
