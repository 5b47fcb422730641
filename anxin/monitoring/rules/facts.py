"""The fact tables as Ibis tables on one engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from anxin.monitoring.facts_schema import SCHEMAS, FactsError, conform, empty

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.framework import Subject


@dataclass(frozen=True)
class Facts:
    """One set of fact tables (see ``facts_schema``), and the engine that holds them."""

    backend: Any
    tables: Mapping[str, ir.Table]
    #: rows per table
    counts: Mapping[str, int]
    #: first wage month that any table names, and first permit: how far back the law is laid out
    first_month: str | None
    first_permit: dt.date | None
    #: subject kind → id → region code
    _regions: Mapping[str, Mapping[int, str]]

    def __getattr__(self, name: str) -> ir.Table:
        """A fact table by its name: ``facts.projects``."""
        if name in SCHEMAS:
            return self.tables[name]
        raise AttributeError(name)

    def regions_of(self, subject: Subject) -> Mapping[int, str]:
        """Region code by id of a project or an employer."""
        return self._regions[subject]

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that have projects or employers, in order."""
        return tuple(sorted({code for known in self._regions.values() for code in known.values()}))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @classmethod
    def from_arrow(cls, tables: Mapping[str, pa.Table]) -> Facts:
        """Facts on DuckDB inside the process. A table that is not given counts as empty.

        Raises :class:`~anxin.monitoring.facts_schema.FactsError` where a table has another shape.
        """
        from anxin.monitoring.rules.lazy import ibis

        strange = sorted(set(tables) - set(SCHEMAS))
        if strange:
            raise FactsError(f"事实表“{strange[0]}”不在约定之内，可用的是：{'、'.join(SCHEMAS)}。")
        backend = ibis.duckdb.connect()
        loaded: dict[str, ir.Table] = {}
        whole = {name: conform(name, tables[name]) if name in tables else empty(name) for name in SCHEMAS}
        for name, table in whole.items():
            # nullability is checked above; left in the types, it would make equal columns differ in unions
            plain = pa.schema([field.with_nullable(True) for field in table.schema])
            loaded[name] = backend.create_table(name, table.cast(plain))
        months = [
            pc.min(table[column]).as_py()
            for table in whole.values()
            for column in ("month", "first_month")
            if column in table.column_names
        ]
        return cls(
            backend=backend,
            counts={name: table.num_rows for name, table in whole.items()},
            first_month=min((month for month in months if month), default=None),
            first_permit=pc.min(whole["projects"]["permit_on"]).as_py(),
            _regions={
                "project": _by_id(whole["projects"], "project_id"),
                "employer": _by_id(whole["employers"], "employer_id"),
            },
            tables=loaded,
        )

    def close(self) -> None:
        """Give the engine's memory back."""
        self.backend.disconnect()


def _by_id(table: pa.Table, key: str) -> dict[int, str]:
    return dict(zip(table[key].to_pylist(), table["region"].to_pylist(), strict=True))
