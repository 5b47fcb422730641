"""The fact tables of accounts and deposits: outflows with their fates, uses with what is open, shares of progress."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.funds import services_account_life as life
from anxin.funds import services_deposits as deposits
from anxin.funds import services_register as register
from anxin.funds.deposit_amount import DepositFacts
from anxin.funds.entries import Booking
from anxin.funds.services_accounts import record_entries
from anxin.funds.services_assessment import assess_deposit, facts_of
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.monitoring import snapshot
from anxin.monitoring.sources import resolve
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
FROM = dt.date(2026, 3, 1)


def take(now, as_of=None, **more):
    tables = snapshot.take(as_of=as_of or now.date(), known_at=now, **more)
    return {name: table.to_pylist() for name, table in tables.items()}


@pytest.fixture
def act(actor, now):
    return {"actor": actor, "now": now}


@pytest.fixture
def site():
    return make.project("P1", permit_on=FROM, contract_fen=1_000_000_000)


def test_outflow_stands_with_its_fate_once_it_was_booked_and_known(site, act, now):
    account = register.record_special_account(site, opened_on=FROM, **act)
    stray = Booking(dt.date(2026, 9, 1), "out", 300, counterparty="恒基建材有限公司")
    record_entries(account=account, entries=[stray], source="对账单", **act)
    [row] = take(now)["account_outflows"]
    assert (row["project_id"], row["amount_fen"], row["fate"]) == (site.pk, 300, "other_payee")
    assert take(now, as_of=dt.date(2026, 8, 31))["account_outflows"] == []
    assert take(now - dt.timedelta(minutes=1))["account_outflows"] == []
    assert take(now, project_ids=[site.pk + 1])["account_outflows"] == []


def test_use_is_open_until_it_is_topped_up(site, act, now):
    cash = register.record_deposit(site, kind="cash", amount_fen=10_000, valid_from=FROM, **act)
    deposits.order_use(cash, amount_fen=600, on=dt.date(2026, 10, 8), number="1号", **act)
    deposits.record_use(cash, amount_fen=600, on=dt.date(2026, 10, 12), **act)
    deposits.top_up(cash, amount_fen=250, on=dt.date(2026, 11, 2), **act)
    [row] = take(now)["deposit_uses"]
    assert (row["used_on"], row["used_fen"], row["open_fen"]) == (dt.date(2026, 10, 12), 600, 350)
    assert take(now, as_of=dt.date(2026, 11, 1))["deposit_uses"][0]["open_fen"] == 600
    assert take(now, as_of=dt.date(2026, 10, 11))["deposit_uses"] == []


def test_share_of_progress_is_what_was_due(site, act, now):
    register.record_labour_cost_term(
        site, due_day=10, first_month=Month(2026, 4), share_bp=2000, share_of="progress", **act
    )
    life.record_progress(site, month=Month(2026, 4), amount_fen=1_000, **act)
    paid = dt.date(2026, 4, 9)
    register.record_disbursement(site, month=Month(2026, 4), paid_fen=150, due_fen=999, paid_on=paid, **act)
    register.record_disbursement(site, month=Month(2026, 5), paid_fen=150, due_fen=777, paid_on=paid, **act)
    assert [row["due_fen"] for row in take(now)["disbursements"]] == [200, 777]


KNOWN = {"clean_before": True, "clean_years": 0, "managed": True, "arrears": False, "listed": False}


def test_fixed_amount_replaces_the_one_before_and_keeps_its_lines(site, act, now):
    facts = facts_of(site)
    assert (facts.on, facts.contract_fen, facts.region) == (FROM, 1_000_000_000, "990102")
    for number, years in (("核1号", 0), ("核2号", 2)):
        told = DepositFacts(**{**vars(facts), **KNOWN, "clean_years": years})
        fixed = assess_deposit(site, told, on=now.date(), number=number, **act)
    assert (fixed.amount_fen, fixed.exempt) == (5_000_000, False)
    assert any("连续2年没有拖欠" in text for text, _basis, _check in fixed.lines)
    assert take(now)["deposit_assessments"] == [{"project_id": site.pk, "assessed_fen": 5_000_000}]


def test_nothing_is_fixed_while_something_is_unknown(site, act, now):
    with pytest.raises(Refused, match="还有情况没有核实"):
        assess_deposit(site, facts_of(site), on=now.date(), **act)


def test_project_without_a_price_has_nothing_to_work_out(act):
    assert facts_of(make.project("P2", permit_on=FROM)) is None


def test_evidence_of_an_outflow_and_of_a_use_leads_to_the_record_with_people_masked(site, act):
    account = register.record_special_account(site, opened_on=FROM, **act)
    bookings = [
        Booking(dt.date(2026, 9, 1), "out", 300, counterparty="恒基建材有限公司", purpose="货款"),
        Booking(dt.date(2026, 9, 2), "out", 400, counterparty="乙某某", purpose="借款"),
    ]
    firm, person = record_entries(account=account, entries=bookings, source="对账单", **act).entries
    cash = register.record_deposit(site, kind="cash", amount_fen=10_000, valid_from=FROM, **act)
    deposits.order_use(cash, amount_fen=600, on=dt.date(2026, 10, 8), number="1号", **act)
    used = deposits.record_use(cash, amount_fen=600, on=dt.date(2026, 10, 12), **act)
    keys = [f"account_entry:{firm.pk}", f"account_entry:{person.pk}", f"deposit_event:{used.pk}"]
    found = resolve(keys, project_id=site.pk)
    told = [found[key][0].text for key in keys]
    assert "对方户名恒基建材有限公司" in told[0]
    assert "对方户名乙**" in told[1]
    assert "¥6.00" in told[2]
