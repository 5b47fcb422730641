"""Lines, fields and the digest of the 工资信息文件. The book for banks is ``docs/wage-file.md``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from anxin.formats import codes

CODES = codes.load(Path(__file__).parent)

MARK = "AXGZ"
VERSION = "1"
ORDER, RESULTS = "PAY", "RES"
SEPARATOR = "|"

CONTROL_FIELDS = {ORDER: 12, RESULTS: 14}
DETAIL_MARK = {ORDER: "D", RESULTS: "R"}
DETAIL_FIELDS = {ORDER: 9, RESULTS: 12}

_AMOUNT = re.compile(r"(0|[1-9]\d{0,8})\.\d\d", re.ASCII)
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def digest(control: Sequence[str], details: Sequence[str]) -> str:
    """SHA-256 over the control record without its last field and all detail lines, each ended by a line feed."""
    said = [SEPARATOR.join(control), *details]
    return hashlib.sha256("".join(f"{line}\n" for line in said).encode()).hexdigest()


def fen_of(text: str) -> int | None:
    """``12345.60`` → fen; ``None`` for anything that is not written exactly so."""
    return int(text.replace(".", "")) if _AMOUNT.fullmatch(text) else None


def has_forbidden(text: str) -> bool:
    """Whether a field holds what would end it or its line."""
    return SEPARATOR in text or bool(_CONTROL_CHARACTER.search(text))
