"""The structure of a file whose digests agree: which fields hold the signatures, and what came after each.

Digests alone do not protect a reader: later revisions may put other pages over signed ones. What each later revision
changes is held against the short list of what may follow a signature: signatures, their data, their time stamps.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DecodePurpose, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from anxin.signing.preparing import Place, places_of
from anxin.signing.raw import Mark
from anxin.signing.verdict import Unreadable

MiB = 1024 * 1024
_SUBFILTERS = {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161"}
_MAY_FOLLOW = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


class Tampered(ValueError):
    """The structure shows a change; ``str()`` is the sentence."""


@dataclass(frozen=True)
class Field:
    """A filled signature field, in the order of the byte ranges."""

    mark: Mark
    slot: str
    time_stamp: bool
    revision: int
    reason: str
    identity: dict[str, Any] | None
    embedded: EmbeddedPdfSignature


@dataclass(frozen=True)
class Structure:
    fields: tuple[Field, ...]
    revisions: int
    places: tuple[Place, ...] | None
    certificates: tuple[x509.Certificate, ...]
    revocation_lists: tuple[crl.CertificateList, ...]
    responses: tuple[ocsp.OCSPResponse, ...]


def open_file(pdf: bytes) -> PdfFileReader:
    """Raises :class:`Unreadable` for an encrypted file, :class:`Tampered` where the structure is broken."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True, decode_limits=_limits())
        encrypted = reader.encrypted
        reader.root  # noqa: B018 - the catalogue is read now
    except Exception as problem:
        raise Tampered("文件结构损坏，读不出内容。") from problem
    if encrypted:
        raise Unreadable("文件有密码保护，无法验证，请先去掉密码再验证。")
    return reader


def read(reader: PdfFileReader, marks: Sequence[Mark]) -> Structure:
    """Raises :class:`Tampered`: every byte range must be that of one signature field, and the other way round."""
    try:
        found = [
            EmbeddedPdfSignature(reader, field, name)
            for name, value, field in enumerate_sig_fields(reader, filled_status=True)
        ]
        ranges = [tuple(int(number) for number in one.byte_range) for one in found]
        if sorted(ranges) != sorted(mark.byte_range for mark in marks):
            raise Tampered("文件里的签名与签名域对不上：有签名被隐藏、重复或调换。")
        by_range = dict(zip(ranges, found, strict=True))
        fields = tuple(_field(by_range[mark.byte_range], mark) for mark in marks)
        store = DocumentSecurityStore.read_dss(reader) if "/DSS" in reader.root else None
        return Structure(
            fields,
            reader.xrefs.total_revisions,
            places_of(reader),
            tuple(store.load_certs()) if store else (),
            _lists(store) if store else (),
            _responses(store) if store else (),
        )
    except Tampered:
        raise
    except Exception as problem:
        raise Tampered("签名域读不懂，文件结构损坏或被改动。") from problem


def later_changes(field: Field, name: str, known: set[str]) -> str | None:
    """The sentence for what was changed after this signature beyond what may follow it."""
    try:
        embedded = field.embedded
        covered = embedded.evaluate_signature_coverage()
        embedded.coverage = covered  # type: ignore[assignment]
        if covered not in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION):
            return f"“{name}”的签名没有完整覆盖它所在的版本。"
        if covered is SignatureCoverageLevel.ENTIRE_FILE:
            return None
        result = embedded.evaluate_modifications(DEFAULT_DIFF_POLICY)
    except Exception:
        return f"“{name}”签名之后的改动读不懂，不能确认文件未被改动。"
    if isinstance(result, DiffResult) and result.modification_level in _MAY_FOLLOW:
        other = set(result.changed_form_fields) - known
        return f"“{name}”签名之后，表单内容被改动：{'、'.join(sorted(other))}。" if other else None
    return f"“{name}”签名之后，文件内容被改动（页面、批注或其他对象）。"


def _field(embedded: EmbeddedPdfSignature, mark: Mark) -> Field:
    said = embedded.sig_object
    kind = str(said.get("/Type", "/Sig"))
    subfilter = str(said["/SubFilter"])
    if subfilter not in _SUBFILTERS or (kind == "/DocTimeStamp") != (subfilter == "/ETSI.RFC3161"):
        raise Tampered("签名的种类不认识，不能验证。")
    identity = said.get("/AnxinIdentity")
    return Field(
        mark,
        embedded.field_name,
        kind == "/DocTimeStamp",
        embedded.signed_revision,
        str(said.get("/Reason", "")),
        json.loads(str(identity)) if identity is not None else None,
        embedded,
    )


def _lists(store: DocumentSecurityStore) -> tuple[crl.CertificateList, ...]:
    return tuple(
        crl.CertificateList.load(reference.get_object().read_data(DecodePurpose.CRL))
        for reference in store.crls
    )


def _responses(store: DocumentSecurityStore) -> tuple[ocsp.OCSPResponse, ...]:
    return tuple(
        ocsp.OCSPResponse.load(reference.get_object().read_data(DecodePurpose.OCSP_RESPONSE))
        for reference in store.ocsps
    )


def _limits() -> DecodeLimits:
    """A letter's pages are small; what unpacks to more is not read."""
    return DecodeLimits(per_stream=StreamDecodeLimits(max_output_size=64 * MiB))
