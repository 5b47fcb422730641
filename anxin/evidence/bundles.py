"""A delivery as a ZIP: one list, and beside it the files that its rows speak of.

The archive is looked at before anything of it is unpacked: names that lead elsewhere, links, passwords and archives that
swell are refused as a whole, in one sentence. A workbook is a ZIP too, and is none of these.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from anxin.evidence.containers import BAD_ZIP, swells
from anxin.evidence.kinds import ImportRefused

MOST_FILES = 300
_LISTS = (".xlsx", ".xls", ".csv")
#: what systems put into archives by themselves
JUNK = {"thumbs.db", "desktop.ini", ".ds_store"}
_UTF8, _LOCKED = 0x800, 0x1


@dataclass(frozen=True)
class Bundle:
    """An archive that was found safe. ``files``: path in the archive, seen from the list's folder → its size in bytes."""

    list_name: str
    files: dict[str, int]
    _archive: zipfile.ZipFile
    _members: dict[str, zipfile.ZipInfo]

    def list(self) -> bytes:
        """The list itself. Raises :class:`ImportRefused` where it cannot be unpacked."""
        return self._read(self.list_name)

    def content(self, path: str) -> bytes:
        """One file by its key of ``files``. Raises :class:`ImportRefused` where it cannot be unpacked."""
        return self._read(path)

    def _read(self, path: str) -> bytes:
        try:
            # never more than was declared, and the declared sizes were added up
            return self._archive.read(self._members[path])
        except BAD_ZIP:
            raise ImportRefused(f"压缩包里的“{path[-80:]}”已损坏，无法读取，请重新压缩。") from None


def is_bundle(data: bytes) -> bool:
    """Whether this is an archive of files, not a workbook or another document that happens to be a ZIP."""
    if not data.startswith(b"PK"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except BAD_ZIP:
        return False
    return not {"[Content_Types].xml", "mimetype", "xl/workbook.xml", "xl/workbook.bin"} & set(names)


def opened(data: bytes, filename: str) -> Bundle:
    """Look at the archive and find its one list. Raises :class:`ImportRefused` with a sentence."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BAD_ZIP:
        raise ImportRefused(f"“{filename}”已损坏或不是ZIP压缩包，请重新压缩后再导入。") from None
    infos = [one for one in archive.infolist() if not one.is_dir()]
    _hold_to_bounds(infos, len(data), filename)
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = _path(info)
        if PurePosixPath(path).name.lower() in JUNK or path.startswith("__MACOSX/") or "/~$" in f"/{path}":
            continue
        if path in members:
            raise ImportRefused(f"压缩包里有两个同名的文件“{path[-80:]}”，请改名后重新压缩。")
        members[path] = info
    lists = [path for path in members if path.lower().endswith(_LISTS)]
    if len(lists) != 1:
        found = "没有清单" if not lists else f"有{len(lists)}张表（{'、'.join(lists)[:100]}）"
        raise ImportRefused(
            f"压缩包里{found}。请只放一张清单（.xlsx、.xls或.csv），附件与清单放在一起或放在以编号命名的文件夹里。"
        )
    sizes = {path: info.file_size for path, info in members.items() if path != lists[0]}
    return Bundle(lists[0], sizes, archive, members)


def _hold_to_bounds(infos: list[zipfile.ZipInfo], packed: int, filename: str) -> None:
    if len(infos) > MOST_FILES + 1:
        raise ImportRefused(f"压缩包里有{len(infos)}个文件，最多{MOST_FILES}个附件，请拆成几包分别导入。")
    size = sum(one.file_size for one in infos)
    # pictures and recordings hardly shrink, a list of text does so by twenty
    if swells(size, packed):
        raise ImportRefused(
            f"“{filename}”解压后有{size // 1024 // 1024}MB，大小异常（疑似压缩炸弹），不予读取；"
            "确是正常附件的，请拆成几包分别导入。"
        )
    if any(one.flag_bits & _LOCKED for one in infos):
        raise ImportRefused(f"“{filename}”加了密码，无法读取，请去掉密码后重新压缩。")


def _path(info: zipfile.ZipInfo) -> str:
    """The name in the archive as people see it. Raises :class:`ImportRefused` for one that leads out of it."""
    path = name_of(info).replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0] or any(ord(sign) < 32 for sign in path):
        raise ImportRefused(f"压缩包里的“{path[:80]!s}”指向包外，不予读取，请用系统自带的压缩重新打包。")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ImportRefused(f"压缩包里的“{path[:80]}”是链接，不是文件，不予读取，请放入文件本身。")
    return unicodedata.normalize("NFC", path)


def name_of(info: zipfile.ZipInfo) -> str:
    """The name as people see it. Windows writes Chinese names in its own code page without saying so; Python then reads them as an old DOS one."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
