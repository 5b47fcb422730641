"""Bank files: bytes to neutral messages and back. Pure Python; start with ``README.md``."""

from __future__ import annotations

from anxin.formats.base import Format
from anxin.formats.messages import (
    BankFile,
    Direction,
    FormatRefused,
    OrderState,
    Outcome,
    PayOrder,
    PayOrderLine,
    PayResult,
    PayResults,
    Reading,
    RowRefusal,
    Statement,
    StatementEntry,
)
from anxin.formats.registry import detect, formats, get, read

__all__ = [
    "BankFile",
    "Direction",
    "Format",
    "FormatRefused",
    "OrderState",
    "Outcome",
    "PayOrder",
    "PayOrderLine",
    "PayResult",
    "PayResults",
    "Reading",
    "RowRefusal",
    "Statement",
    "StatementEntry",
    "detect",
    "formats",
    "get",
    "read",
]
