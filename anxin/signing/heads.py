"""A detached signature over the head of a file that is no PDF (an evidence package), with its time stamp and what is needed to judge it later.

``openssl cms -verify -binary -inform DER -in seal.p7s -content statement.json`` reads the same signature.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import crl, ocsp, x509

from anxin.signing.building import digest_of, signed_data
from anxin.signing.cms import BadSignature, check_signature
from anxin.signing.hashing import digest, sha256
from anxin.signing.interfaces import Signer, TimeStamper, ValidationData
from anxin.signing.naming import name_of
from anxin.signing.trust import Vouching


@dataclass(frozen=True)
class Found:
    """Who sealed a head and when by the time stamp; ``doubt``: why nobody vouches for it."""

    certificate: x509.Certificate
    name: str
    moment: dt.datetime | None
    doubt: str


def seal(head: bytes, *, signer: Signer, stamper: TimeStamper, at: dt.datetime) -> tuple[bytes, bytes]:
    """The signature (CMS in DER) and the data for judging it (JSON). Raises :class:`~anxin.kernel.refusal.Refused`."""
    made = signed_data(
        content=None,
        digest=digest(digest_of(signer.certificate), head),
        certificate=signer.certificate,
        chain=signer.chain,
        sign_digest=signer.sign_digest,
        time_stamp=stamper.stamp,
    )
    return made, _data(signer.validation_data(at), stamper.validation_data(at))


def check(head: bytes, signature: bytes, data: bytes, roots: Sequence[x509.Certificate]) -> Found:
    """Whether the signature is over this head, and who vouches for the signer. Raises :class:`BadSignature`."""
    checked = check_signature(signature, ())
    if checked.imprint != digest(checked.algorithm, head):
        raise BadSignature("所覆盖的内容被改动")
    kept = _read(data)
    vouching = Vouching(roots, kept.certificates, kept.revocation_lists, kept.responses)
    doubt = "没有时间戳，无法确认签名的时间。"
    if checked.moment is not None and checked.token is not None:
        doubt = vouching.doubt(checked, checked.moment)
        if not doubt and (of_time := vouching.doubt(checked.token, checked.moment, time_stamp=True)):
            doubt = f"时间戳的{of_time}"
    return Found(checked.certificate, name_of(checked.certificate), checked.moment, doubt)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 in hexadecimal, as certificates are compared."""
    return sha256(certificate.dump()).hex()


def _data(*parts: ValidationData) -> bytes:
    said = {
        "certificates": _coded(one.dump() for part in parts for one in part.certificates),
        "lists": _coded(one.dump() for part in parts for one in part.revocation_lists),
        "responses": _coded(one.dump() for part in parts for one in part.responses),
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _coded(parts: object) -> list[str]:
    found = dict.fromkeys(parts)  # type: ignore[call-overload]
    return [base64.b64encode(one).decode() for one in found]


def _read(data: bytes) -> ValidationData:
    try:
        said = json.loads(data)
        certificates, lists, responses = (
            [base64.b64decode(one, validate=True) for one in said[name]]
            for name in ("certificates", "lists", "responses")
        )
        return ValidationData(
            tuple(x509.Certificate.load(one, strict=True) for one in certificates),
            tuple(crl.CertificateList.load(one, strict=True) for one in lists),
            tuple(ocsp.OCSPResponse.load(one, strict=True) for one in responses),
        )
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error) as problem:
        raise BadSignature("的核对资料读不懂") from problem
