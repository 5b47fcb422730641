"""The CMS inside a signature, checked so that no byte of it can be another one.

What the signature of a CMS covers is only its signed attributes. Everything around them (versions, lists of algorithms and
certificates, unsigned attributes) is held against one rule each, and the whole must be its own DER encoding.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from asn1crypto import algos, cms, core, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from anxin.signing import sm2
from anxin.signing.building import settled
from anxin.signing.hashing import ACCEPTED, SM3, digest, sha256

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_MOST_CERTIFICATES = 12


class BadSignature(ValueError):
    """The CMS is broken, or not what it should be; ``str()`` completes the sentence 签名……"""


class UnsupportedSignature(BadSignature):
    """An algorithm that is not checked here."""


@dataclass(frozen=True)
class Checked:
    """A CMS whose every byte is accounted for. ``imprint`` is the digest that it vouches for."""

    certificate: x509.Certificate
    certificates: tuple[x509.Certificate, ...]
    algorithm: str
    imprint: bytes
    signature: bytes
    moment: dt.datetime | None = None
    token: Checked | None = None


@contextmanager
def _whole() -> Iterator[None]:
    """Parts of a CMS are parsed when they are first asked for, anywhere below: what does not parse is a bad signature."""
    try:
        yield
    except BadSignature:
        raise
    except Exception as problem:
        raise BadSignature("读不懂，或被改动") from problem


@_whole()
def check_signature(der: bytes, issuers: Sequence[x509.Certificate] = ()) -> Checked:
    """A detached signature over a document, with at most one time stamp. Raises :class:`BadSignature`."""
    signed, signer = _opened(der, "data", versions=("v1", "v3"))
    if signed["encap_content_info"]["content"].native is not None:
        raise BadSignature("里多带了内容")
    checked = _checked(signed, signer, issuers)
    token = _token(signer)
    if token is None:
        return checked
    stamp = check_time_stamp(token, issuers)
    if stamp.imprint != digest(stamp.algorithm, checked.signature):
        raise BadSignature("的时间戳是别的签名的")
    return Checked(
        checked.certificate, checked.certificates, checked.algorithm, checked.imprint, checked.signature,
        stamp.moment, stamp,
    )  # fmt: skip


@_whole()
def check_time_stamp(der: bytes, issuers: Sequence[x509.Certificate] = ()) -> Checked:
    """A time-stamp token; ``imprint`` and ``algorithm`` are those of what was stamped. Raises :class:`BadSignature`."""
    signed, signer = _opened(der, "tst_info", versions=("v3",))
    if not isinstance(signer["unsigned_attrs"], core.Void):
        raise BadSignature("的时间戳带有不受保护的内容")
    content = bytes(signed["encap_content_info"]["content"])
    checked = _checked(signed, signer, issuers)
    if checked.imprint != digest(checked.algorithm, content):
        raise BadSignature("的时间戳内容被改动")
    said = signed["encap_content_info"]["content"].parsed
    imprint = said["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in ACCEPTED:
        raise UnsupportedSignature(f"的时间戳用了不支持的摘要算法（{algorithm}）")
    return Checked(
        checked.certificate, checked.certificates, algorithm, imprint["hashed_message"].native, checked.signature,
        said["gen_time"].native,
    )  # fmt: skip


def check_raw_signature(
    certificate: x509.Certificate, family: str, algorithm: str, signature: bytes, digested: bytes
) -> bool:
    """Whether the key of the certificate made the signature over a digest; ``family`` is ``ecdsa``, ``rsa`` or ``sm2``."""
    if family == "sm2":
        return _holds_sm2(certificate, signature, digested)
    try:
        key = serialization.load_der_public_key(certificate.public_key.dump())
        prehashed = Prehashed(_HASHES[algorithm])
        if family == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digested, ec.ECDSA(prehashed))
        elif family == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digested, padding.PKCS1v15(), prehashed)
        else:
            raise UnsupportedSignature("用了不支持的算法")
    except InvalidSignature:
        return False
    except UnsupportedSignature:
        raise
    except Exception as problem:  # a curve or an encoding that the library does not take
        raise UnsupportedSignature("用了不支持的算法") from problem
    return True


def _holds_sm2(certificate: x509.Certificate, signature: bytes, digested: bytes) -> bool:
    try:
        return sm2.is_sm2(certificate.public_key) and sm2.holds(certificate.public_key, signature, digested)
    except ValueError as problem:
        raise BadSignature("的公钥不在 SM2 曲线上") from problem


def _covering(certificate: x509.Certificate, family: str, algorithm: str, signed: bytes) -> bytes:
    """The digest that a signature is over; with SM2 the signer's key is part of it."""
    if family == "sm2" and sm2.is_sm2(certificate.public_key):
        return sm2.digest_for(certificate.public_key, signed)
    return digest(algorithm, signed)


