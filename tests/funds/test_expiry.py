"""Reminders of what ends: each rung once, to whoever handles the project, and not for what was replaced."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.funds.expiry import remind, rung_of
from anxin.funds.services_deposits import record_payment_guarantee, renew_deposit
from anxin.funds.services_register import record_deposit
from anxin.local_law.queries import current
from anxin.notices.models import Notice
from anxin.registry.models import Project
from tests.monitoring import factories as make

LADDER = {"before": [60, 30, 10, 3], "on_day": True, "after": [1, 7, 30]}
FROM = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("left", "rung"),
    [(61, ""), (60, "before60"), (31, "before60"), (30, "before30"), (4, "before10"), (1, "before3"), (0, "day"),
     (-1, "after1"), (-6, "after1"), (-7, "after7"), (-400, "after30")],
)  # fmt: skip
def test_rung_that_has_been_reached(left, rung):
    assert rung_of(LADDER, left) == rung


def test_empty_ladder_reminds_of_nothing():
    assert {rung_of({}, left) for left in (-3, 0, 3)} == {""}


@pytest.fixture
def site(db):
    make.user("here", "inspector", region="990102")
    make.user("elsewhere", "inspector", region="990101")
    make.user("looker", "clerk", region="990102")
    return make.project("P1")


@pytest.fixture
def by(actor, now):
    return {"actor": actor, "now": now}


def letter(site, by, days: int, fen: int = 100, **more):
    until = by["now"].date() + dt.timedelta(days=days)
    return record_deposit(
        site, kind="guarantee", amount_fen=fen, valid_from=FROM, valid_until=until, **more, **by
    )


def run(now) -> list[str]:
    remind(now.date(), now=now, law=current())
    return list(Notice.objects.order_by("id").values_list("to__username", "title"))


def test_whoever_handles_the_project_is_told_once_for_each_rung(site, by, now):
    letter(site, by, 20)
    told = [("here", "虚构工程P1：工资保证金银行保函还有20天到期")]
    assert run(now) == told
    assert run(now + dt.timedelta(days=1)) == told
    assert len(run(now + dt.timedelta(days=10))) == 2


def test_renewed_letter_begins_its_ladder_anew(site, by, now):
    found = letter(site, by, 20)
    run(now)
    renew_deposit(found, valid_until=now.date() + dt.timedelta(days=400), on=now.date(), **by)
    assert len(run(now + dt.timedelta(days=15))) == 1


def test_replaced_letter_and_finished_project_are_left_alone(site, by, now):
    letter(site, by, 20)
    letter(site, by, 400)
    assert run(now) == []
    other = make.project("P2")
    letter(other, by, 20)
    Project.objects.filter(pk=other.pk).update(completion=FROM)
    assert run(now) == []


def test_smaller_later_letter_does_not_replace(site, by, now):
    letter(site, by, 20)
    letter(site, by, 400, fen=99)
    assert len(run(now)) == 1


def test_owners_guarantee_is_reminded_of_too(site, by, now):
    until = now.date() - dt.timedelta(days=2)
    record_payment_guarantee(site, kind="bank", amount_fen=5, valid_from=FROM, valid_until=until, **by)
    assert run(now) == [("here", "虚构工程P1：工程款支付担保已过期2天")]
