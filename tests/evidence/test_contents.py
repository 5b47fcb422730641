"""What a file is by its bytes, whatever it is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.contents import BOMB, BROKEN, LOCKED, Family, recognise
from tests.evidence import samples


@pytest.mark.parametrize("title", samples.GOOD)
def test_every_kind_is_known_by_its_bytes(title):
    kind = recognise(samples.GOOD[title])
    assert kind is not None and kind.title == title and not kind.refusal


@pytest.mark.parametrize("what", samples.RUNNING)
def test_what_would_run_or_be_shown_as_a_page_is_known_as_such(what):
    kind = recognise(samples.RUNNING[what])
    assert kind is not None and kind.family is Family.RUNS and kind.refusal


def test_a_locked_a_damaged_and_a_swelling_file_are_told_apart():
    assert recognise(samples.old_office("EncryptedPackage", "EncryptionInfo")) is LOCKED
    assert recognise(b"PK\x03\x04" + b"\0" * 80) is BROKEN
    assert recognise(samples.zipped({"[Content_Types].xml": b"", "x": bytes(30 * 1024 * 1024)})) is BOMB


def test_a_word_in_a_text_is_no_entry_of_the_box():
    written = "_VBA_PROJECT".encode("utf-16-le")
    data = samples.old_office("WordDocument") + b"\0" * 6 + written + b"\0" * 50
    assert recognise(data).title == "DOC"


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"\0" * 40, bytes(range(128, 160)) * 4, samples.old_office("Root Entry")]
)
def test_what_is_nothing_we_know_has_no_kind(data):
    assert recognise(data) is None


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK\x03\x04", samples.OLE, b"RIFF", b"\0\0\0\x18ftyp", b"<", b"{\\rtf"]),
)
def test_whatever_comes_ends_in_a_kind_or_in_none(data, start):
    kind = recognise(start + data)
    assert kind is None or kind.title
