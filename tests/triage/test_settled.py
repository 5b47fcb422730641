"""What is over, what is only asked, and what is still owed to people who thank or ask: invented messages in three parts, each written before the
reading was tried on it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anxin.triage import read
from anxin.triage.settled import asks, left, over

MESSAGES = yaml.safe_load(Path(__file__).with_name("settled.yaml").read_text(encoding="utf-8"))
THANKS, QUESTION, CLAIM = "s", "q", "c"


def share_owed(kind: str) -> float:
    """Of the messages of a kind, the share read as wages owed."""
    found = [read(one["title"], one["text"]).arrears for one in MESSAGES if one["id"].startswith(kind)]
    return sum(found) / len(found)


def test_thanks_and_complaints_taken_back_are_no_claims():
    assert share_owed(THANKS) <= 0.05


def test_questions_without_an_own_claim_are_no_claims():
    assert share_owed(QUESTION) <= 0.05


def test_claims_that_thank_or_ask_stay_claims():
    assert share_owed(CLAIM) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "在你们帮助下我们讨回了28万元工资", "工资昨天发下来了", "你们帮我们要回36.5万元工钱，非常感谢", "老板把钱给我了，要回来了", "公司已把工资打到我卡上，申请撤回投诉",
    ],
)  # fmt: skip
def test_what_is_paid_is_over(text):
    assert over(text)
    assert not read("", text).arrears


@pytest.mark.parametrize(
    "text",
    [
        "请帮我们要回工资28万元", "工资昨天发下来了，但还差两个月", "老板答应昨天把工资打到我卡上", "工资没拿到手", "总包说工资已经付清了，可我们一分没拿到",
        "公司规定提成离职后三个月结清", "希望领导把工资发下来", "其他人的工资都发了，我的没有", "要是工资发了我就不来了", "工资要回来了一部分",
    ],
)  # fmt: skip
def test_what_is_promised_asked_for_or_paid_in_part_is_not_over(text):
    assert over(text) is None


@pytest.mark.parametrize(
    "text",
    ["总包要不要负责清偿？", "遇到欠薪怎么维权？", "拖欠工资员工可以解除合同吗？", "请问欠薪多少算犯罪？"],
)
def test_a_question_of_the_law_is_only_asked(text):
    assert asks(text)
    assert not read("", text).arrears


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我三个月工资，怎么维权？", "公司拖欠工资三个月，可以解除合同吗？", "工资没发，请问找谁？", "在工地做了四十天，没签合同能要回工资吗？",
        "我老公的工钱没给，请问归哪里管？", "拖欠工资，我要投诉。",
    ],
)  # fmt: skip
def test_who_is_owed_and_asks_has_a_claim(text):
    assert asks(text) is None


def test_what_is_left_is_still_owed_whatever_was_thanked_for():
    text = "感谢你们帮我们要回了五万元，可是剩下的七万三老板到现在也没有给我们。"
    assert left(text)
    assert read("", text).arrears
    assert left("感谢你们帮我们要回了五万元。") is None
    assert left("剩下的七万三工资老板没有给我们。") is None


def test_a_decision_does_not_let_the_wording_speak_for_a_claim_and_says_why():
    reading = read("", "在你们帮助下我们讨回了28万元工资，拖欠大半年的血汗钱终于到手了。")
    assert not reading.arrears
    assert reading.score < 0.2
    assert any("付清" in reason.says for reason in reading.reasons)
