"""Every call × whose row and whose key: somebody else's does not exist, and nobody unknown gets further."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client

from anxin.agency.models import LineResult
from anxin.connections.scopes import (
    ACCOUNTS_READ,
    ACCOUNTS_WRITE,
    GUARANTEES_WRITE,
    INSTITUTION_SCOPES,
    ORDERS_READ,
    RESULTS_WRITE,
)
from anxin.connections.services import withdraw_key
from anxin.evidence.models import JournalEntry
from anxin.funds.models import AccountBalance, AccountEntry, BankReceipt, DepositEvent, WageDeposit
from anxin.registry.models import Organisation
from anxin.web.api.base import api
from tests.support.api import headers_for
from tests.web.api.world import NUMBER, held_by

pytestmark = pytest.mark.one_database

ROW = {"booked_on": "2026-09-01", "direction": "in", "amount_fen": 1, "reference": "R"}
ISSUE = {"project_code": "P1", "kind": "guarantee", "number": "BH-7", "amount_fen": 1, "valid_from": "2026-09-01",
         "valid_until": "2027-08-31"}  # fmt: skip
DAY = "2026-11-02"
RESULT = {"reference": "AX261000000101-0001", "outcome": "paid", "amount_fen": 600_000, "paid_on": DAY}
#: method, address, body, scope; {account} and {letter} are filled in with one's own or another's
CALLS = [
    ("GET", "/accounts", None, ACCOUNTS_READ),
    ("POST", "/accounts/find", {"number": f"{NUMBER}1"}, ACCOUNTS_READ),
    ("GET", "/accounts/{account}", None, ACCOUNTS_READ),
    ("GET", "/accounts/{account}/entries", None, ACCOUNTS_READ),
    ("POST", "/accounts/{account}/entries", {"entries": [ROW]}, ACCOUNTS_WRITE),
    ("PUT", "/accounts/{account}/balances/2026-09-30", {"balance_fen": 5}, ACCOUNTS_WRITE),
    ("GET", "/pay-orders", None, ORDERS_READ),
    ("GET", "/pay-orders/{order}", None, ORDERS_READ),
    ("POST", "/pay-orders/{order}/results", {"results": [RESULT]}, RESULTS_WRITE),
    ("GET", "/guarantees", None, GUARANTEES_WRITE),
    ("POST", "/guarantees", ISSUE, GUARANTEES_WRITE),
    ("GET", "/guarantees/{letter}", None, GUARANTEES_WRITE),
    ("POST", "/guarantees/{letter}/renewals", {"on": DAY, "valid_until": "2027-12-31"}, GUARANTEES_WRITE),
    ("POST", "/guarantees/{letter}/claims", {"on": DAY, "amount_fen": 1, "number": "1号"}, GUARANTEES_WRITE),
    ("POST", "/guarantees/{letter}/payments", {"on": DAY, "amount_fen": 1}, GUARANTEES_WRITE),
    ("POST", "/guarantees/{letter}/top-ups", {"on": DAY, "amount_fen": 1}, GUARANTEES_WRITE),
]
#: refused with a reason of its own when it comes alone: nothing has been claimed or used yet
_NOT_YET = ("/payments", "/top-ups")
EVERY_CALL = pytest.mark.parametrize(
    ("method", "path", "content", "scope"), CALLS, ids=[f"{one[0]} {one[1]}" for one in CALLS]
)


@pytest.fixture
def world(bank, actor, now):
    other = Organisation.objects.create(code="BANK2", name="另一家虚构银行", kind="bank")
    return held_by(bank, 1, actor, now), held_by(other, 2, actor, now)


def address(path: str, held) -> str:
    return "/api/v1" + path.format(
        account=held.account.line_id, letter=held.letter.line_id, order=held.order.reference
    )


def said(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def _reaches(schema) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, methods in schema["paths"].items() for method in methods}


def test_every_call_of_the_description_that_an_institution_makes_stands_in_this_table():
    described = {
        (method, path.removeprefix("/api/v1")) for method, path in _reaches(api.get_openapi_schema())
    }
    listed = {
        (
            method,
            path.replace("{letter}", "{guarantee}")
            .replace("{order}", "{reference}")
            .replace("2026-09-30", "{on}"),
        )
        for method, path, _, _ in CALLS
    }
    assert {
        one for one in described if one[1].startswith(("/accounts", "/pay-orders", "/guarantees"))
    } == listed


@EVERY_CALL
def test_ones_own_is_there(method, path, content, scope, world, caller):
    answer = caller(scopes=[scope]).call(method, address(path, world[0]), content)
    assert answer.status_code == (422 if path.endswith(_NOT_YET) else 200)


@EVERY_CALL
def test_anothers_is_answered_exactly_like_what_does_not_exist(method, path, content, scope, world, caller):
    bank = caller(scopes=[scope])
    anothers = bank.call(method, address(path, world[1]), content)
    if "{" not in path:
        assert "另一家" not in anothers.content.decode() and "P2" not in anothers.content.decode()
        return
    absent = bank.call(
        method, f"/api/v1{path.format(account=999_999, letter=999_999, order='AX0000')}", content
    )
    assert said(anothers) == (404, "not_found")
    assert (anothers.content, anothers.status_code) == (absent.content, absent.status_code)


@EVERY_CALL
def test_without_a_key_nothing_is_told(method, path, content, scope, world):
    answer = Client().generic(
        method,
        address(path, world[0]),
        json.dumps(content) if content else b"",
        content_type="application/json",
    )
    assert said(answer) == (401, "signature_missing")


@EVERY_CALL
def test_a_wrong_signature_gets_no_further(method, path, content, scope, world, caller):
    answer = caller().call(method, address(path, world[0]), content, X_Anxin_Signature="0" * 64)
    assert said(answer) == (401, "signature_wrong")


@EVERY_CALL
def test_a_stale_time_gets_no_further(method, path, content, scope, world, caller):
    bank = caller()
    bank.timestamp -= 301
    assert said(bank.call(method, address(path, world[0]), content)) == (401, "timestamp_wrong")


@EVERY_CALL
def test_a_call_caught_and_sent_again_gets_no_further(method, path, content, scope, world, caller, now):
    bank, to = caller(), address(path, world[0])
    body = json.dumps(content).encode() if content else b""
    signed = headers_for(bank.key_id, bank.secret, method, to, body, timestamp=int(now.timestamp()))
    answers = [
        Client().generic(
            method, to, body, content_type="application/json",
            headers=signed | {"Idempotency-Key": "word-0000001"},
        )
        for _ in range(2)
    ]  # fmt: skip
    assert answers[0].status_code != 401
    assert said(answers[1]) == (401, "nonce_used")


@EVERY_CALL
def test_a_withdrawn_key_gets_no_further(method, path, content, scope, world, caller, actor, now):
    bank = caller()
    withdraw_key(bank.key, actor=actor, now=now)
    assert said(bank.call(method, address(path, world[0]), content)) == (401, "key_unknown")


@EVERY_CALL
def test_an_expired_key_gets_no_further(method, path, content, scope, world, caller, now, monkeypatch):
    from anxin.web import clock

    bank = caller(expires_at=now + dt.timedelta(seconds=1))
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(seconds=2))
    assert said(bank.call(method, address(path, world[0]), content)) == (401, "key_unknown")


@EVERY_CALL
def test_a_key_without_this_scope_is_told_which_one_it_lacks(method, path, content, scope, world, caller):
    bank = caller(scopes=[one for one in INSTITUTION_SCOPES if one != scope])
    answer = bank.call(method, address(path, world[0]), content)
    assert said(answer) == (403, "scope_missing")
    assert INSTITUTION_SCOPES[scope] in answer.json()["message"]


@EVERY_CALL
def test_a_call_that_changes_something_names_its_word(method, path, content, scope, world, caller):
    answer = caller().call(method, address(path, world[0]), content, Idempotency_Key="")
    changes = method != "GET" and not path.endswith("/find")
    assert said(answer) == ((400, "idempotency_missing") if changes else (200, ""))


@EVERY_CALL
def test_a_call_sent_again_changes_nothing_under_the_same_word_or_another(
    method, path, content, scope, world, caller
):
    bank, to = caller(), address(path, world[0])
    first = bank.call(method, to, content, Idempotency_Key="word-0000001")
    before = facts()
    again = bank.call(method, to, content, Idempotency_Key="word-0000001")
    other = bank.call(method, to, content, Idempotency_Key="word-0000002")
    if path == "/pay-orders/{order}":
        before += 2  # whoever fetches cards is journalled, each time
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (other.status_code, facts()) == (first.status_code, before)


def facts() -> int:
    """Rows of everything that calls may write; whatever changes leaves a journal entry, too."""
    kinds = (JournalEntry, AccountEntry, AccountBalance, WageDeposit, DepositEvent, LineResult, BankReceipt)
    return sum(kind.objects.count() for kind in kinds)
