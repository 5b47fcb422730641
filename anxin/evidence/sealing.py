"""Encryption at rest for what identifies a person, and a keyed hash to find it again.

An envelope is ``version byte + 12-byte nonce + AES-256-GCM ciphertext``. The version byte lets a bureau move
to another suite later without rewriting old rows at once. Keys are derived from the one data key of the
installation, so encrypting and finding never share a key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

_AES_GCM = b"\x01"
_NONCE = 12


class SealBroken(ValueError):
    """The stored bytes were changed, or sealed with another installation's key."""


@lru_cache(maxsize=8)
def _derived(purpose: str, data_key: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"anxin/{purpose}".encode()).derive(data_key)


@lru_cache(maxsize=4)
def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(_derived("seal", data_key))


def seal_bytes(data: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _AES_GCM + nonce + _cipher(settings.ANXIN_DATA_KEY).encrypt(nonce, data, None)


def open_bytes(envelope: bytes) -> bytes:
    """Raises :class:`SealBroken` when the envelope was changed or belongs to another key."""
    if envelope[:1] != _AES_GCM:
        raise SealBroken("加密数据的版本无法识别。")
    try:
        return _cipher(settings.ANXIN_DATA_KEY).decrypt(
            envelope[1 : 1 + _NONCE], envelope[1 + _NONCE :], None
        )
    except (InvalidTag, ValueError):  # ValueError: cut so short that not even the nonce is left
        raise SealBroken("加密数据无法打开：内容被改动过，或不是用本系统的密钥加密的。") from None


def finding_hash(kind: str, text: str) -> str:
    """64 hex digits that are equal for equal ``text`` of one ``kind`` (``id``, ``card``, ``phone``).

    Keyed, because eighteen digits could be tried out against a plain hash.
    """
    return finder(kind)(text)


def finder(kind: str) -> Callable[[str], str]:
    """:func:`finding_hash` for many texts of one kind: the keyed part is computed once."""
    start = _keyed(kind, settings.ANXIN_DATA_KEY)

    def find(text: str) -> str:
        keyed = start.copy()
        keyed.update(text.encode())
        return keyed.hexdigest()

    return find


def sealer() -> Callable[[str], bytes]:
    """``Sealed.of(text).envelope`` for many texts: the key is looked up once, random bytes come in stretches."""
    encrypt = _cipher(settings.ANXIN_DATA_KEY).encrypt
    nonces = _nonces()

    def seal(text: str) -> bytes:
        nonce = next(nonces)
        return _AES_GCM + nonce + encrypt(nonce, text.encode(), None)

    return seal


def _nonces() -> Iterator[bytes]:
    """Fresh random nonces; asking the system for each alone costs as much as encrypting."""
    while True:
        stretch = os.urandom(_NONCE * 256)
        for start in range(0, len(stretch), _NONCE):
            yield stretch[start : start + _NONCE]


@lru_cache(maxsize=16)
def _keyed(kind: str, data_key: bytes) -> hmac.HMAC:
    return hmac.new(_derived("find", data_key), f"{kind}:".encode(), hashlib.sha256)


class Sealed:
    """A sealed text. Printing it shows nothing; :meth:`open` returns the plain text."""

    __slots__ = ("envelope",)

    def __init__(self, envelope: bytes) -> None:
        self.envelope = envelope

    @classmethod
    def of(cls, text: str) -> Sealed:
        return cls(seal_bytes(text.encode()))

    def open(self) -> str:
        return open_bytes(self.envelope).decode()

    def __str__(self) -> str:
        return "***"

    __repr__ = __str__


class SealedField(models.BinaryField):
    """A column of :class:`Sealed` values; ``None`` where nothing is known."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = Sealed.of(value)
        return super().get_prep_value(value.envelope if isinstance(value, Sealed) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared)


def plain(value: object) -> str:
    """What a sealed field holds, in full: for papers, and for pages that have journalled the look; empty where nothing is known."""
    return value.open() if isinstance(value, Sealed) else ""
