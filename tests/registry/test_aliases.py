"""Other names: who may say them, where they count, and which are nobody's."""

from __future__ import annotations

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry import aliases, services
from anxin.registry.finding import find_employers, find_projects
from anxin.registry.models import Alias
from tests.signals.conftest import uscc


@pytest.fixture
def firm(county, actor, now):
    return services.register_employer(
        uscc=uscc(1), name="乙区众力建筑劳务有限公司", region=county["990102"], actor=actor, now=now
    )


@pytest.fixture
def remember(now):
    def say(entry, name, by, region="990101"):
        return aliases.remember(entry, name, region=region, source="线索1号", by=by, now=now)

    return say


def test_a_name_is_remembered_with_who_said_it_and_twice_is_once(first, somebody, remember):
    here = somebody("inspector", region="990101")
    made = remember(first, "红星工地", here)
    assert remember(first, "红星工地", here) == made and remember(first, "红星项目部", here) == made
    assert (made.project, made.region_id, made.by_name, made.source) == (first, "990101", "某某", "线索1号")
    (entry,) = JournalEntry.objects.filter(action=aliases.REMEMBERED)
    assert "红星工地" in entry.summary and entry.object_id == str(first.pk)


def test_who_works_elsewhere_or_only_looks_says_nothing(first, second, somebody, remember):
    for by in (
        somebody("inspector", region="990102"),
        somebody("clerk", region="990101"),
        somebody("admin"),
    ):
        with pytest.raises(Refused, match="不能在这个地区"):
            remember(first, "红星工地", by)
    here = somebody("inspector", region="990101")
    with pytest.raises(Refused, match="不能在这个地区"):
        remember(first, "红星工地", here, region="9901")  # more than their own place
    with pytest.raises(Refused, match="不能在这个地区"):
        remember(second, "红星工地", here)  # a site that they do not see
    assert not Alias.objects.exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("班组", "可以指很多家"),
        ("李老板", "可以指很多家"),
        ("陈某", "可以指很多家"),
        ("木工班组", "可以指很多家"),
        ("我们工地", "可以指很多家"),
        ("二期工程", "可以指很多家"),
        ("甲区学校", "与登记名称"),
        ("学校工程", "与登记名称"),
        ("  ", "1到120个字"),
        ("红" * 121, "1到120个字"),
    ],
)
def test_words_that_are_nobodys_or_the_registered_ones_are_refused(first, somebody, remember, name, says):
    with pytest.raises(Refused, match=says):
        remember(first, name, somebody("inspector", region="990101"))


@pytest.mark.parametrize("name", ["红星工地", "老李的班组", "孙大有", "东湖花园二期"])
def test_nicknames_are_names(first, somebody, remember, name):
    assert remember(first, name, somebody("inspector", region="990101")).name == name


def test_a_name_that_stands_for_another_is_refused_where_the_places_touch(first, second, somebody, remember):
    whole, there = somebody("leader", region="9901"), somebody("inspector", region="990102")
    remember(first, "红星工地", whole)
    with pytest.raises(Refused, match="另一个登记名称"):
        remember(second, "红星项目", whole, region="9901")
    with pytest.raises(Refused, match="另一个登记名称"):
        remember(second, "红星工地", whole, region="99010101")
    assert remember(second, "红星工地", there, region="990102").project == second  # another place


def test_what_holds_in_the_whole_city_is_not_said_again_for_a_district(first, somebody, remember):
    whole = somebody("leader", region="9901")
    made = remember(first, "红星工地", whole, region="9901")
    assert remember(first, "红星工地", whole) == made and Alias.objects.count() == 1


def test_it_is_taken_back_with_a_reason_by_who_works_there_and_may_be_said_again(
    first, second, somebody, remember, now
):
    here = somebody("inspector", region="990101")
    made = remember(first, "红星工地", here)
    with pytest.raises(Refused, match="不少于4个字"):
        aliases.end(made, why="错", by=here, now=now)
    for by in (somebody("inspector", region="990102"), somebody("clerk", region="990101")):
        with pytest.raises(Refused, match="不能去掉"):
            aliases.end(made, why="是另一个工地", by=by, now=now)
    ended = aliases.end(made, why="是另一个工地", by=here, now=now)
    assert (ended.ended_by_name, ended.ended_why) == ("某某", "是另一个工地")
    assert aliases.end(made, why="再去掉一次", by=here, now=now).ended_why == "是另一个工地"
    assert JournalEntry.objects.filter(action=aliases.ENDED).count() == 1
    assert aliases.standing("project") == [] and remember(first, "红星工地", here) != made


def test_the_journal_has_no_full_name_of_a_person(firm, somebody, remember):
    remember(firm, "孙大有", somebody("inspector", region="9901"), region="9901")
    assert "孙大有" not in JournalEntry.objects.get(action=aliases.REMEMBERED).summary


def test_who_reads_them(first, firm, somebody, remember):
    remember(first, "红星工地", somebody("inspector", region="990101"))
    remember(firm, "老李的班组", somebody("leader", region="9901"), region="9901")
    of = {
        who: sorted(one.name for one in aliases.visible_aliases(user))
        for who, user in {
            "city": somebody("leader", region="9901"),
            "here": somebody("clerk", region="990101"),
            "there": somebody("clerk", region="990102"),
            "nobody": somebody(""),
        }.items()
    }
    assert of == {
        "city": ["红星工地", "老李的班组"],
        "here": ["红星工地"],
        "there": ["老李的班组"],
        "nobody": [],
    }
    assert [one.name for one in aliases.aliases_of(somebody("clerk", region="990101"), first)] == ["红星工地"]
    assert aliases.aliases_of(somebody("clerk", region="990102"), first) == []


@pytest.mark.parametrize(
    ("grants", "place"),
    [
        ({"region": "990101"}, "990101"),
        ({"region": "9901"}, "9901"),
        ({}, "990101"),
        ({"region": "990102"}, ""),
    ],
)
def test_where_an_office_speaks_for(county, somebody, grants, place):
    assert aliases.home_of(somebody("inspector", **grants), "990101003") == place


def test_who_searches_finds_by_alias_within_reach(first, second, firm, somebody, remember):
    here, there = somebody("inspector", region="990101"), somebody("inspector", region="990102")
    remember(first, "红星工地", here)
    remember(firm, "老李的班组", there, region="990102")
    assert find_projects(here, "红星") == [first] and find_projects(there, "红星") == []
    assert find_employers(there, "老李") == [firm] and find_employers(here, "老李") == []
    # misspelt, of sites as well
    assert find_projects(here, "甲区学孝工程") == [first] and find_projects(there, "甲区学孝工程") == []
