"""Construction or not: the trade and the site say so, the writer's own job says otherwise, and the words are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anxin.triage import read
from tests.triage.scoring import construction

FOLDER = Path(__file__).parent
#: at least so much of construction must be found, and be right where it is said
FLOORS = {
    "trades.yaml": (0.95, 0.95),
    "board.yaml": (0.95, 0.95),
    "calls.yaml": (0.95, 0.95),
    "cases.yaml": (0.95, 0.95),
    "letters.yaml": (0.95, 0.95),
}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_construction_is_found_and_nothing_else_taken_for_it(name):
    recall, precision = construction(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))
    assert (recall >= FLOORS[name][0], precision >= FLOORS[name][1]) == (True, True), (recall, precision)


def reason(text: str, about: str) -> str | None:
    return next((one.words for one in read("", text).reasons if one.about == about), None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("老板欠我们清河安置房项目的工资两万元不给。", "安置房"),
        ("在医院新大楼扎钢筋，老板欠我工资六千元不给。", "扎钢筋"),
        ("我们几个铺沥青的，老板欠我们工资三万元不给。", "沥青"),
        ("装修队老板欠我工资五千元不给。", "装修队"),
    ],
)
def test_the_word_that_says_so_is_shown(text, words):
    assert read("", text).construction
    assert words in (reason(text, "construction") or "")


@pytest.mark.parametrize(
    "text",
    [
        "我是医院的护士，医院拖欠我工资三个月。",
        "售楼部拖欠我的工资和提成一万元不给。",
        "物业公司拖欠我们保安工资三个月。",
        "公司上班比在工地还累，拖欠我工资三个月不给。",
        "装饰材料店老板欠我工资三千元不给。",
    ],
)
def test_what_only_sounds_like_it_is_none_and_nothing_is_shown(text):
    found = read("", text)
    assert found.arrears and not found.construction
    assert reason(text, "construction") is None


def test_the_place_is_shown_with_its_words():
    text = "清河县塘桥镇的老板欠我们工资三万元不给。"
    assert read("", text).place == reason(text, "place") == "清河县塘桥镇"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("我们在临江市东湖区青年路干活，老板欠工资不给。", "临江市东湖区青年路"),
        ("老家的几个老头在临江市河口镇郭庄村盖房子，工头欠工钱。", "临江市河口镇郭庄村"),
        ("项目由云州市人民政府投资，包工头欠我们工资三万元。", "云州市"),
        ("本公司为一家上市企业，急需市领导过问，拖欠我们工资。", None),
        ("恳请市政府、县委县政府为我们做主，工资半年没发。", None),
        ("在F1区扫马路，三个月没发工资。", "F1区"),
    ],
)
def test_a_place_begins_where_its_name_does(text, where):
    assert read("", text).place == where


def test_another_trade_in_the_same_house_is_told_by_the_job():
    house = "县医院外科楼改扩建，欠我工资八千元不给，"
    assert read("", house + "我是开塔吊的。").construction
    assert not read("", "县医院欠我工资八千元不给，我是护士，外科楼改扩建后换了科室。").construction
