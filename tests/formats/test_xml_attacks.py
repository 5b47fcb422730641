"""Whatever the bytes are: a message, or one sentence. No entity, no file of this machine, no connection, no crash."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin import formats
from anxin.formats import FormatRefused, safe_xml
from tests.formats.makers import order
from tests.formats.samples import bank_answer, detail, entry, fate, notification, payment, status_report

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.04"
MESSAGES = {
    "pain.001": formats.get("iso20022").write(order(2)),
    "pain.002": status_report(fate(1, "ACSC"), fate(2, "RJCT", reason="AC01")),
    "camt.053": notification(entry([payment(1), payment(2)], 1_000_000), message="camt.053"),
    "camt.054": notification(entry([payment(1)], 500_000, stated=1)),
    "ntagcapy": formats.get("ntagcapy").write(order(2)),
}


def outcome(data: bytes) -> FormatRefused | None:
    """The refusal, or ``None`` where it was read; anything else that is raised fails the test."""
    try:
        formats.read(data)
    except FormatRefused as refusal:
        assert str(refusal).strip()
        return refusal
    return None


def document(inside: str, *, before: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<Document xmlns="{NAMESPACE}">{inside}</Document>'.encode()


LAUGHS = (
    "<!DOCTYPE d [<!ENTITY a '哈哈'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "before",
    [
        LAUGHS,
        '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d [<!ENTITY f SYSTEM "http://127.0.0.1:1/x">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        "<!DOCTYPE d>",
    ],
    ids=["bomb", "file", "network", "dtd", "parameter", "empty"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be-mark"])
def test_document_type_is_refused_before_anything_is_expanded(before, encoding):
    text = (
        document("&f;&j;", before=before)
        .decode()
        .replace('encoding="UTF-8"', 'encoding="UTF-16"' * ("16" in encoding) or 'encoding="UTF-8"')
    )
    data = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    started = time.monotonic()
    refusal = outcome(data)
    assert refusal is not None and refusal.code == "X02"
    assert time.monotonic() - started < 1


def test_quadratic_text_and_deep_nesting_are_bounded():
    assert outcome(document("<a>" * 5_000 + "</a>" * 5_000)) is not None
    assert outcome(document("<a b='" + "x" * (11 << 20) + "'/>")) is not None


def test_file_beyond_the_bound_is_not_parsed():
    refusal = outcome(document(" " * (safe_xml.MOST_BYTES + 1)))
    assert refusal is not None and refusal.code == "X01"


def test_inclusion_of_another_file_stays_an_unknown_element():
    inside = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    refusal = outcome(document(inside))
    assert refusal is not None and "root:" not in str(refusal)


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-32", "no-such-thing"])
def test_encoding_that_no_bank_uses_is_refused(encoding):
    data = MESSAGES["camt.054"].replace(b'encoding="UTF-8"', f'encoding="{encoding}"'.encode())
    refusal = outcome(data)
    assert refusal is not None and refusal.code == "X04"


@pytest.mark.parametrize("name", MESSAGES)
def test_gbk_that_says_so_is_read_and_gbk_that_says_utf8_is_not(name):
    text = MESSAGES[name].decode()
    said = text.replace("<?xml version='1.0' encoding='UTF-8'?>", "").replace(
        '<?xml version="1.0" encoding="UTF-8"?>', ""
    )
    assert outcome(('<?xml version="1.0" encoding="GBK"?>' + said).encode("gb18030")) is None
    refusal = outcome(('<?xml version="1.0" encoding="UTF-8"?>' + said).encode("gb18030"))
    assert refusal is not None and refusal.code == "X04"


@pytest.mark.parametrize("name", MESSAGES)
def test_utf16_and_the_mark_of_utf8_are_read(name):
    text = MESSAGES[name].decode()
    assert outcome(text.replace("UTF-8", "UTF-16").encode("utf-16")) is None
    assert outcome(text.encode("utf-8-sig")) is None


@pytest.mark.parametrize("name", MESSAGES)
def test_truncated_anywhere_is_refused(name):
    data = MESSAGES[name].rstrip()
    for end in range(1, len(data), 7):
        assert outcome(data[:end]) is not None


@pytest.mark.parametrize("name", MESSAGES)
@given(place=st.floats(0, 0.9999), byte=st.integers(0, 255), count=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_bytes_overwritten_never_crash(name, place, byte, count):
    data = bytearray(MESSAGES[name])
    start = int(place * len(data))
    data[start : start + count] = bytes([byte]) * count
    outcome(bytes(data))


@pytest.mark.parametrize("name", MESSAGES)
@given(cut=st.floats(0, 0.9), length=st.integers(1, 400), to=st.floats(0, 0.9))
@settings(max_examples=40, deadline=None)
def test_pieces_moved_never_crash(name, cut, length, to):
    data = MESSAGES[name]
    start, target = int(cut * len(data)), int(to * len(data))
    piece, rest = data[start : start + length], data[:start] + data[start + length :]
    outcome(rest[:target] + piece + rest[target:])


#: what stands where a number, a day or a code should
NASTY = [
    "9" * 5_000,
    "²",
    "１２",
    "-1",
    "NaN",
    "1e5",
    "",
    ".",
    "0.001",
    "2026-13-45",
    "x" * 5_000,
    "0000-00-00",
]
NASTY += ["9999-12-31T23:59:59+99:00", "\u2028", "USD", "RJCT", "??", "12345678901234567890.12"]
#: versions that no schema holds to anything
UNVALIDATED = [
    MESSAGES["pain.001"].replace(b"001.001.03", b"001.001.09"),
    MESSAGES["pain.002"].replace(b"002.001.03", b"002.001.10"),
    notification(
        entry([payment(1, version="08"), payment(2, version="08")], 1_000_000, version="08"), version="08"
    ),
    notification(entry([payment(1)], 500_000, stated=1), version="02", message="camt.053"),
    MESSAGES["ntagcapy"],
    bank_answer(detail(1, "S") + detail(2, "E", "户名不符"), name="NTAGDINF"),
]


@pytest.mark.parametrize("data", UNVALIDATED, ids=["001", "002", "054", "053", "request", "details"])
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from(NASTY)), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_nonsense_in_any_element_never_crashes(data, changes):
    text = data.decode()
    for place, nonsense in changes:
        found = list(re.finditer(">([^<>]*)</", text))
        match = found[int(place * len(found))]
        text = text[: match.start(1)] + nonsense + text[match.end(1) :]
    outcome(text.encode())


def test_message_of_millions_of_elements_is_not_parsed(monkeypatch):
    monkeypatch.setattr(safe_xml, "MOST_TAGS", 1_000)
    refusal = outcome(document("<a/>" * 1_001))
    assert refusal is not None and refusal.code == "X01"


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_garbage_is_refused(data):
    assert outcome(data) is not None
