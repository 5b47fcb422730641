"""Effect once, whatever is sent again; a sandbox keeps nothing; a budget fills up by itself."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from anxin.connections import calls
from anxin.connections.calls import forget, once, spend
from anxin.connections.models import ApiCall, CallBudget, KeptAnswer, UsedNonce
from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import ACCOUNTS_READ
from anxin.connections.services import issue_key
from anxin.registry.models import Organisation


@pytest.fixture
def key(db, actor, now):
    return _key(actor, now)


def _key(actor, now, **parts):
    bank, _ = Organisation.objects.get_or_create(code="BANK", defaults={"name": "虚构银行", "kind": "bank"})
    given = {"title": "测试", "scopes": [ACCOUNTS_READ], "organisation": bank, "actor": actor, "now": now}
    return issue_key(**given | parts)[0]


def _effect(name="新单位"):
    def effect():
        Organisation.objects.create(code=f"X{Organisation.objects.count()}", name=name, kind="bank")
        return 200, '{"ok":true}'

    return effect


def test_the_same_call_again_has_no_second_effect_and_the_same_answer(key, now):
    first = once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now)
    again = once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now)
    assert (first.status, first.body, first.repeated) == (200, '{"ok":true}', False)
    assert (again.status, again.body, again.repeated) == (200, '{"ok":true}', True)
    assert Organisation.objects.filter(name="新单位").count() == 1


def test_the_same_word_for_another_call_is_refused(key, now):
    once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now)
    with pytest.raises(CallRefused) as refusal:
        once(key, idempotency_key="word-0001", request=b"b", effect=_effect(), now=now)
    assert refusal.value.code == "idempotency_conflict"
    assert Organisation.objects.filter(name="新单位").count() == 1


def test_two_keys_may_use_the_same_word(key, actor, now):
    other = _key(actor, now, title="另一个")
    once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now)
    once(other, idempotency_key="word-0001", request=b"b", effect=_effect(), now=now)
    assert Organisation.objects.filter(name="新单位").count() == 2


@pytest.mark.parametrize("word", ["", "short", "has space 1", "中文中文中文中文", "x" * 81, "nul\0nul\0nul"])
def test_a_word_that_is_none_is_refused_before_anything_is_done(word, key, now):
    with pytest.raises(CallRefused) as refusal:
        once(key, idempotency_key=word, request=b"a", effect=_effect(), now=now)
    assert refusal.value.code == "idempotency_missing"
    assert not Organisation.objects.filter(name="新单位").exists()


def test_an_effect_that_fails_leaves_nothing_and_may_be_sent_again(key, now):
    def failing():
        _effect()()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(key, idempotency_key="word-0001", request=b"a", effect=failing, now=now)
    assert not Organisation.objects.filter(name="新单位").exists()
    assert not once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now).repeated
    assert Organisation.objects.filter(name="新单位").count() == 1


def test_a_sandbox_answers_alike_and_keeps_nothing_but_its_answers(actor, now, db):
    key = _key(actor, now, sandbox=True)
    for repeated in (False, True):
        answer = once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now)
        assert (answer.status, answer.body, answer.repeated) == (200, '{"ok":true}', repeated)
    with pytest.raises(CallRefused):
        once(key, idempotency_key="word-0001", request=b"b", effect=_effect(), now=now)
    assert not Organisation.objects.filter(name="新单位").exists()


@pytest.mark.django_db(transaction=True)
def test_of_the_same_call_at_the_same_time_one_has_an_effect(actor, now):
    key, answers = _key(actor, now), []
    ready = threading.Barrier(6)

    def call():
        try:
            ready.wait(20)
            answers.append(once(key, idempotency_key="word-0001", request=b"a", effect=_effect(), now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 5
    assert {answer.body for answer in answers} == {'{"ok":true}'}
    assert Organisation.objects.filter(name="新单位").count() == 1


def test_a_spent_budget_says_when_to_come_again_and_is_there_then(actor, now, db):
    key = _key(actor, now, calls_per_minute=2)
    spend(key, now=now)
    spend(key, now=now)
    with pytest.raises(CallRefused) as refusal:
        spend(key, now=now)
    assert refusal.value.code == "too_many_calls"
    wait = refusal.value.retry_after
    with pytest.raises(CallRefused):
        spend(key, now=now + dt.timedelta(seconds=wait - 2))
    spend(key, now=now + dt.timedelta(seconds=wait))


@given(waits=st.lists(st.integers(0, 90), min_size=1, max_size=40))
@pytest.mark.django_db
def test_no_minute_sees_more_calls_than_twice_the_limit(waits, actor, now):
    """A full bucket and what flows in meanwhile: the bound of a token bucket, whatever the rhythm."""
    CallBudget.objects.all().delete()
    key = _key(actor, now, calls_per_minute=5)
    moment, taken = now, []
    for wait in waits:
        moment += dt.timedelta(seconds=wait)
        try:
            spend(key, now=moment)
        except CallRefused:
            continue
        taken.append(moment)
    for start in taken:
        within = [one for one in taken if start <= one < start + dt.timedelta(minutes=1)]
        assert len(within) <= 10


def test_what_no_call_can_need_is_forgotten_and_the_rest_stays(key, now):
    for days in (0, 1):
        UsedNonce.objects.create(key=key, nonce=f"n{days}", at=now - dt.timedelta(days=days))
    for days in (0, 91):
        KeptAnswer.objects.create(
            key=key,
            idempotency_key=f"w{days}",
            request_hash="",
            status=200,
            body="",
            at=now - dt.timedelta(days=days),
        )
    assert forget(now) == 2
    assert list(UsedNonce.objects.values_list("nonce", flat=True)) == ["n0"]
    assert list(KeptAnswer.objects.values_list("idempotency_key", flat=True)) == ["w0"]


def _called(at, key=None, number: int = 1) -> None:
    parts = {
        "method": "GET",
        "path": "/api/v1/accounts",
        "status": 401,
        "request_bytes": 0,
        "milliseconds": 1,
    }
    ApiCall.objects.bulk_create(ApiCall(key=key, at=at, **parts) for _ in range(number))


def test_calls_of_a_known_key_are_logged_for_three_years_and_others_for_a_month(key, now):
    days = dt.timedelta(days=1)
    for at in (now - 1096 * days, now - 1094 * days, now - 31 * days, now - 29 * days):
        _called(at, key)
    for at in (now - 31 * days, now - 29 * days):
        _called(at)
    assert forget(now) == 2
    left = ApiCall.objects.order_by("pk").values_list("at", "key")
    assert [((now - at).days, who) for at, who in left] == [
        (1094, key.pk),
        (31, key.pk),
        (29, key.pk),
        (29, None),
    ]


def test_a_flood_of_unsigned_calls_leaves_the_latest_of_them_and_every_signed_one(key, now, monkeypatch):
    class Small:
        value = {"known_days": 1095, "unknown_days": 30, "unknown_most": 5}

    monkeypatch.setattr(calls, "current", lambda: type("Law", (), {"value": lambda *args: Small})())
    _called(now, key, 3)
    _called(now, number=12)
    latest = sorted(ApiCall.objects.filter(key=None).values_list("pk", flat=True))[-5:]
    assert forget(now) == 7
    assert sorted(ApiCall.objects.filter(key=None).values_list("pk", flat=True)) == latest
    assert ApiCall.objects.filter(key=key).count() == 3
