"""The file around a package: a ZIP that every computer opens, written in exactly one way.

Nothing is compressed, names are ASCII and sorted, times and attributes are fixed. A reader therefore knows what
every byte of the container must be, headers included, and a changed one is found like a changed row.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
#: 1 January 1980, midnight: the first moment that the format can write
_TIME, _DATE = 0, 0x21
_CHUNK = 1 << 20
MAX_FILES = 60_000
_MAX_BYTES = (1 << 32) - 2
_NAME = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)*\.[a-z0-9]{1,8}")


class BrokenContainer(ValueError):
    """The file is no package, or a byte of its container is not what it must be; the text is a sentence."""


@dataclass(frozen=True)
class Entry:
    """Where a file lies in the container; sizes in bytes."""

    path: str
    offset: int
    size: int
    crc: int


def write(files: Mapping[str, bytes]) -> bytes:
    """The container of these files. Raises :class:`BrokenContainer` for a name or a size that it cannot hold."""
    if len(files) > MAX_FILES or sum(map(len, files.values())) > _MAX_BYTES // 2:
        raise BrokenContainer(f"证据包放不下：最多{MAX_FILES}个文件、2GB，请分成几份导出。")
    parts, entries, at = [], [], 0
    for path, content in sorted(files.items()):
        if not _NAME.fullmatch(path):
            raise BrokenContainer(f"证据包内不能有名为“{path}”的文件。")
        entry = Entry(path, at, len(content), zlib.crc32(content))
        head = _local(entry)
        parts += [head, content]
        at += len(head) + len(content)
        entries.append(entry)
    return b"".join(parts) + _directory(entries, at)


def read(file: BinaryIO) -> list[Entry]:
    """The entries of a container, with every byte that is not content held against what it must be.

    The content is passed over; :func:`chunks` reads it and checks its sum. Raises :class:`BrokenContainer`.
    """
    size = file.seek(0, 2)
    entries: list[Entry] = []
    at = 0
    while (head := _at(file, at, _LOCAL.size)).startswith(b"PK\x03\x04"):
        entry = _entry(file, at, head, size)
        if entries and entry.path <= entries[-1].path:
            raise BrokenContainer(f"容器内的文件“{entry.path}”位置不对或出现了两次。")
        if len(entries) >= MAX_FILES:
            raise BrokenContainer(f"容器内的文件超过{MAX_FILES}个。")
        entries.append(entry)
        at = entry.offset + entry.size
    if not entries:
        raise BrokenContainer("这不是证据包：文件开头不是证据包的格式。")
    located = [Entry(each.path, each.offset - _head_size(each), each.size, each.crc) for each in entries]
    directory = _directory(located, at)
    if size - at != len(directory) or _at(file, at, size - at) != directory:
        raise BrokenContainer("容器的目录被改动过，或文件末尾缺少、多出了内容。")
    return entries


def chunks(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The content of an entry in pieces; raises :class:`BrokenContainer` at its end where the sum differs."""
    file.seek(entry.offset)
    left, crc = entry.size, 0
    while left:
        piece = file.read(min(left, _CHUNK))
        if not piece:
            raise BrokenContainer(f"文件“{entry.path}”没有读完就到了末尾。")
        left -= len(piece)
        crc = zlib.crc32(piece, crc)
        # a long document may be read by several; where the next piece lies is asked for anew
        at = file.tell()
        yield piece
        file.seek(at)
    if crc != entry.crc:
        raise BrokenContainer(f"文件“{entry.path}”的校验和不对，内容或容器被改动过。")


def _entry(file: BinaryIO, at: int, head: bytes, size: int) -> Entry:
    if len(head) < _LOCAL.size:
        raise BrokenContainer("容器不完整。")
    fields = _LOCAL.unpack(head)
    crc, length, name_length = fields[6], fields[7], fields[9]
    name = _at(file, at + _LOCAL.size, name_length)
    path = name.decode("ascii", "replace")
    if not _NAME.fullmatch(path):
        raise BrokenContainer(f"容器在第{at}字节处有不该有的文件名。")
    entry = Entry(path, at, length, crc)
    if head + name != _local(entry) or at + len(head) + len(name) + length > size:
        raise BrokenContainer(f"文件“{path}”在容器里的记载被改动过。")
    return Entry(path, at + len(head) + len(name), length, crc)


def _head_size(entry: Entry) -> int:
    return _LOCAL.size + len(entry.path)


def _local(entry: Entry) -> bytes:
    name = entry.path.encode("ascii")
    return _LOCAL.pack(
        b"PK\x03\x04", _VERSION, 0, 0, _TIME, _DATE, entry.crc, entry.size, entry.size, len(name), 0
    ) + name  # fmt: skip


def _directory(entries: list[Entry], at: int) -> bytes:
    """The list of files at the end; ``offset`` of an entry is here where its head begins."""
    listed = b"".join(
        _CENTRAL.pack(
            b"PK\x01\x02", _VERSION, _VERSION, 0, 0, _TIME, _DATE, each.crc, each.size, each.size,
            len(each.path), 0, 0, 0, 0, 0, each.offset,
        ) + each.path.encode("ascii")
        for each in entries
    )  # fmt: skip
    return listed + _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(listed), at, 0)


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
