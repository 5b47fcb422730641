from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.masking import mask_card, mask_id_number, mask_mailbox, mask_name, mask_phone


def test_examples():
    assert mask_name("欧阳演示") == "欧***"
    assert mask_name("甲") == "甲*"
    assert mask_name("") == ""
    assert mask_id_number("99010219850307003X") == "9901**********003X"
    assert mask_phone("19900001234") == "199****1234"
    assert mask_card("9900000000001234") == "尾号 1234"
    assert mask_mailbox("fawu@jiangong.example") == "f***@jiangong.example"
    assert mask_mailbox("nothing") == "*******"


@given(st.text("0123456789X", max_size=30))
def test_of_an_id_number_at_most_eight_characters_are_shown(number):
    masked = mask_id_number(number)
    assert len(masked) == len(number)
    assert sum(character != "*" for character in masked) <= min(8, max(len(number) - 1, 0))


@given(st.text("0123456789", max_size=30))
def test_the_middle_of_a_phone_and_the_head_of_a_card_are_never_shown(number):
    assert sum(character.isdigit() for character in mask_phone(number)) <= 7
    assert sum(character.isdigit() for character in mask_card(number)) <= 4


@given(st.text(min_size=2, max_size=10).filter(lambda name: "*" not in name))
def test_of_a_name_only_the_first_character_is_shown(name):
    assert mask_name(name) == name[0] + "*" * (len(name) - 1)
