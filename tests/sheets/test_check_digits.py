"""The kernel writes its check digits out for speed; python-stdnum says whether they are right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from anxin.kernel.identifiers import bank_card_problem, id_number_problem


@given(st.text("0123456789", min_size=12, max_size=19))
def test_card_digits_agree_with_stdnum(digits):
    assert (bank_card_problem(digits) is None) == luhn.is_valid(digits)


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.dates(),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_id_digits_agree_with_stdnum(region, birth, order, last):
    text = f"{region}{birth:%Y%m%d}".zfill(14)[:14] + f"{order:03d}{last}"
    if birth.year >= 1000:
        assert (id_number_problem(text) is None) == mod_11_2.is_valid(text)
