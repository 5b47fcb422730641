"""Digests, by the names that CMS gives them; SM3, which has none there, by its object identifier."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives import hashes

SM3 = "1.2.156.10197.1.401"


class _Hash(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...


class _Sm3:
    """``hashlib`` has SM3 only where the system's openssl brings it."""

    def __init__(self) -> None:
        self._hashed = hashes.Hash(hashes.SM3())

    def update(self, data: bytes | memoryview, /) -> None:
        self._hashed.update(data)

    def digest(self) -> bytes:
        return self._hashed.finalize()


#: what a signature may rest on; MD5 and SHA-1 are not among them
ACCEPTED: dict[str, Callable[[], _Hash]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
    SM3: _Sm3,
}


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def digest(algorithm: str, *parts: bytes | memoryview) -> bytes:
    """Raises ``KeyError`` for an algorithm that is not accepted."""
    hashed = ACCEPTED[algorithm]()
    for part in parts:
        hashed.update(part)
    return hashed.digest()
