"""OCSP: the responder that a certificate names says whether it holds now, and the answer is laid into the signed file (RFC 6960).

Asked only where ``ANXIN_OCSP`` is on and a certificate above, whose own signature stands under it, is known: an address in a
certificate of nobody's is never called. An answer is kept for an hour. A responder that does not answer leaves the question to
the lists; a certificate that it calls revoked signs nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from asn1crypto import ocsp, x509
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.errors import OCSPFetchError, OCSPValidationError
from pyhanko_certvalidator.fetchers.common_utils import (
    format_ocsp_request,
    get_certid,
    process_ocsp_response_data,
)

from anxin.kernel.refusal import Refused
from anxin.signing.cms import issued, signed_by
from anxin.signing.naming import SHANGHAI, name_of
from anxin.vouching import calling

_log = logging.getLogger(__name__)
_FRESH = dt.timedelta(hours=1)
#: clocks differ by a little
_SLACK = dt.timedelta(minutes=5)
#: responders answer to the old digest of the issuer's name; nothing is vouched for by it
_CERTID = "sha1"
_kept: dict[bytes, tuple[dt.datetime, ocsp.OCSPResponse]] = {}


def responses(
    certificates: Sequence[x509.Certificate], above: Sequence[x509.Certificate], at: dt.datetime
) -> tuple[ocsp.OCSPResponse, ...]:
    """The answers for those of ``certificates`` that name a responder. Raises :class:`Refused` for a revoked one."""
    found = []
    for one in certificates:
        issuer = next((other for other in (*above, *certificates) if _above(other, one)), None)
        if issuer is not None and one.ocsp_urls:
            answer = _answer(one, issuer, at)
            found += [answer] if answer is not None else []
    return tuple(found)


def _above(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    named = issuer.subject.dump() == certificate.issuer.dump() and issuer.sha256 != certificate.sha256
    return named and issued(issuer, certificate)


def _answer(
    certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime
) -> ocsp.OCSPResponse | None:
    held = _kept.get(certificate.sha256)
    if held is not None and abs(at - held[0]) < _FRESH:
        return held[1]
    authority = AuthorityWithCert(issuer)
    request = format_ocsp_request(certificate, authority, certid_hash_algo=_CERTID, request_nonces=True)
    for address in certificate.ocsp_urls:
        try:
            body = calling.poster()(address, "application/ocsp-request", request.dump())
            answer = process_ocsp_response_data(body, ocsp_request=request, ocsp_url=address)
            said = _said(answer, get_certid(certificate, authority, certid_hash_algo=_CERTID), issuer, at)
        except (
            OSError,
            OCSPFetchError,
            OCSPValidationError,
            Refused,
            ValueError,
            TypeError,
            KeyError,
        ) as problem:
            _log.warning("%s gave no answer of use: %s", address, type(problem).__name__)
            continue
        if said is None:
            continue
        if said.name == "revoked":
            day = said.chosen["revocation_time"].native.astimezone(SHANGHAI)
            raise Refused(
                f"“{name_of(certificate)}”的签名证书已于{day:%Y-%m-%d %H:%M}被吊销，不能签名，请与证书的签发机构联系。",
                field="signer",
            )
        if said.name == "good":
            _kept[certificate.sha256] = (at, answer)
            return answer
    return None


def _said(
    answer: ocsp.OCSPResponse, asked: ocsp.CertId, issuer: x509.Certificate, at: dt.datetime
) -> ocsp.CertStatus | None:
    """What the answer says of the certificate, or ``None`` where it is old, of another, or signed by nobody entitled to."""
    basic = answer.basic_ocsp_response
    if not _entitled(basic, issuer):
        return None
    for one in basic["tbs_response_data"]["responses"]:
        ends = one["next_update"].native
        in_time = one["this_update"].native - _SLACK <= at and (ends is None or at <= ends + _SLACK)
        if one["cert_id"].native == asked.native and in_time:
            return one["cert_status"]
    return None


def _entitled(basic: ocsp.BasicOCSPResponse, issuer: x509.Certificate) -> bool:
    """Signed by the issuer, or by somebody whom the issuer certified for answering (RFC 6960, 4.2.2.2)."""
    given, covered = basic["signature_algorithm"], basic["tbs_response_data"].dump()
    signature = basic["signature"].native
    helpers = [
        one
        for one in basic["certs"] or ()
        if one.extended_key_usage_value is not None
        and "ocsp_signing" in one.extended_key_usage_value.native
        and _above(issuer, one)
    ]
    return any(signed_by(one, given, covered, signature) for one in (issuer, *helpers))
