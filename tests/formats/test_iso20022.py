"""ISO 20022: orders out and back, answers and statements in, dialects and versions, controls that disagree."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin import formats
from anxin.formats import Direction, FormatRefused, Outcome, PayOrder, PayOrderLine
from anxin.formats.iso20022 import document
from anxin.formats.iso20022.document import MESSAGES
from tests.formats.makers import CHINA, line, order
from tests.formats.samples import entry, fate, notification, payment, status_report

ISO = formats.get("iso20022")
SCHEMAS = Path(document.__file__).with_name("schemas")

#: whole characters of any script, without space around them, which XML does not keep for certain
words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)


@st.composite
def orders(draw) -> PayOrder:
    lines = tuple(
        PayOrderLine(
            sequence=number,
            reference=f"R{number}",
            name=draw(words),
            card=draw(st.from_regex(r"[0-9]{6,32}", fullmatch=True)),
            id_number=draw(st.sampled_from(["", "11010519491231002X"])),
            amount_fen=draw(st.integers(1, 10**11)),
            bank_code=draw(st.sampled_from(["", "308584000013"])),
            purpose=draw(st.sampled_from(["", "2026年10月工资"]) | words),
        )
        for number in range(1, draw(st.integers(1, 6)) + 1)
    )
    moment = draw(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1))).replace(microsecond=0)
    return order(lines=lines, payer_name=draw(words), created_at=moment.replace(tzinfo=CHINA))


def refused(data: bytes) -> FormatRefused:
    with pytest.raises(FormatRefused) as caught:
        formats.read(data)
    return caught.value


@given(orders())
@settings(max_examples=40, deadline=None)
def test_order_written_is_valid_and_reads_back_the_same(given_order):
    reading = formats.read(ISO.write(given_order))
    assert reading.message == given_order
    assert (reading.refusals, reading.notes) == ((), ())


@pytest.mark.parametrize(
    ("old", "new"), [("<NbOfTxs>3<", "<NbOfTxs>4<"), ("<CtrlSum>15370.41<", "<CtrlSum>15370.42<")]
)
def test_order_whose_totals_disagree_is_refused_whole(old, new):
    text = ISO.write(order(3)).decode()
    assert refused(text.replace(old, new, 1).encode()).code == "I05"


def test_order_that_breaks_the_schema_is_refused_with_its_line():
    text = ISO.write(order(1)).decode().replace("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>XXX</PmtMtd>")
    refusal = refused(text.encode())
    assert refusal.code == "I03"
    assert refusal.where.startswith("第") and "PmtMtd" in str(refusal)


@pytest.mark.parametrize("name", ["王\x07二", "", "长" * 141])
def test_what_no_bank_could_read_is_not_written(name):
    with pytest.raises(FormatRefused):
        ISO.write(replace(order(1), lines=(line(1, name=name),)))


def test_order_without_a_moment_is_not_written():
    with pytest.raises(FormatRefused):
        ISO.write(order(1, created_at=None))


def test_same_reference_twice_in_an_order_comes_back():
    text = ISO.write(order(2)).decode().replace("DF2026110001-00002", "DF2026110001-00001")
    reading = formats.read(text.encode())
    assert [(x.line, x.code) for x in reading.refusals] == [(2, "J10")]
    assert len(reading.message.lines) == 1


# --- answers -----------------------------------------------------------------------------------------------


def test_answer_line_by_line_has_outcome_code_and_words():
    data = status_report(
        fate(1, "ACSC"),
        fate(2, "RJCT", reason="BE01", words="户名不符"),
        fate(3, "ACSP"),
        fate(4, "RJCT", reason="AC04"),
    )
    message = formats.read(data).message
    assert message.order_reference == "DF1"
    assert [(x.sequence, x.outcome, x.code) for x in message.lines] == [
        (1, Outcome.PAID, ""),
        (2, Outcome.RETURNED, "wrong_name"),
        (3, Outcome.PENDING, ""),
        (4, Outcome.RETURNED, "closed"),
    ]
    assert message.lines[1].reason == "户名不符"
    assert message.lines[3].reason == "账户已销户"
    first = message.lines[0]
    assert (first.reference, first.name, first.amount_fen) == ("DF1-00001", "工人1", 500_000)
    assert first.paid_on == dt.date(2026, 11, 20)


def test_answer_about_the_whole_order_is_kept_as_such():
    message = formats.read(status_report(group="RJCT")).message
    assert message.lines == ()
    assert message.whole.outcome == Outcome.RETURNED


def test_answer_without_any_status_is_refused():
    assert refused(status_report()).code == "I04"


# --- statements --------------------------------------------------------------------------------------------


def test_booked_sum_becomes_its_payments():
    data = notification(entry([payment(1), payment(2)], 1_000_000, stated=2))
    message = formats.read(data).message
    assert message.account == "755900008010306"
    assert [(x.counterparty_name, x.amount_fen, x.payer_reference) for x in message.entries] == [
        ("工人1", 500_000, "DF1-00001"),
        ("工人2", 500_000, "DF1-00002"),
    ]
    one = message.entries[0]
    assert (one.direction, one.batch_size, one.batch_fen, one.salary) == (Direction.OUT, 2, 1_000_000, True)
    assert one.counterparty_account == "6200000000000001"


@pytest.mark.parametrize("version", ["02", "03", "05", "06", "07", "08", "09", "10"])
def test_other_versions_are_read_by_our_own_checks_with_a_note(version):
    data = notification(entry([payment(1, version=version)], 500_000, version=version), version=version)
    reading = formats.read(data)
    assert [x.counterparty_name for x in reading.message.entries] == ["工人1"]
    assert not reading.message.entries[0].pending
    assert "没有随附的模式文件" in reading.notes[0]


@pytest.mark.parametrize("version", ["01", "11", "99"])
def test_version_that_is_not_known_is_refused_with_those_that_are(version):
    refusal = refused(notification(entry([payment(1)], 500_000), version=version))
    assert refusal.code == "I02"
    assert f"camt.054.001.{version}" in str(refusal) and "camt.054.001.04" in str(refusal)


def test_balances_that_do_not_meet_are_said():
    whole = notification(entry([payment(1), payment(2)], 1_000_000), message="camt.053")
    assert formats.read(whole).notes == ()
    part = notification(entry([payment(1)], 500_000), message="camt.053")
    message = formats.read(part).message
    assert (message.opening_fen, message.closing_fen) == (2_000_000, 1_000_000)
    assert "余额不衔接" in formats.read(part).notes[0]


@pytest.mark.parametrize(("total", "stated", "code"), [(1_000_001, 2, "J06"), (1_000_000, 3, "J05")])
def test_batch_whose_controls_disagree_comes_back_whole_and_others_stay(total, stated, code):
    bad = entry([payment(1), payment(2)], total, stated=stated)
    good = entry([payment(3)], 500_000)
    reading = formats.read(notification(bad, good))
    assert [(x.line, x.code) for x in reading.refusals] == [(1, code), (2, code)]
    assert "<TxDtls" in reading.refusals[0].raw
    assert [(x.line, x.counterparty_name) for x in reading.message.entries] == [(3, "工人3")]


def test_returned_payment_says_why_and_to_whom_it_did_not_go():
    back = payment(7, extra="<RtrInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>账号有误</AddtlInf></RtrInf>")
    data = notification(entry([back.replace("DBIT", "CRDT")], 500_000, direction="CRDT", family="RRTN"))
    (one,) = formats.read(data).message.entries
    assert (one.returned, one.code, one.reason) == (True, "wrong_card", "账号有误")
    assert (one.direction, one.counterparty_name) == (Direction.IN, "工人7")


def test_reversal_and_pending_entries_are_marked():
    data = notification(
        entry([payment(1)], 500_000, direction="CRDT", reversal=True),
        entry([payment(2)], 500_000, status="PDNG"),
    )
    first, second = formats.read(data).message.entries
    assert (first.reversal, first.pending) == (True, False)
    assert (second.reversal, second.pending) == (False, True)


def test_ten_thousand_payments_are_read():
    data = notification(entry([payment(n) for n in range(10_000)], 500_000 * 10_000, stated=10_000))
    assert len(formats.read(data).message.entries) == 10_000


# --- dialects and strangers --------------------------------------------------------------------------------


def test_swiss_namespace_is_read_by_the_schema_of_iso():
    text = status_report(fate(1, "RJCT", reason="AC01")).decode()
    data = text.replace(
        "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03",
        "http://www.six-interbank-clearing.com/de/pain.002.001.03.ch.02.xsd",
    )
    reading = formats.read(data.encode())
    assert reading.message.lines[0].code == "wrong_card"
    assert "瑞士" in reading.notes[0]
    assert refused(data.replace("<TxSts>RJCT", "<TxSts>????").encode()).code == "I03"


def test_prefixed_document_is_the_same_document():
    text = status_report(fate(1, "ACSC")).decode()
    prefixed = text.replace("xmlns=", "xmlns:d=").replace("<", "<d:").replace("<d:/", "</d:")
    said = [replace(x, raw="") for x in formats.read(text.encode()).message.lines]
    assert [replace(x, raw="") for x in formats.read(prefixed.encode()).message.lines] == said


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<Document><CstmrPmtStsRpt/></Document>", "I01"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.02"/>', "I01"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.002.04"/>', "I02"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"/>', "I07"),
        (b"<?xml version='1.0'?><Rechnung/>", "unknown_xml"),
    ],
)
def test_stranger_is_refused_with_a_sentence(data, code):
    refusal = refused(data)
    assert refusal.code == code
    assert str(refusal).endswith("。")


def test_every_message_has_its_schema_in_the_recommended_version():
    for message, (_, versions) in MESSAGES.items():
        assert (SCHEMAS / f"{message}.001.{versions[0]}.xsd").is_file()


def test_payment_in_another_currency_comes_back_and_others_stay():
    foreign = payment(1).replace('Ccy="CNY"', 'Ccy="USD"')
    data = notification(entry([foreign, payment(2)], 1_000_000))
    reading = formats.read(data)
    assert [(x.line, x.code) for x in reading.refusals] == [(1, "J02")]
    assert [x.counterparty_name for x in reading.message.entries] == ["工人2"]


def test_booking_in_another_currency_than_its_account_comes_back():
    data = notification(entry([payment(1)], 500_000), entry([], 500_000).replace('Ccy="CNY"', 'Ccy="HKD"'))
    reading = formats.read(data)
    assert [(x.line, x.code) for x in reading.refusals] == [(2, "J02")]
    assert len(reading.message.entries) == 1
