"""Which formats there are, and which one a file is."""

from __future__ import annotations

import re
from functools import cache

from anxin.formats.base import Format
from anxin.formats.messages import FormatRefused, Reading

_HEAD = 4096
#: what spreadsheets and web pages begin with: not for us, the reader of tables has its own sentence for them
_FOR_TABLES = re.compile(r"<!doctype\s+html|<html|<table|<\?mso-application|<Workbook\b", re.IGNORECASE)


@cache
def formats() -> tuple[Format, ...]:
    """Every format of bank files, each asked in turn whether a file is its own."""
    from anxin.formats.iso20022 import Iso20022
    from anxin.formats.ntagcapy import Ntagcapy
    from anxin.formats.wage_file import WageFile

    return WageFile(), Iso20022(), Ntagcapy()


def get(key: str) -> Format:
    """The format of that key. Raises :class:`FormatRefused` with the keys there are."""
    for one in formats():
        if one.key == key:
            return one
    known = "、".join(f"{one.key}（{one.title}）" for one in formats())
    raise FormatRefused("unknown_format", f"没有“{key}”这种银行文件格式，可用的是：{known}。")


def detect(data: bytes, filename: str = "") -> Format | None:
    """The format of a file by how it begins, ``None`` for what is no bank message (a table, as a rule).

    Raises :class:`FormatRefused` for XML that is nobody's: no reader of tables could take it either.
    """
    head = _head(data)
    for one in formats():
        if one.matches(head):
            return one
    if head.startswith("<") and not _FOR_TABLES.search(head):
        raise FormatRefused(
            "unknown_xml",
            "这是 XML 文件，但不是本系统认识的银行报文；可读取 ISO 20022（pain、camt）和招商银行 NTAGCAPY、NTAGDINF。",
        )
    return None


def read(data: bytes, filename: str = "") -> Reading:
    """Detect and read. Raises :class:`FormatRefused`, also for what is no bank message."""
    found = detect(data, filename)
    if found is None:
        raise FormatRefused("unknown_format", "这不是本系统认识的银行文件，请核对是否选错了文件。")
    return found.read(data)


def _head(data: bytes) -> str:
    """The beginning as text, as far as it can be told; only to recognise the format by."""
    head = data[:_HEAD]
    for mark, encoding in (
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xef\xbb\xbf", "utf-8"),
    ):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore").lstrip()
    if head[:4:2] == b"\0\0":
        return head.decode("utf-16-be", "ignore").lstrip()
    if head[1:4:2] == b"\0\0":
        return head.decode("utf-16-le", "ignore").lstrip()
    return head.decode("utf-8", "ignore").lstrip()
