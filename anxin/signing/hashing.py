"""Digests, by the names that CMS gives them."""

from __future__ import annotations

import hashlib

#: what a signature may rest on; MD5 and SHA-1 are not among them
ACCEPTED = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def digest(algorithm: str, *parts: bytes | memoryview) -> bytes:
    """Raises ``KeyError`` for an algorithm that is not accepted."""
    hashed = ACCEPTED[algorithm]()
    for part in parts:
        hashed.update(part)
    return hashed.digest()
