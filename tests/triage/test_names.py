"""Names of the register by what people write."""

from __future__ import annotations

import pytest

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


def test_core_is_what_people_call_it():
    assert core("云州市宏拓建筑劳务有限公司") == "宏拓建筑劳务"
    assert core("临江区云栖雅苑二期工程") == "云栖雅苑二期"
