"""The bank's answers: each line ends once, whatever is sent again, contradicted, or broken off."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.agency import results as results_module
from anxin.agency import services
from anxin.agency.models import LineResult, PayOrderLine
from anxin.agency.ordering import message_of
from anxin.agency.queries import line_states, totals
from anxin.evidence import imports
from anxin.evidence.models import JournalEntry
from anxin.evidence.workbooks import Column, table_workbook
from anxin.formats import registry
from anxin.formats.messages import OrderState, Outcome, PayResults
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.funds.queries import paid_by_line
from anxin.kernel.refusal import Refused
from tests.agency.factories import BANKER, CHECKER, NOW, card, lines, ordered, results, sent, site, take

pytestmark = pytest.mark.django_db

RETURNED, REVERSED, PENDING, PAID = Outcome.RETURNED, Outcome.REVERSED, Outcome.PENDING, Outcome.PAID


def states(order):
    return list(order.lines.order_by("sequence").values_list("state", flat=True))


def facts():
    """Everything an answer may change."""
    return (
        list(PayOrderLine.objects.order_by("id").values_list("id", "state", "fault", "paid_on")),
        list(BankReceipt.objects.order_by("id").values_list("id", "outcome", "superseded_at")),
        list(ReceiptMatch.objects.order_by("id").values_list("id", "state", "ended_at")),
        LineResult.objects.count(),
        JournalEntry.objects.count(),
    )


def test_paid_lines_pay_their_promises_by_exact_matches(home):
    order = sent(site())
    outcome = take(order, results(order))
    assert (outcome.paid, outcome.sentence) == (3, "到账3笔")
    promised = [line.payroll_line_id for line in lines(order.run)]
    assert {pk: one.paid_fen for pk, one in paid_by_line(promised).items()} == dict.fromkeys(
        promised, 600_000
    )
    order.run.refresh_from_db()
    assert (outcome.order.state, order.run.state) == ("done", "settled")


def test_the_same_answer_again_changes_nothing(home):
    order = sent(site())
    rows = results(order, {2: (RETURNED, "wrong_name"), 3: (PENDING, "")})
    take(order, rows)
    before = facts()
    outcome = take(order, rows)
    assert (outcome.changed, outcome.count("known"), facts()) == (0, 2, before)


@pytest.mark.parametrize(
    "code, word", [("wrong_name", "户名不符"), ("limit", "超过限额"), ("closed", "账户已销户")]
)
def test_a_return_keeps_its_reason_and_says_what_to_do(home, code, word):
    order = sent(site(1))
    take(order, results(order, {1: (RETURNED, code)}))
    state = line_states(order.run)[0]
    assert (state.money, state.fault_words, state.came_back) == ("returned", word, True)
    assert state.advice
    assert BankReceipt.objects.get().outcome == "returned"


def test_returns_are_mended_and_paid_and_the_first_file_again_changes_nothing(home):
    order = sent(site(3))
    first = results(order, {1: (RETURNED, "wrong_card"), 3: (RETURNED, "limit")})
    take(order, first)
    services.mend_line(lines(order.run)[0], bank_card=card(77), actor=CHECKER, now=NOW)
    again = services.send_order(ordered(order.run), actor=CHECKER, now=NOW)
    take(again, results(again, on="2026-11-23"))
    order.run.refresh_from_db()
    assert order.run.state == "settled"
    before = facts()
    take(order, first)
    take(again, results(again, on="2026-11-23"))
    assert facts() == before
    promised = [line.payroll_line_id for line in lines(order.run)]
    assert [paid_by_line(promised)[pk].paid_fen for pk in promised] == [600_000] * 3


def test_money_that_comes_back_later_opens_the_line_again(home):
    order = sent(site(1))
    take(order, results(order))
    outcome = take(order, results(order, {1: (RETURNED, "frozen")}))
    assert (outcome.returned, states(order)) == (1, ["returned"])
    order.run.refresh_from_db()
    assert order.run.state == "sent"
    assert paid_by_line([lines(order.run)[0].payroll_line_id]) == {}


def test_a_reversal_takes_the_payment_back_and_the_old_answer_does_not_bring_it_again(home):
    order = sent(site(1))
    paid = results(order)
    take(order, paid)
    take(order, results(order, {1: (REVERSED, "")}))
    assert states(order) == ["reversed"]
    assert take(order, paid).count("known") == 1
    # another file tells the same old payment, with another number of the bank
    retold = [dataclasses.replace(row, bank_reference="other") for row in paid]
    assert take(order, retold).count("known") == 1
    assert states(order) == ["reversed"]


def test_a_bank_that_corrects_its_return_is_believed_while_nothing_was_sent_again(home):
    order = sent(site(1))
    take(order, results(order, {1: (RETURNED, "other")}))
    assert take(order, results(order)).paid == 1


def test_a_late_yes_to_a_line_that_was_sent_again_is_a_conflict_never_a_second_payment(home):
    order = sent(site(1))
    take(order, results(order, {1: (RETURNED, "limit")}))
    again = services.send_order(ordered(order.run), actor=CHECKER, now=NOW)
    outcome = take(order, results(order))
    assert (outcome.changed, outcome.count("conflict")) == (0, 1)
    assert again.reference in outcome.fates[0].sentence
    assert LineResult.objects.exclude(conflict="").count() == 1


def test_another_amount_is_a_conflict_and_holds_no_good_row_back(home):
    order = sent(site(2))
    rows = results(order)
    rows[0] = dataclasses.replace(rows[0], amount_fen=1)
    outcome = take(order, rows)
    assert (outcome.paid, outcome.count("conflict"), states(order)) == (1, 1, ["open", "paid"])
    assert outcome.order.state == "partly"


def test_a_row_of_nobody_is_named(home):
    order = sent(site(1))
    stranger = dataclasses.replace(results(order)[0], reference="AX99999999999900001")
    assert [one.fate for one in take(order, [stranger]).fates] == ["unknown"]


def test_a_row_without_reference_is_found_by_name_card_and_amount(home):
    order = sent(site(2))
    rows = [
        dataclasses.replace(row, reference="", card=line.bank_card.open())
        for row, line in zip(results(order), order.lines.order_by("sequence"), strict=True)
    ]
    assert take(order, rows).paid == 2


def test_an_order_that_was_not_sent_takes_no_answer(home):
    from tests.agency.factories import approved

    order = ordered(approved(site(1)))
    with pytest.raises(Refused, match="还没有报送银行"):
        take(order, results(order))


def test_an_order_refused_as_a_whole_comes_back_line_by_line(home):
    order = sent(site(2))
    services.refuse_whole(order, OrderState(RETURNED, "E1", "付款账户余额不足"), actor=BANKER, now=NOW)
    assert set(order.lines.values_list("state", "fault")) == {("returned", "no_funds")}
    assert ordered(order.run).lines_count == 2


def test_a_break_in_the_middle_loses_and_doubles_nothing(home, monkeypatch):
    order = sent(site(3))
    rows = results(order, {2: (RETURNED, "limit")})
    before = facts()

    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(results_module, "receive", broken)
    with pytest.raises(RuntimeError):
        take(order, rows)
    assert facts() == before
    monkeypatch.undo()
    assert take(order, rows).changed == 3
    after = facts()
    take(order, rows)
    assert facts() == after


def test_the_open_wage_file_answers_the_order(home):
    order = sent(site(2))
    message = message_of(order, NOW)
    said = PayResults(
        order.reference,
        tuple(
            dataclasses.replace(row, card=line.card, id_number=line.id_number)
            for row, line in zip(results(order, {2: (RETURNED, "closed")}), message.lines, strict=True)
        ),
    )
    data = registry.get("wage_file").write_results(said, message)
    outcome = services.apply_file(order, data, "结果.txt", actor=BANKER, now=NOW)
    assert (outcome.paid, outcome.returned) == (1, 1)
    assert services.apply_file(order, data, "结果.txt", actor=BANKER, now=NOW).changed == 0


def test_a_file_of_another_order_is_refused_whole(home):
    order, other = sent(site(1)), sent(site(1, code="P2"))
    message = message_of(other, NOW)
    said = PayResults(other.reference, (dataclasses.replace(results(other)[0], card=message.lines[0].card),))
    data = registry.get("wage_file").write_results(said, message)
    with pytest.raises(Refused, match=f"是代发单{other.reference}的结果"):
        services.apply_file(order, data, "结果.txt", actor=BANKER, now=NOW)
    assert states(order) == ["open"]


def table(order, outcomes, own_numbers=False):
    """The bank's list; with ``own_numbers`` it bears the bank's references instead of ours."""
    rows = [
        [
            line.payee_name,
            line.bank_card.open(),
            line.amount_fen,
            dt.date(2026, 11, 20),
            "成功" if outcome == "paid" else "失败",
            "" if outcome == "paid" else "账户已销户",
            f"YH2026{line.sequence:08d}" if own_numbers else line.reference,
        ]
        for line, outcome in zip(order.lines.order_by("sequence"), outcomes, strict=True)
    ]
    columns = [
        Column("姓名"),
        Column("银行卡号"),
        Column("金额", kind="yuan"),
        Column("交易日期", kind="date"),
        Column("状态"),
        Column("失败原因"),
        Column("流水号"),
    ]
    return table_workbook("代发结果", "虚构银行", columns, rows)


def test_a_table_of_results_is_read_by_its_columns(home):
    order = sent(site(2))
    outcome = services.apply_file(
        order, table(order, ["paid", "returned"]), "结果.xlsx", actor=BANKER, now=NOW
    )
    assert (outcome.paid, outcome.returned) == (1, 1)
    assert order.lines.get(sequence=2).fault == "closed"


def test_a_table_with_the_banks_own_numbers_is_read_by_name_card_and_amount(home):
    order = sent(site(2))
    data = table(order, ["paid", "returned"], own_numbers=True)
    for changed in (2, 0):
        assert services.apply_file(order, data, "结果.xlsx", actor=BANKER, now=NOW).changed == changed
    assert order.lines.get(sequence=1).bank_reference == "YH202600000001"


def test_a_file_that_is_no_answer_is_refused_with_a_sentence(home):
    order = sent(site(1))
    with pytest.raises(Refused):
        services.apply_file(order, b"\x00\x01garbage", "结果.bin", actor=BANKER, now=NOW)


def test_receipts_delivered_by_the_usual_door_answer_the_order_without_doubling(home):
    order = sent(site(2))
    data = table(order, ["paid", "returned"])
    batch = imports.open_batch(
        kind="receipts", data=data, filename="回执.xlsx", project_code="P1", actor=BANKER, now=NOW
    )
    imports.accept_batch(batch.pk, actor=BANKER, now=NOW)
    assert states(order) == ["paid", "returned"]
    services.apply_file(order, data, "回执.xlsx", actor=BANKER, now=NOW)
    assert BankReceipt.objects.filter(superseded_at__isnull=True).count() == 2


@pytest.mark.one_database
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    answers=st.lists(
        st.lists(st.sampled_from([PAID, RETURNED, REVERSED, PENDING, None]), min_size=4, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_the_bank_says_no_fen_is_lost_or_paid_twice(answers, home):
    with transaction.atomic():
        point = transaction.savepoint()
        order = sent(site(4))
        total = sum(line.net_fen for line in lines(order.run))
        assert order.total_fen == total == sum(order.lines.values_list("amount_fen", flat=True))
        for number, answer in enumerate(answers, 1):
            rows = [
                row
                for row, outcome in zip(
                    results(
                        order,
                        {
                            n: (one or PAID, "limit" if one == RETURNED else "")
                            for n, one in enumerate(answer, 1)
                        },
                        on=f"2026-11-{20 + number}",
                    ),
                    answer,
                    strict=True,
                )
                if outcome is not None
            ]
            take(order, rows)
            seen = facts()
            take(order, rows)
            assert facts() == seen
        sums = totals(line_states(order.run))
        assert sums.paid_fen + sums.returned_fen + sums.open_fen + sums.unsent_fen == sums.net_fen == total
        received = BankReceipt.objects.filter(superseded_at__isnull=True, outcome="paid")
        assert sum(received.values_list("amount_fen", flat=True)) == sums.paid_fen
        promised = [line.payroll_line_id for line in lines(order.run)]
        assert sum(one.paid_fen for one in paid_by_line(promised).values()) == sums.paid_fen
        transaction.savepoint_rollback(point)
