"""Putting a CMS together: the same few parts for a signature over a file and for a time stamp."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from anxin.signing import definite, sm2  # noqa: F401 - mends the library
from anxin.signing.hashing import SM3, sha256

SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


def digest_of(certificate: x509.Certificate) -> str:
    """The digest that goes with a certificate's key: SM3 with SM2, else SHA-256."""
    return SM3 if sm2.is_sm2(certificate.public_key) else "sha256"


def signed_data(
    *,
    content: bytes | None,
    digest: bytes,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    sign_digest: Callable[[bytes], bytes],
    time_stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """In DER. ``content`` is a time stamp's; without it the signature is detached and covers what has ``digest``, by the
    algorithm of :func:`digest_of`.

    ``time_stamp`` gives the token over the digest of the signature, which becomes the one unsigned attribute.
    """
    kind = "data" if content is None else "tst_info"
    bound = settled(
        tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": sha256(certificate.dump())})]})
    )
    attributes = settled(
        cms.CMSAttributes(
            [
                _attribute("content_type", kind),
                _attribute("message_digest", digest),
                _attribute("signing_certificate_v2", bound),
            ]
        )
    )
    algorithm = algos.DigestAlgorithm({"algorithm": digest_of(certificate)})
    signature = sign_digest(_signed_digest(certificate, attributes.dump()))
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            cms.IssuerAndSerialNumber(
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            ),
        ),
        "digest_algorithm": algorithm,
        "signature_algorithm": {"algorithm": _signature_algorithm(certificate)},
        "signed_attrs": attributes,
        "signature": signature,
    }
    if time_stamp is not None:
        token = cms.ContentInfo.load(time_stamp(sha256(signature)))
        signer["unsigned_attrs"] = settled(
            cms.CMSAttributes([_attribute("signature_time_stamp_token", token)])
        )
    signed = cms.SignedData(
        {
            "version": "v1" if content is None else "v3",
            "digest_algorithms": [algorithm],
            "encap_content_info": {"content_type": kind}
            if content is None
            else {"content_type": kind, "content": core.ParsableOctetString(content)},
            "certificates": [
                cms.CertificateChoices("certificate", value=one) for one in (certificate, *chain)
            ],
            "signer_infos": [settled(cms.SignerInfo(signer))],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": settled(signed)}).dump())


def _signed_digest(certificate: x509.Certificate, attributes: bytes) -> bytes:
    key = certificate.public_key
    return sm2.digest_for(key, attributes) if sm2.is_sm2(key) else sha256(attributes)


def _signature_algorithm(certificate: x509.Certificate) -> str:
    if sm2.is_sm2(certificate.public_key):
        return sm2.SM2_WITH_SM3
    return "sha256_ecdsa" if certificate.public_key.algorithm == "ec" else "sha256_rsa"


def settled(part: Any) -> Any:
    """The part as read back from its bytes: the library encodes a new part over and over at each level around it."""
    return type(part).load(part.dump())


def _attribute(kind: str, value: object) -> Any:
    return settled(cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": (value,)}))
