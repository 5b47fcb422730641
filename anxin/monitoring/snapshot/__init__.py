"""From the records to the fact tables that rules read, as known at a moment.

Each table is one set-based query whose totals the database adds up; nothing here asks which database it
is. Months are cut from the ISO text of a date because that needs no function call per row. A table that no
module here fills is empty: nothing of its kind is recorded yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from anxin.monitoring.snapshot import money, people, register, wages
from anxin.monitoring.snapshot.view import Row, Rows, View

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES: dict[str, Rows] = {**register.TABLES, **people.TABLES, **wages.TABLES, **money.TABLES}


def take(
    *, as_of: dt.date, known_at: dt.datetime, project_ids: Sequence[int] | None = None
) -> dict[str, pa.Table]:
    """Every table of :mod:`anxin.monitoring.facts_schema`, exactly in its shape."""
    from anxin.monitoring import facts_schema

    view = View(as_of, known_at, None if project_ids is None else tuple(sorted(set(project_ids))))
    return {
        name: _table(schema, _TABLES[name](view)) if name in _TABLES else facts_schema.empty(name)
        for name, schema in facts_schema.SCHEMAS.items()
    }


def _table(schema: pa.Schema, rows: Iterable[Row]) -> pa.Table:
    import pyarrow as pa

    columns: Iterable[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
