"""What stands in one file: the rows of a table, or of a month of it, in one order; and a hash of them.

The hash is of the values, not of the file: another version of Parquet or another compression does not change it,
nor does the order in which a database hands rows out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anxin.monitoring.facts_schema import DAY, MOMENT, SCHEMAS

#: tables that grow with the months → the column that says which; each has a wage month, or a day
_BY_DAY = {
    "payments": "last_paid_on",
    "account_outflows": "booked_on",
    "account_balances": "on",
    "punch_days": "day",
    "card_flows": "at",
    "site_days": "day",
}
MONTH_COLUMNS: dict[str, str] = {
    name: _BY_DAY.get(name, "month")
    for name, schema in SCHEMAS.items()
    if name in _BY_DAY or "month" in schema.names
}
#: the month of rows whose day is not known
NO_MONTH = "none"
#: the only partition of a table that is written whole
WHOLE = ""


def split(name: str, table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Month → its rows in order; a table without months as a whole, also when it has no rows."""
    column = MONTH_COLUMNS.get(name)
    if column is None:
        yield WHOLE, _ordered(table)
        return
    months = _months(table.column(column))
    for month in sorted(pc.unique(months).to_pylist()):
        yield month, _ordered(table.filter(pc.equal(months, month)))


def _months(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type in (DAY, MOMENT):
        column = pc.strftime(column, format="%Y-%m")
    return pc.fill_null(column, NO_MONTH)


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in table.column_names]).combine_chunks()


def fingerprint(table: pa.Table) -> str:
    """SHA-256 of columns, types and values in the order of the rows."""
    digest = hashlib.sha256(f"{table.num_rows}\n{table.schema.remove_metadata()}\n".encode())
    for column in table.columns:
        for part in _values(column):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
    return digest.hexdigest()


def _values(column: pa.ChunkedArray) -> Iterator[memoryview | bytes]:
    """Which rows have a value, then the values; of texts their lengths and their bytes."""
    yield _bytes(pc.is_valid(column).cast(pa.uint8()))
    if not pa.types.is_string(column.type):
        plain = column.cast(pa.uint8()) if pa.types.is_boolean(column.type) else _whole_numbers(column)
        yield _bytes(pc.fill_null(plain, 0))
        return
    texts = _one(pc.fill_null(column.cast(pa.large_string()), ""))
    yield _bytes(pc.binary_length(texts))
    if len(texts):
        ends = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
        yield memoryview(texts.buffers()[2] or b"")[ends[0] : ends[-1]]


def _whole_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type == DAY:
        return column.cast(pa.int32())
    return column.cast(pa.int64()) if column.type == MOMENT else column


def _bytes(column: pa.ChunkedArray | pa.Array) -> bytes:
    return bytes(_one(column).to_numpy(zero_copy_only=False).tobytes())


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
