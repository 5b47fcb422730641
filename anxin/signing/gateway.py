"""A signer whose key is with an outside authority or in a machine of its own, reached through a gateway.

The gateway's contract. ``POST {address}/sign`` with JSON ``{"key": "...", "algorithm": "ecdsa-sha256" or
"rsa-sha256", "digest": base64 of 32 bytes}``; the answer is ``{"signature": base64}``, ECDSA in DER or RSA with
PKCS #1 v1.5 padding. Whatever else it answers is a refusal; ``{"error": "..."}`` is shown to nobody but the log of
the caller. The gateway authenticates the caller by its own means (mutual TLS), which the ``Post`` brings along.

SM2 is not among the algorithms: the libraries here build and check neither certificates nor signatures of SM2. Where SM2 is asked for,
the gateway has to make the whole signature, and its own verifier has to check it; see docs/decisions/0026.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from asn1crypto import x509

from anxin.kernel.refusal import Refused
from anxin.signing.cms import UnsupportedSignature, check_raw_signature
from anxin.signing.interfaces import Post, ValidationData


@dataclass(frozen=True)
class GatewaySigner:
    """``key`` is the gateway's name of the key; ``certificate`` was entered by the operator."""

    post: Post
    address: str
    key: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    data: Callable[[dt.datetime], ValidationData] = field(default=lambda at: ValidationData())

    @property
    def algorithm(self) -> str:
        kind = self.certificate.public_key.algorithm
        curve = self.certificate.public_key.curve if kind == "ec" else None
        if kind == "rsa":
            return "rsa-sha256"
        if kind == "ec" and curve and curve[0] == "named" and curve[1].startswith("secp"):
            return "ecdsa-sha256"
        raise Refused("这张证书的算法（例如 SM2）不能由本系统组成签名，请由签名网关完成整个签名。")

    def sign_digest(self, digest: bytes) -> bytes:
        request = {"key": self.key, "algorithm": self.algorithm, "digest": base64.b64encode(digest).decode()}
        try:
            answer = json.loads(
                self.post(f"{self.address}/sign", "application/json", json.dumps(request).encode())
            )
            signature = base64.b64decode(answer["signature"], validate=True)
        except OSError as problem:
            raise Refused("签名网关没有回应，文件没有签名，请稍后再试。") from problem
        except (ValueError, KeyError, TypeError, binascii.Error) as problem:
            raise Refused("签名网关没有给出签名，文件没有签名，请与网关的管理者联系。") from problem
        self._require_own(signature, digest)
        return signature

    def _require_own(self, signature: bytes, digest: bytes) -> None:
        """A signature by another key would only be found by whoever checks the file."""
        try:
            own = check_raw_signature(
                self.certificate, f"{self.algorithm.split('-')[0]}", "sha256", signature, digest
            )
        except UnsupportedSignature:
            own = False
        if not own:
            raise Refused("签名网关给出的签名与证书不符，文件没有签名，请与网关的管理者联系。")

    def validation_data(self, at: dt.datetime) -> ValidationData:
        given = self.data(at)
        return ValidationData((self.certificate, *self.chain, *given.certificates), given.revocation_lists)
