"""Letters, policies and cash deposits over the interface: each event once, money never more than there is."""

from __future__ import annotations

import pytest

from anxin.evidence.models import JournalEntry
from anxin.funds.models import DepositEvent, WageDeposit
from anxin.registry.models import Organisation
from tests.monitoring import factories as make
from tests.web.api.world import held_by

GUARANTEES = "/api/v1/guarantees"


@pytest.fixture
def letter(bank, actor, now):
    return held_by(bank, 1, actor, now).letter


@pytest.fixture
def at(letter):
    return f"{GUARANTEES}/{letter.line_id}"


@pytest.fixture
def site(db):
    return make.project("P9")


def issued(**parts):
    return {
        "project_code": "P9",
        "kind": "guarantee",
        "number": "BH-9",
        "amount_fen": 30_000_000,
        "valid_from": "2026-09-01",
        "valid_until": "2027-08-31",
        **parts,
    }


CLAIM = {"on": "2026-11-02", "amount_fen": 10_000_000, "number": "支付通知〔2026〕1号"}


def test_a_letter_issued_twice_is_one_letter(site, caller):
    bank = caller()
    answers = [bank.post(GUARANTEES, issued()).json() for _ in range(2)]
    assert [one["fate"] for one in answers] == ["accepted", "unchanged"]
    assert len({one["id"] for one in answers}) == 1
    assert (WageDeposit.objects.count(), DepositEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"project_code": "P404"}, "project_code"),
        ({"kind": "insurance"}, "kind"),
        ({"kind": "guarantor"}, "kind"),
        ({"number": " "}, "number"),
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": "2026-08-31"}, "valid_until"),
    ],
)
def test_a_letter_that_cannot_be_right_is_refused_with_its_field(change, field, site, caller):
    answer = caller().post(GUARANTEES, issued(**change))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", field)
    assert not WageDeposit.objects.exists()


def test_the_same_number_with_another_amount_is_refused(site, caller):
    bank = caller()
    bank.post(GUARANTEES, issued())
    answer = bank.post(GUARANTEES, issued(amount_fen=1))
    assert (answer.status_code, answer.json()["field"]) == (422, "number")


@pytest.mark.parametrize(
    ("kind", "form", "status"),
    [("insurer", "insurance", 200), ("insurer", "guarantee", 422), ("guarantor", "guarantor", 200)],
)
def test_each_kind_of_institution_gives_its_own_form(kind, form, status, site, caller):
    other = Organisation.objects.create(code="OTHER", name="虚构机构", kind=kind)
    assert caller(organisation=other).post(GUARANTEES, issued(kind=form)).status_code == status


def test_a_letter_is_renewed_claimed_paid_and_topped_up(at, caller):
    bank = caller()
    calls = [
        ("renewals", {"on": "2026-11-01", "valid_until": "2027-12-31"}),
        ("claims", CLAIM),
        ("payments", {"on": "2026-11-05", "amount_fen": 10_000_000, "people": 12}),
        ("top-ups", {"on": "2026-11-10", "amount_fen": 4_000_000}),
    ]
    for path, content in calls:
        assert bank.post(f"{at}/{path}", content).json()["fate"] == "accepted", path
    seen = bank.get(at).json()
    assert (seen["held_fen"], seen["ordered_fen"], seen["open_fen"]) == (44_000_000, 0, 6_000_000)
    assert seen["valid_until"] == "2027-12-31"
    assert [one["kind"] for one in seen["events"]] == [
        "issued",
        "renewed",
        "use_ordered",
        "used",
        "topped_up",
    ]
    journal = JournalEntry.objects.count()
    for path, content in calls:
        assert bank.post(f"{at}/{path}", content).json()["fate"] == "unchanged", path
    assert (bank.get(at).json(), JournalEntry.objects.count()) == (seen, journal)


@pytest.mark.parametrize(
    ("path", "content", "field"),
    [
        ("claims", CLAIM | {"amount_fen": 50_000_001}, "amount_fen"),
        ("claims", CLAIM | {"on": "2026-12-24"}, "on"),
        ("payments", {"on": "2026-11-05", "amount_fen": 1}, "amount_fen"),
        ("top-ups", {"on": "2026-11-05", "amount_fen": 1}, "amount_fen"),
        ("renewals", {"on": "2026-11-05", "valid_until": "2026-12-31"}, "valid_until"),
    ],
)
def test_an_event_that_cannot_be_right_is_refused_with_its_field(path, content, field, at, caller):
    answer = caller().post(f"{at}/{path}", content)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", field)
    assert DepositEvent.objects.count() == 1


def test_a_sandbox_key_is_answered_the_same_and_nothing_is_kept(at, site, caller):
    trial = caller(sandbox=True)
    for answer in (trial.post(f"{at}/claims", CLAIM), trial.post(GUARANTEES, issued())):
        assert (answer.json()["fate"], answer.json()["sandbox"]) == ("accepted", True)
    assert (WageDeposit.objects.count(), DepositEvent.objects.count()) == (1, 1)
