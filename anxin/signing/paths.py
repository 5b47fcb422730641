"""A chain with SM2 in it, followed up to a trusted root: the library that does so for other keys has no SM2.

The same questions as there (RFC 5280, 6): who issued, until when, allowed to issue, revoked by then. A certificate without a list
of its issuer's is not trusted; an extension that must be understood and is not makes it unusable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from asn1crypto import crl, x509

from anxin.signing import sm2
from anxin.signing.cms import issued, signed_by

UNTRUSTED = "证书不是由所信任的机构签发的。"
OUT_OF_TIME = "证书在签名时不在有效期内。"
REVOKED = "证书在签名时已被吊销。"
UNUSABLE = "证书不能用于这种签名。"
UNKNOWN = "证书无法核对，例如文件里没有它的吊销信息。"
_LONGEST = 8
_UNDERSTOOD = {"basic_constraints", "key_usage", "extended_key_usage", "certificate_policies"}


def has_sm2(certificates: Iterable[x509.Certificate]) -> bool:
    """Whether a key or a signature among them is SM2's."""
    return any(
        sm2.is_sm2(one.public_key) or one["signature_algorithm"]["algorithm"].native == sm2.SM2_WITH_SM3
        for one in certificates
    )


def doubt(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    lists: Sequence[crl.CertificateList],
    at: dt.datetime,
    *,
    time_stamp: bool,
) -> str:
    """Why the certificate is not trusted as of ``at``, in one sentence; empty where it is."""
    if not _may_sign(certificate, time_stamp=time_stamp):
        return UNUSABLE
    known = {one.sha256 for one in roots}
    current = certificate
    for below in range(_LONGEST):
        if not _understood(current):
            return UNUSABLE
        if not current.not_valid_before <= at <= current.not_valid_after:
            return OUT_OF_TIME
        if current.sha256 in known:
            return ""
        above = next((one for one in (*roots, *others) if _above(one, current)), None)
        if above is None:
            return UNTRUSTED
        if not _may_issue(above, below):
            return UNUSABLE
        problem = _revocation(current, above, lists, at)
        if problem:
            return problem
        current = above
    return UNTRUSTED


def _above(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    named = issuer.subject.dump() == certificate.issuer.dump() and issuer.sha256 != certificate.sha256
    return named and issued(issuer, certificate)


def _may_sign(certificate: x509.Certificate, *, time_stamp: bool) -> bool:
    usage, extended = certificate.key_usage_value, certificate.extended_key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        return False
    return not time_stamp or (extended is not None and "time_stamping" in extended.native)


def _may_issue(issuer: x509.Certificate, below: int) -> bool:
    usage = issuer.key_usage_value
    longest = issuer.max_path_length
    return bool(
        issuer.ca
        and (usage is None or "key_cert_sign" in usage.native)
        and (longest is None or below <= longest)
    )


def _understood(certificate: x509.Certificate) -> bool:
    return set(certificate.critical_extensions) <= _UNDERSTOOD


def _revocation(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[crl.CertificateList],
    at: dt.datetime,
) -> str:
    """What the issuer's lists say. One that ran out before ``at`` says nothing of it, a later one does."""
    seen = False
    for one in lists:
        if not _speaks_of(one, certificate, issuer, at):
            continue
        seen = True
        for entry in one["tbs_cert_list"]["revoked_certificates"] or ():
            if (
                entry["user_certificate"].native == certificate.serial_number
                and entry["revocation_date"].native <= at
            ):
                return REVOKED
    return "" if seen else UNKNOWN


def _speaks_of(
    one: crl.CertificateList, certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime
) -> bool:
    ends = one["tbs_cert_list"]["next_update"].native
    if one.issuer.dump() != issuer.subject.dump() or (ends is not None and ends < at):
        return False
    if one.delta_crl_indicator_value is not None or not _of_its_part(one, certificate):
        return False
    given = one["signature_algorithm"]
    return signed_by(issuer, given, one["tbs_cert_list"].dump(), one["signature"].native)


def _of_its_part(one: crl.CertificateList, certificate: x509.Certificate) -> bool:
    """A list of a part of the certificates speaks of this one only where both name the same address."""
    part = one.issuing_distribution_point_value
    if part is None:
        return True
    said = part.native
    if said["indirect_crl"] or said["only_some_reasons"] or said["only_contains_attribute_certs"]:
        return False
    if said["only_contains_ca_certs"] or said["only_contains_user_certs"]:
        return False
    own = {
        name.native
        for point in certificate.crl_distribution_points
        if point["distribution_point"].name == "full_name"
        for name in point["distribution_point"].chosen
    }
    return not said["distribution_point"] or bool(own & set(said["distribution_point"]))
