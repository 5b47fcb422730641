"""工资信息文件: what is written is read, and whatever was changed on the way is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin import formats
from anxin.formats import FormatRefused, Outcome, PayOrder, PayOrderLine
from anxin.formats.wage_file import grammar
from tests.formats.makers import CHINA, line, order, results

WAGE_FILE = formats.get("wage_file")

texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="|"), max_size=30
)
names = texts.filter(lambda text: text.strip())


@st.composite
def orders(draw) -> PayOrder:
    count = draw(st.integers(1, 8))
    lines = tuple(
        PayOrderLine(
            sequence=number,
            reference=f"{draw(st.integers(0, 99))}-{number}",
            name=draw(names),
            card=draw(st.from_regex(r"[0-9]{6,32}", fullmatch=True)),
            id_number=draw(st.sampled_from(["", "11010519491231002X"])),
            amount_fen=draw(st.integers(1, 10**10)),
            bank_code=draw(st.sampled_from(["", "308584000013"])),
            purpose=draw(texts),
        )
        for number in range(1, count + 1)
    )
    moment = draw(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1))).replace(microsecond=0)
    return order(lines=lines, payer_name=draw(texts), created_at=moment.replace(tzinfo=CHINA))


def signed(text: str) -> bytes:
    """The text with the digest made anew: what its author meant, though it may be wrong."""
    first, *rest = text.removesuffix("\n").split("\n")
    control = first.split("|")[:-1]
    return "".join(f"{x}\n" for x in ["|".join([*control, grammar.digest(control, rest)]), *rest]).encode()


def refused(data: bytes) -> FormatRefused:
    with pytest.raises(FormatRefused) as caught:
        formats.read(data)
    return caught.value


@given(orders())
@settings(max_examples=60, deadline=None)
def test_order_written_reads_back_the_same(given_order):
    reading = formats.read(WAGE_FILE.write(given_order))
    assert reading.message == given_order
    assert reading.refusals == ()


def test_results_written_read_back_with_code_and_reason():
    sent = order(4)
    answer = results(
        sent,
        (Outcome.PAID, "", ""),
        (Outcome.RETURNED, "wrong_name", "账号户名不符"),
        (Outcome.REVERSED, "", "冲正"),
        (Outcome.PENDING, "", ""),
    )
    message = formats.read(WAGE_FILE.write_results(answer, sent)).message
    assert message.order_reference == sent.reference
    assert [(x.outcome, x.code, x.reason) for x in message.lines] == [
        (x.outcome, x.code, x.reason) for x in answer.lines
    ]
    assert message.lines[1].bank_code == "01"
    assert message.lines[0].paid_on == dt.date(2026, 11, 22)
    assert {x.month for x in message.lines} == {"2026-10"}


def test_truncated_anywhere_is_refused_whole():
    data = WAGE_FILE.write(order(5))
    for end in range(len("AXGZ|"), len(data)):
        refused(data[:end])


def test_any_byte_flipped_is_refused_whole():
    data = WAGE_FILE.write(order(3))
    for place in range(len("AXGZ|"), len(data)):
        for bit in (0x01, 0x80):
            changed = bytearray(data)
            changed[place] ^= bit
            refused(bytes(changed))


def test_truncation_says_how_many_lines_are_missing():
    data = WAGE_FILE.write(order(5))
    refusal = refused(b"".join(data.splitlines(keepends=True)[:-2]))
    assert refusal.code == "A04"
    assert "5行" in str(refusal) and "3行" in str(refusal)


def test_lines_in_another_order_are_refused_by_their_numbers():
    lines = WAGE_FILE.write(order(4)).splitlines(keepends=True)
    refusal = refused(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    assert refusal.code == "A05"
    assert str(refusal).startswith("第2行")


@pytest.mark.parametrize(("old", "new"), [("|3|", "|2|"), ("15370.41", "15370.42")], ids=["count", "total"])
def test_totals_that_disagree_are_refused_even_with_a_new_digest(old, new):
    text = WAGE_FILE.write(order(3)).decode()
    first, rest = text.split("\n", 1)
    assert old in first
    assert refused(signed(first.replace(old, new, 1) + "\n" + rest)).code in ("A04", "A07")


def test_line_changed_by_hand_is_refused_by_the_digest():
    text = WAGE_FILE.write(order(2)).decode()
    assert refused(text.replace("王二", "王五").encode()).code == "A06"


def test_gbk_file_is_read_with_a_note_because_the_digest_proves_it():
    sent = order(3)
    reading = formats.read(WAGE_FILE.write(sent).decode().encode("gb18030"))
    assert reading.message == sent
    assert "UTF-8" in reading.notes[0]


def test_utf16_file_is_refused_and_the_mark_of_utf8_is_not():
    text = WAGE_FILE.write(order(2)).decode()
    assert refused(text.encode("utf-16")).code == "A01"
    assert refused(text.encode("utf-16-le")).code == "A01"
    assert formats.read(text.encode("utf-8-sig")).message == order(2)


def test_windows_line_ends_change_nothing():
    assert formats.read(WAGE_FILE.write(order(2)).replace(b"\n", b"\r\n")).message == order(2)


def test_newer_version_is_refused_by_its_number():
    text = WAGE_FILE.write(order(1)).decode().replace("AXGZ|1|", "AXGZ|2|", 1)
    assert refused(signed(text)).code == "A02"


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("|王二|", "||", "B01", "name"),
        ("|6200000000000002|", "|62-0002|", "B02", "card"),
        ("|6200000000000002||", "|6200000000000002|110105194912310021|", "B03", "id_number"),
        ("DF2026110001-00002", "DF2026110001-00001", "B05", "reference"),
    ],
)
def test_bad_line_alone_comes_back_with_its_code(old, new, code, field):
    text = WAGE_FILE.write(order(3)).decode()
    assert old in text
    reading = formats.read(signed(text.replace(old, new)))
    (refusal,) = reading.refusals
    assert (refusal.line, refusal.code, refusal.field) == (3, code, field)
    assert [x.sequence for x in reading.message.lines] == [1, 3]


def test_paid_without_a_day_comes_back():
    sent = order(2)
    text = WAGE_FILE.write_results(results(sent), sent).decode().replace("|2026-11-22|", "||", 1)
    reading = formats.read(signed(text))
    assert [r.code for r in reading.refusals] == ["B06"]


def test_returned_without_a_code_of_the_table_comes_back():
    sent = order(2)
    answer = results(sent, (Outcome.RETURNED, "closed", "销户"))
    text = WAGE_FILE.write_results(answer, sent).decode()
    assert [r.code for r in formats.read(signed(text.replace("|F|03|", "|F|77|"))).refusals] == ["B07"]
    assert [r.code for r in formats.read(signed(text.replace("|F|03|", "|X|03|"))).refusals] == ["B09"]


@pytest.mark.parametrize("name", ["王|二", "王\n二", ""])
def test_what_could_not_be_read_is_not_written(name):
    sent = order(2)
    with pytest.raises(FormatRefused):
        WAGE_FILE.write(replace(sent, lines=(sent.lines[0], line(2, name=name))))


def test_ten_thousand_lines_go_out_and_come_back():
    sent = order(10_000)
    assert formats.read(WAGE_FILE.write(sent)).message == sent


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_garbage_behind_the_mark_is_refused(data):
    refused(b"AXGZ|" + data)
