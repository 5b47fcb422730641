"""Which payment a reversal takes back, and that one without its payment is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.funds.queries_reversals import open_reversals
from anxin.funds.reversals import take_back
from anxin.registry.models import Project
from tests.funds.test_matching import DAY, receipt
from tests.support.deliveries import deliver, make_project, payroll, receipts

LATER = DAY + dt.timedelta(3)


def entry(id=9, **more):
    return replace(receipt(id, **{"paid_on": LATER, **more}), reference=more.pop("reference", ""))


def test_reversal_takes_back_the_only_payment_of_its_payee_and_amount():
    assert take_back([receipt(1), receipt(2, 6000)], [entry()]).pairs == {9: 1}


def test_reversal_takes_back_the_payment_whose_reference_it_names():
    payments = [replace(receipt(1), reference="LS1"), replace(receipt(2, paid_on=LATER), reference="LS2")]
    assert take_back(payments, [replace(entry(), reference="LS1")]).pairs == {9: 1}


def test_second_try_after_the_reversal_goes_on_counting():
    payments = [receipt(1), receipt(2, paid_on=LATER + dt.timedelta(1))]
    back = take_back(payments, [entry()])
    assert (back.pairs, back.held) == ({9: 1}, {})


def test_reversal_that_may_mean_two_months_holds_both_until_a_person_has_said_which_arrived():
    payments = [receipt(1, month="2026-08"), receipt(2, month="2026-09")]
    back = take_back(payments, [entry()])
    assert (set(back.held), back.unclear) == ({1, 2}, [9])
    assert take_back(payments, [entry()], confirmed=[2]).pairs == {9: 1}


@pytest.mark.parametrize(
    "other", [{"amount": 4000}, {"name": "李大海"}, {"card": "c2"}, {"paid_on": DAY - dt.timedelta(9)}]
)
def test_reversal_of_another_amount_or_payee_or_before_the_payment_is_alone(other):
    back = take_back([receipt(1)], [entry(**other)])
    assert (back.pairs, back.alone) == ({}, [9])


def test_two_reversals_take_back_two_payments():
    assert set(take_back([receipt(1), receipt(2)], [entry(8), entry(9)]).pairs.values()) == {1, 2}


# --- in the database -------------------------------------------------------------------------------------


def standing() -> list[tuple]:
    return list(ReceiptMatch.objects.filter(ended_at=None).values_list("amount_fen", "state"))


@pytest.fixture
def paid(home, actor, now, db):
    project = make_project(now)
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000, "成功", "LS1")), actor=actor, now=now)
    assert standing() == [(500000, "exact")]
    return project


def test_reversal_under_another_reference_ends_what_the_payment_counted(paid, actor, now):
    deliver("receipts", receipts(("王小明", 1, 5000, "冲正", "LS2")), actor=actor, now=now)
    assert BankReceipt.objects.get(reference="LS2").outcome == "reversal"
    assert standing() == []
    assert open_reversals(Project.objects.all()) == []


def test_reversal_under_the_same_reference_makes_the_payment_come_to_nothing(paid, actor, now):
    deliver("receipts", receipts(("王小明", 1, 5000, "冲正", "LS1")), actor=actor, now=now)
    current = BankReceipt.objects.get(superseded_at=None)
    assert (current.outcome, standing()) == ("returned", [])


def test_reversal_without_its_payment_is_shown_with_what_to_do(paid, actor, now):
    deliver("receipts", receipts(("王小明", 1, 4000, "冲正", "LS2")), actor=actor, now=now)
    assert standing() == [(500000, "exact")]
    [shown] = open_reversals(Project.objects.all())
    assert "没有找到" in shown.told
    assert open_reversals(Project.objects.none()) == []
