"""Long tables come straight from the database, a row at a time; how far it has come is told on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from anxin.proof import Table

Row = Mapping[str, Any]
#: rows taken from the database at once
CHUNK = 2000


class Counter:
    """Counts the rows that went by and tells of every thousandth."""

    def __init__(self, tell: Callable[[int], None] | None = None) -> None:
        self._tell, self.done = tell, 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.done += 1
            if self._tell is not None and self.done % 1000 == 0:
                self._tell(self.done)
            yield row


def filled(tables: Iterable[Table], counter: Counter) -> Iterator[Table]:
    """The tables that have a row, each still to be gone through once."""
    for table in tables:
        rows = iter(table.rows)
        first = next(rows, None)
        if first is not None:
            yield Table(table.slug, table.title, table.columns, counter.counted(chain([first], rows)))
