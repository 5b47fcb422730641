"""Who told us stays sealed: their name and telephone never leave, wherever somebody has written them down."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from anxin.clues.masking import opened
from anxin.clues.models import Telling

NAMELESS = "〔反映人〕"
#: shorter words are found everywhere and betray nobody
_LEAST_NAME, _LEAST_PHONE = 2, 7
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
#: a workbook or a text document is a ZIP of a few parts; one that unpacks to more is not searched further
_MOST_UNPACKED = 64 * 1024 * 1024


@dataclass(frozen=True)
class Reporter:
    """The words by which whoever told us could be known."""

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.names or self.phones)

    def scrubbed(self, value: Any) -> Any:
        """``value`` (text, or lists and dicts of it) with the name replaced and the telephone starred."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.scrubbed(each) for each in value]
        if isinstance(value, dict):
            return {key: self.scrubbed(each) for key, each in value.items()}
        return value

    def stands_in(self, text: str) -> bool:
        """Whether the text names them."""
        return self._text(text) != text

    def stands_in_file(self, content: bytes) -> bool:
        """Whether a file names them in text that can be read without drawing it: plain, or packed as Office does.

        A scan, a photograph or a PDF with compressed text is not read.
        """
        if not self.known:
            return False
        words = [word.encode(code) for word in (*self.names, *self.phones) for code in _ENCODINGS]
        return any(word in part for part in _parts(content) for word in words)

    def _text(self, text: str) -> str:
        for name in self.names:
            text = text.replace(name, NAMELESS)
        for phone in self.phones:
            text = re.sub("[ -]?".join(phone), "*" * len(phone), text)
        return text


def reporter_of(tellings: Iterable[Telling]) -> Reporter:
    """Whoever told these, as they named themselves each time."""
    names: set[str] = set()
    phones: set[str] = set()
    for one in tellings:
        name, phone = opened(one.name).strip(), opened(one.phone)
        if len(name) >= _LEAST_NAME:
            names.add(name)
        digits = re.sub(r"\D", "", phone)
        if len(digits) >= _LEAST_PHONE and "*" not in phone:
            phones.add(digits)
    longest_first = sorted(names, key=lambda word: (-len(word), word))
    return Reporter(tuple(longest_first), tuple(sorted(phones)))


def _parts(content: bytes) -> Iterable[bytes]:
    yield content
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            left = _MOST_UNPACKED
            for entry in packed.infolist():
                left -= entry.file_size
                if left < 0:
                    return
                yield packed.read(entry)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return
