"""Figures that must agree: the added compensation of each worker is the stated percentage, within what the law allows."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law.loading import load
from anxin.letters.sums import problems
from anxin.typesetting.filling import checked
from anxin.typesetting.templates import template

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


def told(kind: str, **changed) -> list[tuple[str, str]]:
    """What is said of the example of a kind with these fields changed."""
    read, wrong = checked(template(kind), template(kind).example() | changed)
    assert not wrong
    return [(one.field, one.sentence) for one in problems(kind, read, load(), ON)]


CITIZEN = {"employer_code": "990101198503120019", "employer_head": None}


@pytest.mark.parametrize(("fine", "who"), [(300_000, {}), (20_000, CITIZEN), (None, {})])
def test_a_fine_on_the_spot_up_to_the_limit_is_let_through(fine, who):
    assert told("summary_penalty_decision", fine=fine, **who) == []


@pytest.mark.parametrize(
    ("fine", "who", "says"),
    [
        (300_001, {}, "法人或者其他组织的罚款不超过3,000.00元"),
        (20_001, CITIZEN, "公民的罚款不超过200.00元"),
        (300_000, CITIZEN, "公民的罚款不超过200.00元"),
    ],
)
def test_a_fine_on_the_spot_over_the_limit_is_refused_with_the_article(fine, who, says):
    ((field, sentence),) = told("summary_penalty_decision", fine=fine, **who)
    assert field == "fine" and says in sentence and "第五十一条" in sentence


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("pay_agreement", "agreed"),
        ("mediation_agreement", "agreed"),
        ("arbitration_mediation", "agreed"),
        ("fine_deferral_approval", "fine"),
    ],
)
def test_instalments_come_to_the_agreed_sum_to_the_fen(kind, what):
    assert told(kind) == []
    whole = template(kind).example()[what]
    ((field, sentence),) = told(kind, **{what: whole + 1})
    assert field == "plan" and "少0.01元" in sentence
    ((_, sentence),) = told(kind, **{what: whole - 1})
    assert "多0.01元" in sentence


def test_a_mediation_without_money_needs_no_sum_and_a_plan_needs_one():
    assert told("arbitration_mediation", plan=None, agreed=None, other="双方终止劳动关系。") == []
    assert told("arbitration_mediation", agreed=None)[0][0] == "agreed"
    assert told("arbitration_mediation", plan=None, other="一次付清")[0][0] == "plan"


def test_whoever_applies_to_be_taken_off_the_list_has_been_right_for_six_whole_months():
    early = {"corrected_on": dt.date(2025, 10, 2), "issued_on": dt.date(2026, 4, 2)}
    ((field, said),) = told("early_removal_application", **early)
    assert field == "corrected_on" and "满6个月" in said and "2026-04-02" in said
    assert told("early_removal_application", **early | {"issued_on": dt.date(2026, 4, 3)}) == []


def test_a_part_of_a_payment_order_that_is_disputed_is_a_part():
    assert told("payment_order_objection") == []
    assert told("payment_order_objection", request="whole", disputed=None) == []
    for disputed, says in ((None, "请填写有异议的金额"), (1_200_001, "超过支付令确定的12,000.00元")):
        ((field, said),) = told("payment_order_objection", disputed=disputed)
        assert field == "disputed" and says in said
