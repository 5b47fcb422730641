"""终局 or not, by pure arithmetic: what art. 47 and art. 50 say of each kind of item."""

from __future__ import annotations

import pytest

from anxin.arbitration.finality import judge, keys

CEILING = 2_400_000


def final(item: str, fen: int, earlier: int = 0) -> bool:
    (one,) = judge({(1, item): fen}, {(1, item): earlier}, CEILING, 12)
    return one.final


@pytest.mark.parametrize("item", ["wage", "overtime", "injury", "severance", "damages", "double"])
def test_an_item_of_the_list_is_final_up_to_the_ceiling_and_not_one_fen_above(item):
    assert final(item, CEILING)
    assert not final(item, CEILING + 1)


def test_standards_are_final_whatever_the_sum_and_what_is_not_listed_never_is():
    assert final("standards", CEILING * 10)
    assert not final("other", 1)


def test_what_an_earlier_award_gave_counts_towards_the_same_item():
    assert final("wage", 400_000, earlier=2_000_000)
    assert not final("wage", 400_001, earlier=2_000_000)


def test_each_item_of_each_applicant_is_compared_by_itself():
    judged = judge(
        {(1, "wage"): CEILING, (1, "severance"): CEILING, (2, "wage"): CEILING + 1}, {}, CEILING, 12
    )
    assert keys(judged, final=True) == {(1, "wage"), (1, "severance")}
    assert keys(judged, final=False) == {(2, "wage")}
    assert "24,000.01元超过12个月最低工资24,000.00元" in judged[2].why
