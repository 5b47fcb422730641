"""From the records to the fact tables that rules read, as known at a moment.

Each table is one set-based query whose totals the database adds up; nothing here asks which database it
is. Months are cut from the ISO text of a date because that needs no function call per row. A table that no
module here fills is empty: nothing of its kind is recorded yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from anxin.evidence import bulk
from anxin.monitoring.snapshot import gates, money, people, register, signals, wages, warnings
from anxin.monitoring.snapshot.register import regions
from anxin.monitoring.snapshot.view import Row, Rows, View

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["each", "regions", "take"]

#: rows turned into columns at a time: millions of rows at once would need them all as tuples
_PIECE = 50_000

_TABLES: dict[str, Rows] = {
    **register.TABLES,
    **people.TABLES,
    **gates.TABLES,
    **wages.TABLES,
    **money.TABLES,
    **signals.TABLES,
    **warnings.TABLES,
}


def take(
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    project_ids: Sequence[int] | None = None,
    employer_ids: Sequence[int] | None = None,
) -> dict[str, pa.Table]:
    """Every table of :mod:`anxin.monitoring.facts_schema`, exactly in its shape.

    ``None`` is all, an empty sequence none. Where only projects are named, no employer is shown, and the other way
    round; links of a named employer bring the employers they lead to.
    """
    return dict(_each(View(as_of, known_at, *_subjects(project_ids, employer_ids))))


def each(
    *, as_of: dt.date, known_at: dt.datetime, months: Mapping[str, frozenset[str]] | None = None
) -> Iterator[tuple[str, pa.Table]]:
    """The tables of :func:`take` about everybody, one at a time: only one of them is in memory.

    Of tables in ``months``, which are some of those that :func:`touched.months_of` knows, only these months are read.
    """
    return _each(View(as_of, known_at), months or {})


def _each(
    view: View, months: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> Iterator[tuple[str, pa.Table]]:
    from anxin.monitoring import facts_schema

    for name, schema in facts_schema.SCHEMAS.items():
        part = replace(view, months=months.get(name))
        yield name, _table(schema, _TABLES[name](part)) if name in _TABLES else facts_schema.empty(name)


def _subjects(
    projects: Sequence[int] | None, employers: Sequence[int] | None
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    if projects and employers is None:
        employers = ()
    elif employers and projects is None:
        projects = ()
    linked = signals.with_linked(employers) if employers else employers
    return _in_order(projects), _in_order(linked)


def _in_order(ids: Iterable[int] | None) -> tuple[int, ...] | None:
    return None if ids is None else tuple(sorted(set(ids)))


def _table(schema: pa.Schema, rows: Iterable[Row]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches(
        [_batch(schema, piece) for piece in bulk.chunks(rows, _PIECE)], schema=schema
    )


def _batch(schema: pa.Schema, rows: Sequence[Row]) -> pa.RecordBatch:
    import pyarrow as pa

    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
