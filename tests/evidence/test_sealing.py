from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.sealing import SealBroken, Sealed, finding_hash, open_bytes, seal_bytes

ID_NUMBER = "99010219850307003X"


@given(st.text(max_size=200))
def test_what_is_sealed_is_opened_the_same(text):
    assert Sealed.of(text).open() == text


@given(st.binary(min_size=1, max_size=64), st.data())
def test_one_changed_bit_is_found(data, draw):
    envelope = bytearray(seal_bytes(data))
    place = draw.draw(st.integers(0, len(envelope) - 1))
    envelope[place] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        open_bytes(bytes(envelope))


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28])
def test_a_cut_envelope_is_refused(length):
    with pytest.raises(SealBroken) as refused:
        open_bytes(seal_bytes(b"")[:length])
    assert str(refused.value).endswith("。")


def test_the_plain_text_is_not_in_the_envelope_and_no_two_are_alike():
    first, second = Sealed.of(ID_NUMBER), Sealed.of(ID_NUMBER)
    assert ID_NUMBER.encode() not in first.envelope
    assert first.envelope != second.envelope


def test_another_installations_key_does_not_open_it(settings):
    sealed = Sealed.of(ID_NUMBER)
    settings.ANXIN_DATA_KEY = b"\x01" * 32
    with pytest.raises(SealBroken):
        sealed.open()


def test_printing_shows_nothing():
    sealed = Sealed.of(ID_NUMBER)
    for shown in (str(sealed), repr(sealed), f"{sealed}", repr([sealed])):
        assert "***" in shown
        assert ID_NUMBER not in shown
        assert sealed.envelope.hex()[:8] not in shown


def test_the_finding_hash_is_equal_for_equal_text_of_one_kind():
    assert finding_hash("id", ID_NUMBER) == finding_hash("id", ID_NUMBER)
    assert finding_hash("id", ID_NUMBER) != finding_hash("card", ID_NUMBER)
    assert finding_hash("id", ID_NUMBER) != finding_hash("id", ID_NUMBER[:-1] + "1")


def test_the_finding_hash_needs_the_key(settings):
    """Eighteen digits can be tried out against a hash without one."""
    found = finding_hash("id", ID_NUMBER)
    assert found not in (
        hashlib.sha256(ID_NUMBER.encode()).hexdigest(),
        hashlib.sha256(f"id:{ID_NUMBER}".encode()).hexdigest(),
    )
    settings.ANXIN_DATA_KEY = b"\x01" * 32
    assert finding_hash("id", ID_NUMBER) != found


@pytest.mark.django_db
def test_a_column_holds_the_envelope_only(now):
    from django.db import connection

    from anxin.evidence.models import ImportBatch, RawRows, StoredFile

    file = StoredFile.objects.create(sha256="a" * 64, size=1, name="名册.xlsx", stored_at=now)
    batch = ImportBatch.objects.create(
        kind="roster",
        file=file,
        filename="名册.xlsx",
        delivered_by="user:1",
        delivered_by_name="甲",
        delivered_at=now,
    )
    rows = RawRows.objects.create(batch=batch, first_row=1, last_row=2, payload=Sealed.of(ID_NUMBER))
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM evidence_rawrows")
        (stored,) = cursor.fetchone()
    assert ID_NUMBER.encode() not in bytes(stored)
    assert RawRows.objects.get(pk=rows.pk).payload.open() == ID_NUMBER
