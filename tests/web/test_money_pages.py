"""Accounts, deposits and queries in the console: what is shown, what may be done by whom, what is refused where."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.evidence.journal import Actor
from anxin.funds.entries import Booking
from anxin.funds.models import (
    AccountEntry,
    AccountQuery,
    DepositAssessment,
    DepositEvent,
    PaymentGuarantee,
    SpecialAccount,
    WageDeposit,
)
from anxin.funds.services_accounts import record_balance, record_entries
from anxin.funds.services_deposits import issue_deposit, order_use, record_use
from anxin.funds.services_inquiries import ask_query
from anxin.funds.services_register import record_special_account
from anxin.registry.models import Employer, Participation
from tests.monitoring import factories as make
from tests.web.cases import a_matter

OPENED = dt.date(2026, 3, 2)
NUMBER = "990000000123456"


@pytest.fixture
def by(now):
    return {"actor": Actor("user:0", "某人"), "now": now}


@pytest.fixture
def account(world, by):
    bank = make.organisation("BANK1", kind="bank", name="示例银行")
    return record_special_account(world.here, number=NUMBER, bank=bank, opened_on=OPENED, **by)


@pytest.fixture
def letter(world, by):
    return issue_deposit(
        world.here, kind="guarantee", amount_fen=100_000_000, valid_from=OPENED, valid_until=dt.date(2026, 12, 10),
        institution=make.organisation("BANK1", kind="bank", name="示例银行"), number="BH-1", **by,
    )  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


def page_of(account: SpecialAccount, rest: str = "") -> str:
    return f"/projects/{account.project_id}/accounts/{account.pk}{rest}"


def test_account_page_tells_its_life_bookings_and_what_is_missing(world, account, by, sign_in):
    stray = Booking(dt.date(2026, 9, 9), "out", 5_000_000, counterparty="恒基建材有限公司", purpose="货款")
    came = Booking(dt.date(2026, 9, 1), "in", 9_000_000, purpose="2026年9月人工费")
    record_entries(account=account, entries=[stray, came], source="九月对账单", **by)
    record_balance(account=account, balance_fen=3_000_000, on=dt.date(2026, 9, 30), **by)
    page = text(sign_in("inspector").get(page_of(account)))
    for words in (
        "尾号 3456", "还没有登记备案", "恒基建材有限公司", "收款人不是本项目农民工", "待核查 1 笔", "¥90,000.00",
        "-¥10,000.00", "期限",
    ):  # fmt: skip
        assert words in page, words
    assert NUMBER not in page


def test_only_suspect_bookings_are_listed_when_asked_for(account, by, sign_in):
    bookings = [
        Booking(dt.date(2026, 9, 9), "out", 5_000_000, counterparty="恒基建材有限公司", purpose="货款"),
        Booking(dt.date(2026, 9, 10), "out", 100, purpose="账户管理费"),
    ]
    record_entries(account=account, entries=bookings, source="对账单", **by)
    page = text(sign_in("inspector").get(page_of(account, "?suspect=1")))
    assert "恒基建材有限公司" in page
    assert "账户管理费" not in page


def test_long_lists_of_bookings_are_read_by_key(account, by, sign_in):
    bookings = [
        Booking(dt.date(2026, 9, 1), "in", 100 + number, purpose=f"第{number}笔款") for number in range(60)
    ]
    record_entries(account=account, entries=bookings, source="对账单", **by)
    client = sign_in("inspector")
    first = text(client.get(page_of(account)))
    assert "第59笔款" in first
    assert "第9笔款" not in first
    key = AccountEntry.objects.get(purpose="第10笔款").pk
    second = text(client.get(page_of(account, f"?after=2026-09-01.{key}")))
    assert "第9笔款" in second
    assert "第10笔款" not in second
    assert client.get(page_of(account, "?after=2026-02-31.1")).status_code == 200


def test_booking_by_hand_is_recorded_once_and_the_second_time_refused(account, sign_in):
    client, form = sign_in("clerk"), {
        "booked_on": "2026-09-01", "direction": "out", "amount_fen": "8,000.00", "counterparty": "甲某",
        "purpose": "工资", "reference": "LS1",
    }  # fmt: skip
    assert client.post(page_of(account, "/entry"), form).status_code == 302
    assert AccountEntry.objects.get().amount_fen == 800_000
    again = client.post(page_of(account, "/entry"), form)
    assert again.status_code == 422
    assert "已经登记过" in text(again)


def test_what_is_wrong_stands_beside_its_field(account, sign_in):
    answer = sign_in("clerk").post(
        page_of(account, "/entry"), {"booked_on": "2026-01-01", "direction": "in", "amount_fen": "1"}
    )
    assert answer.status_code == 422
    assert "早于开户日期" in text(answer)
    assert 'aria-invalid="true"' in text(answer)


@pytest.mark.parametrize(
    "what", ["agreement", "filing", "balance", "notice", "challenge", "refusal", "closing"]
)
def test_every_form_of_an_account_opens_for_the_inspector(what, account, sign_in):
    assert sign_in("inspector").get(page_of(account, f"/{what}")).status_code == 200


@pytest.mark.parametrize("what", ["notice", "challenge", "refusal", "closing"])
def test_clerk_does_not_decide_on_closing(what, account, sign_in):
    assert sign_in("clerk").get(page_of(account, f"/{what}")).status_code == 403
    assert sign_in("clerk").post(page_of(account, f"/{what}"), {"on": "2026-10-01"}).status_code == 403


def test_agreement_filing_and_balance_are_recorded(world, account, sign_in):
    for role, code in (("owner", "91990100MA00000001"), ("general_contractor", "91990100MA00000002")):
        employer, _ = Employer.objects.get_or_create(uscc=code, defaults={"name": f"单位{role}"})
        Participation.objects.get_or_create(project=world.here, employer=employer, role=role)
    client = sign_in("clerk")
    agreement = {
        "contract_on": "2026-02-10", "signed_on": "2026-03-02", "first_month": "2026-04", "due_day": "10",
        "cycle_months": "1", "share_bp": "20", "share_of": "progress",
    }  # fmt: skip
    assert client.post(page_of(account, "/agreement"), agreement).status_code == 302
    assert (
        client.post(page_of(account, "/filing"), {"on": "2026-03-20", "number": "备1号"}).status_code == 302
    )
    balance = {"balance_on": "2026-09-30", "balance_fen": "12345.67"}
    assert client.post(page_of(account, "/balance"), balance).status_code == 302
    page = text(client.get(page_of(account)))
    for words in ("备1号", "¥12,345.67", "当期工程进度款的20%", "按期"):
        assert words in page, words


def test_account_of_another_project_is_not_reached_through_this_one(world, account, by, sign_in):
    other = record_special_account(world.there, opened_on=OPENED, **by)
    assert sign_in("inspector").get(f"/projects/{world.here.pk}/accounts/{other.pk}").status_code == 404


def test_query_goes_from_officer_to_city_head_to_answer(world, account, sign_in):
    inspector = sign_in("inspector")
    form = {
        "case_number": "案1号",
        "purpose": "核查去向",
        "first_day": "2026-09-01",
        "last_day": "2026-09-30",
    }
    assert inspector.post(page_of(account, "/query"), form).status_code == 302
    query = AccountQuery.objects.get()
    address = f"/money/queries/{query.pk}"
    assert inspector.post(f"{address}/approve", {"note": ""}).status_code == 403
    head = make.user("city", "leader", region="9901")
    inspector.logout()
    inspector.force_login(head)
    assert "批准" in text(inspector.get(address))
    assert inspector.post(f"{address}/reject", {"note": ""}).status_code == 422
    assert inspector.post(f"{address}/approve", {"note": "同意"}).status_code == 302
    assert inspector.post(f"{address}/answer", {"answer": "转出3笔", "balance_fen": "5"}).status_code == 302
    query.refresh_from_db()
    assert (query.state, query.answer_balance_fen) == ("answered", 500)
    clerk = sign_in("clerk")
    assert "转出3笔" not in text(clerk.get(address))
    assert "只对办案人员显示" in text(clerk.get(address))


def test_query_for_a_matter_leads_to_it(world, account, now, sign_in):
    matter = a_matter(world, now)
    query = ask_query(
        account, purpose="核查", case_number=matter.number, first_day=OPENED, last_day=OPENED,
        by=world.inspector, now=now,
    )  # fmt: skip
    page = text(sign_in("inspector").get(f"/money/queries/{query.pk}"))
    assert f'href="/matters/{matter.pk}"' in page


def test_asker_who_is_a_city_head_is_told_that_another_must_decide(world, account, now, client):
    head = make.user("city", "leader", region="9901")
    query = ask_query(
        account, purpose="核查", case_number="1号", first_day=OPENED, last_day=OPENED, by=head, now=now
    )
    client.force_login(head)
    assert "不能自己批准" in text(client.get(f"/money/queries/{query.pk}"))
    refused = client.post(f"/money/queries/{query.pk}/approve", {"note": ""})
    assert refused.status_code == 422


def test_deposit_page_works_the_amount_out_and_shows_what_is_open(world, letter, by, sign_in):
    world.here.permit_on, world.here.contract_fen = OPENED, 10_000_000_000
    world.here.save()
    order_use(letter, amount_fen=30_000_000, on=dt.date(2026, 10, 8), number="支1号", people=9, **by)
    record_use(letter, amount_fen=30_000_000, on=dt.date(2026, 10, 12), **by)
    page = text(sign_in("inspector").get(f"/projects/{world.here.pk}/deposits"))
    for words in (
        "按登记情况应存",
        "国家幅度1%至3%",
        "第十一条",
        "尚未补足 ¥300,000.00",
        "现有 ¥700,000.00",
        "已超期",
    ):
        assert words in page, words


def test_amount_is_tried_and_then_fixed(world, sign_in):
    address = f"/projects/{world.here.pk}/deposits/assess"
    known = {
        "on": "2026-03-02", "contract_fen": "1000万", "ordinal": "1", "clean_years": "2", "managed": "yes",
        "clean_before": "yes", "arrears": "no", "listed": "no", "number": "核1号",
    }  # fmt: skip
    client = sign_in("inspector")
    tried = text(client.post(address, known))
    assert "应存 ¥50,000.00" in tried
    assert not DepositAssessment.objects.exists()
    unknown = text(client.post(address, {**known, "arrears": "", "fix": "1"}))
    assert "还有情况没有核实，不能核定" in unknown
    assert not DepositAssessment.objects.exists()
    assert client.post(address, {**known, "fix": "1"}).status_code == 302
    assert DepositAssessment.objects.get().amount_fen == 5_000_000
    assert "已核定应存 ¥50,000.00" in text(client.get(f"/projects/{world.here.pk}/deposits"))


def test_events_of_a_deposit_are_recorded_by_their_forms(world, letter, sign_in):
    client, base = sign_in("inspector"), f"/projects/{world.here.pk}/deposits/{letter.pk}"
    for what, form in (
        ("renew", {"on": "2026-10-01", "valid_until": "2027-12-10", "number": "BH-2"}),
        ("order", {"on": "2026-10-08", "number": "支1号", "amount_fen": "1000", "people": "3"}),
        ("use", {"on": "2026-10-12", "amount_fen": "1000"}),
        ("top-up", {"on": "2026-10-20", "amount_fen": "1000"}),
        ("notice", {"on": "2026-10-10"}),
        ("release", {"on": "2026-11-18"}),
    ):
        assert client.post(f"{base}/{what}", form).status_code == 302, what
    assert list(DepositEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        "issued", "renewed", "use_ordered", "used", "topped_up", "notice", "released",
    ]  # fmt: skip
    standing = WageDeposit.objects.get(superseded_at=None)
    assert (standing.valid_until, standing.released_on) == (dt.date(2027, 12, 10), dt.date(2026, 11, 18))


@pytest.mark.parametrize("what", ["order", "notice", "release"])
def test_clerk_does_not_call_on_or_release_a_deposit(what, world, letter, sign_in):
    address = f"/projects/{world.here.pk}/deposits/{letter.pk}/{what}"
    assert sign_in("clerk").get(address).status_code == 403


def test_owners_guarantee_and_progress_are_registered(world, sign_in):
    client, base = sign_in("clerk"), f"/projects/{world.here.pk}/register"
    form = {"kind": "bank", "amount_fen": "200万", "valid_from": "2026-03-02", "valid_until": "2027-03-01"}
    assert client.post(f"{base}/guarantee", form).status_code == 302
    assert PaymentGuarantee.objects.get().amount_fen == 200_000_000
    assert "¥2,000,000.00" in text(client.get(f"/projects/{world.here.pk}/deposits"))
    assert client.post(f"{base}/progress", {"month": "2026-09", "amount_fen": "300万"}).status_code == 302
    assert world.here.progress_amounts.get().amount_fen == 300_000_000


def test_lists_show_ones_own_district_and_what_ends_first(world, letter, account, by, sign_in):
    far = issue_deposit(
        world.there, kind="insurance", amount_fen=5, valid_from=OPENED, valid_until=dt.date(2026, 11, 30),
        institution=None, number="", **by,
    )  # fmt: skip
    record_special_account(world.there, opened_on=OPENED, **by)
    client = sign_in("inspector")
    for page in ("/money/deposits", "/money/accounts"):
        shown = text(client.get(page))
        assert world.here.name in shown
        assert world.there.name not in shown
    assert far.project_id == world.there.pk
    assert world.here.name in text(client.get("/money/deposits?within=30"))
    assert world.here.name not in text(client.get("/money/deposits?within=10"))
    assert world.here.name not in text(client.get("/money/deposits?kind=cash"))


def test_lists_of_deposits_are_read_by_last_day_with_cash_last(world, by, sign_in):
    for number in range(45):
        WageDeposit.objects.create(
            project=world.here, kind="guarantee" if number < 43 else "cash", number=f"N{number}", amount_fen=1,
            valid_from=OPENED, valid_until=dt.date(2027, 1, 1) if number < 43 else None, recorded_at=by["now"],
        )  # fmt: skip
    client = sign_in("inspector")
    seen = []
    address = "/money/deposits"
    while address:
        page = text(client.get(address))
        seen += [number for number in range(45) if f">N{number}<" in page]
        key = next((part.split('"')[0] for part in page.split("after=")[1:]), "")
        address = f"/money/deposits?after={key}" if key and len(seen) < 45 else ""
    assert seen == list(range(45))


@pytest.mark.parametrize("what", ["accounts", "deposits", "guarantees"])
def test_lists_leave_as_workbooks(what, world, letter, account, sign_in):
    answer = sign_in("inspector").get(f"/money/export/{what}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert any("项目" in cell for cell in cells)
    assert (world.here.name in cells) is (what != "guarantees")
    assert NUMBER not in "".join(cells)


def test_labour_cost_is_told_period_by_period(world, account, by, sign_in):
    from anxin.funds.services_register import record_labour_cost_term
    from anxin.kernel.months import Month

    record_labour_cost_term(world.here, due_day=10, first_month=Month(2026, 9), monthly_fen=100_000, **by)
    record_entries(
        account=account, source="对账单", **by,
        entries=[Booking(dt.date(2026, 9, 9), "in", 60_000, purpose="2026年9月人工费")],
    )  # fmt: skip
    page = text(sign_in("inspector").get(f"/projects/{world.here.pk}/funds"))
    assert "2026年9月起3期人工费用共差2,400.00元" in page
    assert "银行流水" in page
