"""What a file is, said by its bytes alone: the name that came with it and the type a browser claims count for nothing.

Every file has at most one :class:`Kind`. Some kinds are never taken by anybody (programs, pages of the web, macros); they
are kinds all the same, so that a refusal can say what the file is.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from anxin.evidence import containers
from anxin.evidence.containers import Inside


class Family(enum.Enum):
    """What people do with a file: look at it, listen to it, read it."""

    PICTURE, SOUND, FILM, PAPER, TEXT, ARCHIVE = range(6)
    #: would run, or be run by whatever opens it
    RUNS = 6
    #: cannot be looked into: locked, damaged, or swelling
    CLOSED = 7


@dataclass(frozen=True)
class Kind:
    """A kind of file. ``endings``: of names that say the truth about it, the usual one first.

    ``refusal`` continues “文件……”: what it is and what to do, for kinds that are never taken.
    """

    title: str
    family: Family
    content_type: str
    endings: tuple[str, ...]
    refusal: str = ""


_P, _S, _F, _D = Family.PICTURE, Family.SOUND, Family.FILM, Family.PAPER
_OOXML, _NONE = "application/vnd.openxmlformats-officedocument.", "application/octet-stream"
JPEG = Kind("JPG", _P, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("PNG", _P, "image/png", ("png",))
WEBP = Kind("WEBP", _P, "image/webp", ("webp",))
GIF = Kind("GIF", _P, "image/gif", ("gif",))
BMP = Kind("BMP", _P, "image/bmp", ("bmp",))
TIFF = Kind("TIFF", _P, "image/tiff", ("tif", "tiff"))
HEIC = Kind("HEIC", _P, "image/heic", ("heic", "heif", "avif"))
PDF = Kind("PDF", _D, "application/pdf", ("pdf",))
OFD = Kind("OFD", _D, "application/ofd", ("ofd",))
DOCX = Kind("DOCX", _D, f"{_OOXML}wordprocessingml.document", ("docx", "wps"))
XLSX = Kind("XLSX", _D, f"{_OOXML}spreadsheetml.sheet", ("xlsx", "et"))
PPTX = Kind("PPTX", _D, f"{_OOXML}presentationml.presentation", ("pptx", "dps"))
DOC = Kind("DOC", _D, "application/msword", ("doc", "wps"))
XLS = Kind("XLS", _D, "application/vnd.ms-excel", ("xls", "et"))
PPT = Kind("PPT", _D, "application/vnd.ms-powerpoint", ("ppt", "dps"))
RTF = Kind("RTF", _D, "application/rtf", ("rtf",))
TEXT = Kind("TXT", Family.TEXT, "text/plain", ("txt", "csv"))
#: a letter of a mail program, with what is attached to it
EML = Kind("邮件", Family.TEXT, _NONE, ("eml",))
XML = Kind("XML", Family.TEXT, _NONE, ("xml",))
MP3 = Kind("MP3", _S, "audio/mpeg", ("mp3",))
M4A = Kind("M4A", _S, "audio/mp4", ("m4a", "mp4"))
AMR = Kind("AMR", _S, "audio/amr", ("amr",))
WAV = Kind("WAV", _S, "audio/wav", ("wav",))
OGG = Kind("OGG", _S, "audio/ogg", ("ogg", "oga", "opus"))
AAC = Kind("AAC", _S, "audio/aac", ("aac",))
WEBM = Kind("WEBM", _S, "audio/webm", ("webm",))
AUDIO_3GP = Kind("3GP", _S, "audio/3gpp", ("3gp",))
MP4 = Kind("MP4", _F, "video/mp4", ("mp4", "m4v"))
FILM_3GP = Kind("3GP", _F, "video/3gpp", ("3gp",))
MOV = Kind("MOV", _F, "video/quicktime", ("mov",))
AVI = Kind("AVI", _F, "video/x-msvideo", ("avi",))
ZIP = Kind("ZIP", Family.ARCHIVE, "application/zip", ("zip",))

PROGRAM = Kind("程序", Family.RUNS, _NONE, (), "是程序，不是文书、图片或录音，请核对后重新选择")
MARKUP = Kind(
    "网页", Family.RUNS, _NONE, (), "是网页或矢量图（HTML、SVG），请打开后另存为PDF、图片或标准的表格再上传"
)
MACROS = Kind(
    "带宏的文档",
    Family.RUNS,
    _NONE,
    (),
    "带有宏或嵌入的对象，请打开后另存为不含宏的文件（.docx、.xlsx）或PDF再上传",
)
LOCKED = Kind("加密文件", Family.CLOSED, _NONE, (), "加了密码，打不开，请去掉密码后再上传")
BROKEN = Kind("损坏文件", Family.CLOSED, _NONE, (), "已损坏，打不开，请重新保存后再上传")
BOMB = Kind("压缩炸弹", Family.CLOSED, _NONE, (), "解开后大小异常，不予读取，请重新保存后再上传")

_INSIDE = {
    Inside.DOCX: DOCX, Inside.XLSX: XLSX, Inside.PPTX: PPTX, Inside.DOC: DOC, Inside.XLS: XLS, Inside.PPT: PPT, Inside.OFD: OFD,
    Inside.ZIP: ZIP, Inside.MACROS: MACROS, Inside.PROGRAM: PROGRAM, Inside.LOCKED: LOCKED, Inside.BROKEN: BROKEN,
    Inside.BOMB: BOMB,
}  # fmt: skip
#: how files begin; what needs a second look is asked after in :func:`recognise`
_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"MZ", PROGRAM), (b"\x7fELF", PROGRAM), (b"#!AMR\n", AMR), (b"#!AMR-WB\n", AMR), (b"#!", PROGRAM), (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM), (b"\xce\xfa\xed\xfe", PROGRAM), (b"dex\n", PROGRAM), (b"\0asm", PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", PROGRAM), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF87a", GIF), (b"GIF89a", GIF),
    (b"II*\0", TIFF), (b"MM\0*", TIFF), (b"OggS", OGG), (b"ID3", MP3), (b"\xff\xfb", MP3), (b"\xff\xf3", MP3), (b"\xff\xf2", MP3),
    (b"\xff\xf1", AAC), (b"\xff\xf9", AAC),
)  # fmt: skip
#: what a computer runs or a browser shows as a page, whatever lies within; never the name of a kept file
RUNNING_ENDINGS = frozenset(
    {
        "exe", "com", "bat", "cmd", "scr", "pif", "msi", "msp", "dll", "cpl", "lnk", "reg", "ps1", "psm1", "vbs", "vbe", "js", "jse",
        "mjs", "wsf", "wsh", "hta", "jar", "apk", "sh", "py", "pyw", "php", "asp", "aspx", "jsp", "html", "htm", "xhtml", "shtml",
        "mht", "mhtml", "svg", "svgz", "swf", "docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "iso", "img", "vhd", "url",
        "chm", "application", "msix", "appx",
    }
)  # fmt: skip
_RIFF = {b"WAVE": WAV, b"WEBP": WEBP, b"AVI ": AVI}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
#: the brands of MP4 that recorders of phones and cameras write
_MP4_BRANDS = {
    b"M4A ", b"M4B ", b"M4V ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash", b"avc1", b"MSNV",
}  # fmt: skip
#: the handler of a track that is a film, in any box of its kind
_FILM_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_BMP_HEADERS = {12, 40, 52, 56, 108, 124}
_BLANK = b" \t\r\n\f\0"
#: within words that are no markup: a page of the web under another name
_PAGE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|svg|meta|link|style)\b", re.IGNORECASE
)
#: what may stand before the first element, and that element without its prefix
_PROLOGUE = re.compile(
    r"(?:\s*<\?.*?\?>|\s*<!--.*?-->|\s*<!(?!doctype\s+html)[^>\[]*(?:\[.*?\]\s*)?>)*\s*",
    re.IGNORECASE | re.DOTALL,
)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?=[\s>/])")
_PAGE_ROOTS = {"html", "svg", "head", "body", "script", "iframe", "object", "embed", "meta", "link", "style", "table", "div", "img", "p", "a"}  # fmt: skip
_SCRIPT = re.compile(r"<(?:[\w.-]+:)?script\b", re.IGNORECASE)
_RUN_AS_TEXT = re.compile(r"\s*(?:<\?php|<%|@echo\s+off)", re.IGNORECASE)
_SAVED_PAGE = re.compile(r"\s*(?:mime-version:|from:\s*<saved by)", re.IGNORECASE)
#: bytes of headings that a mail may have before its first empty line
_HEAD = 64 * 1024
_HEADING, _OF_MAILS = re.compile(rb"[!-9;-~]+"), {b"to", b"message-id", b"received", b"subject"}
_EMBEDDED = re.compile(rb"\\obj(?:data|ect|emb|ocx)\b")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


def recognise(data: bytes) -> Kind | None:
    """The kind of file that ``data`` is; ``None`` where it is nothing we know. Decodes no picture and unpacks nothing
    but the list of contents of an archive."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"PK"):
        return _INSIDE[containers.in_zip(data)]
    if data.startswith(containers.OLE):
        inside = containers.in_ole(data)
        return _INSIDE[inside] if inside is not None else None
    return _by_boxes(data) or (EML if _is_mail(data) else _by_text(data))


