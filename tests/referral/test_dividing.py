"""One proof divided among several people: to the fen, never more than anybody is owed, all of it or nothing."""

from __future__ import annotations

import random

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.claims import claims_of
from anxin.referral.dividing import MOST, proposed
from anxin.referral.models import PaperSum, Recovered
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW
from tests.referral.test_per_person import DAY, person, receipt


def test_enough_gives_everybody_what_they_are_owed_and_no_more():
    assert proposed([100, 50], 150) == [100, 50]
    assert proposed([100, 50], 9_999) == [100, 50]
    assert proposed([], 5) == []


def test_less_is_divided_in_proportion_to_the_fen_by_the_largest_remainder():
    assert proposed([100, 100, 100], 100) == [34, 33, 33]
    assert proposed([600_000, 300_000, 100_001], 100_000) == [60_000, 30_000, 10_000]
    assert proposed([1, 1], 1) == [1, 0]


def test_any_division_meets_its_sum_and_nobodys_bound_is_passed():
    """Against the definition, over many drawn cases: sum, bounds, and less than a fen from the exact proportion."""
    draw = random.Random(7)
    for _ in range(300):
        rests = [draw.randint(1, 10 ** draw.randint(1, 9)) for _ in range(draw.randint(1, 40))]
        total = draw.randint(1, sum(rests) + 5)
        shares = proposed(rests, total)
        assert sum(shares) == min(total, sum(rests))
        assert all(0 <= share <= rest for share, rest in zip(shares, rests, strict=True))
        if total < sum(rests):
            assert all(
                abs(share * sum(rests) - total * rest) < sum(rests)
                for share, rest in zip(shares, rests, strict=True)
            )


@pytest.fixture
def clue(city):
    found = a_clue(city)
    services.refer(found, by=city.desk, now=NOW, law=city.law)
    return found


@pytest.fixture
def three(city, clue):
    return [
        person(city, clue, name, worker)
        for name, worker in (("钱某", 400_000), ("孙某", 200_000), ("李某", 100_000))
    ]


def divide(city, clue, shares, total, **more):
    told = {"by": city.desk, "now": NOW, **more}
    return services.divide(clue, {one.pk: fen for one, fen in shares}, total, **told)


def test_a_receipt_is_divided_in_one_action_and_again_changes_nothing(city, clue, three):
    paid = receipt(city, fen=600_000)
    shares = list(zip(three, (400_000, 150_000, 50_000), strict=True))
    made = divide(city, clue, shares, 600_000, receipt=paid)
    assert [(one.claimant, one.amount_fen) for one in made] == shares
    assert {one.receipt for one in made} == {paid}
    assert [claims_of([one.pk])[one.pk].rest for one in three] == [0, 50_000, 50_000]
    entries = JournalEntry.objects.count()
    assert {one.pk for one in divide(city, clue, shares, 600_000, receipt=paid)} == {one.pk for one in made}
    assert (Recovered.objects.count(), JournalEntry.objects.count()) == (3, entries)
    with pytest.raises(Refused, match="没有余额"):
        divide(city, clue, [(three[1], 50_000)], 50_000, receipt=paid)


def test_a_paper_holds_what_was_divided_or_what_it_says(city, clue, three):
    matter = clue.referrals.get().matter
    first, second = (
        paper(matter, "payment_proof", by=city.desk),
        paper(matter, "payment_proof", by=city.desk, data=b"another"),
    )
    divide(city, clue, [(three[0], 100_000), (three[1], 50_000)], 150_000, document=first, paid_on=DAY)
    assert PaperSum.objects.get(document=first).amount_fen == 150_000
    divide(city, clue, [(three[0], 100_001)], 100_001, document=second, paid_on=DAY, paper_fen=200_000)
    assert PaperSum.objects.get(document=second).amount_fen == 200_000
    with pytest.raises(Refused, match=r"只剩999\.99元"):
        divide(city, clue, [(three[1], 100_000)], 100_000, document=second, paid_on=DAY)
    again = paper(matter, "payment_proof", by=city.desk, data=b"another")
    with pytest.raises(Refused, match=r"只剩999\.99元"):
        divide(city, clue, [(three[1], 100_000)], 100_000, document=again, paid_on=DAY, paper_fen=200_000)


@pytest.mark.parametrize(
    "fens, total, words",
    [
        ((300_000, 200_000, 99_999), 600_000, "少0.01元"),
        ((300_000, 200_000, 100_001), 600_000, "多0.01元"),
        ((400_001, 150_000, 49_999), 600_000, "最多还能登记4,?000"),
        ((400_000, 200_000, 0), 600_000, "大于0"),
        ((400_000, 200_000, 100_000), 700_000, "只剩"),
    ],
)  # fmt: skip
def test_what_does_not_meet_is_refused_and_nothing_of_it_is_kept(city, clue, three, fens, total, words):
    paid = receipt(city, fen=600_000)
    with pytest.raises(Refused, match=words):
        divide(city, clue, list(zip(three, fens, strict=True)), total, receipt=paid)
    assert not Recovered.objects.exists()


def test_somebody_without_a_sum_of_another_list_or_too_many_are_refused(city, clue, three):
    unsaid = person(city, clue, "周某")
    paid = receipt(city, fen=600_000)
    with pytest.raises(Refused, match="还没有金额"):
        divide(city, clue, [(unsaid, 1)], 1, receipt=paid)
    with pytest.raises(Refused, match="不在名单上"):
        services.divide(clue, {10**6: 1}, 1, receipt=paid, by=city.desk, now=NOW)
    with pytest.raises(Refused, match="回单或者一份付款凭证"):
        divide(city, clue, [(three[0], 1)], 1)
    assert MOST >= 300 and not Recovered.objects.exists()


def test_who_may_not_record_divides_nothing(city, clue, three):
    paid = receipt(city, fen=600_000)
    for stranger in (city.outsider, city.clerk):
        with pytest.raises(Refused, match="没有处理"):
            divide(city, clue, [(three[0], 1)], 1, receipt=paid, by=stranger)
