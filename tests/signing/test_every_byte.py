"""One changed byte is caught, wherever it is."""

from __future__ import annotations

import random

import pytest

from anxin.signing.cms import BadSignature, check_time_stamp
from anxin.signing.raw import find
from anxin.signing.verdict import Unreadable
from anxin.signing.verifying import verify
from tests.signing.making import roots, signed


def survivors(changes):
    """Of ``(position, byte)`` those that verification did not see."""
    pdf = bytearray(signed())
    found = []
    for position, byte in changes:
        before = pdf[position]
        if byte == before:
            continue
        pdf[position] = byte
        try:
            if verify(bytes(pdf), roots()).valid:
                found.append((position, before, byte))
        except Unreadable:
            pass
        pdf[position] = before
    return found


def test_the_sample_itself_is_valid():
    assert verify(signed(), roots()).valid


#: one position of so many is tried in a run, another one for each of the two parts
_STRIDE = 23


def test_bytes_of_what_the_last_stamp_does_not_cover():
    """Twice each: another digit of the same kind, which keeps the hexadecimal well-formed, and any other byte."""
    draw = random.Random(7)
    mark = find(signed())[0][-1]
    changes = []
    for position in range(mark.gap_start, mark.gap_end, _STRIDE):
        other = [byte for byte in b"0123456789ABCDEF" if byte != signed()[position]]
        changes += [(position, draw.choice(other)), (position, draw.randrange(256))]
        if chr(signed()[position]).isalpha():
            changes.append((position, signed()[position] ^ 0x20))
    assert survivors(changes) == []


def test_bytes_of_the_other_signatures():
    draw = random.Random(8)
    changes = [
        (position, draw.choice([byte for byte in b"0123456789ABCDEF" if byte != signed()[position]]))
        for mark in find(signed())[0][:-1]
        for position in range(mark.gap_start, mark.gap_end, _STRIDE)
    ]
    assert survivors(changes) == []


def test_bytes_anywhere():
    draw = random.Random(9)
    size = len(signed())
    assert survivors((draw.randrange(size), draw.randrange(256)) for _ in range(1000)) == []


def test_a_tag_changed_anywhere_in_a_stamp_is_a_bad_signature_and_no_crash():
    """Parts that are parsed late must be refused as those that are parsed first."""
    der = find(signed())[0][-1].contents(signed())
    check_time_stamp(der)
    tags = [
        place for place, byte in enumerate(der) if byte in (0x04, 0x06, 0x0C, 0x13, 0x17, 0x30, 0x31, 0xA0)
    ]
    assert len(tags) > 100
    for place in tags:
        with pytest.raises(BadSignature):
            check_time_stamp(der[:place] + b"\x02" + der[place + 1 :])