def _by_boxes(data: bytes) -> Kind | None:
    """Pictures, recordings and films that say what they are some bytes after their beginning; PDF, RTF."""
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    if data.startswith(b"\x1aE\xdf\xa3") and b"webm" in data[:64]:
        return WEBM
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return BMP
    bare = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)
    if bare.startswith(b"%PDF-"):
        return PDF
    if bare.startswith(b"{\\rtf"):
        return MACROS if _EMBEDDED.search(data) else RTF
    return None


def _by_brand(data: bytes) -> Kind | None:
    brand = data[8:12]
    if brand in _HEIC_BRANDS:
        return HEIC
    film = _FILM_TRACK.search(data) is not None
    if brand[:3] == b"3gp":
        return FILM_3GP if film else AUDIO_3GP
    if brand == b"qt  ":
        return MOV
    return (MP4 if film else M4A) if brand in _MP4_BRANDS else None


def _is_mail(data: bytes) -> bool:
    """Whether it begins as a mail does: lines of headings, among them from whom (an address) and when. A page of the web saved as
    one file begins alike and has no address."""
    head, blank, _ = data[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")
    if not blank:
        return False
    found: dict[bytes, bytes] = {}
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            continue
        name, colon, value = line.partition(b":")
        if not colon or not _HEADING.fullmatch(name):
            return False
        found.setdefault(name.lower(), value)
    return b"@" in found.get(b"from", b"") and b"date" in found and bool(found.keys() & _OF_MAILS)


def _by_text(data: bytes) -> Kind | None:
    """Words in an encoding that is used here, without signs that no keyboard types; a page of the web is none."""
    text = _decoded(data)
    if text is None:
        return None
    bare = text.lstrip("\ufeff \t\r\n\f")
    if not bare:
        return None
    if _RUN_AS_TEXT.match(bare):
        return PROGRAM
    if bare.startswith("<"):
        return XML if _is_message(bare) else MARKUP
    return MARKUP if _PAGE.search(bare) or _SAVED_PAGE.match(bare) else TEXT


def _is_message(text: str) -> bool:
    """XML that no browser would show as a page: a bank's message may well have a ``Head`` and a ``Body`` within."""
    before = _PROLOGUE.match(text)
    first = _ELEMENT.match(text, before.end() if before else 0)
    return first is not None and first[1].lower() not in _PAGE_ROOTS and not _SCRIPT.search(text)


def _decoded(data: bytes) -> str | None:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else text
    return None
