"""Names of the register by what people write."""

from __future__ import annotations

import random

import pytest

from anxin.triage import names
from anxin.triage.names import NameIndex, core

REGISTER = [
    (1, "云州宏拓建筑劳务有限公司"),
    (2, "云州市宏拓装饰工程有限公司"),
    (3, "云州恒岳建材有限公司"),
    (4, "临江区云栖雅苑二期工程"),
    (5, "云州市致远高级中学"),
    (6, "渔歌子（云州）餐饮管理有限公司"),
]


@pytest.fixture(scope="module")
def index():
    return NameIndex(REGISTER)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("云州宏拓建筑劳务有限公司", 1),
        ("宏拓建筑劳务公司", 1),
        ("宏托建筑劳务", 1),
        ("恒岳建材", 3),
        ("云栖雅苑", 4),
        ("云栖雅苑二期", 4),
        ("致远高级中学", 5),
        ("渔歌子餐饮", 6),
    ],
)
def test_shortened_and_misspelt_names_are_found_first(index, written, key):
    assert index.find(written)[0].key == key


def test_the_whole_name_is_certain(index):
    assert index.find("云州恒岳建材有限公司")[0].likeness == 1


def test_a_name_that_fits_two_brings_both(index):
    assert {one.key for one in index.find("宏拓")} == {1, 2}


@pytest.mark.parametrize("written", ["老板", "青石建筑公司", "某某", "甲"])
def test_what_is_not_in_the_register_finds_nothing(index, written):
    assert index.find(written) == []


def test_an_empty_register_answers_nothing():
    assert NameIndex([]).find("宏拓") == []


@pytest.mark.parametrize("written", ["", "（）", "甲"])
def test_nothing_and_one_letter_are_asked_without_harm(index, written):
    assert index.find(written) == []
    assert [one.key for one in NameIndex([(1, "甲"), (2, "")]).find(written)] == (
        [1] if written == "甲" else []
    )


def test_what_has_changed_counts_and_what_it_was_called_does_not(index):
    later = index.changed([(3, "云州长风建材有限公司"), (7, "云州市青禾食品厂")], gone=[6])
    assert [one.key for one in later.find("长风建材")] == [3] and later.find("恒岳建材") == []
    assert [one.key for one in later.find("青禾食品厂")] == [7]
    assert later.find("渔歌子餐饮") == [] and later.find("宏拓建筑劳务")[0].key == 1
    # the one before is as it was: another thread may still be asking it
    assert index.find("恒岳建材")[0].key == 3 and index.find("青禾食品厂") == []


def test_the_last_change_counts(index):
    later = index.changed([(3, "云州长风建材有限公司")]).changed([(3, "云州远山石材有限公司")])
    assert later.find("长风建材") == [] and later.find("远山石材")[0].key == 3 and later.later == 1
    assert later.changed([], gone=[3]).find("远山石材") == []


def test_a_key_may_have_several_names(index):
    later = index.changed([(3, "云州恒岳建材有限公司"), (3, "老岳的建材铺")])
    assert {one.name for text in ("恒岳建材", "老岳的建材铺") for one in later.find(text)} == {
        "云州恒岳建材有限公司", "老岳的建材铺",
    }  # fmt: skip


def test_core_is_what_people_call_it():
    assert core("云州市宏拓建筑劳务有限公司") == "宏拓建筑劳务"
    assert core("临江区云栖雅苑二期工程") == "云栖雅苑二期"


#: of a register that is large for a test and small for a city, which has hundreds of thousands
MANY = 20_000
#: names that one question may hold letter by letter against what was asked, however many there are
AT_MOST = 100


@pytest.fixture(scope="module")
def large():
    """Invented companies; everybody's name has 建筑, 劳务 or the like in it, as in a real register."""
    rng = random.Random(20)
    signs = [chr(0x4E00 + place) for place in rng.sample(range(6_000), 600)]
    trades = ("建筑劳务", "建设工程", "装饰工程", "市政园林", "商贸", "物流", "餐饮管理", "人力资源")
    made = {
        f"云州{''.join(rng.choices(signs, k=rng.choice((2, 2, 3))))}{rng.choice(trades)}有限公司"
        for _ in range(MANY)
    }
    return NameIndex(list(enumerate(sorted(made))))


@pytest.mark.parametrize("way", ["whole", "misspelt", "only the trade", "unknown"])
def test_one_question_looks_at_few_of_many_names(large, monkeypatch, way):
    name = large._names[7_777]
    asked = {
        "whole": name, "misspelt": "宏" + core(name)[1:], "only the trade": "建筑劳务", "unknown": "青石板巷的老板",
    }[way]  # fmt: skip
    compared = []
    looked, likeness = names._may_be_alike, names._likeness
    monkeypatch.setattr(names, "_may_be_alike", lambda said, one: compared.append(one) or looked(said, one))
    measured = []
    monkeypatch.setattr(names, "_likeness", lambda said, one: measured.append(one) or likeness(said, one))
    found = large.find(asked)
    assert len(compared) <= AT_MOST and len(measured) <= len(compared)
    # the work is bounded and the name is among what was looked at
    assert (found[0].name == name) if way == "whole" else len(found) <= 5
    if way == "misspelt":
        assert name in {one.name for one in found}
    if way == "only the trade":
        assert len(compared) > 20


def test_a_register_twice_as_large_costs_a_question_no_more(large, monkeypatch):
    counts = []
    looked = names._may_be_alike
    for register in (
        large,
        NameIndex([*large._entries(), *((key + MANY, f"新{name}") for key, name in large._entries())]),
    ):
        compared = []
        monkeypatch.setattr(
            names, "_may_be_alike", lambda said, one, seen=compared: seen.append(one) or looked(said, one)
        )
        register.find("云州宏拓建筑劳务有限公司")
        counts.append(len(compared))
    assert 0 < counts[1] <= AT_MOST and counts[0] <= AT_MOST
