"""How urgent: threats by meaning on invented sentences (three parts, each written before the reading was tried on it), and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anxin.triage import read
from anxin.triage.urgency import NOW, ORDINARY, PRESSING, urgency, urgency_of_others
from tests.triage.scoring import urgent

FOLDER = Path(__file__).parent
SENTENCES = yaml.safe_load((FOLDER / "urgent.yaml").read_text(encoding="utf-8"))
#: messages about other things than wages
ALARMS = yaml.safe_load((FOLDER / "alarms.yaml").read_text(encoding="utf-8"))
#: sets whose claims say how urgent they are
LABELLED = ("board.yaml", "calls.yaml", "cases.yaml", "letters.yaml")


def test_threats_of_the_sentences_are_found_and_little_else():
    found = urgent((one["text"], None, one["urgency"]) for one in SENTENCES)
    assert found.recall >= 0.95
    assert found.precision >= 0.95


def test_threats_of_the_labelled_sets_are_found_and_little_else():
    claims = [
        one
        for name in LABELLED
        for one in yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
        if "urgency" in one
    ]
    found = urgent(
        ((one["title"] or "") + "\n" + one["text"], one["people"], one["urgency"]) for one in claims
    )
    assert found.of == 20
    assert found.recall >= 0.95
    assert found.precision >= 0.9


@pytest.mark.parametrize(
    "words",
    [
        "从楼上跳下去", "买好了农药，这个礼拜就喝在他家门口", "一死了之", "工人堵在厂门口", "坐在马路中间", "两个人爬到塔吊上",
        "往身上浇汽油", "跪在市政府门口", "把老板围住了", "明天我们去把路堵了", "别逼我跳楼", "不要逼我们去堵路",
    ],
)  # fmt: skip
def test_a_threat_is_urgent_now(words):
    assert urgency(f"老板欠我工资，{words}。", None).level == NOW


@pytest.mark.parametrize(
    "words",
    [
        "以前堵过门", "堵死的下水道我们也通了", "人都累死了", "我已经跳槽了", "说农药款回来再给", "农药厂不景气", "我是开塔吊的",
        "爬架也是我们装的", "我在楼顶做防水", "我们不会去堵路", "我不会跳楼", "去年有人爬过塔吊", "跳楼价卖房也不给", "往上吊材料的小工",
        "上班堵车迟到", "砸墙砸了五天", "砸锅卖铁也不给", "门卫把我们拦在门外", "保安站在工地大门口站岗", "我给果园喷农药",
        "村民堵路停工", "老板把大门锁了", "我在加油站加汽油", "我带好农药给他的果田打药", "教小孩跳舞", "围挡和封路标志都做好了",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_threat_is_not_urgent_now(words):
    assert urgency(f"老板欠我工资，{words}。", None).level == ORDINARY


def test_a_threat_goes_before_need_and_quotes_its_words():
    found = urgency("孩子没学费，老板跑路，我从楼上跳下去算了。", None)
    assert (found.level, found.says) == (NOW, "说到生命危险")
    assert found.words in "我从楼上跳下去算了"


def test_need_and_a_group_before_the_festival_are_pressing():
    assert urgency("老板欠我工资，孩子学费交不起。", None).level == PRESSING
    assert urgency("快过年了，我们的工资还没发。", None).level == PRESSING
    assert urgency("快过年了，工资还没发。", 12).level == PRESSING
    assert urgency("快过年了，工资还没发。", None).level == ORDINARY


@pytest.mark.parametrize("one", ALARMS, ids=lambda one: one["id"])
def test_a_threat_is_told_whatever_the_matter_and_what_only_looks_like_it_is_not(one):
    assert (urgency_of_others(one["text"]).level == NOW) == (one["urgency"] == NOW)


def test_a_threat_in_a_text_about_something_else_is_read_and_says_its_words():
    text = "开发商不退房款，我活够了，明天就从售楼部楼顶跳下去。"
    reading = read("", text)
    assert (reading.arrears, reading.urgency) == (False, NOW)
    (reason,) = [one for one in reading.reasons if one.about == "urgency"]
    assert reason.words in text


def test_need_and_flight_in_a_text_about_something_else_stay_ordinary():
    reading = read("", "我母亲住院做手术，医保报销比例太低，请问怎么办？")
    assert (reading.arrears, reading.urgency) == (False, ORDINARY)
