"""Our answers against python-stdnum's, an outside judge of the same standards."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from anxin.kernel.identifiers import (
    bank_card_problem,
    clean_identifier,
    damaged_by_spreadsheet,
    id_number_problem,
    phone_problem,
    uscc_problem,
)

USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@st.composite
def id_numbers(draw):
    """Numbers of nobody: region prefix 99, right check digit."""
    born = draw(st.dates(dt.date(1940, 1, 1), dt.date(2010, 12, 31)))
    body = f"99{draw(st.integers(0, 9999)):04d}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + mod_11_2.calc_check_digit(body)


@st.composite
def usccs(draw):
    body = "91" + "99" + draw(st.text("0123456789", min_size=4, max_size=4))
    body += draw(st.text(USCC_LETTERS, min_size=9, max_size=9))
    return body + uscc.calc_check_digit(body)


@st.composite
def cards(draw):
    body = "99" + draw(st.text("0123456789", min_size=9, max_size=16))
    return body + luhn.calc_check_digit(body)


@given(id_numbers())
def test_a_right_id_number_passes(number):
    assert id_number_problem(number) is None


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_an_id_number_is_found(number, place, by):
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert id_number_problem(wrong)


@given(id_numbers(), st.integers(0, 15))
def test_two_neighbouring_digits_swapped_are_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (id_number_problem(swapped) is None) == (swapped == number)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer_and_a_problem_is_a_sentence(text):
    for problem_of in (id_number_problem, uscc_problem, bank_card_problem, phone_problem):
        problem = problem_of(clean_identifier(text))
        assert problem is None or problem.endswith("。")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("990102850307003", "15位旧身份证号"),
        ("99010219850307003", "应为18位，现在是17位"),
        ("99010219850230003X", "第7至14位不是有效的出生日期"),
        ("9901021985030700AX", "只能由17位数字"),
        ("99010219850307003x", "只能由17位数字"),  # cleaning makes it upper case first
        ("٩٩٠١٠٢١٩٨٥٠٣٠٧٠٠٣X", "只能由17位数字"),  # digits, but of another script
    ],
)
def test_what_is_wrong_with_an_id_number_is_said(number, says):
    assert says in id_number_problem(number)


@given(usccs())
def test_a_right_credit_code_passes_and_stdnum_agrees(code):
    assert uscc_problem(code) is None
    assert uscc.is_valid(code)


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_LETTERS))
def test_one_wrong_character_of_a_credit_code_is_found(code, place, letter):
    wrong = code[:place] + letter + code[place + 1 :]
    assert (uscc_problem(wrong) is None) == (wrong == code)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_a_letter_that_credit_codes_do_not_use_is_named(letter):
    assert "不允许的字符" in uscc_problem("9199000" + letter + "0000000000")


@given(cards())
def test_a_right_card_passes(card):
    assert bank_card_problem(card) is None


@given(cards(), st.data())
def test_one_wrong_digit_of_a_card_is_found(card, data):
    place = data.draw(st.integers(0, len(card) - 1))
    wrong = card[:place] + str((int(card[place]) + data.draw(st.integers(1, 9))) % 10) + card[place + 1 :]
    assert bank_card_problem(wrong)


@pytest.mark.parametrize("card", ["99000000000", "9" * 20, "9900 0000", "", "99A0000000000"])
def test_what_is_no_card_is_refused(card):
    assert bank_card_problem(card)


@pytest.mark.parametrize(
    ("phone", "right"), [("19900001234", True), ("12900001234", False), ("1990000123", False)]
)
def test_phones(phone, right):
    assert (phone_problem(phone) is None) == right


@pytest.mark.parametrize(
    ("cell", "cleaned"),
    [
        (None, ""),
        (" ９９０１０２１９８５０３０７００３ｘ ", "99010219850307003X"),
        ("'6222 0000-1111", "622200001111"),
        ("99\u200b01", "9901"),
        (19900001234.0, "19900001234"),
        (19900001234, "19900001234"),
        (1.5, "1.5"),
    ],
)
def test_cells_are_cleaned(cell, cleaned):
    assert clean_identifier(cell) == cleaned


#: what turns up in identifier cells: ASCII, its full-width forms, spaces of several widths, Chinese
typed = st.text(
    st.characters(min_codepoint=32, max_codepoint=126)
    | st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E)
    | st.sampled_from(" \u3000\xa0\u200b\ufeff\t\n’‘")
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
)


@given(typed)
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_identifier(clean_identifier(text)) == clean_identifier(text)


@pytest.mark.parametrize(
    ("cell", "damaged"),
    [
        ("1.1E+17", True),
        ("9.9e17", True),
        ("6E+18", True),
        (9.90102e17, True),
        (990102198503070030, True),  # a number cell of 18 digits: the file keeps 15 of them
        (19900001234.0, False),
        ("99010219850307003X", False),
        (True, False),
        (None, False),
        ("", False),
    ],
)
def test_digits_lost_by_a_spreadsheet_are_noticed(cell, damaged):
    assert damaged_by_spreadsheet(cell) is damaged
