"""160 invented complaints, labelled by somebody who had not seen how texts are read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anxin.triage import read, read_messages
from tests.triage.scoring import figures, pairs_f1

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
LABELLED = [{"people": None, "amount_yuan": None, "debtor": None, **case} for case in CASES]


@pytest.fixture(scope="module")
def reached():
    return figures(LABELLED)


def test_wages_owed_are_told_from_all_else(reached):
    assert reached.f1 >= 0.93


def test_people_and_sums_are_right_where_stated_and_not_made_up(reached):
    assert reached.people_right >= 0.85
    assert reached.people_none >= 0.85
    assert reached.amount_right >= 0.85
    assert reached.amount_none >= 0.85


def test_most_debtors_are_found(reached):
    assert reached.debtor_found >= 0.6


def test_messages_about_one_dispute_come_together():
    by_id = {case["id"]: case for case in CASES}
    same = {frozenset((one, by_id[one]["same_as"])) for one in by_id if by_id[one].get("same_as")}
    messages = read_messages((case["id"], case["title"], case["text"]) for case in CASES)
    assert pairs_f1(messages, same) >= 0.65


def test_every_judgement_quotes_words_of_the_text():
    for case in CASES:
        reading = read(case["title"], case["text"])
        assert all(
            reason.words in case["title"] + "\n" + case["text"] for reason in reading.reasons if reason.words
        ), case["id"]


def test_a_message_that_is_not_about_wages_has_no_claim():
    reading = read("小区停水三天", "物业说水泵坏了，请催一催。")
    assert not reading.arrears
    assert (reading.people, reading.amount_yuan, reading.debtor, reading.project) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("工地欠我们三个月工资，再不给我就从塔吊上跳楼。", 3),
        ("老板欠我们工资，几十个工友现在把路堵了，堵路的人越来越多。", 3),
        ("马上过年了，我们二十个农民工的工资还没发。", 2),
        ("包工头拖欠我工资八千元，人已经跑路。", 2),
        ("公司拖欠我上个月工资三千元。", 1),
    ],
)
def test_urgency_follows_what_the_words_threaten_or_fear(text, urgency):
    assert read("", text).urgency == urgency
