"""Whole columns at a time: numpy arrays to the text that senders write. No loops over rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def fixed(letters: np.ndarray, empty: np.ndarray | None = None) -> pa.Array:
    """Text of fixed width from an ``(n, width)`` array of bytes; ``empty`` marks cells left out."""
    count, width = letters.shape
    if count * width >= 2**31 - width:
        raise ValueError("too many rows for one column")
    offsets = (
        np.arange(0, (count + 1) * width, width, dtype=np.int32) if width else np.zeros(count + 1, np.int32)
    )
    data = np.ascontiguousarray(letters, dtype=np.uint8)
    column = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))
    return column if empty is None else blank(column, empty)


def blank(column: pa.Array, empty: np.ndarray) -> pa.Array:
    """The column with nothing where ``empty`` holds."""
    return pa.compute.if_else(pa.array(~empty), column, pa.scalar(None, column.type))


def yuan(fen: np.ndarray, empty: np.ndarray | None = None) -> pa.Array:
    """Money in yuan with two decimals from whole fen."""
    words = np.empty((len(fen), 2), dtype=np.int64)
    words[:, 0] = fen
    words[:, 1] = words[:, 0] >> 63
    column = pa.Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words)])
    return column if empty is None else blank(column, empty)


def day(days: np.ndarray) -> pa.Array:
    """Dates from ``datetime64[D]``; NaT is left out."""
    return pa.array(days.astype("datetime64[D]"))


def moment(moments: np.ndarray) -> pa.Array:
    """Date and time to the second from ``datetime64[s]``; NaT is left out."""
    return pa.array(moments.astype("datetime64[s]"))


def words(choice: np.ndarray, among: Sequence[str | None]) -> pa.Array:
    """One of a few words by number."""
    return pa.array(among, pa.string()).take(pa.array(choice.astype(np.int32)))


def yes_no(truth: np.ndarray) -> pa.Array:
    """是 or 否."""
    return words(truth, ["否", "是"])


def number(values: np.ndarray, empty: np.ndarray | None = None) -> pa.Array:
    """Plain numbers."""
    return pa.array(values, mask=empty)


def same(text: str | None, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.nulls(count, pa.string()) if text is None else pa.repeat(text, count)
