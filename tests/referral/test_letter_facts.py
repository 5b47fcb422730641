"""What a referred clue tells the papers of its matter, and what it leaves to whoever found it."""

from __future__ import annotations

from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.letters import content, party, sources
from anxin.referral import services
from anxin.referral.letter_facts import known
from tests.referral.clues import a_clue
from tests.referral.conftest import NOW


def referred(city, **fields) -> Matter:
    number = fields.pop("sender_number", "")
    clue = a_clue(city, **fields)
    Clue.objects.filter(pk=clue.pk).update(sender_number=number)
    return services.refer(Clue.objects.get(pk=clue.pk), by=city.desk, now=NOW, law=city.law).matter


def test_a_hotline_ticket_gives_its_number_and_what_is_said(city):
    matter = referred(city, sender_number="12345-0001")
    found = known(matter)
    assert (found["ticket"], found["clue_number"]) == ("12345-0001", "12345-0001")
    assert found["channel"] == "12345热线"
    assert found["reported"] == "木工班工资"
    assert sources.known(matter, None)["ticket"] == "12345-0001"


def test_another_channel_has_no_ticket_and_what_is_claimed_is_not_found(city):
    matter = referred(city, channel="platform")
    found = known(matter)
    assert not found["ticket"]
    assert found["clue_number"] == Clue.objects.get().number
    assert "ticket" not in sources.known(matter, None)
    assert not {"people", "amount"} & set(found)


def test_a_matter_without_a_clue_is_told_nothing(city):
    matter = casework.open_matter(
        procedure="interview", title="约谈", region=city.here, lead=city.bodies["QRS"], by=city.desk,
        on=NOW.date(), now=NOW, law=city.law,
    )  # fmt: skip
    assert known(matter) == {}


def test_an_answer_begins_with_the_ticket(city):
    matter = referred(city, sender_number="12345-0002")
    made = party.make(matter, kind="hotline_reply", by=city.housing, now=NOW)
    values = content.values_of(made)
    assert values["ticket"] == "12345-0002"
    assert values["received_on"] == matter.opened_on.isoformat()
