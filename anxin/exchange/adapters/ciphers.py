"""Encryption of single fields on their way out. The algorithm is part of what an office agrees with a platform."""

from __future__ import annotations

import base64
import os
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.padding import PKCS7

from anxin.kernel.refusal import Refused

_BLOCK_BITS = 128
_BLOCK = _BLOCK_BITS // 8
_NONCE = 12
#: length of the key in hexadecimal digits
KEY_DIGITS = {"sm4-cbc": 32, "aes-256-gcm": 64}


class FieldCipher(Protocol):
    """Text → printable text, and back."""

    def encrypt(self, text: str) -> str: ...

    def decrypt(self, text: str) -> str: ...


class Sm4Cbc:
    """Base64 of a random 16-byte vector followed by SM4-CBC with PKCS#7 padding over UTF-8."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, text: str) -> str:
        vector, padder = os.urandom(_BLOCK), PKCS7(_BLOCK_BITS).padder()
        padded = padder.update(text.encode()) + padder.finalize()
        encryptor = Cipher(SM4(self._key), modes.CBC(vector)).encryptor()
        return base64.b64encode(vector + encryptor.update(padded) + encryptor.finalize()).decode()

    def decrypt(self, text: str) -> str:
        data = base64.b64decode(text)
        decryptor = Cipher(SM4(self._key), modes.CBC(data[:_BLOCK])).decryptor()
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        padded = decryptor.update(data[_BLOCK:]) + decryptor.finalize()
        return (unpadder.update(padded) + unpadder.finalize()).decode()


class Aes256Gcm:
    """Base64 of a random 12-byte nonce followed by AES-256-GCM (with its tag) over UTF-8."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, text: str) -> str:
        data = base64.b64decode(text)
        return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], None).decode()


def cipher(name: str, key: str) -> FieldCipher:
    """The named cipher with its key in hexadecimal. Raises :class:`Refused` for a key of another length."""
    digits = KEY_DIGITS[name]
    try:
        raw = bytes.fromhex(key)
    except ValueError:
        raw = b""
    if len(raw) * 2 != digits:
        raise Refused(f"字段加密密钥应为{digits}位十六进制数字，请核对。", field="cipher_key")
    return Sm4Cbc(raw) if name == "sm4-cbc" else Aes256Gcm(raw)
