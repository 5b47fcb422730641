"""Later letters quote the numbers of earlier ones, of their own matter and of the one that it follows."""

from __future__ import annotations

from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.letters import sources
from tests.letters.conftest import issued


def removal(office, follows: Matter | None) -> Matter:
    """An application for early removal from the list, after its listing or on its own."""
    made = casework.open_matter(
        procedure="blacklist_early_removal", title="申请提前移出", region=office.matter.region, lead=office.body,
        by=office.inspector, on=office.now.date(), now=office.now, law=office.law, employer=office.firm, handler=office.inspector,
    )  # fmt: skip
    Matter.objects.filter(pk=made.pk).update(follows=follows)
    return Matter.objects.get(pk=made.pk)


def test_a_matter_quotes_the_letters_of_the_one_it_follows(office):
    listing = issued(office, kind="listing_decision")
    after, alone = removal(office, office.matter), removal(office, None)
    assert sources.known(after, None)["listing_number"] == listing.number != ""
    assert "listing_number" not in sources.known(alone, None)


def test_its_own_letter_comes_before_a_later_one_of_the_other(office):
    after = removal(office, office.matter)
    before, office.matter = office.matter, after
    own = issued(office, kind="listing_notice")
    office.matter = before
    other = issued(office, kind="listing_notice")
    assert own.number != other.number
    assert sources.known(after, None)["listing_notice"] == own.number
    assert sources.known(before, None)["listing_notice"] == other.number
