"""Keys: who gets one, what follows one, and when it ends."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.connections.models import ApiKey
from anxin.connections.scopes import ACCOUNTS_READ, GATES_WRITE
from anxin.connections.services import follow_key, issue_key, withdraw_key
from anxin.connections.signing import usable_keys
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return Organisation.objects.create(code="BANK", name="虚构银行", kind="bank")


@pytest.fixture
def issue(bank, actor, now):
    def issued(**parts):
        given = {"title": "生产环境", "scopes": [ACCOUNTS_READ], "organisation": bank} | parts
        return issue_key(**given, actor=actor, now=now)

    return issued


def test_a_key_is_kept_sealed_and_its_secret_is_nowhere_in_the_journal(issue):
    key, secret = issue()
    stored = bytes(ApiKey.objects.values_list("secret", flat=True).get(pk=key.pk).envelope)
    assert secret.encode() not in stored
    assert secret not in str(JournalEntry.objects.values())
    assert ApiKey.objects.get(pk=key.pk).secret.open() == secret


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"title": " "}, "title"),
        ({"organisation": None}, "organisation"),
        ({"vendor": "某闸机厂"}, "organisation"),
        ({"scopes": []}, "scopes"),
        ({"scopes": [GATES_WRITE]}, "scopes"),
        ({"organisation": None, "vendor": "某闸机厂", "scopes": [ACCOUNTS_READ]}, "scopes"),
        ({"calls_per_minute": 0}, "calls_per_minute"),
        ({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "expires_at"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_beside_its_field(parts, field, issue):
    with pytest.raises(Refused) as refusal:
        issue(**parts)
    assert refusal.value.field == field
    assert not ApiKey.objects.exists()


def test_a_bureau_is_no_holder_of_a_key(issue):
    bureau = Organisation.objects.create(code="HR", name="某人社局", kind="bureau")
    with pytest.raises(Refused):
        issue(organisation=bureau)


def test_a_key_that_is_followed_goes_on_for_the_overlap_and_ends_then(issue, actor, now):
    old, _ = issue()
    new, _ = follow_key(old, overlap_days=7, actor=actor, now=now)
    in_a_week = now + dt.timedelta(days=7)
    assert set(usable_keys(in_a_week - dt.timedelta(seconds=1))) == {old, new}
    assert set(usable_keys(in_a_week)) == {new}
    assert (new.scopes, new.organisation, new.follows) == (old.scopes, old.organisation, old)


def test_following_never_lengthens_the_life_of_a_key(issue, actor, now):
    end = now + dt.timedelta(days=2)
    old, _ = issue(expires_at=end)
    follow_key(old, overlap_days=20, actor=actor, now=now)
    assert ApiKey.objects.get(pk=old.pk).expires_at == end


def test_a_withdrawn_key_cannot_be_followed(issue, actor, now):
    key, _ = issue()
    withdraw_key(key, actor=actor, now=now)
    with pytest.raises(Refused, match="已停用"):
        follow_key(key, overlap_days=1, actor=actor, now=now)


def test_withdrawing_twice_is_one_journal_entry(issue, actor, now):
    key, _ = issue()
    withdraw_key(key, actor=actor, now=now)
    withdraw_key(key, actor=actor, now=now + dt.timedelta(days=1))
    assert JournalEntry.objects.filter(action="api_key.withdrawn").count() == 1
    assert ApiKey.objects.get(pk=key.pk).withdrawn_at == now
