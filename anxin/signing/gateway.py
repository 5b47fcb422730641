"""A signer whose key is with an outside authority or in a machine of its own, reached through a gateway.

The gateway's contract (docs/integrators.md, “Signing gateway”). ``POST {address}/sign`` with JSON ``{"key": "...", "algorithm":
"ecdsa-sha256", "rsa-sha256" or "sm2-sm3", "digest": base64 of 32 bytes}``; the answer is ``{"signature": base64}``: ECDSA and
SM2 in DER, RSA with PKCS #1 v1.5 padding. With SM2 the digest is the one that the standard signs (``e`` of GB/T 32918.2: SM3 over
the signer's identity, curve, key and the message), as signing machines take it.

``POST {address}/certificate`` with ``{"name": "...", "serial": "..."}`` asks for a key of somebody who has none entered here (a
worker, a party of a hearing); the answer is ``{"key": "...", "certificates": [base64 of DER, …]}``, the own first, its common name and
serial number exactly those asked for.

Whatever else it answers is a refusal; ``{"error": "..."}`` is shown to nobody. How the caller is recognised is the ``Post``'s matter.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass, field, replace
from typing import Any

from asn1crypto import x509

from anxin.kernel.refusal import Refused
from anxin.signing import sm2
from anxin.signing.cms import BadSignature, check_raw_signature
from anxin.signing.interfaces import DataOf, Post, ValidationData
from anxin.signing.naming import person_of
from anxin.signing.parties import Person

_NO_SIGNATURE = "签名网关没有给出签名，文件没有签名，请与网关的管理者联系。"
_FAMILIES = {"ecdsa-sha256": "ecdsa", "rsa-sha256": "rsa", "sm2-sm3": "sm2"}


@dataclass(frozen=True)
class GatewaySigner:
    """``key`` is the gateway's name of the key; ``certificate`` was entered by the operator."""

    post: Post
    address: str
    key: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    data: DataOf = field(default=lambda at, *certificates: ValidationData())

    @property
    def algorithm(self) -> str:
        """What the gateway is asked for; follows from the certificate's key."""
        key = self.certificate.public_key
        if sm2.is_sm2(key):
            return "sm2-sm3"
        if key.algorithm == "rsa":
            return "rsa-sha256"
        curve = key.curve if key.algorithm == "ec" else None
        if curve and curve[0] == "named" and curve[1].startswith("secp"):
            return "ecdsa-sha256"
        raise Refused("这张证书的密钥算法不支持，可用的有 SM2、RSA 和 ECDSA，请换一张证书。")

    def sign_digest(self, digest: bytes) -> bytes:
        request = {"key": self.key, "algorithm": self.algorithm, "digest": base64.b64encode(digest).decode()}
        try:
            answer = _asked(self.post, f"{self.address}/sign", request)
            signature = base64.b64decode(answer["signature"], validate=True)
        except Refused:
            raise
        except (ValueError, KeyError, TypeError, binascii.Error) as problem:
            raise Refused(_NO_SIGNATURE) from problem
        self._require_own(signature, digest)
        return signature

    def _require_own(self, signature: bytes, digest: bytes) -> None:
        """A signature by another key would only be found by whoever checks the file."""
        try:
            own = check_raw_signature(
                self.certificate, _FAMILIES[self.algorithm], "sha256", signature, digest
            )
        except BadSignature:
            own = False
        if not own:
            raise Refused("签名网关给出的签名与证书不符，文件没有签名，请与网关的管理者联系。")

    def validation_data(self, at: dt.datetime) -> ValidationData:
        own = (self.certificate, *self.chain)
        given = self.data(at, *own)
        return replace(given, certificates=(*own, *given.certificates))


def issued_key(
    post: Post, address: str, person: Person
) -> tuple[str, x509.Certificate, tuple[x509.Certificate, ...]]:
    """The gateway's key for ``person``, its certificate and those above it. Raises :class:`Refused`."""
    try:
        answer = _asked(post, f"{address}/certificate", {"name": person.name, "serial": person.key})
        alias = answer["key"]
        found = [
            x509.Certificate.load(base64.b64decode(one, validate=True), strict=True)
            for one in answer["certificates"]
        ]
        first, *above = found
        owner = person_of(first)
    except Refused:
        raise
    except (ValueError, KeyError, TypeError, binascii.Error) as problem:
        raise Refused(
            f"签名网关没有给出“{person.name}”的签名证书，文件没有签名，请与网关的管理者联系。"
        ) from problem
    if owner != person or not (isinstance(alias, str) and alias):
        raise Refused(f"签名网关给出的证书不是“{person.name}”的，文件没有签名，请与网关的管理者联系。")
    return alias, first, tuple(above)


def _asked(post: Post, address: str, request: dict[str, str]) -> Any:
    """The answer as read from JSON. Raises ``ValueError`` where it is none, :class:`Refused` where nobody answers."""
    try:
        return json.loads(post(address, "application/json", json.dumps(request, ensure_ascii=False).encode()))
    except OSError as problem:
        raise Refused("签名网关没有回应，文件没有签名，请稍后再试。") from problem
