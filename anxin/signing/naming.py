"""Who a certificate is of, and the hour that people read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from asn1crypto import x509

from anxin.signing.parties import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")


def name_of(certificate: x509.Certificate) -> str:
    """The subject's common name, its organisation where it has none."""
    said = certificate.subject.native
    for part in ("common_name", "organization_name"):
        if part in said:
            value = said[part]
            return str(value if isinstance(value, str) else value[0])
    return certificate.subject.human_friendly


def person_of(certificate: x509.Certificate) -> Person:
    """The subject as a person; the key is its ``serialNumber``, or the certificate's digest where it has none."""
    number = certificate.subject.native.get("serial_number")
    return Person(name_of(certificate), str(number or certificate.sha256.hex()[:40]))
