"""The two hashes that run beside each other through a package: SHA-256 and SM3 (GB/T 32905-2016)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes

#: in this order wherever both stand together
ALGORITHMS = ("sha256", "sm3")
SALT_BYTES = 16
_LEAF, _LINK = b"\x00", b"\x01"
_START = bytes(32)


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Sm3:
    """SM3 from ``cryptography``, for a Python whose own library was built without it."""

    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.finalize()


def _sm3() -> _Hash:
    return hashlib.new("sm3") if "sm3" in hashlib.algorithms_available else _Sm3()


def new(algorithm: str) -> _Hash:
    """An empty hash of one of :data:`ALGORITHMS`."""
    return _sm3() if algorithm == "sm3" else hashlib.sha256()


@dataclass(frozen=True)
class Pair:
    """The same thing hashed both ways; 32 bytes each."""

    sha256: bytes
    sm3: bytes

    def hexadecimal(self) -> dict[str, str]:
        return {"sha256": self.sha256.hex(), "sm3": self.sm3.hex()}


def leaf(path: str, line: int, salt: bytes, chunks: Iterable[bytes]) -> Pair:
    """The hash of one leaf: a line of a table (``line`` from 1) or a whole document (``line`` 0).

    Where the leaf stands is hashed with it, so that nothing can be moved; the salt keeps a taken-out row from
    being guessed from its hash.
    """
    name = path.encode("ascii")
    head = _LEAF + salt + len(name).to_bytes(2, "big") + name + line.to_bytes(8, "big")
    sums = [new(algorithm) for algorithm in ALGORITHMS]
    for chunk in (head, *chunks):
        for each in sums:
            each.update(chunk)
    return Pair(*(each.digest() for each in sums))


class Chain:
    """Links leaf after leaf; its end stands for all of them and their order."""

    def __init__(self) -> None:
        self.end = Pair(_START, _START)

    def add(self, added: Pair) -> None:
        ends = []
        for algorithm in ALGORITHMS:
            link = new(algorithm)
            link.update(_LINK + getattr(self.end, algorithm) + getattr(added, algorithm))
            ends.append(link.digest())
        self.end = Pair(*ends)


def fingerprint(content: bytes) -> str:
    """SHA-256 in hexadecimal, by which a file or a public key is named."""
    return hashlib.sha256(content).hexdigest()
