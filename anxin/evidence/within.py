"""Files that hold other files and are kept whole: archives and mails. What lies within is named, and nothing that would run,
no box in a box, and nothing that cannot be opened gets in with them.
"""

from __future__ import annotations

import email
import email.policy
import io
import stat
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import PurePosixPath

from anxin.evidence import contents
from anxin.evidence.bundles import JUNK, MOST_FILES, name_of
from anxin.evidence.containers import BAD_ZIP
from anxin.evidence.contents import Family, Kind
from anxin.kernel.refusal import Refused

#: endings and first bytes of archives that we do not open
_BOXES = frozenset({"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "zst", "cab", "arj", "lzh"})
_BOXED = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"MSCF")
#: a broken mail ends in whatever error its reader thinks of
_BAD_MAIL = (ValueError, LookupError, TypeError, AttributeError)


def names_within(data: bytes, kind: Kind, said: str, field: str) -> tuple[str, ...]:
    """The files of an archive, the attachments of a mail; none for any other kind. ``said`` begins the sentence.

    Raises :class:`Refused` naming the one that may not come in.
    """
    if kind is contents.ZIP:
        return tuple(_of_archive(data, said, field))
    if kind is contents.EML:
        return tuple(_of_mail(data, said, field, boxed=False))
    return ()


def _of_archive(data: bytes, said: str, field: str) -> Iterator[str]:
    """The name of each file, and of what lies in the mails among them. The size of all of them was held to bounds when
    the kind was recognised."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [one for one in archive.infolist() if not one.is_dir()]
    except BAD_ZIP:
        raise Refused(f"{said}已损坏，打不开，请重新压缩后再上传。", field=field) from None
    if len(infos) > MOST_FILES:
        raise Refused(f"{said}里有{len(infos)}个文件，最多{MOST_FILES}个，请拆成几包分别上传。", field=field)
    for info in infos:
        name = name_of(info).replace("\\", "/")
        if name.startswith("__MACOSX/") or PurePosixPath(name).name.lower() in JUNK:
            continue
        if (
            name.startswith("/")
            or ".." in name.split("/")
            or ":" in name
            or stat.S_ISLNK(info.external_attr >> 16)
        ):
            raise Refused(
                f"{said}里的“{name[-80:]}”指向包外，不收，请用系统自带的压缩重新打包。", field=field
            )
        try:
            part = archive.read(info)  # never more than was declared
        except BAD_ZIP:
            raise Refused(
                f"{said}里的“{name[-80:]}”已损坏，打不开，请重新压缩后再上传。", field=field
            ) from None
        yield from _inner(name, part, said, field, boxed=True)


def _of_mail(data: bytes, said: str, field: str, *, boxed: bool) -> Iterator[str]:
    """The attachments, and what lies in them. What the mail itself says may be a page: it is never shown."""
    try:
        parts = list(email.message_from_bytes(data, policy=email.policy.default).walk())
        leaves = [(_file_name(one), one) for one in parts if not one.is_multipart()]
        files = [
            (name, _content(one)) for name, one in leaves if name or one.get_content_maintype() != "text"
        ]
    except _BAD_MAIL:
        raise Refused(f"{said}不是完整的邮件，请在邮箱里重新另存为.eml后再上传。", field=field) from None
    if len(files) > MOST_FILES:
        raise Refused(f"{said}有{len(files)}个附件，最多{MOST_FILES}个，请分开保存。", field=field)
    for number, (name, content) in enumerate(files, start=1):
        yield from _inner(name or f"附件{number}", content, said, field, boxed=boxed)


def _file_name(part: Message) -> str:
    return str(part.get_filename() or "").replace("\\", "/").rpartition("/")[2]


def _content(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _inner(name: str, data: bytes, said: str, field: str, *, boxed: bool) -> Iterator[str]:
    """The name of a file inside another, where it may be kept there, and the names of what lies in it. ``boxed``: it lies in an
    archive, and no other may."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = contents.recognise(data)
    what = ""
    if ending in contents.RUNNING_ENDINGS or (kind is not None and kind.family is Family.RUNS):
        what = "是程序、网页或带宏的文档，不收；请去掉它后重新打包"
    elif (
        data.startswith(_BOXED)
        or (ending in _BOXES and kind is not contents.ZIP)
        or (boxed and kind is contents.ZIP)
    ):
        what = "又是压缩包，不收；请先解开它，再打成一包"
    elif kind is not None and kind.refusal:
        what = kind.refusal
    if what:
        raise Refused(f"{said}里的“{name[-80:]}”{what}。", field=field)
    yield name
    inside = f"{said}里的“{name[-80:]}”"
    if kind is contents.ZIP:
        yield from (f"{name}/{inner}" for inner in _of_archive(data, inside, field))
    elif kind is contents.EML:
        yield from (f"{name}/{inner}" for inner in _of_mail(data, inside, field, boxed=boxed))
