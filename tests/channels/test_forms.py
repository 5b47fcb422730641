"""What is filled in on the public form is what the reading of its text finds."""

from __future__ import annotations

import pytest

from anxin.channels.forms import FormTold, words_of
from anxin.triage import read_messages


@pytest.mark.parametrize("people", ["1", "2", "37"])
def test_the_number_of_people_is_read_as_it_was_filled_in(people: str) -> None:
    told = FormTold(
        kind="complaint", region="", text="老板拖着不给", owes="众力劳务", much="1.2万元", people=people
    )
    reading = read_messages([("1", "", words_of(told))])[0].reading
    assert (reading.people, reading.amount_yuan) == (int(people), 12_000)
