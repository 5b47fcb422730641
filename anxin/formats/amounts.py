"""Amounts and counts as XML messages write them."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,15}(\.\d{0,5})?", re.ASCII)


def fen(written: str) -> int | None:
    """``1234.5`` → fen, ``None`` where it is no amount, has parts of a fen, or is too large to be one."""
    if not _AMOUNT.fullmatch(written):
        return None
    yuan, _, cents = written.partition(".")
    if cents[2:].strip("0"):
        return None
    return int(yuan) * 100 + int(f"{cents[:2]:0<2}")


def whole(written: str) -> int | None:
    """A count or a number in a list; ``None`` for what is none, or longer than any list could be."""
    return int(written) if _WHOLE.fullmatch(written) else None
