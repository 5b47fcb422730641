"""Where signatures stand in the bytes of a file, found without reading its structure.

A byte range says what is covered: all but one gap, and the gap is the signature itself in hexadecimal. Both are
judged here by their bytes, before anything of the file is interpreted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anxin.signing.hashing import digest

_WORD = b"/ByteRange"
_RANGE = re.compile(rb"/ByteRange[ \r\n]*\[ *(\d{1,10}) +(\d{1,10}) +(\d{1,10}) +(\d{1,10}) *\]")
_HEX = re.compile(rb"<((?:[0-9A-F]{2})+|(?:[0-9a-f]{2})+)>\Z")
MOST_SIGNATURES = 200


class BadContents(ValueError):
    """The gap of a byte range is not one signature, written in the one way; ``str()`` completes 签名……"""


@dataclass(frozen=True)
class Mark:
    """One byte range: ``[0, gap_start)`` and ``[gap_end, end)`` are covered."""

    start: int
    gap_start: int
    gap_end: int
    end: int

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        return self.start, self.gap_start, self.gap_end, self.end - self.gap_end

    def in_order(self, size: int) -> bool:
        return self.start == 0 < self.gap_start < self.gap_end < self.end <= size

    def contents(self, pdf: bytes) -> bytes:
        """The DER of the signature. Raises :class:`BadContents`: padding is zeros, letters are of one case."""
        match = _HEX.match(pdf[self.gap_start : self.gap_end])
        if match is None:
            raise BadContents("的存放处被改动或不规范")
        content = bytes.fromhex(match.group(1).decode())
        size = _der_size(content)
        if any(content[size:]):
            raise BadContents("之后的填充被改动")
        return content[:size]

    def digest(self, algorithm: str, pdf: bytes) -> bytes:
        view = memoryview(pdf)
        return digest(algorithm, view[: self.gap_start], view[self.gap_end : self.end])


def find(pdf: bytes) -> tuple[list[Mark], int]:
    """The byte ranges by their ends, and how often the word stands in the file: more often than there are ranges is odd."""
    marks = []
    for match in _RANGE.finditer(pdf):
        start, first, second, length = (int(number) for number in match.groups())
        marks.append(Mark(start, start + first, second, second + length))
        if len(marks) > MOST_SIGNATURES:
            break
    return sorted(marks, key=lambda mark: mark.end), pdf.count(_WORD)


def _der_size(content: bytes) -> int:
    """Of a DER sequence with its header. Raises :class:`BadContents`."""
    if len(content) < 2 or content[0] != 0x30:
        raise BadContents("的存放处不是签名")
    first = content[1]
    octets = first & 0x7F if first & 0x80 else 0
    if octets > 4 or len(content) < 2 + octets or first == 0x80:
        raise BadContents("的存放处不是签名")
    length = int.from_bytes(content[2 : 2 + octets], "big") if octets else first
    if 2 + octets + length > len(content):
        raise BadContents("不完整")
    return 2 + octets + length
