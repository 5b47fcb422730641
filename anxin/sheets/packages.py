"""Look into an .xlsx (a zip of XML) before a reader unpacks it: bombs, macros, far-away cells, formulas."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from anxin.sheets import limits
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.texts import column_index

_CHUNK = 1 << 20
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ROW_NUMBER = re.compile(rb'<row [^>]*?r="(\d+)"')
_FILLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]+)(\d+)["'][^>]*?(?<!/)>(?=\s*<(?:\w+:)?(?:v|is|f)\b)"""
)


@dataclass
class SheetPart:
    """The XML of one sheet. ``xml()`` unpacks it again, so that big sheets are not all held at once."""

    xml: Callable[[], bytes]
    has_formulas: bool


@dataclass
class Package:
    """``recalculates``: the file asks Excel to compute on opening, so a stored 0 may be a placeholder."""

    sheet_parts: dict[str, SheetPart]
    recalculates: bool


def guard_package(data: bytes, filename: str) -> Package:
    """Refuse what is unsafe or no workbook; tell which sheets have formulas. Raises :class:`SheetRefused`."""
    broken = (
        f"文件“{filename}”已损坏或不是完整的表格文件，无法读取。请用表格软件打开后另存为 .xlsx，再重新上传。"
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _guard_names(archive, filename)
        _guard_declared_size(archive, len(data), filename)
        return _inspect(archive, filename)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, ValueError, OSError):
        raise SheetRefused(broken) from None
    except RuntimeError as error:  # zipfile's word for an encrypted member
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        raise SheetRefused(f"文件“{filename}”加了密码，无法读取。请去掉密码，另存后重新上传。") from None


def _guard_names(archive: zipfile.ZipFile, filename: str) -> None:
    names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetRefused(
            f"文件“{filename}”带有宏，为安全起见不予读取。请另存为不含宏的 .xlsx 文件后重新上传。"
        )
    if "xl/workbook.bin" in names:
        raise SheetRefused(f"文件“{filename}”是 .xlsb 格式，暂不能读取。请另存为 .xlsx 后重新上传。")
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names and "mimetype" in names:
        raise SheetRefused(f"文件“{filename}”是 .ods 格式，暂不能读取。请另存为 .xlsx 后重新上传。")
    raise SheetRefused(
        f"文件“{filename}”不是表格文件（是压缩包或其他文档）。请上传 .xlsx、.xls 或 .csv 格式的表格。"
    )


def _guard_declared_size(archive: zipfile.ZipFile, packed: int, filename: str) -> None:
    unpacked = sum(info.file_size for info in archive.infolist())
    too_dense = unpacked > limits.RATIO_COUNTS_FROM_BYTES and unpacked > packed * limits.MAX_PACK_RATIO
    if unpacked > limits.MAX_UNPACKED_BYTES or too_dense or len(archive.infolist()) > 5000:
        raise SheetRefused(
            f"文件“{filename}”解压后有 {unpacked / 1048576:.0f} MB，大小异常（疑似压缩炸弹），不予读取。"
            "如确是正常表格，请拆分后分别上传。"
        )


def _inspect(archive: zipfile.ZipFile, filename: str) -> Package:
    book = archive.read("xl/workbook.xml")
    targets = _relationship_targets(archive)
    parts: dict[str, SheetPart] = {}
    for tag in _SHEET_TAG.findall(book):
        attributes = {key.split(b":")[-1]: value for key, value in _ATTRIBUTE.findall(tag)}
        name = unescape(attributes.get(b"name", b"").decode("utf-8", "replace"))
        member = targets.get(attributes.get(b"id", b""))
        if member and member in archive.NameToInfo and "worksheets" in member:
            xml = archive.read(member)  # reads at most the declared size, and checks it against the CRC
            _guard_extent(xml, name, filename)
            parts[name] = SheetPart(
                lambda m=member: archive.read(m),  # type: ignore[misc]
                b"<f" in xml or b":f>" in xml,
            )
    if "xl/sharedStrings.xml" in archive.NameToInfo:
        with archive.open("xl/sharedStrings.xml") as strings:
            while strings.read(_CHUNK):  # an archive that lies about its size ends here, before the reader
                pass
    return Package(parts, b'fullCalcOnLoad="1"' in book or b'fullCalcOnLoad="true"' in book)


def _relationship_targets(archive: zipfile.ZipFile) -> dict[bytes, str]:
    targets = {}
    for tag in _RELATIONSHIP.findall(archive.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get(b"Target", b"").decode("utf-8", "replace")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[attributes.get(b"Id", b"")] = path
    return targets


def _beyond(width: int) -> bytes:
    """A pattern of cell references right of column ``width`` (26 to 701) or below the last allowed row.

    It starts with a literal, so that one search runs through 70 MB in a fraction of a second.
    """
    first, second = divmod(max(width, 26) - 1, 26)
    columns = ["[A-Z]{3}"]
    columns += [rf"{chr(64 + first)}[{chr(65 + second + 1)}-Z]"] if second < 25 and first else []
    columns += [f"[{chr(65 + first)}-Z][A-Z]"] if first < 26 else []
    return rf'r="(?:(?:{"|".join(columns)})\d|[A-Z]{{1,3}}(?:[3-9]\d{{5}}|\d{{7}}))'.encode()


def _guard_extent(xml: bytes, sheet: str, filename: str) -> None:
    """Refuse one filled cell far away: the reader would fill the whole rectangle up to it."""
    last_row = max(map(int, _ROW_NUMBER.findall(xml)), default=0)
    usual = b"='" not in xml and b":row" not in xml  # otherwise written by no program we know: look closely
    if usual and last_row <= limits.MAX_ROWS:
        widest = min(limits.MAX_COLUMNS, limits.MAX_CELLS // max(last_row, 1))
        if not re.search(_beyond(widest), xml):
            return
    height = width = 0
    for letters, row in _FILLED_CELL.findall(xml):
        height = max(height, int(row))
        width = max(width, (column_index(letters.decode()) or 0) + 1)
    limits.check_size(height, width, sheet, filename)
