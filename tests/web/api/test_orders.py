"""Pay orders over the interface: fetched by their bank with cards, answered row by row, once."""

from __future__ import annotations

import pytest

from anxin.agency.models import LineResult, PayOrder, PayOrderLine
from anxin.evidence.models import JournalEntry
from anxin.funds.models import BankReceipt
from tests.agency.factories import card
from tests.web.api.world import held_by

ORDERS = "/api/v1/pay-orders"
HANDED_OUT = {"action": "agency.order_handed_out"}


@pytest.fixture
def order(bank, actor, now):
    return held_by(bank, 1, actor, now).order


@pytest.fixture
def at(order):
    return f"{ORDERS}/{order.reference}"


def result(order, number=1, **parts):
    return {
        "reference": f"{order.reference}-{number:04d}",
        "outcome": "paid",
        "amount_fen": 600_000,
        "paid_on": "2026-11-19",
        "bank_reference": f"B{number}",
        **parts,
    }


def back(order, number=1, **parts):
    return result(order, number, outcome="returned", paid_on=None, reason="户名不符", **parts)


def fates(answer) -> list[str]:
    return [one["fate"] for one in answer.json()["rows"]]


def facts():
    return (
        list(PayOrderLine.objects.order_by("id").values_list("state", "fault", "paid_on")),
        list(BankReceipt.objects.order_by("id").values_list("outcome", "superseded_at")),
        LineResult.objects.count(),
        JournalEntry.objects.count(),
    )


def test_a_bank_fetches_its_order_with_cards_and_that_is_journalled(order, at, caller):
    bank = caller()
    (listed,) = bank.get(ORDERS).json()["items"]
    assert (listed["reference"], listed["lines"], listed["total_fen"]) == (order.reference, 2, 1_200_000)
    seen = bank.get(at).json()
    assert [one["card"] for one in seen["payees"]] == [card(101), card(102)]
    entry = JournalEntry.objects.get(**HANDED_OUT)
    assert entry.actor == f"api_key:{bank.key.pk}" and card(101) not in str(entry.after) + entry.summary


def test_a_sandbox_key_sees_names_and_cards_masked(order, at, caller):
    seen = caller(sandbox=True).get(at).json()
    assert seen["sandbox"] is True
    assert card(101) not in str(seen) and "甲工人101" not in str(seen)
    assert not JournalEntry.objects.filter(**HANDED_OUT).exists()


@pytest.mark.parametrize("state", ["prepared", "cancelled"])
def test_an_order_not_given_to_the_bank_does_not_exist_for_it(state, order, at, caller):
    PayOrder.objects.update(state=state)
    bank = caller()
    assert bank.get(ORDERS).json()["items"] == []
    assert bank.get(at).status_code == 404
    assert bank.post(f"{at}/results", {"results": [result(order)]}).status_code == 404


def test_results_are_taken_row_by_row(order, at, caller):
    rows = [result(order), back(order, 2), result(order, 9)]
    answer = caller().post(f"{at}/results", {"results": rows})
    assert fates(answer) == ["accepted", "accepted", "refused"]
    assert (answer.json()["rows"][2]["code"], answer.json()["rows"][2]["field"]) == ("not_found", "reference")
    assert list(order.lines.order_by("sequence").values_list("state", "fault")) == [
        ("paid", ""),
        ("returned", "wrong_name"),
    ]
    assert caller().get(ORDERS).json()["items"] == []
    assert len(caller().get(f"{ORDERS}?state=all").json()["items"]) == 1


def test_the_same_results_under_another_word_change_nothing(order, at, caller):
    bank, rows = caller(), [result(order), back(order, 2)]
    bank.post(f"{at}/results", {"results": rows})
    before = facts()
    assert fates(bank.post(f"{at}/results", {"results": rows})) == ["unchanged", "unchanged"]
    assert facts() == before


@pytest.mark.parametrize(
    ("parts", "code", "field"),
    [
        ({"paid_on": None}, "invalid", "paid_on"),
        ({"paid_on": "2026-11-21"}, "invalid", "paid_on"),
        ({"outcome": "returned"}, "invalid", "reason"),
        ({"outcome": "returned", "code": "no_such"}, "invalid", "code"),
        ({"amount_fen": 599_999}, "conflict", ""),
    ],
)
def test_a_row_that_cannot_be_right_says_what_is_wrong(parts, code, field, order, at, caller):
    answer = caller().post(f"{at}/results", {"results": [result(order, **parts), result(order, 2)]})
    assert fates(answer) == ["refused", "accepted"]
    bad = answer.json()["rows"][0]
    assert (bad["code"], bad.get("field", "")) == (code, field) and bad["message"]


def test_a_payment_still_being_worked_on_changes_nothing(order, at, caller):
    answer = caller().post(f"{at}/results", {"results": [result(order, outcome="pending", paid_on=None)]})
    assert fates(answer) == ["unchanged"]
    assert set(order.lines.values_list("state", flat=True)) == {"open"}


def test_results_of_a_sandbox_key_are_answered_the_same_and_nothing_is_kept(order, at, caller):
    trial = caller(sandbox=True)
    before = facts()
    answer = trial.post(f"{at}/results", {"results": [result(order)]})
    assert (fates(answer), answer.json()["sandbox"]) == (["accepted"], True)
    assert facts() == before
