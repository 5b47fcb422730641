"""Messages of real banks that lie beside the project where they are shared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anxin import formats
from anxin.formats import Direction, FormatRefused, Outcome

_ROOT = Path(__file__).parents[2]
_FOLDER = Path(os.environ.get("ANXIN_SHARED_DATA") or _ROOT.parent / "shared" / "data")

pytestmark = pytest.mark.skipif(
    not (_FOLDER / "iso20022").is_dir(),
    reason=f"the shared messages are not in {_FOLDER} (set ANXIN_SHARED_DATA)",
)


def shared(pattern: str) -> formats.Reading:
    (path,) = _FOLDER.glob(pattern)
    return formats.read(path.read_bytes())


def test_credit_notification_has_both_payments_of_its_sum():
    reading = shared("iso20022/200519_camt.054_P_*.xml")
    (statement,) = reading.messages
    assert [(e.amount_fen, e.direction, e.batch_fen) for e in statement.entries] == [
        (77829, Direction.IN, 169222),
        (91393, Direction.IN, 169222),
    ]
    assert (statement.currency, reading.notes) == ("CHF", ())


def test_debit_notification_is_one_payment_out():
    (entry,) = shared("iso20022/200519_camt.054-Debit*.xml").message.entries
    assert (entry.direction, entry.amount_fen) == (Direction.OUT, 91300)
    assert entry.payer_reference == "20190424001255000100006"


def test_notification_of_returns_says_wrong_account():
    (entry,) = shared("iso20022/200519_camt054-returns*.xml").message.entries
    assert (entry.returned, entry.code, entry.bank_code) == (True, "wrong_card", "AC01")
    assert entry.payer_reference == "EndToEndId-004-01-01"


def test_statement_that_leaves_out_a_booking_says_that_balances_do_not_meet():
    reading = shared("iso20022/camt.053_P_*.xml")
    assert len(reading.message.entries) == 5
    assert (reading.message.opening_fen, reading.message.closing_fen) == (21199319, 21511221)
    assert "余额不衔接" in reading.notes[0]


def test_older_version_is_read_with_a_note():
    reading = shared("iso20022/FI_camt_054_sample.xml")
    assert reading.version == "camt.054.001.02"
    assert reading.message.currency == "EUR"
    assert "没有随附的模式文件" in reading.notes[0]


def test_order_in_foreign_money_comes_back_line_by_line():
    reading = shared("iso20022/gistfile1.xml")
    assert [r.code for r in reading.refusals] == ["J02", "J02", "J02"]
    assert reading.message.lines == ()


def test_swiss_order_whose_count_is_wrong_is_refused_by_its_count():
    with pytest.raises(FormatRefused) as caught:
        shared("iso20022/musterfile_pain.001_Nov2020.xml")
    assert caught.value.code == "I05"


def test_swiss_answers_are_read():
    taken = shared("iso20022/pain002-epo_p_0_*.xml").message
    assert (taken.order_reference, taken.whole.outcome) == ("MsgId-001", Outcome.PENDING)
    refused = shared("iso20022/pain002-epo_p_ch*.xml").message
    (line,) = refused.lines
    assert (line.outcome, line.code, line.bank_code) == (Outcome.RETURNED, "wrong_card", "AC01")


def test_request_and_answer_of_the_bank_are_read():
    order = shared("cn-bank/cmb_NTAGCAPY_request_sample.xml").message
    assert (order.reference, [x.amount_fen for x in order.lines]) == ("DF201504021051001", [10000])
    answer = shared("cn-bank/cmb_NTAGCAPY_response_sample.xml").message
    assert answer.whole.bank_reference == "0099960770"
