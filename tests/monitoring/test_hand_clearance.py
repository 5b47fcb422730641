"""What people cleared while the facts still stood: left alone until it gets worse."""

from __future__ import annotations

import pytest

from anxin.monitoring import services
from anxin.monitoring.models import Warning
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, the, unpaid_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleared_by_hand():
    """Two people's October wages; cleared by two colleagues on 17 November."""
    site, lines = unpaid_site()
    run("2026-11-16")
    now = make.at("2026-11-17")
    warning = the("W03")
    services.ask_clearing(
        warning.pk, user=make.user("lin"), now=now, text="已付现金，有收条", conclusion="paid"
    )
    services.decide_clearing(warning.pk, user=make.user("zhao"), now=now, approve=True)
    return site, lines


def test_it_stays_cleared_while_nothing_gets_worse(cleared_by_hand):
    result = run("2026-11-18")
    assert the("W03").state == Warning.State.CLEARED
    assert result.opened == 0


def test_it_comes_back_by_itself_when_more_people_are_unpaid(cleared_by_hand):
    site, _ = cleared_by_hand
    make.line(site, "2026-10", make.worker(7))
    assert run("2026-11-18").opened >= 1
    warning = the("W03")
    assert (warning.state, warning.hand_cleared, warning.cleared_on) == (Warning.State.OPEN, False, None)
    assert warning.events.last().kind == "reopened"


def test_it_comes_back_when_the_level_rises(cleared_by_hand):
    run("2027-02-26")
    assert the("W03").state == Warning.State.OPEN


def test_when_the_money_arrives_the_clearance_is_settled_and_a_new_breach_opens(cleared_by_hand):
    _, lines = cleared_by_hand
    receipts = [make.pay(line, paid_on="2026-11-17") for line in lines]
    settled = run("2026-11-18")
    warning = the("W03")
    assert (warning.state, warning.hand_cleared, settled.cleared) == (Warning.State.CLEARED, False, 0)
    for receipt in receipts:
        receipt.superseded_at = make.at("2026-11-18", 23)
        receipt.save()
    assert run("2026-11-19").opened == 1
    assert the("W03").state == Warning.State.OPEN


def test_asking_does_not_stop_the_facts_from_clearing_it():
    _, lines = unpaid_site()
    run("2026-11-16")
    services.ask_clearing(
        the("W03").pk, user=make.user("lin"), now=make.at("2026-11-17"), text="已付", conclusion="paid"
    )
    for line in lines:
        make.pay(line, paid_on="2026-11-17")
    run("2026-11-18")
    assert the("W03").state == Warning.State.CLEARED
