"""Employers without any site are found by whoever answers for their place, and by nobody else."""

import pytest

from anxin.registry import services
from anxin.registry.finding import find_employers, find_reachable
from anxin.registry.models import Employer


@pytest.fixture
def register(county, first, now, actor):
    """A restaurant of 甲区, a launderette of 乙区, one without a place, and a builder of 乙区 on a site of 甲区."""

    def one(serial: int, name: str, region: str | None):
        return Employer.objects.create(
            uscc=f"91990101MA000000{serial}X", name=name, region=county.get(region or "")
        )

    shops = {
        "restaurant": one(1, "甲区老码头餐饮店", "990101"),
        "laundry": one(2, "乙区洁白洗衣店", "990102"),
        "nowhere": one(3, "流动小吃老码头摊", None),
        "builder": one(4, "乙区某建筑有限公司", "990102"),
    }
    services.add_participant(
        first, employer=shops["builder"], role="general_contractor", actor=actor, now=now
    )
    return shops


def named(user, text: str) -> list[str]:
    return [one.name for one in find_employers(user, text)]


@pytest.mark.parametrize(
    ("scope", "text", "found"),
    [
        ({"region": "990101"}, "老码头", ["甲区老码头餐饮店"]),  # of the district
        ({"region": "990102"}, "老码头", []),
        ({"region": "990102"}, "洗衣", ["乙区洁白洗衣店"]),
        ({"region": "990101"}, "洗衣", []),
        ({"region": "9901"}, "店", ["乙区洁白洗衣店", "甲区老码头餐饮店"]),
        (
            {},
            "老码头",
            ["流动小吃老码头摊", "甲区老码头餐饮店"],
        ),  # without a place: whose place is everywhere
        ({"region": "990101"}, "某建筑", ["乙区某建筑有限公司"]),  # on a site here
        ({"region": "990101", "industry": "housing"}, "某建筑", ["乙区某建筑有限公司"]),
        ({"region": "990101", "industry": "housing"}, "老码头", []),  # one trade's body: its sites only
        ({"region": "990101"}, "", []),
    ],
)
def test_who_is_found_by_whom(register, somebody, scope, text, found):
    assert named(somebody("inspector", **scope), text) == found


def test_without_a_grant_nobody_is_found(register, somebody):
    assert named(somebody(""), "老码头") == [] and named(somebody("admin"), "老码头") == []


def test_by_its_code_and_one_by_its_number_only_within_reach(register, somebody):
    shop, here, elsewhere = register["restaurant"], somebody("inspector", region="990101"), somebody("inspector", region="990102")  # fmt: skip
    assert named(here, shop.uscc.lower()) == [shop.name] and named(elsewhere, shop.uscc) == []
    assert find_reachable(here, shop.pk) == shop and find_reachable(elsewhere, shop.pk) is None


def test_a_misspelt_name_offers_the_likest_within_reach_and_no_name_of_before(register, somebody):
    here, elsewhere = somebody("inspector", region="990101"), somebody("inspector", region="990102")
    assert named(here, "老马头餐饮店") == ["甲区老码头餐饮店"]
    assert named(elsewhere, "老马头餐饮店") == []
    # renamed since the index was made: its old name no longer stands for it
    Employer.objects.filter(pk=register["restaurant"].pk).update(name="清泉宾馆")
    assert named(here, "老马头餐饮店") == [] and named(here, "清泉") == ["清泉宾馆"]


def test_looking_asks_a_few_queries_however_many_are_registered(
    register, somebody, django_assert_max_num_queries
):
    here = somebody("inspector", region="990101")
    find_employers(here, "老马头餐饮店")
    with django_assert_max_num_queries(4):
        find_employers(here, "老马头餐饮店")
