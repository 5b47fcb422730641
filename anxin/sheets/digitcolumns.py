"""Amounts written one digit to a column (万 千 百 十 元 角 分), as the ruled forms of cash payrolls have them."""

from __future__ import annotations

from collections.abc import Sequence

from anxin.sheets.headers import Header
from anxin.sheets.workbook import Cell

#: what a digit counts in fen
_FEN = {
    "百万": 100_000_000, "十万": 10_000_000, "拾万": 10_000_000, "万": 1_000_000, "千": 100_000, "仟": 100_000,
    "百": 10_000, "佰": 10_000, "十": 1_000, "拾": 1_000, "元": 100, "圆": 100, "角": 10, "分": 1,
}  # fmt: skip


def digit_columns(header: Header, column: int) -> list[int]:
    """The neighbouring columns that hold one amount together with ``column``; ``[]`` for an ordinary column."""
    path = header.paths[column]
    if len(path) < 2 or path[-1] not in _FEN:
        return []
    group = [c for c, p in enumerate(header.paths) if p[:-1] == path[:-1] and p[-1] in _FEN]
    return group if len(group) > 2 and len({header.paths[c] for c in group}) == len(group) else []


def joined_digits(cells: Sequence[Cell], columns: Sequence[int], header: Header) -> Cell:
    """The amount in yuan of one row's digits; ``""`` where none is filled, and as they stand where one is no digit."""
    fen, filled = 0, False
    for column in columns:
        text = (
            str(cells[column] if cells[column] is not None else "").strip().removesuffix(".0").strip("¥￥⊗")
        )
        if not text:
            continue
        if not (text.isascii() and text.isdigit()):
            return "".join(str(cells[c]) for c in columns)
        fen, filled = fen + int(text) * _FEN[header.paths[column][-1]], True
    return fen / 100 if filled else ""
