"""What signing needs from outside: somebody who holds a key, and somebody who vouches for the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from asn1crypto import crl, ocsp, x509

#: sends a body and returns the answer's body: address, media type, body. Raises ``OSError`` where nobody answers.
#: Who calls brings it along, because this package has no network.
Post = Callable[[str, str, bytes], bytes]


@dataclass(frozen=True)
class ValidationData:
    """What a reader needs in twenty years: certificates up to the root, lists of what had been revoked, responders' answers."""

    certificates: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[crl.CertificateList, ...] = ()
    responses: tuple[ocsp.OCSPResponse, ...] = ()


class DataOf(Protocol):
    """What belongs to these certificates at a moment; whoever may ask outside brings it along."""

    def __call__(self, at: dt.datetime, /, *certificates: x509.Certificate) -> ValidationData: ...


class Signer(Protocol):
    """A key under a certificate. The key may be in a file, in a machine of its own, or with an authority."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authorities between the certificate and its root, without the root."""

    def sign_digest(self, digest: bytes) -> bytes:
        """The signature over a SHA-256 digest: ECDSA in DER, or RSA with PKCS #1 v1.5 padding."""

    def validation_data(self, at: dt.datetime) -> ValidationData: ...


class TimeStamper(Protocol):
    """A time-stamp authority (RFC 3161)."""

    @property
    def token_size(self) -> int:
        """The most bytes that a token takes; so much room is kept in the file."""

    def stamp(self, digest: bytes) -> bytes:
        """The token (a CMS ``ContentInfo`` in DER) over a SHA-256 digest. Raises ``Refused``."""

    def validation_data(self, at: dt.datetime) -> ValidationData: ...
