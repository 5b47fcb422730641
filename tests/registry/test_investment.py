"""Whose money: an owner that is a public body makes the project the government's; a state-owned name only proposes."""

from __future__ import annotations

import pytest

from anxin.registry.investment import Investment, investment_of
from anxin.registry.models import Employer, Participation
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
SCHOOL = ("12990101MB00000016", "某区第三中学")
BUREAU = ("119901010000000014", "某区住建局")
CITY = ("91990101MA0000009P", "某市城投集团有限公司")
FIRM = ("91990101MA0000009P", "某置业有限公司")


def owned(owner, role="owner", **fields):
    project = make.project("P1", **fields)
    employer = Employer.objects.create(uscc=owner[0], name=owner[1])
    Participation.objects.create(project=project, employer=employer, role=role)
    return investment_of(project)


@pytest.mark.parametrize(
    ("owner", "fields", "found"),
    [
        (SCHOOL, {}, Investment("建设单位某区第三中学是事业单位（信用代码以12开头）", "")),
        (BUREAU, {"government_invested": True}, Investment("建设单位某区住建局是机关（信用代码以11开头）", "")),
        (CITY, {}, Investment("", "建设单位某市城投集团有限公司的名称里有“城投”")),
        (CITY, {"state_invested": True}, Investment("", "")),
        (CITY, {"government_invested": True}, Investment("登记为政府投资", "")),
        (FIRM, {}, Investment("", "")),
        (SCHOOL, {"role": "subcontractor"}, Investment("", "")),
        (CITY, {"role": "general_contractor"}, Investment("", "")),
    ],
)  # fmt: skip
def test_what_the_owner_says_of_the_money(owner, fields, found):
    assert owned(owner, **fields) == found


def test_without_an_owner_nothing_is_said():
    assert investment_of(make.project("P1")) == Investment("", "")
