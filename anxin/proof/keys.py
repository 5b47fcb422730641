"""Who vouches for a package: Ed25519 keys (RFC 8032) behind a small interface.

A key in a file is for demonstration and for an office that keeps it well; a signing device or a gateway of a
certificate authority comes in as another class with the same four members.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

KEY_BYTES, SIGNATURE_BYTES = 32, 64


class KeyUnusable(ValueError):
    """A key file that cannot be read or is of another kind; the text is a sentence."""


class Signer(Protocol):
    """Somebody who signs; ``key`` is the public key, 32 bytes."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def key(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...


class HeadSeal(Protocol):
    """Somebody outside who seals the head of a package under a certificate; ``certificate``: its SHA-256 in hexadecimal."""

    @property
    def name(self) -> str: ...
    @property
    def certificate(self) -> str: ...
    def seal(self, statement: bytes) -> Mapping[str, bytes]:
        """The files of :data:`SEAL_FILES`: the signature with its time stamp, and what is needed to judge it."""


#: a detached CMS signature over the statement with its time stamp; certificates, lists and answers for judging it
SEAL_FILES = ("seal.p7s", "seal_data.json")


@dataclass(frozen=True)
class KeySigner:
    """A signer whose private key is in this process."""

    name: str
    role: str
    private: Ed25519PrivateKey

    @property
    def key(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def throwaway(name: str, role: str) -> KeySigner:
    """A signer with a key that is kept nowhere: for samples and tests."""
    return KeySigner(name, role, Ed25519PrivateKey.generate())


def from_file(path: Path, name: str, role: str) -> KeySigner:
    """The signer whose key lies in ``path`` (PEM); made there, readable by its owner alone, where there is none.

    Raises :class:`KeyUnusable` for a file that holds no Ed25519 key, and ``OSError`` where it cannot be read or made.
    """
    if not path.exists():
        _make(path)
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as problem:
        raise KeyUnusable(f"签章密钥文件“{path.name}”不能用，请换回备份的文件。") from problem
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"签章密钥文件“{path.name}”不是 Ed25519 密钥。")
    return KeySigner(name, role, private)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.link(draft, path)  # who came second finds the first one's key and leaves it
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` over ``message`` was made with the private half of ``key``."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
