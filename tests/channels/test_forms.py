"""What is filled in on the public form is what the reading of its text finds."""

from __future__ import annotations

import pytest

from anxin.channels.forms import FormTold, people_in, words_of
from anxin.triage import read_messages


@pytest.mark.parametrize("people", ["1", "2", "37"])
def test_the_number_of_people_is_read_as_it_was_filled_in(people: str) -> None:
    told = FormTold(
        kind="complaint", region="", text="老板拖着不给", owes="众力劳务", much="1.2万元", people=people
    )
    reading = read_messages([("1", "", words_of(told))])[0].reading
    assert (reading.people, reading.amount_yuan) == (int(people), 12_000)


@pytest.mark.parametrize(
    ("much", "people", "yuan"),
    [
        ("3个月，1万8千，就我一个", 1, 18_000),
        ("1.2万元，1个人", 1, 12_000),
        ("2个月 18600 只有我自己", 1, None),
        ("欠了2万元，8个人", 8, 20_000),
        ("半年，一共十几万，二十多个人", 20, 100_000),
        ("9月到11月，每人6000，7人", 7, None),
        ("1万8千，3个月", None, 18_000),
    ],
)
def test_how_much_and_how_many_are_read_from_one_answer(
    much: str, people: int | None, yuan: int | None
) -> None:
    told = FormTold(kind="", region="", text="老板拖着不给", owes="众力劳务", much=much)
    reading = read_messages([("1", "", words_of(told))])[0].reading
    assert reading.people == people and reading.debtor == "众力劳务"
    assert yuan is None or reading.amount_yuan == yuan


def test_two_numbers_of_people_are_left_to_the_reader() -> None:
    assert people_in("6个人，其中2个工人先走了") == "" and people_in("每一个人都没拿到") == ""


@pytest.mark.parametrize(
    ("place", "debtor"),
    [
        ("清河安置房二期，包工头老王", "老王"),
        ("清河安置房，众力劳务公司", "众力劳务公司"),
        ("清河安置房，包工头王大发", "王大发"),
    ],
)
def test_without_a_code_site_and_debtor_are_read_from_one_answer(place: str, debtor: str) -> None:
    told = FormTold(kind="", region="", text="干了三个月活，工资一分没给", site=place, much="3个月，1万8千")
    reading = read_messages([("1", "", words_of(told))])[0].reading
    assert reading.debtor == debtor and reading.project.startswith("清河安置房")
