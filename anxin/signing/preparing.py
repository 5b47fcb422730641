"""A file gets its places for signatures before anybody signs, with the name of who must sign in each.

What is prepared stands in the catalogue and is covered by the first signature: a reader can tell that a
signature is still missing, that a seal was cut off, or that somebody signed in another's place. The same file prepared for
the same people is the same bytes: whoever makes it again, after a crash or to check it, gets what was shown and sent.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from anxin.kernel.refusal import Refused
from anxin.signing.parties import Person, Slot

STATEMENT = generic.pdf_name("/AnxinSigning")
_VERSION = 1


@dataclass(frozen=True)
class Place:
    """What the statement of a file says of one place."""

    key: str
    label: str
    person: Person


class _Writer(IncrementalPdfFileWriter):
    """The library's own notes the moment at which it writes and draws a random number for the identifier of the new revision."""

    def named_after(self, digest: bytes) -> None:
        """Identify the new revision by what it holds (ISO 32000-1, 14.4); the first part stays the file's own where it has one."""
        first = self._document_id[0] if "/ID" in self.trailer else generic.ByteStringObject(digest[16:])
        self._document_id = generic.ArrayObject([first, generic.ByteStringObject(digest[:16])])

    def _update_meta(self) -> None:
        """What the file says of when it was made stands."""


def prepare(pdf: bytes, slots: Sequence[Slot]) -> bytes:
    """The file with an empty field for each slot: the same bytes for the same arguments.

    Refuses a file that has fields or signatures already.
    """
    if not slots or len({slot.key for slot in slots}) != len(slots):
        raise Refused("签名位至少要有一个，名称不能重复。", field="slots")
    try:
        writer = _Writer(io.BytesIO(pdf))
    except (PdfReadError, ValueError, RecursionError) as problem:
        raise Refused("这份PDF打不开或者加了密，请重新导出或者扫描后再传。", field="pdf") from problem
    if "/AcroForm" in writer.root or STATEMENT in writer.root:
        raise Refused("这份文件已有签名位，不能再准备一次。", field="pdf")
    for slot in slots:
        spec = SigFieldSpec(
            slot.key, on_page=slot.page, box=slot.box, readable_field_name=f"{slot.label}：{slot.person.name}"
        )
        append_signature_field(writer, spec)
    writer.root[STATEMENT] = generic.DictionaryObject(
        {
            generic.pdf_name("/Version"): generic.NumberObject(_VERSION),
            generic.pdf_name("/Sealed"): generic.BooleanObject(True),
            generic.pdf_name("/Places"): generic.ArrayObject(map(_written, slots)),
        }
    )
    writer.update_root()
    writer.named_after(hashlib.sha256(pdf + repr(list(slots)).encode()).digest())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def places_of(handler: PdfHandler) -> tuple[Place, ...] | None:
    """What the file's statement says, ``None`` where it has none. Raises ``ValueError`` where it cannot be read."""
    if STATEMENT not in handler.root:
        return None
    try:
        statement = handler.root[STATEMENT]
        if statement["/Version"] != _VERSION or statement["/Sealed"].value is not True:
            raise ValueError("unknown version")
        return tuple(_read(entry) for entry in statement["/Places"])
    except (KeyError, TypeError, AttributeError, Refused) as problem:
        raise ValueError("the statement of the places cannot be read") from problem


def _written(slot: Slot) -> generic.DictionaryObject:
    return generic.DictionaryObject(
        {
            generic.pdf_name("/Field"): generic.TextStringObject(slot.key),
            generic.pdf_name("/Label"): generic.TextStringObject(slot.label),
            generic.pdf_name("/Name"): generic.TextStringObject(slot.person.name),
            generic.pdf_name("/Key"): generic.TextStringObject(slot.person.key),
        }
    )


def _read(entry: Any) -> Place:
    key, label, name, number = (str(entry[word]) for word in ("/Field", "/Label", "/Name", "/Key"))
    return Place(key, label, Person(name, number))
