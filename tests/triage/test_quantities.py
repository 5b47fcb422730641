"""How much and how many: cents are kept, what is left is worked out, trades nobody listed are people."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from anxin.triage import quantities, read


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("厂里欠我工资18600.55元一直不给。", Decimal("18600.55")),
        ("厂里欠我工资18600.00元一直不给。", 18_600),
        ("厂里拖欠工资1,234,567.5元。", Decimal("1234567.50")),
        ("应付工钱18600元，至今只付了3000元，多次催要不给。", 15_600),
        ("应付工钱18600元，只付了3000元，还欠15000元没给。", 15_000),
        ("欠我工钱18600元，每天工资200元。", 18_600),
        ("欠了我们二三十万工资不给。", 200_000),
    ],
)
def test_the_sum_still_owed(text, yuan):
    found = quantities.amount(text)
    assert found is not None and found.value == yuan


def test_cents_go_out_as_a_number():
    out = json.loads(json.dumps(read("", "老板拖欠我工资18600.55元。").as_json()))
    assert out["amount_yuan"] == 18600.55


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("公司欠我们七名锅炉工三个月工资。", 7),
        ("老板欠十几个讲解员的工资。", 10),
        ("三百多名驾驶员的工资没发。", 300),
        ("拖欠十七个老头子的工资。", 17),
    ],
)
def test_how_many_are_owed(text, people):
    found = quantities.people(text)
    assert found is not None and found.value == people


@pytest.mark.parametrize(
    "text", ["我厂有三个工程欠我工资。", "老板张某夫妇二人扣我工资。", "工资涨了两个百分点没发。"]
)
def test_what_counts_no_workers_is_no_number_of_people(text):
    assert quantities.people(text) is None
