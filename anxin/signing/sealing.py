"""Signing: a CAdES signature with its time stamp (PAdES B-T), then validation data and a time stamp of the file (B-LTA).

The library's own way validates chains anew for each signature; here the signer brings what has to be embedded, and what
was signed is checked once, where it is read. A batch of a thousand is then a matter of a minute or two.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigAppearanceSetup,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData, SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from anxin.kernel.refusal import Refused
from anxin.signing.building import digest_of, signed_data
from anxin.signing.hashing import SM3, sha256
from anxin.signing.interfaces import Signer, TimeStamper
from anxin.signing.naming import person_of
from anxin.signing.parties import IdentityCheck
from anxin.signing.preparing import Place, places_of
from anxin.signing.stamps import Stamp, draw, style_of

IDENTITY = generic.pdf_name("/AnxinIdentity")
#: attributes and framing of a signature beside its certificates and its time stamp
_FRAME = 900
_DIGEST = "sha256"
#: the digests as the library of PDF calls them
_NAMES = {"sha256": _DIGEST, SM3: "sm3"}


def sign(
    pdf: bytes,
    *,
    slot: str,
    signer: Signer,
    identity: IdentityCheck,
    stamper: TimeStamper,
    at: dt.datetime,
    stamp: Stamp | None = None,
) -> bytes:
    """The prepared file with one signature more, sealed by a time stamp over everything.

    ``slot`` is the key of the place, ``at`` the moment with its offset. Refuses when the place is not there or is taken, when the
    certificate or the identity check is another person's, or when another file was read. Raises :class:`Refused`.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of signing carries its offset")
    writer = _opened(pdf)
    place = _free_place(writer, slot)
    owner = person_of(signer.certificate)
    if owner != place.person:
        raise Refused(
            f"这一处应由“{place.person.name}”签名，证书却是“{owner.name}”的，不能代签。", field="signer"
        )
    identity.require(person=place.person, digest=sha256(pdf).hex(), at=at)
    first = not any(True for _ in enumerate_sig_fields(writer, filled_status=True))
    signed = _with_signature(writer, place, signer, identity, stamper, at, stamp, certify=first)
    return _sealed(signed, signer, stamper, at)


def _opened(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        return IncrementalPdfFileWriter(io.BytesIO(pdf))
    except (PdfReadError, ValueError, RecursionError) as problem:
        raise Refused("这份文件不是可以签名的PDF。", field="pdf") from problem


def _free_place(writer: IncrementalPdfFileWriter, key: str) -> Place:
    try:
        places = places_of(writer.prev)
    except ValueError as problem:
        raise Refused("文件里的签名位读不懂，不能签名。", field="pdf") from problem
    found = next((place for place in places or () if place.key == key), None)
    if found is None:
        raise Refused(f"文件里没有名为“{key}”的签名位。", field="slot")
    for name, value, _ in enumerate_sig_fields(writer.prev):
        if name == key and value is not None:
            raise Refused(f"“{found.label}”这一处已有签名，不能再签一次。", field="slot")
    return found


def _with_signature(
    writer: IncrementalPdfFileWriter,
    place: Place,
    signer: Signer,
    identity: IdentityCheck,
    stamper: TimeStamper,
    at: dt.datetime,
    stamp: Stamp | None,
    *,
    certify: bool,
) -> io.BytesIO:
    """The first signature also says that from now on only signatures may be added (DocMDP, level 2)."""
    certificates = sum(len(one.dump()) for one in (signer.certificate, *signer.chain))
    holder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=place.person.name,
        reason=identity.sentence(),
        bytes_reserved=2 * (certificates + stamper.token_size + _FRAME),
    )
    holder[IDENTITY] = generic.TextStringObject(identity.dumps())
    embedder = PdfCMSEmbedder().write_cms(place.key, writer, existing_fields_only=True)
    field = next(embedder).get_object()
    algorithm = _NAMES[digest_of(signer.certificate)]
    setup = SigObjSetup(
        sig_placeholder=holder,
        appearance_setup=_appearance(field, place, at, stamp),
        mdp_setup=SigMDPSetup(
            md_algorithm=algorithm, certify=certify, docmdp_perms=MDPPerm.FILL_FORMS if certify else None
        ),
    )
    embedder.send(setup)
    prepared, out = embedder.send(SigIOSetup(md_algorithm=algorithm))
    made = signed_data(
        content=None,
        digest=prepared.document_digest,
        certificate=signer.certificate,
        chain=signer.chain,
        sign_digest=signer.sign_digest,
        time_stamp=stamper.stamp,
    )
    _fill(embedder, made, holder)
    return out


def _appearance(field: Any, place: Place, at: dt.datetime, stamp: Stamp | None) -> SigAppearanceSetup | None:
    left, bottom, right, top = (float(side) for side in field["/Rect"])
    width, height = abs(right - left), abs(top - bottom)
    if stamp is None or not (width and height):
        return None
    page = draw(stamp, label=place.label, name=place.person.name, at=at, size=(width, height))
    return SigAppearanceSetup(style=style_of(page), timestamp=at, name=place.person.name)


def _sealed(signed: io.BytesIO, signer: Signer, stamper: TimeStamper, at: dt.datetime) -> bytes:
    """Validation data and the time stamp over all that stands before it, as one revision."""
    writer = IncrementalPdfFileWriter(signed)
    parts = (signer.validation_data(at), stamper.validation_data(at))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[one for part in parts for one in part.certificates],
        crls=[one for part in parts for one in part.revocation_lists],
        ocsps=[one for part in parts for one in part.responses],
    )
    name = f"time-{sum(1 for _ in enumerate_sig_fields(writer)) + 1}"
    holder = DocumentTimestamp(bytes_reserved=2 * stamper.token_size)
    embedder = PdfCMSEmbedder(SigFieldSpec(name)).write_cms(name, writer)
    next(embedder)
    embedder.send(SigObjSetup(sig_placeholder=holder))
    prepared, out = embedder.send(SigIOSetup(md_algorithm=_DIGEST))
    _fill(embedder, stamper.stamp(prepared.document_digest), holder)
    return bytes(out.getvalue())


def _fill(embedder: Any, made: bytes, holder: PdfSignedData) -> None:
    if 2 * len(made) > len(holder.contents.value):
        raise Refused("签名或时间戳比预留的地方大，文件没有签名，请与管理员联系。")
    embedder.send(made)
