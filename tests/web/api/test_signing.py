"""Every way in which a call is not who it says it is, and the trace that each leaves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from anxin.connections.models import ApiCall, UsedNonce
from anxin.connections.services import follow_key, withdraw_key
from tests.support.api import headers_for

WHOAMI = "/api/v1/whoami"


def said(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_a_signed_call_is_known(caller):
    bank = caller()
    answer = bank.get(WHOAMI)
    assert (answer.status_code, answer.json()["key_id"], answer.json()["holder"]) == (
        200,
        bank.key_id,
        "虚构银行",
    )


def test_chinese_stays_readable(caller):
    assert "虚构银行" in caller().get(WHOAMI).content.decode()


def test_a_stranger_is_told_what_is_missing(db):
    answer = Client().get(WHOAMI)
    assert said(answer) == (401, "signature_missing")
    assert "X-Anxin-Key" in answer.json()["message"]


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("X_Anxin_Key", "ak_unknown", "key_unknown"),
        ("X_Anxin_Signature", "0" * 64, "signature_wrong"),
        ("X_Anxin_Signature", "签名", "signature_wrong"),
        ("X_Anxin_Nonce", "short", "signature_missing"),
        ("X_Anxin_Timestamp", "yesterday", "signature_wrong"),
        ("X_Anxin_Timestamp", "", "signature_missing"),
    ],
)
def test_a_header_that_is_not_right_is_named(header, value, code, caller):
    assert said(caller().get(WHOAMI, **{header: value.encode().decode("latin-1")})) == (401, code)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_that_is_off_is_told_the_servers_time(seconds, caller, now):
    bank = caller()
    bank.timestamp += seconds
    answer = bank.get(WHOAMI)
    assert said(answer) == (401, "timestamp_wrong")
    assert str(int(now.timestamp())) in answer.json()["message"]


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_clock_that_is_a_little_off_is_fine(seconds, caller):
    bank = caller()
    bank.timestamp += seconds
    assert bank.get(WHOAMI).status_code == 200


def test_the_same_call_sent_again_as_it_was_is_a_replay(caller, now):
    bank = caller()
    signed = headers_for(bank.key_id, bank.secret, "GET", WHOAMI, b"", timestamp=int(now.timestamp()))
    assert Client().get(WHOAMI, headers=signed).status_code == 200
    assert said(Client().get(WHOAMI, headers=signed)) == (401, "nonce_used")


def test_a_wrong_signature_uses_up_nobodys_nonce(caller):
    caller().get(WHOAMI, X_Anxin_Signature="0" * 64)
    assert not UsedNonce.objects.exists()


def test_what_was_signed_is_what_is_asked(caller, now):
    """A signature for one address, query or body is none for another."""
    bank = caller()
    signed = headers_for(bank.key_id, bank.secret, "GET", WHOAMI, b"", timestamp=int(now.timestamp()))
    assert said(Client().get(f"{WHOAMI}?a=1", headers=signed)) == (401, "signature_wrong")


def test_a_withdrawn_key_is_unknown_from_then_on(caller, actor, now):
    bank = caller()
    withdraw_key(bank.key, actor=actor, now=now)
    assert said(bank.get(WHOAMI)) == (401, "key_unknown")


def test_a_followed_key_is_taken_beside_the_new_one_until_it_ends(caller, actor, now):
    bank = caller()
    follow_key(bank.key, overlap_days=1, actor=actor, now=now)
    assert bank.get(WHOAMI).status_code == 200
    other = caller()
    follow_key(other.key, overlap_days=0, actor=actor, now=now)
    assert said(other.get(WHOAMI)) == (401, "key_unknown")


def test_an_expired_key_is_unknown(caller, now, monkeypatch):
    from anxin.web import clock

    bank = caller(expires_at=now + dt.timedelta(minutes=1))
    assert bank.get(WHOAMI).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(minutes=1))
    assert said(bank.get(WHOAMI)) == (401, "key_unknown")


def test_too_many_calls_are_told_when_to_come_again(caller):
    bank = caller(calls_per_minute=1)
    assert bank.get(WHOAMI).status_code == 200
    answer = bank.get(WHOAMI)
    assert said(answer) == (429, "too_many_calls")
    assert 0 < int(answer["Retry-After"]) <= 61


@pytest.mark.parametrize(
    ("method", "address", "expected"),
    [
        ("GET", "/api/v1/no-such-thing", (404, "not_found")),
        ("GET", "/api/v1/", (404, "not_found")),
        ("DELETE", WHOAMI, (405, "method_wrong")),
    ],
)
def test_addresses_and_methods_that_are_none_are_told_in_the_same_form(method, address, expected, caller):
    assert said(caller().call(method, address)) == expected


def test_a_body_beyond_the_bound_is_refused_before_it_is_read(caller):
    answer = Client().post(WHOAMI, b"", content_type="application/json", CONTENT_LENGTH=9 * 1024 * 1024)
    assert said(answer) == (413, "body_too_large")


def test_every_call_leaves_a_trace_without_query_or_body(caller, now):
    bank = caller()
    bank.get(f"{WHOAMI}?id=99010119900101001X")
    Client().get(WHOAMI, headers={"X-Anxin-Key": "ak_stranger"})
    first, second = ApiCall.objects.order_by("id")
    assert (first.key, first.path, first.status, first.code) == (bank.key, WHOAMI, 200, "")
    assert (second.key, second.named, second.status, second.code) == (
        None,
        "ak_stranger",
        401,
        "signature_missing",
    )


def test_the_description_is_there_for_everybody_and_holds_no_data(db):
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")
    assert "/api/v1/whoami" in answer.json()["paths"]
