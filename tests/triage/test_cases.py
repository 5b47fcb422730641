"""Invented complaints (160), letters (150), calls (120), messages of a board (120), to an office (120), to hotlines (120), to a national board (60),
at a counter (40), of disputes told several times (26) and to a board and a hotline in seven parts (220), each written before the reading was
tried on it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anxin.triage import read, read_messages
from tests.triage.scoring import figures, pairs_f1, pairs_found, same_disputes

FOLDER = Path(__file__).parent
#: at least so much must be reached, by file
FLOORS = {
    "board.yaml": {"f1": 0.9, "people": 0.8, "amount": 0.85, "none": 0.8, "debtor": 0.68, "pairs": 0.8},
    "cases.yaml": {"f1": 0.93, "people": 0.85, "amount": 0.85, "debtor": 0.82, "pairs": 0.75},
    "calls.yaml": {"f1": 0.93, "people": 0.85, "amount": 0.9, "debtor": 0.85, "pairs": 0.95},
    "counter.yaml": {"f1": 0.93, "people": 0.8, "amount": 0.7, "debtor": 0.7, "pairs": 0.9},
    "hotline.yaml": {"f1": 0.92, "people": 0.85, "amount": 0.85, "debtor": 0.75, "pairs": 0.8},
    "mailbox.yaml": {"f1": 0.93, "people": 0.85, "amount": 0.85, "debtor": 0.4, "pairs": 0.85},
    "inbox.yaml": {"f1": 0.92, "people": 0.87, "amount": 0.82, "debtor": 0.82},
    "letters.yaml": {"f1": 0.92, "people": 0.85, "amount": 0.85, "debtor": 0.82, "pairs": 0.8},
    "platform.yaml": {"f1": 0.9, "people": 0.9, "amount": 0.75, "debtor": 0.82, "pairs": 0.75},
    "retold.yaml": {"f1": 0.93, "people": 0.85, "amount": 0.7, "debtor": 0.55, "pairs": 0.8},
}


def labelled(name: str) -> list[dict[str, object]]:
    cases = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return [
        {"people": None, "amount_yuan": None, "debtor": None, **case, "title": case["title"] or ""}
        for case in cases
    ]


CASES = {name: labelled(name) for name in FLOORS}


@pytest.fixture(scope="module", params=sorted(FLOORS))
def reached(request):
    return figures(CASES[request.param]), FLOORS[request.param]


def test_wages_owed_are_told_from_all_else(reached):
    found, floor = reached
    assert found.f1 >= floor["f1"]


def test_people_and_sums_are_right_where_stated_and_not_made_up(reached):
    found, floor = reached
    assert found.people_right >= floor["people"]
    assert found.amount_right >= floor["amount"]
    assert min(found.people_none, found.amount_none) >= floor.get("none", 0.85)


def test_most_debtors_are_found(reached):
    found, floor = reached
    assert found.debtor_found >= floor["debtor"]


@pytest.mark.parametrize("name", sorted(name for name, floor in FLOORS.items() if "pairs" in floor))
def test_messages_about_one_dispute_come_together(name):
    messages = read_messages((case["id"], case["title"], case["text"]) for case in CASES[name])
    assert pairs_f1(messages, same_disputes(CASES[name])) >= FLOORS[name]["pairs"]


def test_as_many_disputes_as_messages_stay_apart():
    messages = read_messages((case["id"], case["title"], case["text"]) for case in CASES["inbox.yaml"])
    assert not pairs_found(messages)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_every_judgement_quotes_words_of_the_text(name):
    for case in CASES[name]:
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
