"""It is somebody's turn: who is told, who is not, and that nobody's name goes along."""

from __future__ import annotations

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.agency import services
from anxin.agency.models import Channel
from anxin.evidence.journal import Actor
from anxin.formats.messages import Outcome
from anxin.notices.models import Notice
from tests.agency.factories import (
    GENERAL_USCC,
    NOW,
    OTHER_USCC,
    SUB_USCC,
    lines,
    opened,
    results,
    sent,
    site,
    submitted,
    take,
    worker_actor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerks(db):
    """One clerk of each employer."""
    found = {}
    for name, uscc in (("general", GENERAL_USCC), ("sub", SUB_USCC), ("other", OTHER_USCC)):
        found[name] = User.objects.create(username=name, display_name=name)
        Grant.objects.create(user=found[name], role=Role.PAYROLL_CLERK, employer=uscc)
    return found


def told() -> list[tuple[str, str]]:
    return [(one.to.username, one.title) for one in Notice.objects.select_related("to").order_by("id")]


def test_a_submitted_payroll_is_told_to_the_general_contractor(clerks):
    submitted(site(1))
    assert told() == [("general", "2026年10月工资表（虚构劳务分包公司）等待审核")]


def test_a_returned_payroll_is_told_to_who_makes_it_and_not_to_who_returned_it(clerks):
    place = site(1)
    run = submitted(place)
    Notice.objects.all().delete()
    by = Actor(f"user:{clerks['general'].pk}", "general")
    services.return_run(run, reason="少了一个人", employer=place.general, actor=by, now=NOW)
    assert told() == [("sub", "2026年10月工资表（虚构劳务分包公司）被总包退回，待修改")]


def test_an_objection_is_told_once_without_the_workers_name(clerks):
    run = opened(site(1))
    line = lines(run)[0]
    for _ in range(2):
        services.contest_line(line, says="少算", channel=Channel.OWN_PHONE, actor=worker_actor(line), now=NOW)
    assert [who for who, _ in told()] == ["sub"]
    assert line.name not in str(told())


def test_money_that_came_back_is_told_to_the_general_contractor(clerks, home):
    order = sent(site(2))
    Notice.objects.all().delete()
    take(order, results(order, {1: (Outcome.RETURNED, "closed")}))
    take(order, results(order, {1: (Outcome.RETURNED, "closed")}))
    assert told() == [("general", "2026年10月工资表（虚构劳务分包公司）有1笔被银行退回，待更正后重新报送")]
