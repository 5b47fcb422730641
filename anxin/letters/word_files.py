"""The lines of a Word file, as they are once every tracked change is accepted.

Only the words are read: by the names of elements, whatever program wrote them (Word, WPS, LibreOffice) and in whichever of the
two namespaces of Office documents. Nothing of the file is kept or run.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from anxin.evidence import contents, doors
from anxin.evidence.containers import BAD_ZIP
from anxin.formats.messages import FormatRefused
from anxin.formats.safe_xml import Element, child, children, parse, split_tag
from anxin.kernel.refusal import Refused

DOOR = doors.Door("Word文件", (contents.DOCX,), "从本页下载、改好的 Word 文件（.docx）", 10 * doors.MB)
_RELATIONS, _MAIN_PART = "_rels/.rels", "/officeDocument"
#: bytes of the document's own part; a letter has some ten thousand
_MOST_BYTES = 8 * doors.MB
_TRACKED = {"ins", "del", "moveFrom", "moveTo"}
#: what was taken out, what an old reader sees instead of its neighbour, and a request for words instead of words
_GONE = {"del", "moveFrom", "Fallback"}
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = {"drawing", "pict", "object"}
_UNSETTLED = "文件里还有没有接受或者拒绝的修订，读入的是全部接受以后的文字。"
_NUMBERED = "Word 自动加的编号没有读入，需要的请在文字里补上。"
_PICTURE = "文件里的图片没有读入。"


@dataclass
class WordFile:
    """``lines``: paragraphs and rows of tables in their order, no empty one; ``notes``: sentences about what the file has and no
    letter takes, each once."""

    lines: list[str] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)


def read_word(data: bytes) -> WordFile:
    """The words of a .docx. Raises :class:`Refused` for one that cannot be read."""
    body = child(_document(data), "body")
    if body is None:
        raise _broken()
    found = WordFile()
    for said in _lines(body, found.notes):
        found.lines += [line.strip() for line in said.splitlines() if line.strip()]
    return found


def _document(data: bytes) -> Element:
    """The root of the main part, which the file's own list of relations names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            relations = parse(_part(packed, _RELATIONS))
            target = next(
                one.get("Target", "")
                for one in children(relations, "Relationship")
                if one.get("Type", "").endswith(_MAIN_PART)
            )
            return parse(_part(packed, target.lstrip("/")))
    except (*BAD_ZIP, KeyError, StopIteration, FormatRefused) as problem:
        raise _broken() from problem


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as part:
        data = part.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise _broken()
    return data


def _broken() -> Refused:
    return Refused("这个 Word 文件打不开，请在 Word 或 WPS 里重新保存为 .docx 后再上传。", field=DOOR.field)


def _lines(parent: Element, notes: dict[str, None]) -> Iterator[str]:
    for name, one in _present(parent, notes):
        if name == "p":
            if child(one, "pPr/numPr") is not None:
                notes[_NUMBERED] = None
            yield _text(one, notes)
        elif name == "tr":
            yield " ".join(_text(cell, notes).strip() for cell in one.iterchildren("{*}tc", "{*}sdt"))
        else:
            yield from _lines(one, notes)


def _text(parent: Element, notes: dict[str, None]) -> str:
    said = ""
    for name, one in _present(parent, notes):
        if name == "t":
            said += one.text or ""
        elif name in _PICTURES:
            notes[_PICTURE] = None
        elif not (name == "br" and any(key.endswith("type") for key in one.attrib)):  # of a page or column
            said += _SIGNS.get(name) or _text(one, notes)
    return said


def _present(parent: Element, notes: dict[str, None]) -> Iterator[tuple[str, Element]]:
    """The children that are there once every change is accepted, with their names."""
    for one in parent:
        _, name = split_tag(one)
        if name in _TRACKED:
            notes[_UNSETTLED] = None
        if name not in _GONE:
            yield name, one
