"""The demonstration authority: root, time stamps and certificates of people, kept as files in one folder.

It is made at first use. Nothing outside its folder trusts it; every name it gives says 示例.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from anxin.signing.interfaces import ValidationData
from anxin.signing.parties import Person

ORGANISATION = "安薪示例签名机构（示例，无法律效力）"
ROOT_NAME = "安薪示例根证书（示例）"
TIME_NAME = "安薪示例时间戳（示例）"
#: an address that exists nowhere: readers then know that the list comes with the file
_LIST_ADDRESS = "http://crl.anxin.example/demonstration.crl"
_ROOT_LASTS = dt.timedelta(days=30 * 365)
_TIME_LASTS = dt.timedelta(days=20 * 365)
_PERSON_LASTS = dt.timedelta(days=3 * 365)
_LIST_LASTS = dt.timedelta(days=30)
#: the root and the time service hold for days before the one on which they were made: a past written down is signed, too
_BEFORE = dt.timedelta(days=10 * 365)
#: clocks differ by a little
_SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class KeyFile:
    """A private key and its certificate; a :class:`~anxin.signing.interfaces.Signer` when it is a person's."""

    key: ec.EllipticCurvePrivateKey
    issued: x509.Certificate
    authority: Authority

    @cached_property
    def certificate(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.issued.public_bytes(serialization.Encoding.DER))

    @property
    def chain(self) -> tuple[asn1_x509.Certificate, ...]:
        return ()

    def sign_digest(self, digest: bytes) -> bytes:
        return self.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))

    def validation_data(self, at: dt.datetime) -> ValidationData:
        return self.authority.validation_data(at, self.certificate)


class Authority:
    """The authority of one folder. ``at`` is the moment, with its offset; a missing file is made as of then."""

    def __init__(self, folder: Path, at: dt.datetime) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "people").mkdir(mode=0o700, exist_ok=True)
        self._lists: dict[dt.date, asn1_crl.CertificateList] = {}
        self.root = self._kept("root.pem", lambda: self._make_root(at))
        self.time = self._kept("time.pem", lambda: self._make(TIME_NAME, "", at, _TIME_LASTS, time=True))
        public = folder / "root.crt"
        if not public.exists():
            _write_once(public, self.root.issued.public_bytes(serialization.Encoding.PEM))

    def signer_for(self, person: Person, at: dt.datetime) -> KeyFile:
        """The person's key and certificate, made at the first call and again when the certificate has run out."""
        name = hashlib.sha256(f"{person.key}\n{person.name}".encode()).hexdigest()[:32]
        for number in range(100):
            kept = self._kept(
                f"people/{name}-{number}.pem", lambda: self._make(person.name, person.key, at, _PERSON_LASTS)
            )
            if kept.issued.not_valid_before_utc <= at <= kept.issued.not_valid_after_utc - _SLACK:
                return kept
        raise ValueError(f"{self.folder} holds no certificate that is valid at {at}")

    def revoke(self, certificate: asn1_x509.Certificate, at: dt.datetime) -> None:
        """Signatures made from ``at`` on are not trusted; earlier ones stay."""
        _write_once(self.folder / f"revoked-{certificate.serial_number:x}", at.isoformat().encode())
        self._lists.clear()

    def validation_data(self, at: dt.datetime, *certificates: asn1_x509.Certificate) -> ValidationData:
        return ValidationData((*certificates, self.root.certificate), (self.revocation_list(at),))

    def revocation_list(self, at: dt.datetime) -> asn1_crl.CertificateList:
        """Signed once for each day in a process; what is revoked in between is on it at once."""
        if at.date() not in self._lists:
            self._lists[at.date()] = self._make_list(at)
        return self._lists[at.date()]

    def _make_list(self, at: dt.datetime) -> asn1_crl.CertificateList:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.issued.subject)
            .last_update(at - _SLACK)
            .next_update(at + _LIST_LASTS)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(_authority_key(self.root.issued), critical=False)
        )
        for path in sorted(self.folder.glob("revoked-*")):
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(path.name.removeprefix("revoked-"), 16))
                .revocation_date(dt.datetime.fromisoformat(path.read_text()))
                .build()
            )
        made = builder.sign(self.root.key, hashes.SHA256())
        return asn1_crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))

    def _make_root(self, at: dt.datetime) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(ROOT_NAME, "")
        usage = _usage(key_cert_sign=True, crl_sign=True)
        made = (
            _builder(name, name, key, at - _BEFORE, _ROOT_LASTS + _BEFORE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        return _pem(key, made)

    def _make(
        self, common_name: str, number: str, at: dt.datetime, lasts: dt.timedelta, *, time: bool = False
    ) -> bytes:
        if time:
            at, lasts = at - _BEFORE, lasts + _BEFORE
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.root.issued.subject
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(_LIST_ADDRESS)], None, None, None)
        builder = (
            _builder(_name(common_name, number), issuer, key, at, lasts)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True, content_commitment=not time), critical=True)
            .add_extension(_authority_key(self.root.issued), critical=False)
            .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        )
        if time:
            stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(stamping, critical=True)
        return _pem(key, builder.sign(self.root.key, hashes.SHA256()))

    def _kept(self, name: str, make: object) -> KeyFile:
        path = self.folder / name
        if not path.exists():
            _write_once(path, make())  # type: ignore[operator]
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return KeyFile(key, x509.load_pem_x509_certificate(content), self)


def local_root(folder: Path) -> tuple[asn1_x509.Certificate, ...]:
    """The root of the folder's authority, nothing where there is none. Makes nothing."""
    path = folder / "root.crt"
    return read_roots(path.read_bytes()) if path.is_file() else ()


def read_roots(content: bytes) -> tuple[asn1_x509.Certificate, ...]:
    """The certificates of a PEM or DER file. Raises ``ValueError`` where there are none."""
    if asn1_pem.detect(content):
        found = [der for kind, _, der in asn1_pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
    else:
        found = [content]
    roots = tuple(asn1_x509.Certificate.load(der, strict=True) for der in found)
    for root in roots:
        root.native  # noqa: B018 - reads every field now, so that a broken file is refused here
    if not roots:
        raise ValueError("no certificate")
    return roots


def _name(common_name: str, number: str) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name([*parts, x509.NameAttribute(NameOID.SERIAL_NUMBER, number)] if number else parts)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    at: dt.datetime,
    lasts: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _SLACK)
        .not_valid_after(at + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found.value)


def _usage(**on: bool) -> x509.KeyUsage:
    uses = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{use: on.get(use, False) for use in uses})


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _write_once(path: Path, content: bytes) -> None:
    """Written whole under another name (mode 0600) and then linked: of two that start together one comes first."""
    with tempfile.NamedTemporaryFile("wb", dir=path.parent) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)
