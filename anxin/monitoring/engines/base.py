"""What an engine can do, and how an expression becomes its SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

if TYPE_CHECKING:
    import ibis.expr.types as ir


class EngineError(Exception):
    """An engine cannot be used as asked; the sentence says why and what to do."""


class Engine(Protocol):
    """Holds tables by name and answers SQL of its dialect."""

    @property
    def name(self) -> str:
        """``duckdb`` or ``spark``; also the dialect."""

    def put(self, name: str, table: pa.Table) -> None:
        """Hold a small table under this name, in place of one of the same name."""

    def keep(self, name: str, sql: str) -> None:
        """Work a query out once and hold its rows under this name."""

    def fetch(self, sql: str, schema: pa.Schema) -> pa.Table:
        """The rows of a query with exactly these columns and types."""

    def close(self) -> None:
        """Give back what is held."""


def to_sql(expression: ir.Table, engine: str) -> str:
    """The expression in the dialect of an engine."""
    from ibis.backends.sql.compilers import DuckDBCompiler, PySparkCompiler

    if engine == "spark":
        import ibis

        ibis.pyspark  # noqa: B018 - its options are registered when it is first named
    compiler = {"duckdb": DuckDBCompiler, "spark": PySparkCompiler}[engine]()
    return compiler.to_sqlglot(expression).sql(dialect=compiler.dialect, copy=False)


def fields(expression: ir.Table) -> pa.Schema:
    """Columns and types of an expression's rows; any may be null."""
    schema = expression.schema().to_pyarrow()
    return pa.schema([field.with_nullable(True) for field in schema])


def conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table in the expected types: engines widen sums and counts each in their own way."""
    return table.rename_columns(schema.names).cast(schema)
