"""What lies inside files that are boxes of other files: ZIP (and Office documents, which are ZIPs), and the old Office box.

Only the lists of contents are read. Nothing is unpacked but the list of types of an Office document, and that to a bound.
"""

from __future__ import annotations

import enum
import io
import zipfile
import zlib

#: how the old Office container begins
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: bytes unpacked, and times the packed size from so many bytes on: more is no document that somebody wrote
MOST_BYTES = 300 * 1024 * 1024
MOST_RATIO, RATIO_FROM = 100, 20 * 1024 * 1024
BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_LOCKED = 0x1
_TYPES = "[Content_Types].xml"
_TYPES_AT_MOST = 2 * 1024 * 1024
#: programs that come as a ZIP: Java, Android
_PROGRAM_PARTS = {"meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex"}


class Inside(enum.Enum):
    """What a container turned out to be."""

    DOCX, XLSX, PPTX, DOC, XLS, PPT, OFD, ZIP, MACROS, PROGRAM, LOCKED, BROKEN, BOMB = range(13)


#: the type of the main part of an Office document
_MAIN = (
    (b"wordprocessingml.document.main+xml", Inside.DOCX),
    (b"spreadsheetml.sheet.main+xml", Inside.XLSX),
    (b"presentationml.presentation.main+xml", Inside.PPTX),
)
#: entries of an old Office document, the telling ones first: a locked new document lies in an old box
_ENTRIES = (
    ("EncryptedPackage", Inside.LOCKED),
    ("EncryptionInfo", Inside.LOCKED),
    ("_VBA_PROJECT", Inside.MACROS),
    ("_VBA_PROJECT_CUR", Inside.MACROS),
    ("WordDocument", Inside.DOC),
    ("Workbook", Inside.XLS),
    ("Book", Inside.XLS),
    ("PowerPoint Document", Inside.PPT),
)
_ENTRY = 128


def in_zip(data: bytes) -> Inside:
    """What an archive is by its list of contents."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
        names = {one.filename.lower() for one in infos}
        if swells(sum(one.file_size for one in infos), len(data)):
            return Inside.BOMB
        if any(one.flag_bits & _LOCKED for one in infos):
            return Inside.LOCKED
        if _PROGRAM_PARTS & names:
            return Inside.PROGRAM
        if _TYPES.lower() in names:
            return _document(archive, names)
    except BAD_ZIP:
        return Inside.BROKEN
    return Inside.OFD if "ofd.xml" in names else Inside.ZIP


def swells(size: int, packed: int) -> bool:
    """Whether ``size`` bytes out of ``packed`` are more than honest contents give."""
    return size > MOST_BYTES or (size > RATIO_FROM and size > packed * MOST_RATIO)


def _document(archive: zipfile.ZipFile, names: set[str]) -> Inside:
    """An Office document by the types that it declares for its parts."""
    with archive.open(_TYPES) as part:
        types = part.read(_TYPES_AT_MOST)
    # A macro lies in its own part, and the types name it, whatever the part is called.
    declared = types.lower()
    if any(name.rpartition("/")[2] == "vbaproject.bin" or "/macrosheets/" in name for name in names) or (
        b"macroenabled" in declared or b"vbaproject" in declared
    ):
        return Inside.MACROS
    return next((inside for main, inside in _MAIN if main in types), Inside.ZIP)


def in_ole(data: bytes) -> Inside | None:
    """What an old Office box holds; ``None`` for other things in such boxes (installers, letters of a mail program)."""
    return next((inside for name, inside in _ENTRIES if _has_entry(data, name)), None)


def _has_entry(data: bytes, name: str) -> bool:
    """Whether the box lists ``name``: an entry begins at a multiple of its size and says how long its name is, so that
    the same word in a text is no entry."""
    written = name.encode("utf-16-le") + b"\0\0"
    at = data.find(written, 512)
    while at >= 0:
        if at % _ENTRY == 0 and int.from_bytes(data[at + 64 : at + 66], "little") == len(written):
            return True
        at = data.find(written, at + 2)
    return False
