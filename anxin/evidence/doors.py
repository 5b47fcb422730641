"""The one way a file that somebody sends gets in: looked at by its content, under an honest name, pictures written anew.

A :class:`Door` says what a place takes and how much of it. :func:`taken` looks at what came and refuses in one sentence;
nothing is kept before. What must stay as it was sent, byte for byte (a file whose hash was told, a bank's message), is
looked at all the same and kept as it came (``as_sent``).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from anxin.evidence import contents, files, pictures, within
from anxin.evidence.contents import Family, Kind
from anxin.evidence.models import StoredFile
from anxin.kernel.refusal import Refused

MB = 1024 * 1024
_LONGEST_NAME = 200
#: names within that a sentence of the history gives, and how long all of them
_NAMED, _NAMED_LONG = 10, 200
#: of a person, a telephone, a card: no history keeps them
_NUMBERS = re.compile(r"\d{7,}[Xx]?")
#: signs that turn the reading direction (so that “gpj.exe” looks like “exe.jpg”), and others that nobody types
_UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HEIC = "这张照片是HEIC格式，要原样保存的文件不收这种格式。请在手机“设置—相机—格式”中选“兼容性最佳”后重拍，或发送截图。"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')

#: groups of kinds for the doors
PICTURES = (contents.JPEG, contents.PNG, contents.WEBP)
SCANS = (*PICTURES, contents.GIF, contents.BMP, contents.TIFF, contents.HEIC)
SOUNDS = (
    contents.MP3, contents.M4A, contents.AMR, contents.WAV, contents.OGG, contents.AAC, contents.WEBM, contents.AUDIO_3GP,
)  # fmt: skip
FILMS = (contents.MP4, contents.FILM_3GP, contents.MOV, contents.AVI)
PAGES = (contents.PDF, contents.OFD)
OFFICE = (
    contents.DOCX, contents.XLSX, contents.PPTX, contents.DOC, contents.XLS, contents.PPT, contents.RTF, contents.TEXT,
)  # fmt: skip
#: kept whole, after a look at what lies within
WHOLE = (contents.EML, contents.ZIP)


@dataclass(frozen=True)
class Door:
    """A place where a file comes in.

    ``what``: how its sentences call the file. ``kinds``: what it takes, ``said``: the same in words. ``advice``: what to do
    with one that is larger than ``largest`` bytes. ``field``: of the form. ``as_sent``: kept byte for byte, pictures too.
    ``small``: a picture is a photograph of a phone, and a readable size of it is enough. ``otherwise``: the one sentence
    for whatever is not taken, where people have no names of files before their eyes.
    """

    what: str
    kinds: tuple[Kind, ...]
    said: str
    largest: int = 20 * MB
    advice: str = "请压缩后再传"
    field: str = "file"
    as_sent: bool = False
    small: bool = False
    otherwise: str = ""

    def takes(self, kind: Kind) -> bool:
        """A photograph as iPhones keep it is taken wherever one may be written anew as JPG. The chooser of a phone is not told:
        where HEIC is not named, an iPhone sends JPG by itself."""
        written_anew = kind is contents.HEIC and contents.JPEG in self.kinds and not self.as_sent
        return kind in self.kinds or written_anew

    @property
    def accept(self) -> str:
        """For the chooser of a browser; it helps, and decides nothing."""
        return ",".join(dict.fromkeys(f".{ending}" for kind in self.kinds for ending in kind.endings))


#: what somebody photographs and says into a phone; a telephone that films what was said sends a film
PHOTO = Door(
    "这张照片", PICTURES, "JPG、PNG、WEBP", 15 * MB, "请重新拍一张，或发一张小一些的", field="photos", small=True,
    otherwise="这个文件不是能打开的照片，请发送JPG或PNG格式的照片。",
)  # fmt: skip
VOICE = Door(
    "这段录音", (*SOUNDS, *FILMS), "MP3、M4A、WAV、AMR、OGG、AAC", 10 * MB, "请分成几段，每段不超过5分钟", field="voice",
    otherwise="这个文件不是能识别的录音，请用手机自带的录音机重新录一段。",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A file that was looked at and may be kept: ``name`` ends as its content says. ``inside``: the files of an archive, the
    attachments of a mail."""

    data: bytes
    name: str
    kind: Kind
    inside: tuple[str, ...] = ()

    @property
    def inside_words(self) -> str:
        """What lies within, for the history: ``（内有3个文件：a.pdf、b.jpg、c.xlsx）``; empty for a file that holds no other."""
        if not self.inside:
            return ""
        named, more = "、".join(self.inside[:_NAMED]), "等" if len(self.inside) > _NAMED else ""
        named = _NUMBERS.sub(lambda match: "*" * len(match[0]), named)
        return f"（内有{len(self.inside)}个文件：{named[:_NAMED_LONG]}{more}）"


def check_size(size: int, door: Door) -> None:
    """Refuse more bytes than ``door`` takes, before they are read. Raises :class:`Refused`."""
    if size > door.largest:
        raise Refused(f"{door.what}超过{door.largest // MB}MB，{door.advice}。", field=door.field)


