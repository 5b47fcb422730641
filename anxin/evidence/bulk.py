"""Many rows into one table, quickly, on whatever database it is.

``bulk_create`` makes a model object and runs every field's conversion for each row; for a payroll of
100,000 rows that alone takes longer than reading the file. Here the statement is built once from the
model's fields, constants are converted once, and only columns whose database form differs from the Python
value (decimals, dates) are converted per row. Several rows go into one INSERT, because a server answers
each statement with a round trip; the number per statement keeps below every database's parameter limit.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models

T = TypeVar("T")

#: parameters in one statement: SQLite refuses more than 32,766, PostgreSQL more than 65,535
_PARAMETERS = 20_000
#: keys in one ``IN (...)``
_KEYS = 5_000
#: up to so many times the wanted keys, reading the whole table is quicker than asking for them
_READ_THROUGH = 3
#: the database takes these Python values as they are
_PLAIN = (
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BinaryField,
    models.ForeignKey,
)


def chunks(items: Iterable[T], size: int = _KEYS) -> Iterator[list[T]]:
    """Lists of at most ``size`` items, in order."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's cycle collector from walking a growing file again and again: its rows hold no cycles.

    The pause is short and ends however the block ends; what became garbage meanwhile is collected later.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    constants: Mapping[str, Any] | None = None,
    ignore_conflicts: bool = False,
) -> None:
    """Insert ``rows``, whose values stand in the order of ``columns`` (attribute names: ``worker_id``).

    ``constants`` are columns with the same value in every row. Sealed columns take envelopes (``bytes``).
    With ``ignore_conflicts`` a row that a unique constraint refuses is left out silently. Columns that are
    not named must have a database default or be the generated key. Runs in the caller's transaction.
    """
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fixed = constants or {}
    fixed_values = tuple(
        fields[name].get_db_prep_save(value, connection=connection) for name, value in fixed.items()
    )
    convert = _converter([fields[name] for name in columns])
    names = [*columns, *fixed]
    quoted = ", ".join(connection.ops.quote_name(fields[name].column or name) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    one = f"({', '.join(['%s'] * len(names))})"
    ending = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    size = max(1, _PARAMETERS // len(names))

    def statement(count: int) -> str:
        return f"INSERT INTO {table} ({quoted}) VALUES {', '.join([one] * count)}{ending}"

    def parameters(piece: Sequence[Sequence[Any]]) -> list[Any]:
        return list(chain.from_iterable((*row, *fixed_values) for row in convert(piece)))

    whole = len(rows) - len(rows) % size
    with connection.cursor() as cursor:
        if whole:
            # One call: the statement of thousands of placeholders is prepared once.
            pieces = [parameters(rows[start : start + size]) for start in range(0, whole, size)]
            cursor.executemany(statement(size), pieces)
        if whole < len(rows):
            cursor.execute(statement(len(rows) - whole), parameters(rows[whole:]))


def pour(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    constants: Mapping[str, Any] | None = None,
) -> None:
    """Like :func:`insert`, by PostgreSQL's own COPY where that is the database: for rows that come by the thousand.

    Only plain values: texts, whole numbers, truth values, bytes, aware moments, ``None``.
    """
    if connection.vendor != "postgresql":
        insert(model, columns, rows, constants=constants)
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fixed = constants or {}
    ending = "".join(f"\t{_copied(value)}" for value in fixed.values()) + "\n"
    quote = connection.ops.quote_name
    quoted = ", ".join(quote(fields[name].column or name) for name in [*columns, *fixed])
    text = "".join("\t".join(map(_copied, row)) + ending for row in rows)
    with connection.cursor() as cursor:
        stream = cursor.copy(f"COPY {quote(model._meta.db_table)} ({quoted}) FROM STDIN")
        with stream as copy:
            copy.write(text.encode())


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(value: Any) -> str:
    """A value as COPY's text format has it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPED) if not value.isalnum() else value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    return str(value)


def _converter(
    fields: Sequence[models.Field[Any, Any]],
) -> Callable[[Sequence[Sequence[Any]]], Sequence[Sequence[Any]]]:
    """A function that turns rows into database values, touching only the columns that need it.

    Days and decimals repeat from row to row, so each distinct value is converted once.
    """
    conversions = [
        (index, field, {None: None}) for index, field in enumerate(fields) if not isinstance(field, _PLAIN)
    ]

    def convert(rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        if not conversions:
            return rows
        converted = [list(row) for row in rows]
        for index, field, known in conversions:
            for row in converted:
                value = row[index]
                if value not in known:
                    known[value] = field.get_db_prep_save(value, connection=connection)
                row[index] = known[value]
        return converted

    return convert


def look_up(
    model: type[models.Model], key: str, values: Iterable[str], columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows whose ``key`` is one of ``values``: ``key`` first, then ``columns``, as plain values.

    Where most of the table is asked for, it is read through instead of being asked key by key. Only for
    columns whose database form is their Python value (text, whole numbers).
    """
    wanted = set(values)
    if not wanted:
        return
    rows = model._default_manager.values_list(key, *columns)
    if model._default_manager.count() <= _READ_THROUGH * len(wanted):
        yield from (row for row in rows.iterator(chunk_size=5000) if row[0] in wanted)
        return
    for piece in chunks(wanted):
        yield from rows.filter(**{f"{key}__in": piece})


def supersede(model: type[models.Model], ids: Iterable[int], *, by: int | None, now: Any) -> int:
    """Mark these current facts as replaced by batch ``by`` (``None``: not by a file); returns how many."""
    manager = model._default_manager
    return sum(
        manager.filter(pk__in=piece, superseded_at__isnull=True).update(
            superseded_at=now, superseded_by_id=by
        )
        for piece in chunks(ids)
    )


def update(objects: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write these columns (attribute names) of saved objects of one model.

    One prepared statement with a row's values each time. ``bulk_update`` puts every row and column into a
    ``CASE`` and takes seconds for a few hundred objects with twenty columns.
    """
    if not objects:
        return
    meta = type(objects[0])._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(fields[name].column or name)} = %s" for name in columns)
    key = meta.pk.column or meta.pk.attname
    statement = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(key)} = %s"
    rows = [
        [fields[name].get_db_prep_save(getattr(item, name), connection=connection) for name in columns]
        + [item.pk]
        for item in objects
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
