"""Figures that must agree: the added compensation of each worker is the stated percentage, within what the law allows."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law.loading import load
from anxin.letters.sums import problems

ON = dt.date(2026, 4, 1)


def values(percent: int = 50, owed: int = 720_050, added: int = 360_025) -> dict:
    return {"percent": percent, "additions": [{"name": "某甲", "owed": owed, "added": added}]}


@pytest.mark.parametrize(
    "told", [values(), values(100, 720_050, 720_050), values(55, 101, 56), values(50, 1, 1), values(50, 1, 0)]
)
def test_what_agrees_is_let_through(told):
    assert problems("compensation_decision", told, load(), ON) == ()


@pytest.mark.parametrize(
    ("told", "field", "says"),
    [
        (values(50, added=360_026), "additions.0.added", "第1行某甲"),
        (values(60), "additions.0.added", "百分之60"),
        (values(49, 10_000, 4_900), "percent", "百分之50到百分之100"),
        (values(101, 10_000, 10_100), "percent", "百分之50到百分之100"),
    ],
)
def test_what_does_not_agree_is_said_where_it_stands(told, field, says):
    (one,) = problems("compensation_decision", told, load(), ON)
    assert one.field == field and says in one.sentence


def test_other_instruments_are_not_asked():
    assert problems("rectification_order", {}, load(), ON) == ()
