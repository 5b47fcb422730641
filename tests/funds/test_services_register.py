"""Accounts, agreements, disbursements and deposits recorded by hand: what is kept, refused and replaced."""

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.funds import queries
from anxin.funds import services_register as register
from anxin.funds.models import SpecialAccount, WageDeposit
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)
NUMBER = "990000000123456"


@pytest.fixture
def site():
    return make.project("P1")


def test_an_account_is_kept_sealed_shown_masked_and_journalled(site, now, actor):
    register.record_special_account(site, number=NUMBER, opened_on=DAY, actor=actor, now=now)
    [row] = queries.accounts(site)
    assert row.number == "尾号 3456"
    entry = JournalEntry.objects.get(action="funds.recorded")
    assert entry.after["project_ids"] == [site.pk]
    assert NUMBER not in entry.summary
    assert NUMBER.encode() not in bytes(SpecialAccount.objects.get().number.envelope)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "12AB"}, "number"),
        ({"closed_on": dt.date(2026, 2, 1)}, "closed_on"),
        ({"balance_fen": 100}, "balance_on"),
        ({"balance_fen": -1, "balance_on": DAY}, "balance_fen"),
    ],
)
def test_an_account_that_cannot_be_right_is_refused_at_its_field(values, field, site, now, actor):
    with pytest.raises(Refused) as refusal:
        register.record_special_account(site, opened_on=DAY, actor=actor, now=now, **values)
    assert refusal.value.field == field
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"cycle_months": 2}, "cycle_months"), ({"due_day": 0}, "due_day"), ({"monthly_fen": 0}, "monthly_fen")],
)
def test_terms_outside_the_law_or_the_month_are_refused(values, field, site, now, actor):
    with pytest.raises(Refused) as refusal:
        register.record_labour_cost_term(
            site, **{"due_day": 10, **values}, first_month=Month(2026, 3), actor=actor, now=now
        )
    assert refusal.value.field == field


def test_money_that_has_not_arrived_yet_is_not_recorded(site, now, actor):
    tomorrow = now.date() + dt.timedelta(days=1)
    with pytest.raises(Refused, match="还没有到"):
        register.record_disbursement(
            site, month=Month(2026, 11), paid_fen=100, paid_on=tomorrow, actor=actor, now=now
        )
    register.record_disbursement(
        site, month=Month(2026, 11), paid_fen=100, paid_on=now.date(), actor=actor, now=now
    )
    assert [row.paid_fen for row in queries.disbursements(site)] == [100]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "promise"}, "kind"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": dt.date(2026, 2, 1)}, "valid_until"),
        ({"released_on": dt.date(2026, 2, 1)}, "released_on"),
    ],
)
def test_a_deposit_that_cannot_be_right_is_refused_at_its_field(values, field, site, now, actor):
    fields = {"kind": "guarantee", "amount_fen": 100, "valid_from": DAY, "valid_until": dt.date(2027, 3, 1)}
    with pytest.raises(Refused) as refusal:
        register.record_deposit(site, **{**fields, **values}, actor=actor, now=now)
    assert refusal.value.field == field


def test_a_wrong_deposit_is_replaced_once_and_stays_readable(site, now, actor):
    wrong = register.record_deposit(site, kind="cash", amount_fen=1, valid_from=DAY, actor=actor, now=now)
    right = register.record_deposit(
        site, kind="cash", amount_fen=100, valid_from=DAY, replaces=wrong, actor=actor, now=now
    )
    assert [row.pk for row in queries.deposits(site)] == [right.pk]
    assert WageDeposit.objects.get(pk=wrong.pk).superseded_at == now
    with pytest.raises(Refused, match="已被更正过"):
        register.record_deposit(
            site, kind="cash", amount_fen=200, valid_from=DAY, replaces=wrong, actor=actor, now=now
        )
    assert WageDeposit.objects.count() == 2
