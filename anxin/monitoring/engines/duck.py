"""DuckDB inside the process, out of core within a bound of memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.monitoring.engines.base import EngineError, conformed

if TYPE_CHECKING:
    import duckdb

#: how much memory a run may take before it goes to disk; ``4GiB`` and the like
MEMORY_VARIABLE = "ANXIN_RULES_MEMORY"
#: where it goes then; default: the system's folder for temporary files
FOLDER_VARIABLE = "ANXIN_RULES_TEMP"

#: types of the fact tables as DuckDB names them
TYPES = {
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "string": "VARCHAR",
    "date32[day]": "DATE",
    "timestamp[s]": "TIMESTAMP_S",
}


def connect(memory: str | None = None, folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory that goes to disk beyond ``memory``.

    Without arguments the environment decides (``ANXIN_RULES_MEMORY``, ``ANXIN_RULES_TEMP``), and then DuckDB's
    own bound of four fifths of the machine. Raises :class:`EngineError` for a bound that is none.
    """
    import duckdb

    config: dict[str, Any] = {"temp_directory": str(folder or _folder()), "preserve_insertion_order": "false"}
    if bound := memory or os.environ.get(MEMORY_VARIABLE):
        config["memory_limit"] = bound
    try:
        return duckdb.connect(":memory:", config=config)
    except duckdb.Error as problem:
        raise EngineError(f"内存上限“{bound}”不对，请写成 2GiB、800MB 这样的大小。") from problem


def _folder() -> Path:
    return Path(os.environ.get(FOLDER_VARIABLE) or tempfile.gettempdir()) / f"anxin-rules-{os.getpid()}"


class DuckEngine:
    """The engine over one connection. Tables of one run are temporary: they are seen by this connection alone."""

    name = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self._connection = connection or connect()

    def put(self, name: str, table: pa.Table) -> None:
        if not table.num_rows:  # most tables of one site: so it takes a tenth of the time
            columns = ", ".join(f'"{field.name}" {TYPES[str(field.type)]}' for field in table.schema)
            self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')
            return
        self._connection.register("anxin_arriving", table)
        try:
            self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM anxin_arriving')
        finally:
            self._connection.unregister("anxin_arriving")

    def keep(self, name: str, sql: str) -> None:
        self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')

    def view(self, name: str, sql: str) -> None:
        """A query under a name, worked out anew whenever it is read."""
        self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def fetch(self, sql: str, schema: pa.Schema) -> pa.Table:
        return conformed(self._connection.sql(sql).to_arrow_table(), schema)

    def close(self) -> None:
        self._connection.close()