def subject(der: bytes) -> x509.Certificate | None:
    """The signer's certificate of a CMS that need not be sound, to name whose signature is broken."""
    try:
        signed = cms.ContentInfo.load(der)["content"]
        wanted = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
        for choice in signed["certificates"]:
            if choice.chosen.serial_number == wanted:
                found: x509.Certificate = choice.chosen
                found.subject.native  # noqa: B018 - a broken name is found here, not by who shows it
                return found
    except Exception:
        return None
    return None


def _opened(der: bytes, kind: str, versions: tuple[str, ...]) -> tuple[cms.SignedData, cms.SignerInfo]:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        raise BadSignature("不是一份签名")
    signed = info["content"]
    signers = signed["signer_infos"]
    plain = (
        len(signers) == 1
        and signed["version"].native in versions
        and signed["encap_content_info"]["content_type"].native == kind
        and signed["crls"].native is None
        and signers[0]["version"].native == "v1"
        and signers[0]["sid"].name == "issuer_and_serial_number"
    )
    if not plain or _rebuilt(signed, signers[0]) != der:
        raise BadSignature("的编码不规范，或被改动")
    return signed, signers[0]


def _rebuilt(signed: cms.SignedData, signer: cms.SignerInfo) -> bytes:
    """The same parts put together anew, in the one right encoding.

    Taken over as they stand are only parts with a safeguard of their own: the signed attributes (the signature), the certificates
    (their digest or their issuer), algorithms (held against their two encodings), the time stamp (checked by itself).
    """
    certificates = _certificates(signed)
    own = _signers_own(signer, certificates)
    algorithm = _plain_algorithm(algos.DigestAlgorithm, signer["digest_algorithm"])
    part: dict[str, object] = {
        "version": signer["version"].native,
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}),
        ),
        "digest_algorithm": algorithm,
        "signature_algorithm": _plain_algorithm(algos.SignedDigestAlgorithm, signer["signature_algorithm"]),
        "signed_attrs": cms.CMSAttributes.load(signer["signed_attrs"].untag().dump(), strict=True),
        "signature": signer["signature"].native,
    }
    token = _token(signer)
    if token is not None:
        attribute = {
            "type": "signature_time_stamp_token",
            "values": (cms.ContentInfo.load(token, strict=True),),
        }
        part["unsigned_attrs"] = settled(cms.CMSAttributes([settled(cms.CMSAttribute(attribute))]))
    kind = signed["encap_content_info"]["content_type"].native
    inner: dict[str, object] = {"content_type": kind}
    if kind == "tst_info":
        inner["content"] = core.ParsableOctetString(bytes(signed["encap_content_info"]["content"]))
    content = cms.SignedData(
        {
            "version": signed["version"].native,
            "digest_algorithms": [algorithm],
            "encap_content_info": inner,
            "certificates": [cms.CertificateChoices("certificate", value=one) for one in certificates],
            "signer_infos": [settled(cms.SignerInfo(part))],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": settled(content)}).dump())


def _plain_algorithm(kind: type[core.Sequence], given: core.Sequence) -> core.Sequence:
    """The algorithm with no parameters, or with NULL as some write it."""
    name = given["algorithm"].native
    for plain in (kind({"algorithm": name}), kind({"algorithm": name, "parameters": core.Null()})):
        if plain.dump() == given.dump():
            return plain
    raise BadSignature("的算法写法不规范，或被改动")


def _checked(signed: cms.SignedData, signer: cms.SignerInfo, issuers: Sequence[x509.Certificate]) -> Checked:
    algorithm = _digest_algorithm(signer["digest_algorithm"])
    listed = signed["digest_algorithms"]
    if len(listed) != 1 or listed[0].dump() != signer["digest_algorithm"].dump():
        raise BadSignature("的算法列表被改动")
    certificates = _certificates(signed)
    certificate = _signers_own(signer, certificates)
    attributes = _attributes(signer)
    if attributes["content_type"].native != signed["encap_content_info"]["content_type"].native:
        raise BadSignature("的内容种类被改动")
    family = _family(signer, algorithm)
    covered = _covering(certificate, family, algorithm, signer["signed_attrs"].untag().dump())
    if not check_raw_signature(certificate, family, algorithm, signer["signature"].native, covered):
        raise BadSignature("与签名人的密钥不符，签名值或受保护的内容被改动")
    bound = _bound(attributes, certificate)
    _require_chain(certificate, certificates, issuers, bound=bound)
    return Checked(
        certificate, certificates, algorithm, attributes["message_digest"].native, signer["signature"].native
    )


def _digest_algorithm(given: algos.DigestAlgorithm) -> str:
    name = given["algorithm"].native
    if name not in ACCEPTED:
        raise UnsupportedSignature(f"用了不支持的摘要算法（{name}）")
    if given["parameters"].native is not None:
        raise BadSignature("的摘要算法被改动")
    return str(name)


def _family(signer: cms.SignerInfo, algorithm: str) -> str:
    given = signer["signature_algorithm"]
    name = given["algorithm"].native
    if name == sm2.SM2_WITH_SM3 and algorithm == SM3 and given["parameters"].native is None:
        return "sm2"
    if given["parameters"].native is not None or name not in (
        f"{algorithm}_ecdsa", f"{algorithm}_rsa", "rsassa_pkcs1v15",
    ):  # fmt: skip
        raise UnsupportedSignature(f"用了不支持的签名算法（{name}）")
    return "ecdsa" if name.endswith("_ecdsa") else "rsa"


def _certificates(signed: cms.SignedData) -> tuple[x509.Certificate, ...]:
    found = signed["certificates"]
    if not 1 <= len(found) <= _MOST_CERTIFICATES or any(one.name != "certificate" for one in found):
        raise BadSignature("所带的证书不规范")
    return tuple(one.chosen for one in found)


def _signers_own(signer: cms.SignerInfo, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    named = signer["sid"].chosen
    own = [
        one
        for one in certificates
        if one.serial_number == named["serial_number"].native and one.issuer.dump() == named["issuer"].dump()
    ]
    if len(own) != 1:
        raise BadSignature("没有带签名人的证书")
    return own[0]


def _attributes(signer: cms.SignerInfo) -> dict[str, cms.Any]:
    found: dict[str, cms.Any] = {}
    for attribute in signer["signed_attrs"]:
        kind = attribute["type"].native
        if kind in found or len(attribute["values"]) != 1:
            raise BadSignature("的受保护内容不规范")
        found[kind] = attribute["values"][0]
    if "content_type" not in found or "message_digest" not in found:
        raise BadSignature("缺少受保护的内容")
    return found


def _bound(attributes: dict[str, cms.Any], certificate: x509.Certificate) -> bool:
    """Whether the signed attributes name the certificate by its digest, and rightly so."""
    if "signing_certificate_v2" in attributes:
        first = attributes["signing_certificate_v2"]["certs"][0]
        algorithm = first["hash_algorithm"]["algorithm"].native
        if algorithm not in ACCEPTED or first["cert_hash"].native != digest(algorithm, certificate.dump()):
            raise BadSignature("所带的证书被改动或调换")
        return True
    if "signing_certificate" in attributes:
        named = attributes["signing_certificate"]["certs"][0]["cert_hash"].native
        if named != hashlib.sha1(certificate.dump(), usedforsecurity=False).digest():
            raise BadSignature("所带的证书被改动或调换")
        return True
    return False


def _require_chain(
    certificate: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    issuers: Sequence[x509.Certificate],
    *,
    bound: bool,
) -> None:
    """Each certificate that comes along is a link of the signer's chain, and unaltered because its issuer signed it.

    This says nothing of trust: it is there so that a byte of a certificate cannot change.
    """
    known = [*certificates, *issuers]
    used = {sha256(certificate.dump())}
    current, sure = certificate, bound
    for _ in range(_MOST_CERTIFICATES):
        issuer = next(
            (one for one in known if one.subject.dump() == current.issuer.dump() and issued(one, current)),
            None,
        )
        if issuer is None:
            break
        sure = True
        if issuer.dump() == current.dump():
            break
        if sha256(issuer.dump()) in {sha256(one.dump()) for one in certificates}:
            used.add(sha256(issuer.dump()))
            current, sure = issuer, False
        else:
            break
    if not sure:
        raise BadSignature("所带的证书无法核对：没有它的上级证书，或证书被改动")
    if used != {sha256(one.dump()) for one in certificates}:
        raise BadSignature("带有与签名人无关的证书")


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether the key of ``issuer`` signed the certificate."""
    given = certificate["signature_algorithm"]
    return given.dump() == certificate["tbs_certificate"]["signature"].dump() and signed_by(
        issuer, given, certificate["tbs_certificate"].dump(), certificate["signature_value"].native
    )


def signed_by(
    issuer: x509.Certificate, given: algos.SignedDigestAlgorithm, covered: bytes, signature: bytes
) -> bool:
    """Whether the key of ``issuer`` signed a part of a certificate or of a list of revoked ones."""
    try:
        if given["algorithm"].native == sm2.SM2_WITH_SM3:
            family, algorithm = "sm2", SM3
        else:
            algorithm = given.hash_algo
            family = {"ecdsa": "ecdsa", "rsassa_pkcs1v15": "rsa"}[given.signature_algo]
        return check_raw_signature(
            issuer, family, algorithm, signature, _covering(issuer, family, algorithm, covered)
        )
    except (KeyError, ValueError):
        return False


def _token(signer: cms.SignerInfo) -> bytes | None:
    """The time stamp among the unsigned attributes, where nothing else may stand."""
    attributes = signer["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return None
    if len(attributes) != 1 or attributes[0]["type"].native != "signature_time_stamp_token":
        raise BadSignature("带有不受保护的内容")
    if len(attributes[0]["values"]) != 1:
        raise BadSignature("带有几个时间戳")
    # The bytes as they stand: what has been looked into, the library would encode anew.
    values = attributes[0]["values"]
    return bytes(values.contents)
