"""China Merchants Bank NTAGCAPY: requests in batches, the answer, the details."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anxin import formats
from anxin.formats import FormatRefused, Outcome
from anxin.formats.ntagcapy import Ntagcapy, Options, continue_with
from tests.formats.makers import line, order
from tests.formats.samples import bank_answer, detail

CMB = formats.get("ntagcapy")


def refused(data: bytes) -> FormatRefused:
    with pytest.raises(FormatRefused) as caught:
        formats.read(data)
    return caught.value


def test_request_reads_back_as_the_same_payments():
    sent = order(3)
    reading = formats.read(CMB.write(sent))
    expected = [(x.sequence, x.reference, x.name, x.card, x.amount_fen, x.purpose) for x in sent.lines]
    assert [
        (x.sequence, x.reference, x.name, x.card, x.amount_fen, x.purpose) for x in reading.message.lines
    ] == expected
    assert (reading.message.reference, reading.message.payer_account) == (sent.reference, sent.payer_account)


def test_large_order_goes_up_in_batches_with_the_totals_of_the_whole():
    sent = order(6_001)
    files = CMB.write_files(sent)
    readings = [formats.read(one.data) for one in files]
    assert [one.filename for one in files] == [f"DF2026110001_{n}.xml" for n in (1, 2, 3)]
    assert [len(r.message.lines) for r in readings] == [3_000, 3_000, 1]
    assert sum(r.message.total_fen for r in readings) == sent.total_fen
    texts = [one.data.decode() for one in files]
    marks = [("Y", "N"), ("N", "N"), ("N", "Y")]
    for text, (begin, end) in zip(texts, marks, strict=True):
        assert f"<BEGTAG>{begin}</BEGTAG>" in text and f"<ENDTAG>{end}</ENDTAG>" in text
        assert "<TTLCNT>6001</TTLCNT>" in text and "<TTLNUM>3</TTLNUM>" in text
    with pytest.raises(FormatRefused, match="3个文件"):
        CMB.write(sent)


def test_later_upload_carries_the_number_that_the_bank_gave():
    first, second = CMB.write_files(order(3_001))
    assert "<REQNBR>0099960770</REQNBR>" in continue_with(second.data, "0099960770").decode()
    with pytest.raises(FormatRefused):
        continue_with(first.data, "0099960770")


def test_payee_of_another_bank_needs_a_bank_number_that_is_known():
    there = replace(order(1), lines=(line(1, bank_code="103584000013"),))
    text = Ntagcapy(Options(place="示例市")).write(there).decode()
    assert "<BNKFLG>N</BNKFLG>" in text
    assert "<EACBNK>中国农业银行</EACBNK>" in text and "<EACCTY>示例市</EACCTY>" in text
    unknown = replace(order(1), lines=(line(1, bank_code="999584000013"),))
    with pytest.raises(FormatRefused, match="联行号"):
        CMB.write(unknown)


def test_reference_longer_than_the_bank_takes_is_refused():
    with pytest.raises(FormatRefused, match="批次号"):
        CMB.write(order(1, reference="R" * 31))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<CURCNT>3<", "<CURCNT>2<"),
        ("<CURAMT>15370.41<", "<CURAMT>15370.42<"),
        ("<TTLCNT>3<", "<TTLCNT>4<"),
        ("<TTLAMT>15370.41<", "<TTLAMT>15370.40<"),
    ],
)
def test_controls_that_disagree_are_refused_whole(old, new):
    text = CMB.write(order(3)).decode()
    assert old in text
    assert refused(text.replace(old, new).encode()).code == "N02"


def test_bad_line_of_a_request_comes_back_alone():
    text = CMB.write(order(3)).decode().replace("<TRXSEQ>00000002<", "<TRXSEQ>00000001<")
    reading = formats.read(text.encode())
    assert [(x.line, x.code) for x in reading.refusals] == [(2, "O04")]
    assert [x.sequence for x in reading.message.lines] == [1, 3]


def test_answer_says_that_the_order_was_taken():
    data = bank_answer("<NTAGCAGCZ1><REQNBR>0099960770</REQNBR><REQSTA>OPR</REQSTA></NTAGCAGCZ1>")
    whole = formats.read(data).message.whole
    assert (whole.outcome, whole.bank_reference) == (Outcome.PENDING, "0099960770")


def test_answer_that_refuses_says_why():
    whole = formats.read(bank_answer("", code="-9", words="余额不足")).message.whole
    assert (whole.outcome, whole.bank_code, whole.sentence) == (Outcome.RETURNED, "-9", "余额不足")


def test_finished_request_that_was_voted_down_is_returned():
    body = "<NTAGCAGCZ1><REQNBR>1</REQNBR><REQSTA>FIN</REQSTA><RTNFLG>R</RTNFLG></NTAGCAGCZ1>"
    assert formats.read(bank_answer(body)).message.whole.outcome == Outcome.RETURNED


def test_details_say_what_became_of_each_line():
    body = detail(1, "S") + detail(2, "E", "账号户名不符") + detail(3, "A") + detail(4, "C") + detail(5, "Z")
    reading = formats.read(bank_answer(body, name="NTAGDINF"))
    assert [(x.sequence, x.outcome, x.code) for x in reading.message.lines] == [
        (1, Outcome.PAID, ""),
        (2, Outcome.RETURNED, "wrong_name"),
        (3, Outcome.PENDING, ""),
        (4, Outcome.RETURNED, "other"),
    ]
    assert [(x.line, x.code) for x in reading.refusals] == [(5, "O06")]


def test_details_that_go_on_say_so():
    reading = formats.read(
        bank_answer(detail(1, "S") + "<NTAGDINFY1><REQNBR>1</REQNBR></NTAGDINFY1>", name="NTAGDINF")
    )
    assert "继续查询" in reading.notes[0]


@pytest.mark.parametrize("name", ["BB1PAYOP", ""])
def test_other_call_is_refused_by_its_name(name):
    assert refused(bank_answer("", name=name)).code == "N04"
