"""The pages of accounts and deposits in a browser, at both widths: nothing too wide, no errors, usable by everybody."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.journal import Actor
from anxin.funds import services_deposits as deposits
from anxin.funds.entries import Booking
from anxin.funds.services_accounts import record_balance, record_entries
from anxin.funds.services_inquiries import ask_query
from anxin.funds.services_register import record_special_account
from tests.monitoring import factories as make
from tests.support.browser import press
from tests.web.test_browser import check, enter

OPENED = dt.date(2026, 3, 2)


@pytest.fixture(params=["page", "phone_page"])
def screen(request, transactional_db):
    return request.getfixturevalue(request.param)


@pytest.fixture
def money(transactional_db, world, now):
    """An account with a transfer that was no wages, a deposit that was used, a guarantee, a query."""
    by = {"actor": Actor("user:0", "某人"), "now": now}
    site = world.here
    site.permit_on, site.contract_fen = OPENED, 10_000_000_000
    site.save()
    bank = make.organisation("BANK1", kind="bank", name="示例银行")
    account = record_special_account(site, number="990000000123456", bank=bank, opened_on=OPENED, **by)
    stray = Booking(dt.date(2026, 9, 9), "out", 5_000_000, counterparty="恒基建材有限公司", purpose="货款")
    came = Booking(dt.date(2026, 9, 1), "in", 9_000_000, purpose="2026年9月人工费")
    record_entries(account=account, entries=[stray, came], source="九月对账单", **by)
    record_balance(account=account, balance_fen=3_000_000, on=dt.date(2026, 9, 30), **by)
    letter = deposits.issue_deposit(
        site, kind="guarantee", amount_fen=100_000_000, valid_from=OPENED, valid_until=dt.date(2026, 12, 10),
        institution=bank, number="BH-1", **by,
    )  # fmt: skip
    deposits.order_use(letter, amount_fen=100, on=dt.date(2026, 10, 8), number="支1号", **by)
    deposits.record_use(letter, amount_fen=100, on=dt.date(2026, 10, 12), **by)
    deposits.record_payment_guarantee(
        site, kind="bank", amount_fen=5, valid_from=OPENED, valid_until=dt.date(2026, 12, 1), **by
    )
    query = ask_query(
        account,
        purpose="核查",
        case_number="1号",
        first_day=OPENED,
        last_day=OPENED,
        by=world.inspector,
        now=now,
    )
    return {"site": site.pk, "account": account.pk, "deposit": letter.pk, "query": query.pk}


def test_every_page_of_money_fits_is_silent_and_usable_by_everybody(screen, money):
    enter(screen, "inspector")
    site = f"/projects/{money['site']}"
    problems = []
    for address in (
        "/money/accounts",
        "/money/deposits",
        "/money/guarantees",
        "/money/queries",
        f"/money/queries/{money['query']}",
        f"{site}/funds",
        f"{site}/accounts/{money['account']}",
        f"{site}/accounts/{money['account']}/entry",
        f"{site}/deposits",
        f"{site}/deposits/assess",
        f"{site}/deposits/{money['deposit']}/order",
    ):
        problems += check(screen, address)
    assert problems == []
    assert screen.script_errors == []


def test_amount_is_worked_out_and_fixed_at_the_desk(page, money):
    enter(page, "inspector")
    page.goto(f"/projects/{money['site']}/deposits/assess")
    for name, value in (("clean_before", "yes"), ("managed", "yes"), ("arrears", "no"), ("listed", "no")):
        page.select_option(f"[name={name}]", value)
    page.fill("[name=clean_years]", "2")
    press(page, "试算", "应存 ¥500,000.00")
    press(page, "按此核定", "已核定应存 ¥500,000.00")
