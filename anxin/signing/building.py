"""Putting a CMS together: the same few parts for a signature over a file and for a time stamp."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from anxin.signing.hashing import sha256

SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


def signed_data(
    *,
    content: bytes | None,
    digest: bytes,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    sign_digest: Callable[[bytes], bytes],
    time_stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """In DER. ``content`` is a time stamp's; without it the signature is detached and covers what has ``digest``.

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
    signature = sign_digest(sha256(attributes.dump()))
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            cms.IssuerAndSerialNumber(
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            ),
        ),
        "digest_algorithm": SHA256,
        "signature_algorithm": {
            "algorithm": "sha256_ecdsa" if certificate.public_key.algorithm == "ec" else "sha256_rsa"
        },
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
            "digest_algorithms": [SHA256],
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


def settled(part: Any) -> Any:
    """The part as read back from its bytes: the library encodes a new part over and over at each level around it."""
    return type(part).load(part.dump())


def _attribute(kind: str, value: object) -> Any:
    return settled(cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": (value,)}))
