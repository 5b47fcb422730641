"""What stands in a printed code: a number and a keyed sum over it, sixteen letters and digits.

The number says which row; nothing else is in it. The sum cannot be made without the key of this installation, so a
code that somebody has made up, or copied with one letter wrong, is known without asking the database.
"""

from __future__ import annotations

import base64
import binascii
import hmac

from anxin.evidence.sealing import finding_hash

#: 4 bytes of number and 6 of sum are exactly 16 letters of base 32: no letter has bits to spare that could be
#: changed unnoticed, and only small letters and digits stand in an address somebody may have to type
_NUMBER, _SUM = 4, 6
LENGTH = 16


def token_of(number: int) -> str:
    """The token of a row's number."""
    raw = number.to_bytes(_NUMBER, "big")
    return base64.b32encode(raw + _sum(raw)).decode().lower()


def number_in(token: str) -> int | None:
    """The number in a token of this installation; ``None`` for every other text."""
    if len(token) != LENGTH or not token.isascii() or token != token.lower():
        return None
    try:
        raw = base64.b32decode(token.upper())
    except binascii.Error:
        return None
    number, told = raw[:_NUMBER], raw[_NUMBER:]
    return int.from_bytes(number, "big") if hmac.compare_digest(_sum(number), told) else None


def _sum(raw: bytes) -> bytes:
    return bytes.fromhex(finding_hash("scan-code", raw.hex()))[:_SUM]
