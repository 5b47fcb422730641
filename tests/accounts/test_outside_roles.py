"""People outside the bureau: whom they work for, and what they therefore see."""

from __future__ import annotations

import pytest

from anxin.accounts.access import BANK, EMPLOYER, VIEW, employers_of, may
from anxin.accounts.models import Role, User
from anxin.accounts.services import AccountRefused, grant_role
from anxin.registry import access
from anxin.registry.models import Employer, Organisation, Participation
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
FIRM, OTHER = "91990101MA0000009P", "91990102MA00000170"


@pytest.fixture
def user():
    return User.objects.create(username="xiao.zheng", display_name="郑某某")


@pytest.fixture
def grant(user, actor, now):
    return lambda role, **scope: grant_role(user=user, role=role, actor=actor, now=now, **scope)


def test_a_payroll_clerk_without_an_employer_is_refused(grant):
    with pytest.raises(AccountRefused, match="必须注明所属的用人单位"):
        grant(Role.PAYROLL_CLERK)


def test_a_bank_operator_without_an_institution_is_refused(grant):
    with pytest.raises(AccountRefused, match="必须注明所属的金融机构"):
        grant(Role.BANK_OPERATOR)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.PAYROLL_CLERK, {"employer": FIRM, "region": "9901"}),
        (Role.BANK_OPERATOR, {"institution": "BANK", "employer": FIRM}),
        (Role.INSPECTOR, {"employer": FIRM}),
        (Role.LEADER, {"institution": "BANK"}),
    ],
)
def test_a_scope_that_is_not_the_roles_own_is_refused(role, scope, grant):
    with pytest.raises(AccountRefused, match="范围填写有误"):
        grant(role, **scope)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Role.INSPECTOR, {}), (Role.PAYROLL_CLERK, {"employer": FIRM})),
        ((Role.PAYROLL_CLERK, {"employer": FIRM}), (Role.LEADER, {})),
        ((Role.BANK_OPERATOR, {"institution": "BANK"}), (Role.PAYROLL_CLERK, {"employer": FIRM})),
        ((Role.BANK_OPERATOR, {"institution": "BANK"}), (Role.ADMIN, {})),
    ],
)
def test_who_works_outside_the_bureau_holds_no_other_role(first, second, grant):
    grant(first[0], **first[1])
    with pytest.raises(AccountRefused, match="另开账号"):
        grant(second[0], **second[1])


def test_a_clerk_of_two_firms_works_for_both(grant, user):
    grant(Role.PAYROLL_CLERK, employer=FIRM)
    grant(Role.PAYROLL_CLERK, employer=OTHER)
    assert employers_of(user) == sorted([FIRM, OTHER])
    assert may(user, EMPLOYER)
    assert not may(user, BANK)
    assert not may(user, VIEW)


def test_a_closed_account_works_for_nobody(grant, user):
    grant(Role.PAYROLL_CLERK, employer=FIRM)
    user.is_active = False
    assert employers_of(user) == []


def test_a_clerk_finds_the_own_employers_projects_and_no_others(grant, user):
    own, other = (Employer.objects.create(uscc=code, name=f"某公司{code[-1]}") for code in (FIRM, OTHER))
    here, there = make.project("HERE"), make.project("THERE")
    Participation.objects.create(project=here, employer=own, role="general_contractor")
    Participation.objects.create(project=there, employer=other, role="general_contractor")
    grant(Role.PAYROLL_CLERK, employer=FIRM)
    assert list(access.employer_projects(user)) == [here]
    assert access.find_employer_project(user, here.pk) == here
    assert access.find_employer_project(user, there.pk) is None
    assert access.find_employer_project(user, here.pk, "subcontractor") is None
    assert not access.visible_projects(user).exists()


def test_an_operator_finds_the_own_institution_and_no_other_kind_of_body(grant, user):
    bank = Organisation.objects.create(code="BANK", name="某银行", kind="bank")
    Organisation.objects.create(code="BANK2", name="另一银行", kind="bank")
    grant(Role.BANK_OPERATOR, institution="BANK")
    assert list(access.own_institutions(user)) == [bank]
    bank.kind = "bureau"
    bank.save()
    assert not access.own_institutions(user).exists()


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ({}, "必须注明负责的地区"),
        ({"region": "990101001", "industry": "housing"}, "只填地区"),
        ({"region": "990101001", "organisation": "HR"}, "只填地区"),
    ],
)
def test_a_grid_worker_has_a_place_and_no_trade_or_body(grant, scope, sentence):
    with pytest.raises(AccountRefused, match=sentence):
        grant(Role.GRID_WORKER, **scope)
    assert grant(Role.GRID_WORKER, region="990101001").region == "990101001"


def test_a_grid_worker_holds_no_role_of_the_bureau_on_the_same_account(grant):
    grant(Role.GRID_WORKER, region="990101001")
    with pytest.raises(AccountRefused, match="请另开账号"):
        grant(Role.INSPECTOR)
