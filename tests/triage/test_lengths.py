"""For how many months: what is told of wages is read, what is told of other things is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anxin.triage import lengths, read
from tests.triage.scoring import months

FOLDER = Path(__file__).parent
#: at least so much must be right where stated, and left empty where not
FLOORS = {"lengths.yaml": (0.95, 0.95), "cases.yaml": (0.94, 0.9)}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_lengths_are_right_where_stated_and_not_made_up(name):
    right, empty = months(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))
    assert (right >= FLOORS[name][0], empty >= FLOORS[name][1]) == (True, True), (right, empty)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("欠我一年零两个月工资", 14),
        ("六、七两个月工资没发", 2),
        ("欠我三个半月工资", 3),
        ("工资从3月到8月没发", 6),
        ("去年11月到今年2月的工资没发", 4),
        ("干了两年，最后两个月的工资没发", 2),
        ("去年九月至今没发工资", None),
        ("他只发了3月的工资", None),
        ("入职已差不多两年，开始拖欠工资", None),
        ("4月份的工资明细出来了，扣了我的钱", None),
    ],
)
def test_the_length_of_wages_owed(text, value):
    found = lengths.months(text)
    assert (found.value if found else None) == value


def test_the_words_are_shown():
    found = read("", "老板拖欠我一年零两个月的工资不给。")
    assert found.months == 14
    assert [one.words for one in found.reasons if one.about == "months"] == ["一年零两个月"]
