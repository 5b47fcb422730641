"""A length that ends in 0x80 is encoded once, like any other."""

from __future__ import annotations

import pytest
from asn1crypto import core

import anxin.signing.definite  # noqa: F401 - what is tested


class Inner(core.SequenceOf):
    _child_spec = core.OctetString


class Outer(core.Sequence):
    _fields = [("inner", Inner), ("number", core.Integer)]


@pytest.mark.parametrize("size", [0x80, 0x180, 0x580, 0x8080])
def test_a_part_whose_length_ends_in_0x80_is_not_encoded_anew(size, monkeypatch):
    longest = {0x80: 126, 0x180: 380, 0x580: 1404, 0x8080: 32892}[
        size
    ]  # the octets' own header takes the rest
    made = Inner([b"x" * longest]).dump()
    part = Inner.load(made)
    assert part._header.endswith(b"\x80") and len(made) - len(part._header) == size
    monkeypatch.setattr(Inner, "_set_contents", lambda *_: pytest.fail("encoded anew"))
    assert part.dump() == made


def test_what_is_put_together_and_what_comes_with_an_indefinite_length_is_as_before():
    value = Outer({"inner": [b"x" * 126], "number": 3})
    assert Outer.load(value.dump())["number"].native == 3
    assert Inner.load(b"\x30\x80\x04\x01x\x00\x00").dump(force=True) == b"\x30\x03\x04\x01x"
