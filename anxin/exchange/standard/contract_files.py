"""Contracts on file inside a package: each content once, under its hash; checked before it is kept.

Only a full package has them, since a contract shows whose it is. A package has room for so many bytes of them; what does
not fit, or cannot be read any more, is named in its row without a file, and the manifest says how many.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anxin.evidence import doors, files
from anxin.evidence.models import StoredFile
from anxin.exchange.standard.layout import FOLDER, MOST_FILE_BYTES, MOST_FILES
from anxin.kernel.refusal import Refused
from anxin.workforce.particulars import CONTRACTS

if TYPE_CHECKING:
    from anxin.exchange.standard.rows import Selection
    from anxin.exchange.standard.unpacking import Package, Row

#: the same records make the same bytes: no clock inside the archive
_EPOCH = (1980, 1, 1, 0, 0, 0)
#: its hash was told with it, and the same package once more must find the same file
_DOOR = replace(CONTRACTS, as_sent=True)


@dataclass
class Carried:
    """What was put into the package: hash → its name there; how many were left out."""

    names: dict[str, str] = field(default_factory=dict)
    size: int = 0
    left_out: int = 0


def write_files(archive: zipfile.ZipFile, chosen: Selection) -> Carried:
    """Put the contracts of the selection into the package, if identifiers go out in full."""
    carried = Carried()
    if not chosen.showing.full:
        return carried
    wanted = StoredFile.objects.filter(
        pk__in=chosen.enrolments().filter(contract_file__isnull=False).order_by().values("contract_file")
    )
    for stored in wanted.order_by("sha256").iterator(chunk_size=500):
        data = _content(stored, carried)
        if data is None:
            carried.left_out += 1
            continue
        name = f"{FOLDER}{stored.sha256}"
        # PDF and pictures are compressed already
        archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_STORED)
        carried.names[stored.sha256] = name
        carried.size += len(data)
    return carried


def _content(stored: StoredFile, carried: Carried) -> bytes | None:
    if len(carried.names) >= MOST_FILES or carried.size + stored.size > MOST_FILE_BYTES:
        return None
    try:
        return files.read(stored)
    except files.FileDamaged:
        return None


def keep_file(package: Package, row: Row, now: dt.datetime) -> StoredFile:
    """Keep the file that a row names, once it is what the row says. Raises :class:`Refused`."""
    name = row["x_file"]
    size = package.size_of(name) if name.startswith(FOLDER) else None
    if size is None:
        raise Refused(f"包里没有文件“{name[:100]}”，合同文件未收。", field="file")
    doors.check_size(size, _DOOR)  # before it is unpacked
    data = package.content_of(name)
    if "x_sha256" not in row:
        raise Refused("没有写明文件校验值，不能确认合同文件是否完整，未收。", field="hash")
    if hashlib.sha256(data).hexdigest() != row["x_sha256"].lower():
        raise Refused("合同文件与所写的校验值不符，可能被改动或传送时损坏，未收。", field="hash")
    if "x_size" in row and int(row["x_size"]) != len(data):
        raise Refused("合同文件与所写的大小不符，未收。", field="size")
    return doors.keep(data, row.get("x_fileName", "") or "合同", _DOOR, now=now)
