"""Who may propose and who may confirm, and where: every may beside its may-not."""

from __future__ import annotations

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.local_law import access


@pytest.fixture
def somebody(db):
    def made(role: str, region: str = "", **scope: str) -> User:
        user = User.objects.create_user(f"u{User.objects.count()}", password="x")
        Grant.objects.create(user=user, role=role, region=region, **scope)
        return user

    return made


@pytest.mark.parametrize(
    ("role", "proposes", "confirms"),
    [
        (Role.LEADER, True, True),
        (Role.ADMIN, True, False),
        (Role.INSPECTOR, False, False),
        (Role.CLERK, False, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_the_leader_proposes_and_confirms_the_administrator_only_proposes(role, proposes, confirms, somebody):
    user = somebody(role)
    assert access.may_set(user, "9901") is proposes
    assert access.may_decide(user, "9901") is confirms
    assert access.may_vouch(user, "") is proposes
    assert access.may_decide_vouching(user, "") is confirms


def test_a_value_is_set_only_within_ones_own_region(somebody):
    leader = somebody(Role.LEADER, "9901")
    assert access.may_set(leader, "9901")
    assert access.may_set(leader, "990102003")
    assert not access.may_set(leader, "99")
    assert not access.may_set(leader, "9902")
    assert not access.may_decide(leader, "9902")


def test_what_holds_in_ones_region_may_be_checked_there_also_where_it_is_the_nations(somebody):
    leader = somebody(Role.LEADER, "9901")
    assert access.may_vouch(leader, "")
    assert access.may_vouch(leader, "99")
    assert access.may_decide_vouching(leader, "990101")
    assert not access.may_vouch(leader, "9902")


def test_who_answers_for_one_industry_does_not_set_the_law_of_all(somebody):
    housing = somebody(Role.LEADER, "9901", industry="housing")
    body = somebody(Role.LEADER, "9901", organisation="HR")
    for user in (housing, body):
        assert not access.may_set(user, "9901")
        assert not access.may_decide(user, "9901")
        assert not access.may_vouch(user, "")
