"""SM2 signatures (GB/T 32918.2, GB/T 35276), checked and never made: the key is with a gateway.

Only public values are handled, so nothing here has to take the same time for every key. The libraries that the project
builds on have SM3 and no SM2; the tests hold this module to openssl's signatures and to the example of the standard.
"""

from __future__ import annotations

from asn1crypto import algos, keys

from anxin.signing.hashing import SM3, digest

#: SM2 with SM3 as one signature algorithm, and the curve, by their object identifiers (GM/T 0006)
SM2_WITH_SM3 = "1.2.156.10197.1.501"
CURVE = "1.2.156.10197.1.301"
#: who signs, as every certificate and signature has it that names nobody (GM/T 0009, 10)
_DEFAULT_ID = b"1234567812345678"

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_Point = tuple[int, int, int]
_NOWHERE: _Point = (0, 1, 0)


def is_sm2(key: keys.PublicKeyInfo) -> bool:
    """Whether a certificate's key lies on the curve of SM2."""
    return bool(key.algorithm == "ec" and key.curve == ("named", CURVE))


def digest_for(key: keys.PublicKeyInfo, message: bytes) -> bytes:
    """The 32 bytes that are signed: SM3 over who signs (identity, curve and key) and the message.

    Raises ``ValueError`` where the key is no point of the curve.
    """
    x, y = _point(key)
    numbers = b"".join(one.to_bytes(32, "big") for one in (_A, _B, *_G, x, y))
    who = digest(SM3, (8 * len(_DEFAULT_ID)).to_bytes(2, "big"), _DEFAULT_ID, numbers)
    return digest(SM3, who, message)


def holds(key: keys.PublicKeyInfo, signature: bytes, digested: bytes) -> bool:
    """Whether the key made the ``signature`` (DER) over what :func:`digest_for` gives. Raises ``ValueError`` as it does."""
    own = _point(key)
    try:
        numbers = algos.DSASignature.load(signature, strict=True)
        r, s = numbers["r"].native, numbers["s"].native
        written = algos.DSASignature({"r": r, "s": s}).dump()
    except (ValueError, TypeError):
        return False
    t = (r + s) % _N
    if written != signature or not (0 < r < _N and 0 < s < _N) or t == 0:
        return False
    found = _both(s, (*_G, 1), t, (*own, 1))
    if found[2] == 0:
        return False
    x = found[0] * pow(found[2], -2, _P) % _P
    return bool((int.from_bytes(digested, "big") + x) % _N == r)


def _point(key: keys.PublicKeyInfo) -> tuple[int, int]:
    x, y = key["public_key"].to_coords()
    if not (0 <= x < _P and 0 <= y < _P) or (y * y - (x * x * x + _A * x + _B)) % _P:
        raise ValueError("the key is no point of the curve")
    return x, y


def _both(s: int, first: _Point, t: int, second: _Point) -> _Point:
    """``s`` times the first point and ``t`` times the second, in one walk over their bits."""
    sums = (_NOWHERE, first, second, _add(first, second))
    found = _NOWHERE
    for place in range(max(s, t).bit_length() - 1, -1, -1):
        found = _double(found)
        found = _add(found, sums[(s >> place & 1) | (t >> place & 1) << 1])
    return found


def _double(point: _Point) -> _Point:
    x, y, z = point
    if z == 0 or y == 0:
        return _NOWHERE
    squared = y * y % _P
    s = 4 * x * squared % _P
    m = 3 * (x - z * z) * (x + z * z) % _P  # a is -3
    new_x = (m * m - 2 * s) % _P
    return new_x, (m * (s - new_x) - 8 * squared * squared) % _P, 2 * y * z % _P


def _add(one: _Point, other: _Point) -> _Point:
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    z1, z2 = one[2] * one[2] % _P, other[2] * other[2] % _P
    u1, u2 = one[0] * z2 % _P, other[0] * z1 % _P
    s1, s2 = one[1] * z2 * other[2] % _P, other[1] * z1 * one[2] % _P
    if u1 == u2:
        return _double(one) if s1 == s2 else _NOWHERE
    h, r = (u2 - u1) % _P, (s2 - s1) % _P
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x = (r * r - hhh - 2 * v) % _P
    return x, (r * (v - x) - s1 * hhh) % _P, h * one[2] * other[2] % _P
