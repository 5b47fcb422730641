"""Bank files become receipts once, and pay lines; people decide what is not certain."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.funds.services import confirm_match, deny_match, match_project
from anxin.kernel.refusal import Refused
from anxin.payroll.models import PayrollLine
from tests.support.deliveries import (
    RECEIPTS_HEADER,
    bank_card,
    deliver,
    make_project,
    payroll,
    receipts,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def project(now):
    return make_project(now)


def standing() -> list[tuple]:
    rows = ReceiptMatch.objects.filter(ended_at=None).order_by("receipt__row_number")
    return list(rows.values_list("line__name", "amount_fen", "state"))


def test_receipts_pay_the_lines_of_an_earlier_payroll(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000), ("李大海", 2, 6000)), actor=actor, now=now)
    batch = deliver("receipts", receipts(("王小明", 1, 5000), ("李大海", 2, 2000)), actor=actor, now=now)
    assert batch.rows_accepted == 2
    assert standing() == [("王小明", 500000, "exact"), ("李大海", 200000, "exact")]
    entry = JournalEntry.objects.filter(action="import.accepted").latest("sequence")
    assert entry.after["counts"]["exact_matches"] == 2


def test_payroll_that_arrives_after_its_receipts_is_paid_too(project, actor, now):
    deliver("receipts", receipts(("王小明", 1, 5000)), actor=actor, now=now)
    assert standing() == []
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    assert standing() == [("王小明", 500000, "exact")]


def test_returned_payment_is_recorded_and_pays_nothing(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000, "失败")), actor=actor, now=now)
    receipt = BankReceipt.objects.get()
    assert (receipt.outcome, receipt.reason) == ("returned", "账号户名不符")
    assert standing() == []


def test_payment_still_under_way_comes_back(project, actor, now):
    batch = deliver(
        "receipts", receipts(("王小明", 1, 5000, "处理中"), ("李大海", 2, 6000)), actor=actor, now=now
    )
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    assert BankReceipt.objects.get().payee_name == "李大海"


def test_same_receipts_in_another_file_change_nothing(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000)), actor=actor, now=now)
    before = list(ReceiptMatch.objects.values_list("id", "ended_at"))
    batch = deliver(
        "receipts", receipts(("王小明", 1, 5000), ("李大海", 2, 100, "成功", "LS9")), actor=actor, now=now
    )
    assert (batch.rows_unchanged, BankReceipt.objects.count()) == (1, 2)
    assert list(ReceiptMatch.objects.values_list("id", "ended_at")) == before


def test_two_equal_rows_without_reference_are_two_receipts_and_the_file_again_adds_none(project, actor, now):
    rows = [("王小明", 1, 1000, "成功", ""), ("王小明", 1, 1000, "成功", "")]
    deliver("receipts", receipts(*rows), actor=actor, now=now)
    assert BankReceipt.objects.count() == 2
    again = deliver("receipts", receipts(*rows, ("李大海", 2, 50, "成功", "")), actor=actor, now=now)
    assert (again.rows_unchanged, BankReceipt.objects.count()) == (2, 3)


def test_one_reference_for_a_whole_batch_of_payments_tells_nobody_apart(project, actor, now):
    rows = [("王小明", 1, 1000, "成功", "PC1"), ("李大海", 2, 1000, "成功", "PC1")]
    deliver("receipts", receipts(*rows), actor=actor, now=now)
    assert BankReceipt.objects.filter(superseded_at=None).count() == 2


def test_payment_returned_later_under_its_reference_supersedes_and_ends_the_match(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000)), actor=actor, now=now)
    later = now + dt.timedelta(days=2)
    batch = deliver("receipts", receipts(("王小明", 1, 5000, "失败")), actor=actor, now=later)
    assert batch.rows_superseded == 1
    assert standing() == []
    assert ReceiptMatch.objects.get().ended_at == later


def test_corrected_line_ends_its_match_and_is_matched_again(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000)), actor=actor, now=now)
    later = now + dt.timedelta(days=1)
    deliver("payroll", payroll(("王小明", 1, 5500)), actor=actor, now=later)
    ended = ReceiptMatch.objects.get(line__superseded_at__isnull=False)
    assert ended.ended_at == later
    match = ReceiptMatch.objects.get(ended_at=None)
    assert (match.line.net_fen, match.amount_fen, match.state) == (550000, 500000, "exact")


def test_matching_twice_changes_nothing(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000), ("王晓明", 9, 10)), actor=actor, now=now)
    before = list(ReceiptMatch.objects.values())
    outcome = match_project(project.pk, now=now + dt.timedelta(hours=1))
    assert (outcome.ended, outcome.added) == (0, 0)
    assert list(ReceiptMatch.objects.values()) == before


def test_receipt_of_another_project_pays_nothing_here(project, actor, now):
    make_project(now, code="P2", name="另一项目")
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000)), actor=actor, now=now, project_code="P2")
    assert standing() == []


@pytest.fixture
def proposal(project, actor, now) -> ReceiptMatch:
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 7, 5000)), actor=actor, now=now)
    return ReceiptMatch.objects.get()


def test_confirmed_proposal_counts_and_is_journalled(proposal, actor, now):
    assert proposal.state == "proposed"
    confirm_match(proposal, actor=actor, now=now)
    assert standing() == [("王小明", 500000, "confirmed")]
    entry = JournalEntry.objects.get(action="funds.match_confirmed")
    assert entry.after["project_ids"] == [proposal.receipt.project_id]
    assert "王小明" not in entry.summary
    match_project(proposal.receipt.project_id, now=now)
    assert standing() == [("王小明", 500000, "confirmed")]


def test_denied_proposal_does_not_come_back(proposal, actor, now):
    deny_match(proposal, actor=actor, now=now)
    match_project(proposal.receipt.project_id, now=now)
    assert standing() == [("王小明", 500000, "denied")]
    assert JournalEntry.objects.filter(action="funds.match_denied").exists()


def test_proposal_decided_once_cannot_be_decided_again(proposal, actor, now):
    confirm_match(proposal, actor=actor, now=now)
    with pytest.raises(Refused, match="不能再改"):
        deny_match(proposal, actor=actor, now=now)


def test_proposal_that_no_longer_stands_cannot_be_confirmed(proposal, actor, now):
    # Another 王小明 with the receipt's own card appears: the receipt is certainly his.
    deliver("payroll", payroll(("王小明", 7, 5000)), actor=actor, now=now)
    with pytest.raises(Refused, match="已失效"):
        confirm_match(ReceiptMatch.objects.get(pk=proposal.pk), actor=actor, now=now)


def test_receipts_without_status_column_are_paid_unless_a_reason_is_given(project, actor, now):
    header = [name for name in RECEIPTS_HEADER if name != "交易状态"]
    rows = [
        [1, "王小明", bank_card(1), 5000, "2026-10-15", "", "A1"],
        [2, "李大海", bank_card(2), 6000, "2026-10-15", "账户已销户", "A2"],
    ]
    deliver("receipts", workbook(header, rows), actor=actor, now=now)
    assert dict(BankReceipt.objects.values_list("payee_name", "outcome")) == {
        "王小明": "paid",
        "李大海": "returned",
    }


def test_stated_month_decides_which_month_is_paid(project, actor, now):
    for month in ("2026年8月", "2026年9月"):
        deliver("payroll", payroll(("王小明", 1, 5000), month=month), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000)), actor=actor, now=now, month="2026-09")
    paid = PayrollLine.objects.get(matches__ended_at=None, matches__isnull=False)
    assert paid.payroll.month == "2026-09"


def test_payment_without_reference_that_a_later_file_calls_returned_pays_nothing_any_more(
    project, actor, now
):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("receipts", receipts(("王小明", 1, 5000, "成功", "")), actor=actor, now=now)
    later = now + dt.timedelta(days=1)
    batch = deliver("receipts", receipts(("王小明", 1, 5000, "失败", "")), actor=actor, now=later)
    assert batch.rows_superseded == 1
    assert standing() == []


def test_failed_try_beside_the_payment_that_succeeded_leaves_it_one_payment(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    both = receipts(("王小明", 1, 5000, "失败", ""), ("王小明", 1, 5000, "成功", ""))
    deliver("receipts", both, actor=actor, now=now)
    again = deliver("receipts", receipts(("王小明", 1, 5000, "成功", "")), actor=actor, now=now)
    assert (again.rows_unchanged, again.rows_superseded) == (1, 0)
    assert standing() == [("王小明", 500000, "exact")]
    assert BankReceipt.objects.filter(superseded_at=None, outcome="paid").count() == 1


def test_card_number_in_the_amount_column_comes_back_and_the_other_rows_stay(project, actor, now):
    data = receipts(("王小明", 1, 9900000000000000), ("李大海", 2, 6000))
    batch = deliver("receipts", data, actor=actor, now=now)
    assert batch.problems.filter(severity="rejected", reason__contains="1亿元").exists()
    assert BankReceipt.objects.get().payee_name == "李大海"
