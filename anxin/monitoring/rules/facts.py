"""The fact tables by name, as rules see them; and one set of facts on an engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.monitoring.facts_schema import SCHEMAS, FactsError, conform, empty

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.engines.base import Engine
    from anxin.monitoring.rules.framework import Subject

#: days from which rules count working days
_COUNTED_FROM = (
    ("projects", "permit_on"),
    ("payment_orders", "due_on"),
    ("warning_tasks", "opened_on"),
    ("warning_tasks", "assigned_on"),
)


@dataclass(frozen=True)
class FactTables:
    """What a rule may know of the facts before it runs: the tables by name, and where they are from.

    Nothing here depends on a row, so that a rule is compiled once and runs over any facts.
    """

    #: regions that have projects or employers, in order
    regions: tuple[str, ...]

    def __getattr__(self, name: str) -> ir.Table:
        """A fact table by its name: ``facts.projects``."""
        if name in SCHEMAS:
            return _named(name)
        raise AttributeError(name)


@cache
def _named(name: str) -> ir.Table:
    from anxin.monitoring.rules.lazy import ibis

    # nullability is checked when facts are taken; left in the types, it would make equal columns differ in unions
    plain = pa.schema([field.with_nullable(True) for field in SCHEMAS[name]])
    return ibis.table(ibis.schema(plain), name=name)


@dataclass(frozen=True)
class Facts(FactTables):
    """One set of fact tables (see ``facts_schema``), and the engine that holds them under their names."""

    engine: Engine
    #: rows per table
    counts: Mapping[str, int] = field(default_factory=dict)
    #: first wage month that any table names, and first day that time is counted from: how far back the law is laid out
    first_month: str | None = None
    first_day: dt.date | None = None

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression over these tables."""
        from anxin.monitoring.engines.base import fields, to_sql

        return self.engine.fetch(to_sql(expression, self.engine.name), fields(expression))

    def regions_of(self, subject: Subject) -> Mapping[int, str]:
        """Region code by id of a project or an employer."""
        return self._regions_of_projects if subject == "project" else self._regions_of_employers

    @cached_property
    def _regions_of_projects(self) -> Mapping[int, str]:
        return _by_id(self.fetch(self.projects.select("project_id", "region")))

    @cached_property
    def _regions_of_employers(self) -> Mapping[int, str]:
        return _by_id(self.fetch(self.employers.select("employer_id", "region")))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @classmethod
    def from_arrow(
        cls, tables: Mapping[str, pa.Table], *, engine: Engine | None = None, regions: tuple[str, ...] = ()
    ) -> Facts:
        """Facts from tables in memory. A table that is not given counts as empty.

        ``engine`` is DuckDB inside the process unless another is given; ``regions`` are further regions for which
        the law is laid out, so that parts of a city share what the whole city has compiled. Raises
        :class:`~anxin.monitoring.facts_schema.FactsError` where a table has another shape.
        """
        from anxin.monitoring.engines import DuckEngine

        strange = sorted(set(tables) - set(SCHEMAS))
        if strange:
            raise FactsError(f"事实表“{strange[0]}”不在约定之内，可用的是：{'、'.join(SCHEMAS)}。")
        whole = {name: conform(name, tables[name]) if name in tables else empty(name) for name in SCHEMAS}
        engine = engine or DuckEngine()
        for name, table in whole.items():
            engine.put(name, table)
        return cls.from_engine(engine, regions=regions)

    @classmethod
    def from_engine(cls, engine: Engine, *, regions: tuple[str, ...] = ()) -> Facts:
        """Facts that the engine already holds: every table of the contract, as table or view of that name."""
        counted = _survey(engine)
        return cls(
            regions=tuple(sorted({*regions, *counted["regions"]})),
            engine=engine,
            counts=counted["counts"],
            first_month=counted["first_month"],
            first_day=counted["first_day"],
        )

    def moved_to(self, engine: Engine) -> Facts:
        """The same facts on another engine; where they were, they are no more."""
        for name in SCHEMAS:
            engine.put(name, self.fetch(getattr(self, name)))
        self.close()
        return replace(self, engine=engine)

    def close(self) -> None:
        """Give the engine's memory back."""
        self.engine.close()


def _survey(engine: Engine) -> dict[str, Any]:
    """Rows of each table, first month and day, and regions: in three queries of plain SQL."""
    counts = " UNION ALL ".join(f"SELECT '{name}' AS n, COUNT(*) AS c FROM {name}" for name in SCHEMAS)
    counted = engine.fetch(counts, pa.schema([("n", pa.string()), ("c", pa.int64())]))
    months = " UNION ALL ".join(
        f"SELECT MIN({column}) AS m FROM {name}"
        for name, schema in SCHEMAS.items()
        for column in ("month", "first_month")
        if column in schema.names
    )
    days = " UNION ALL ".join(f"SELECT MIN({column}) AS d FROM {name}" for name, column in _COUNTED_FROM)
    span = engine.fetch(
        f"SELECT (SELECT MIN(m) FROM ({months}) AS months) AS m, (SELECT MIN(d) FROM ({days}) AS days) AS p",
        pa.schema([("m", pa.string()), ("p", pa.date32())]),
    )
    regions = engine.fetch(
        "SELECT region FROM projects UNION SELECT region FROM employers", pa.schema([("r", pa.string())])
    )
    return {
        "counts": dict(zip(counted["n"].to_pylist(), counted["c"].to_pylist(), strict=True)),
        "first_month": span["m"][0].as_py(),
        "first_day": span["p"][0].as_py(),
        "regions": regions["r"].to_pylist(),
    }


def _by_id(table: pa.Table) -> dict[int, str]:
    return dict(zip(table[0].to_pylist(), table[1].to_pylist(), strict=True))
