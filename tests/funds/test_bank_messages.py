"""A bank's message comes in by the door of every delivery: receipts, account bookings, rows that come back."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin import formats
from anxin.evidence import imports
from anxin.evidence.models import ImportBatch
from anxin.evidence.rawrows import raw_row
from anxin.formats import Outcome
from anxin.funds import services_register as register
from anxin.funds.models import AccountBalance, AccountEntry, BankReceipt, ReceiptMatch
from tests.formats.makers import line, order, results
from tests.formats.samples import entry, fate, notification, payment, status_report
from tests.support.deliveries import bank_card, deliver, make_project, payroll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

WAGE_FILE = formats.get("wage_file")
ACCOUNT = "755900008010306"


@pytest.fixture
def project(now):
    return make_project(now)


@pytest.fixture
def account(project, actor, now):
    return register.record_special_account(
        project, number=ACCOUNT, opened_on=dt.date(2026, 3, 1), actor=actor, now=now
    )


def wage_results(*fates, project_code="P1", month="2026-09") -> bytes:
    lines = tuple(
        line(number, name=name, card=bank_card(number), amount_fen=fen)
        for number, (name, fen) in enumerate((("王小明", 500_000), ("李大海", 600_000)), 1)
    )
    sent = order(lines=lines, project_code=project_code, month=month)
    return WAGE_FILE.write_results(results(sent, *fates), sent)


def receive(data: bytes, actor, now, filename="回执.txt", **options) -> ImportBatch:
    return deliver("receipts", data, actor=actor, now=now, filename=filename, **options)


def test_wage_file_pays_the_lines_of_its_month(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000), ("李大海", 2, 6000)), actor=actor, now=now)
    batch = receive(wage_results(), actor, now)
    assert (batch.rows_accepted, batch.rows_rejected) == (2, 0)
    assert list(BankReceipt.objects.values_list("month", flat=True).distinct()) == ["2026-09"]
    assert ReceiptMatch.objects.filter(state="exact", ended_at=None).count() == 2


def test_returned_line_has_its_reason_and_pays_nothing(project, actor, now):
    receive(wage_results((Outcome.RETURNED, "closed", "")), actor, now)
    returned = BankReceipt.objects.get(outcome="returned")
    assert (returned.payee_name, returned.reason) == ("王小明", "账户已销户")


def test_same_file_twice_changes_nothing(project, actor, now):
    first = receive(wage_results(), actor, now)
    again = receive(wage_results(), actor, now, filename="另一个名字.txt")
    assert again.already_accepted and again.pk == first.pk
    assert BankReceipt.objects.count() == 2


def test_later_file_that_calls_a_payment_returned_replaces_it(project, actor, now):
    receive(wage_results(), actor, now)
    batch = receive(wage_results((Outcome.RETURNED, "wrong_card", "账号不存在")), actor, now)
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 1)
    standing = BankReceipt.objects.filter(superseded_at=None).values_list("payee_name", "outcome")
    assert dict(standing) == {"王小明": "returned", "李大海": "paid"}


def test_pending_and_other_projects_rows_come_back_with_reasons(project, actor, now):
    batch = receive(wage_results((Outcome.PENDING, "", "")), actor, now)
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    other = receive(wage_results(project_code="P9"), actor, now)
    assert other.rows_accepted == 0
    assert "P9" in other.problems.first().reason


def test_raw_record_is_kept_and_rejected_rows_are_given_back(project, actor, now):
    batch = receive(wage_results((Outcome.PENDING, "", "")), actor, now)
    raw = raw_row(batch, 2)
    assert raw[-1].startswith("R|1|") and "王小明" in raw[-1]
    sheet = openpyxl.load_workbook(io.BytesIO(imports.rejected_workbook(batch))).active
    assert sheet["B1"].value == "收款人姓名"
    assert sheet["B2"].value == "王小明"
    assert "银行尚在处理" in sheet.cell(2, sheet.max_column).value


def test_damaged_file_becomes_a_refused_batch_with_the_sentence(project, actor, now):
    data = wage_results()
    batch = imports.open_batch(
        kind="receipts", data=data[:-20], filename="回执.txt", actor=actor, now=now, project_code="P1"
    )
    assert batch.state == ImportBatch.State.REFUSED
    assert batch.refusal.endswith("。")
    assert BankReceipt.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (WAGE_FILE.write(order(2)), "付款指令"),
        (b"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'b'>]><Document>&a;</Document>", "DOCTYPE"),
    ],
    ids=["order", "entity"],
)
def test_what_is_no_result_is_refused_with_a_sentence(project, actor, now, data, words):
    batch = imports.open_batch(
        kind="receipts", data=data, filename="x.xml", actor=actor, now=now, project_code="P1"
    )
    assert batch.state == ImportBatch.State.REFUSED and words in batch.refusal


def test_answer_about_the_whole_order_is_read_and_leaves_nothing(project, actor, now):
    batch = receive(status_report(group="RJCT"), actor, now, filename="x.xml")
    assert (batch.rows_read, batch.rows_accepted, BankReceipt.objects.count()) == (0, 0, 0)
    assert "已拒绝" in batch.report["note"] and "没有逐笔结果" in batch.report["note"]


def test_message_offered_as_a_payroll_is_refused(project, actor, now):
    batch = imports.open_batch(
        kind="payroll", data=wage_results(), filename="x.txt", actor=actor, now=now, project_code="P1"
    )
    assert batch.state == ImportBatch.State.REFUSED and "银行报文" in batch.refusal


def test_status_report_with_the_original_payee_becomes_receipts(project, actor, now):
    data = status_report(fate(1, "ACSC"), fate(2, "RJCT", reason="AC04"), fate(3, "ACSC", original=False))
    batch = receive(data, actor, now, filename="x.xml")
    assert (batch.rows_accepted, batch.rows_rejected) == (2, 1)
    assert "没有带原来的收款人" in batch.problems.get().reason


def test_notification_becomes_receipts_and_no_booking(account, actor, now):
    data = notification(
        entry([payment(1), payment(2)], 1_000_000, stated=2),
        entry([], 1_200, family="CHRG"),
        entry([], 900_000, direction="CRDT", family="XBCT"),
    )
    batch = receive(data, actor, now, filename="x.xml")
    assert (batch.rows_read, batch.rows_accepted, batch.report["skipped_count"]) == (2, 2, 2)
    assert AccountEntry.objects.count() == 0


def test_statement_becomes_receipts_bookings_and_a_balance_once(account, actor, now):
    data = notification(
        entry([payment(1), payment(2)], 1_000_000),
        entry([], 1_200, family="CHRG"),
        message="camt.053",
    )
    for filename in ("x.xml", "y.xml"):
        receive(data, actor, now, filename=filename)
    assert sorted(AccountEntry.objects.values_list("direction", "kind", "amount_fen")) == [
        ("out", "other", 1_200),
        ("out", "wages", 500_000),
        ("out", "wages", 500_000),
    ]
    assert list(AccountBalance.objects.values_list("on", "balance_fen")) == [
        (dt.date(2026, 11, 20), 1_000_000)
    ]
    assert BankReceipt.objects.count() == 2


def test_statement_of_another_account_keeps_its_receipts_and_says_so(project, actor, now):
    batch = receive(
        notification(entry([payment(1)], 500_000), message="camt.053"), actor, now, filename="x.xml"
    )
    assert batch.rows_accepted == 1
    assert AccountEntry.objects.count() == 0
    assert "不是本项目登记的工资专用账户" in batch.problems.get().reason


def test_booked_sum_without_its_payments_comes_back(project, actor, now):
    batch = receive(notification(entry([], 1_000_000, stated=2)), actor, now, filename="x.xml")
    assert batch.rows_accepted == 0
    assert "没有列出每一笔" in batch.problems.get().reason


def test_columns_of_a_message_are_not_mapped(project, actor, now):
    batch = imports.open_batch(
        kind="receipts", data=wage_results(), filename="x.txt", actor=actor, now=now, project_code="P1",
        mapping={"columns": {"name": "B"}},
    )  # fmt: skip
    assert batch.state == ImportBatch.State.REFUSED and "由格式规定" in batch.refusal


def test_another_month_than_the_clerks_warns_and_gives_way(project, actor, now):
    batch = receive(wage_results(), actor, now, month="2026-08")
    assert set(BankReceipt.objects.values_list("month", flat=True)) == {"2026-08"}
    assert "2026年9月" in batch.problems.get().reason


def came_back(number: int) -> str:
    back = payment(number, extra="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>").replace("DBIT", "CRDT")
    return entry([back], 500_000, direction="CRDT", family="RRTN")


def test_payment_that_comes_back_within_a_statement_is_not_paid(account, actor, now):
    data = notification(entry([payment(1), payment(2)], 1_000_000), came_back(1), message="camt.053")
    batch = receive(data, actor, now, filename="x.xml")
    assert dict(BankReceipt.objects.values_list("payee_name", "outcome")) == {
        "工人1": "returned",
        "工人2": "paid",
    }
    assert batch.report["skipped_count"] == 1
    assert AccountEntry.objects.count() == 3


def test_payment_sent_again_after_it_came_back_is_paid(project, actor, now):
    data = notification(entry([payment(1)], 500_000), came_back(1), entry([payment(1)], 500_000))
    receive(data, actor, now, filename="x.xml")
    outcomes = BankReceipt.objects.filter(superseded_at=None).values_list("outcome", flat=True)
    assert sorted(outcomes) == ["paid", "returned"]


def test_payment_that_a_later_notification_returns_is_no_longer_paid(project, actor, now):
    receive(notification(entry([payment(1)], 500_000)), actor, now, filename="x.xml")
    receive(notification(came_back(1)), actor, now, filename="y.xml")
    (standing,) = BankReceipt.objects.filter(superseded_at=None)
    assert (standing.outcome, standing.reason) == ("returned", "账户已销户")