def taken(data: bytes, filename: str, door: Door) -> Taken:
    """Look at what came through ``door``: its kind by its bytes, its name made honest, a picture written anew without what
    the camera noted. Call it outside any transaction: a picture takes its time. Raises :class:`Refused`.
    """
    name = _readable(filename)
    said = f"文件“{name}”" if name else f"这个{door.what}"
    if not data:
        raise Refused(door.otherwise or f"{said}是空的，请重新选择。", field=door.field)
    check_size(len(data), door)
    kind = contents.recognise(data)
    if not door.otherwise:
        _refuse_running(kind, name, said, door.field)
    if kind is None or kind.refusal or not door.takes(kind):
        raise Refused(_no(kind, said, door), field=door.field)
    if kind.family is Family.PICTURE and not door.as_sent:
        data, kind = _redrawn(data, kind, said, door)
    inside = within.names_within(data, kind, said, door.field)
    return Taken(data, honest_name(name or door.what, kind), kind, inside)


def keep(data: bytes, filename: str, door: Door, *, now: dt.datetime) -> StoredFile:
    """Look at what came and keep it. Raises :class:`Refused`."""
    return store(taken(data, filename, door), now=now)


def store(file: Taken, *, now: dt.datetime) -> StoredFile:
    """Keep what was looked at."""
    return files.store(file.data, name=file.name, now=now)


def keep_as_sent(data: bytes, filename: str, *, now: dt.datetime) -> StoredFile:
    """Keep a table or a bank's message byte for byte, unless it would run. Raises :class:`Refused`."""
    refuse_running(data, filename)
    return files.store(data, name=_readable(filename), now=now)


def refuse_running(data: bytes, filename: str, *, field: str = "file") -> None:
    """For doors whose reader knows better than we what it can read (tables, banks' messages): refuse what would run or be
    shown as a page before any of it is kept. Raises :class:`Refused`."""
    name = _readable(filename)
    _refuse_running(contents.recognise(data), name, f"文件“{name}”", field)


def honest_name(name: str, kind: Kind | None) -> str:
    """``name`` with an ending that its content bears out: corrected where it says something else, added where it says
    nothing. An ending that a computer runs never stays."""
    name = _NOT_IN_NAMES.sub("_", _readable(name)).strip(". ")
    stem, dot, ending = name.rpartition(".")
    ending = ending.lower()
    if kind is None or not kind.endings:
        return f"{name[:_LONGEST_NAME]}.bin" if ending in contents.RUNNING_ENDINGS else name[:_LONGEST_NAME]
    if dot and stem and ending in kind.endings:
        return f"{stem[: _LONGEST_NAME - 8]}.{ending}"
    if not (dot and stem and ending in _KNOWN):
        stem = name  # “3.5合同” ends in nothing that names a kind
    return f"{(stem or '文件')[: _LONGEST_NAME - 8]}.{kind.endings[0]}"


def _refuse_running(kind: Kind | None, name: str, said: str, field: str) -> None:
    if kind is not None and kind.family is Family.RUNS:
        raise Refused(f"{said}{kind.refusal}。", field=field)
    if (ending := name.rpartition(".")[2].lower()) in contents.RUNNING_ENDINGS and "." in name:
        raise Refused(
            f"{said}的名字以“.{ending}”结尾，这是程序或网页的名字，不收；请换成文书、图片或录音本身。",
            field=field,
        )


def _no(kind: Kind | None, said: str, door: Door) -> str:
    """Why a file that is no danger is not taken here."""
    if kind is contents.HEIC and contents.JPEG in door.kinds:
        return _HEIC
    if door.otherwise:
        return door.otherwise
    if kind is not None and kind.refusal:
        return f"{said}{kind.refusal}。"
    if kind is contents.ZIP:
        return f"{said}是压缩包，请先解开，再逐份上传（{door.said}）。"
    found = "看不出是什么文件" if kind is None else f"是{kind.title}文件"
    return f"{said}按内容{found}，{door.what}只收 {door.said}。"


def _redrawn(data: bytes, kind: Kind, said: str, door: Door) -> tuple[bytes, Kind]:
    try:
        if kind is contents.TIFF and contents.PDF in door.kinds and (pages := pictures.bound(data)):
            check_size(len(pages), door)
            return pages, contents.PDF
        again = pictures.cleaned(data) if door.small else pictures.redrawn(data)
    except Refused as refusal:
        words = refusal.sentence if door.otherwise else f"{said}没有收下：{refusal.sentence}"
        raise Refused(words, field=door.field) from refusal
    return again.data, contents.PNG if again.lossless else contents.JPEG


def _readable(filename: str) -> str:
    """The last part of a path, without signs that cannot be seen."""
    bare = _UNSEEN.sub("", unicodedata.normalize("NFC", filename)).replace("\\", "/").rpartition("/")[2]
    return bare.strip()[-_LONGEST_NAME:]


_KNOWN = {ending for kind in vars(contents).values() if isinstance(kind, Kind) for ending in kind.endings} | {
    "gif",
    "zip",
    "rar",
    "7z",
    "eml",
    "wma",
    "wmv",
    "mkv",
    "flv",
    "odt",
    "ods",
    "psd",
    "dwg",
    "jxl",
}
