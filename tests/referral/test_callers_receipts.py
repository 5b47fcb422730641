"""A clue without a list: receipts that pay its own caller are offered, nobody else's, and where it is not sure it says why."""

from __future__ import annotations

import pytest

from anxin.channels.models_voice import Submission
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM
from anxin.referral import services
from anxin.referral.callers_receipts import why_none
from anxin.referral.concluding import recovered_fen
from anxin.referral.offers import offers
from tests.monitoring import factories as make
from tests.monitoring.factories import id_number
from tests.referral.clues import READ
from tests.referral.conftest import NOW

NAME = "甲工人1"


def told(
    city, *, name=NAME, text="东台安置房工地欠我工资6000元没有发。", kind="complaint", project=True, phone=""
):
    """Passed on to the housing authority, without a list of people."""
    voice = Voice(
        channel="hotline", kind=kind, region="990101", project=city.site if project else None, employer=city.firm,
        text=text, title="欠我工资", name=name, phone=phone, received_at=NOW,
    )  # fmt: skip
    made = take_in([voice], actor=SYSTEM, now=NOW)[0]
    Clue.objects.filter(pk=made.pk).update(**READ | {"people": 1, "amount_fen": 600_000})
    made.refresh_from_db()
    services.refer(made, by=city.desk, now=NOW, law=city.law)
    return made


def paid(city, serial=1, name="", fen=600_000):
    """Somebody of the roster whom the bank paid since."""
    worker = make.worker(serial, name)
    make.enrol(city.site, worker)
    return make.pay(make.line(city.site, "2026-10", worker, net_fen=fen), paid_on="2026-11-20")


def test_the_receipt_of_the_only_one_of_the_callers_name_is_offered_and_counted_once(city):
    clue, mine = told(city), paid(city)
    paid(city, 2)
    (offer,) = offers(clue)
    assert (offer.receipt, offer.person, offer.claimant, offer.amount_fen) == (mine, NAME, None, 600_000)
    assert why_none(clue) == ""
    row = services.adopt(clue, offer.key, by=city.desk, now=NOW)
    assert (row.receipt, row.person.open()) == (mine, NAME)
    assert offers(clue) == [] and recovered_fen(clue) == 600_000


def test_two_of_the_name_are_told_apart_by_the_id_number_that_was_told_or_not_at_all(city):
    first, second = paid(city, 1, "甲某某"), paid(city, 2, "甲某某")
    clue = told(city, name="甲某某")
    assert offers(clue) == [] and "分不清" in why_none(clue)
    clue = told(city, name="甲某某", text=f"欠我工资6000元没有发，我的身份证{id_number(2)}。")
    assert [one.receipt for one in offers(clue)] == [second] != [first]


def test_a_name_whose_id_number_differs_from_the_one_told_is_not_the_caller(city):
    paid(city)
    clue = told(city, text=f"欠我工资6000元没有发，我的身份证{id_number(9)}。")
    assert offers(clue) == [] and "身份证号" in why_none(clue)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"project": False}, "没有对应到项目"),
        ({"name": ""}, "没有留姓名"),
        ({"name": "乙某某"}, "没有叫反映人这个名字的人"),
        ({"kind": "report"}, "不是本人自己的工资"),
    ],
)
def test_where_nobody_can_say_whose_it_is_nothing_is_offered_and_it_says_why(city, fields, words):
    paid(city)
    clue = told(city, **fields)
    assert offers(clue) == [] and words in why_none(clue)


def test_others_receipts_are_not_offered_though_the_sum_fits(city):
    make.enrol(city.site, make.worker(1))
    paid(city, 2)
    clue = told(city)
    assert offers(clue) == [] and "没有付给反映人本人的" in why_none(clue)


def test_a_form_that_somebody_else_filled_in_speaks_for_nobody_by_name(city):
    paid(city)
    clue = told(city)
    Submission.objects.create(
        key_hash="k",
        receipt_hash="r",
        words_hash="w",
        kind="complaint",
        helped=True,
        received_at=NOW,
        clue=clue,
    )
    assert offers(clue) == [] and "他人代填" in why_none(clue)


def test_merged_clues_have_several_callers_and_need_a_list(city):
    paid(city)
    clue, other = told(city), told(city, name="甲工人2")
    Clue.objects.filter(pk=other.pk).update(dispute=clue)
    assert offers(clue) == [] and "并入" in why_none(clue)


def test_without_receipts_it_says_so_and_with_a_list_the_list_decides(city):
    clue = told(city)
    assert "还没有付款成功" in why_none(clue)
    paid(city)
    add_claimant(clue, Said("乙某某", id_number(5), amounts={"worker": 1}), by=city.desk, now=NOW)
    assert offers(clue) == [] and why_none(clue) == "", "the list names somebody else"
