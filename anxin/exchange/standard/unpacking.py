"""Reading a package: what it is, its objects row by row, and what is wrong with a row by the standard itself."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import python_calamine

from anxin.exchange.standard import catalogue
from anxin.exchange.standard.catalogue import FieldSpec, ObjectSpec
from anxin.exchange.standard.layout import FOLDER, MANIFEST, MOST_FILES, SHAPE
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused

Row = dict[str, str]

#: unpacked bytes of one package, and rows of all its objects
MOST_BYTES = 600 * 1024 * 1024
MOST_ROWS = 2_000_000
_MEMBERS = 100
_LONGEST = 2000


@dataclass(frozen=True)
class Problem:
    """A row that came back (``rejected``), or something to look at. ``row`` counts from 1; 0: the whole object."""

    object: str
    row: int
    field: str
    reason: str
    rejected: bool = True


@dataclass
class Package:
    """The rows of each object that stand up to the standard, with their numbers, and what does not."""

    rows: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    sha256: str = ""
    #: the package itself, from which the contracts on file are read one by one; a workbook has none
    archive: zipfile.ZipFile | None = None

    def of(self, name: str) -> list[tuple[int, Row]]:
        return self.rows.get(name, [])

    def size_of(self, name: str) -> int | None:
        """The bytes of a file in the package; ``None`` where there is no such file."""
        info = self.archive.NameToInfo.get(name) if self.archive else None
        return info.file_size if info else None

    def content_of(self, name: str) -> bytes:
        """A file of the package. Raises :class:`Refused` where it cannot be unpacked."""
        try:
            return self.archive.read(name) if self.archive else b""
        except _BROKEN:
            raise Refused(f"包里的文件“{name[:100]}”已损坏，无法读取，未收。", field="file") from None


_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, NotImplementedError, RuntimeError, OSError
)  # fmt: skip


def read(data: bytes, filename: str) -> Package:
    """Read a package of either form. Raises :class:`Refused` with a sentence for a whole package."""
    package = Package(sha256=hashlib.sha256(data).hexdigest())
    try:
        if filename.lower().endswith(".xlsx"):
            raw = _sheets(data)
        else:
            package.archive = zipfile.ZipFile(io.BytesIO(data))
            raw = _members(package.archive)
        total = 0
        for name, lines in raw.items():
            spec = catalogue.objects()[name]
            package.rows[name] = []
            for number, line in lines:
                total += 1
                if total > MOST_ROWS:
                    raise Refused(f"数据包超过{MOST_ROWS}行，请按项目分开导出后再导入。")
                package.read[name] = number
                _take(spec, number, line, package)
    except _BROKEN:
        raise Refused(f"“{filename}”已损坏或不是数据包，无法读取；请重新导出或重新传送。") from None
    except python_calamine.CalamineError:
        raise Refused(f"“{filename}”不是可读的Excel数据包；请重新导出或重新传送。") from None
    return package


def _take(spec: ObjectSpec, number: int, line: Any, package: Package) -> None:
    row, problems = checked(spec, line)
    if problems:
        package.problems += [Problem(spec.name, number, code, reason) for code, reason in problems]
    else:
        package.rows[spec.name].append((number, row))


# --- forms -----------------------------------------------------------------------------------------------


def _members(archive: zipfile.ZipFile) -> dict[str, Iterator[tuple[int, Any]]]:
    infos = archive.infolist()
    contracts = sum(info.filename.startswith(FOLDER) for info in infos)
    if (
        contracts > MOST_FILES
        or len(infos) - contracts > _MEMBERS
        or sum(info.file_size for info in infos) > MOST_BYTES
    ):
        raise Refused("数据包解压后过大，不予读取；请按项目分开导出后再导入。")
    if MANIFEST not in archive.NameToInfo:
        raise Refused(f"数据包里没有清单文件{MANIFEST}，不能确认内容是否完整；请重新导出。")
    entries = _manifest(archive.read(MANIFEST))
    found: dict[str, Iterator[tuple[int, Any]]] = {}
    for entry in entries:
        name, file = entry["object"], entry["file"]
        if file not in archive.NameToInfo:
            raise Refused(f"数据包不完整：清单列有{name}，但缺少文件{file}。")
        content = archive.read(file)
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise Refused(f"数据包里的{file}与清单的校验值不符，可能被改动或传送时损坏；整包未导入。")
        text = content.decode("utf-8-sig")
        lines = _json_rows(text) if file.endswith(".jsonl") else _csv_rows(text)
        found[name] = _counted(lines, entry["rows"], file)
    return found


def _manifest(data: bytes) -> list[dict[str, Any]]:
    try:
        manifest = json.loads(data)
        entries = [
            {key: one[key] for key in ("object", "file", "rows", "sha256")} for one in manifest["objects"]
        ]
        shape, identifiers = manifest["shape"], manifest["identifiers"]
    except (ValueError, KeyError, TypeError):
        raise Refused(f"数据包的清单文件{MANIFEST}不是约定的写法，无法读取。") from None
    _require(shape, identifiers)
    for entry in entries:
        if entry["object"] not in catalogue.objects():
            raise Refused(f"数据包里有不认识的对象“{str(entry['object'])[:60]}”；整包未导入。")
    return entries


def _require(shape: object, identifiers: object) -> None:
    if shape != SHAPE:
        raise Refused(f"数据包的版式是“{str(shape)[:60]}”，本系统能读的是“{SHAPE}”。")
    if identifiers != "full":
        raise Refused("这个数据包的证件号码是遮盖的，不能据以登记人员；请由有权限的人重新导出完整数据包。")


def _counted(lines: Iterator[Any], rows: object, file: str) -> Iterator[tuple[int, Any]]:
    number = 0
    for number, line in enumerate(lines, 1):
        yield number, line
    if number != rows:
        raise Refused(f"数据包里的{file}有{number}行，与清单所列{rows}行不符；整包未导入。")


def _json_rows(text: str) -> Iterator[Any]:
    for line in text.split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield None


def _csv_rows(text: str) -> Iterator[Any]:
    lines = csv.reader(io.StringIO(text, newline=""))
    header = next(lines, [])
    for line in lines:
        yield dict(zip(header, line, strict=False)) if len(line) == len(header) else None


def _sheets(data: bytes) -> dict[str, Iterator[tuple[int, Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    cover = MANIFEST.partition(".")[0]
    if cover not in book.sheet_names:
        raise Refused("这个工作簿不是按实名制数据标准导出的数据包（没有manifest页）。")
    said = {str(line[0]): str(line[1]) for line in book.get_sheet_by_name(cover).to_python() if len(line) > 1}
    _require(said.get("shape"), said.get("identifiers"))
    return {
        name: _sheet_rows(book.get_sheet_by_name(name).to_python())
        for name in catalogue.objects()
        if name in book.sheet_names
    }


def _sheet_rows(lines: list[list[Any]]) -> Iterator[tuple[int, Any]]:
    header = [str(cell) for cell in lines[0]] if lines else []
    for number, line in enumerate(lines[2:], 1):
        yield number, dict(zip(header, line, strict=False))


# --- rows ------------------------------------------------------------------------------------------------


def checked(spec: ObjectSpec, line: Any) -> tuple[Row, list[tuple[str, str]]]:
    """The row as text without empty values, and what is wrong with it: (field, reason)."""
    if not isinstance(line, Mapping):
        return {}, [("", "这一行不是约定的写法，无法读取。")]
    known = {one.code: one for one in spec.fields}
    row: Row = {}
    problems: list[tuple[str, str]] = []
    for code, value in line.items():
        text = "" if value is None else str(value).strip()
        if code not in known:
            if text:
                problems.append((str(code)[:60], "标准里没有这个字段，请核对字段名。"))
        elif text:
            row[code] = text
            if problem := _problem(known[code], text):
                problems.append((code, problem))
    problems += [
        (one.code, f"{one.title}不能为空。") for one in spec.fields if one.required and one.code not in row
    ]
    return row, problems


def _problem(one: FieldSpec, text: str) -> str:
    if len(text) > _LONGEST or "\0" in text:
        return f"{one.title}过长或含有无法保存的字符。"
    if one.dictionary and text not in catalogue.codes(one.dictionary):
        return f"{one.title}的代码“{text[:20]}”不在字典里。"
    return "" if _READS[one.type](text) else f"{one.title}“{text[:20]}”不是{_SHAPES[one.type]}。"


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return len(text) == len("2026-11-21")


def _is_moment(text: str) -> bool:
    """A day alone, or a day with its time."""
    try:
        year = dt.datetime.fromisoformat(text).year
    except ValueError:
        return False
    # at the very ends of the calendar a moment has no other time zone
    if not 1900 <= year <= 2200:
        return False
    return len(text) == len("2026-11-21") or len(text) >= len("2026-11-21 07:58")


def _is_month(text: str) -> bool:
    try:
        return str(Month.parse(text)) == text
    except ValueError:
        return False


def _is_decimal(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and len(text) <= 24
    except InvalidOperation:
        return False


_READS = {
    "text": lambda text: True,
    "code": lambda text: True,
    "flag": lambda text: text in ("0", "1"),
    "integer": lambda text: text.isascii() and text.isdecimal() and len(text) <= 9,
    "decimal": _is_decimal,
    "date": _is_date,
    "moment": _is_moment,
    "month": _is_month,
}
_SHAPES = {
    "flag": "0或1",
    "integer": "整数",
    "decimal": "数字",
    "date": "2026-11-21这样的日期",
    "moment": "2026-11-21 07:58:30这样的时间",
    "month": "2026-11这样的月份",
}
