"""Spark elsewhere: a Connect server (``sc://``) or a standalone master (``spark://``). Optional: ``requirements/spark.txt``."""

from __future__ import annotations

import atexit
import os
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.monitoring.engines.base import EngineError, conformed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: what makes Spark count as the other engine does: no zone, and nothing where a number is divided by nothing
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_TYPES = {
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "string": "STRING",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP_NTZ",
}
_KINDS = ("sc://", "spark://", "local")


class SparkEngine:
    """The engine over one Spark session of its own: its views are seen by nobody else."""

    name = "spark"

    def __init__(self, url: str) -> None:
        """Raises :class:`EngineError` for an address that is none, and where Spark is missing or does not answer."""
        self._session = _session(url)
        self._remote = url.startswith("sc://")
        self._cached: list[Any] = []

    def put(self, name: str, table: pa.Table) -> None:
        plain = pa.schema([_plain(field) for field in table.schema])
        if table.num_rows:
            rows = self._session.createDataFrame(table.cast(plain))
        else:  # Spark reads no types from nothing
            columns = ", ".join(
                f"CAST(NULL AS {_TYPES[str(field.type)]}) AS `{field.name}`" for field in plain
            )
            rows = self._session.sql(f"SELECT {columns} WHERE false")
        rows.createOrReplaceTempView(name)

    def read(self, name: str, schema: pa.Schema, addresses: list[str]) -> None:
        """A table from Parquet files that Spark fetches itself; what of a session is local to it need not be."""
        rows = self._session.read.parquet(*addresses)
        columns = ", ".join(
            f"CAST(`{f.name}` AS {_TYPES[str(_plain(f).type)]}) AS `{f.name}`" for f in schema
        )
        rows.createOrReplaceTempView(f"{name}_files")
        self._session.sql(f"SELECT {columns} FROM {name}_files").createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        rows = self._session.sql(sql).cache()
        rows.createOrReplaceTempView(name)
        self._cached.append(rows)

    def fetch(self, sql: str, schema: pa.Schema) -> pa.Table:
        return conformed(self._session.sql(sql).toArrow(), schema)

    def close(self) -> None:
        """End the session; a context that others in this process share goes on."""
        for rows in self._cached:
            rows.unpersist()
        self._cached.clear()
        if self._remote:
            self._session.stop()


def _plain(field: pa.Field) -> pa.Field:
    """Nullable, and moments in the unit that Spark takes."""
    kind = pa.timestamp("us") if pa.types.is_timestamp(field.type) else field.type
    return pa.field(field.name, kind, nullable=True)


def _without_farewell(session: SparkSession) -> None:
    """Let the process end at once.

    At exit a client clears what machine learning left on its server, which here is nothing; where the server is gone by
    then, it goes on asking for ten minutes.
    """
    client = getattr(session, "client", None)
    if farewell := getattr(client, "_on_exit", None):
        atexit.unregister(farewell)


def _session(url: str) -> SparkSession:
    if not url.startswith(_KINDS):
        raise EngineError(f"Spark 的地址“{url}”不对，应为 sc://主机:端口（Connect）或 spark://主机:端口。")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as problem:
        raise EngineError(
            "没有安装 Spark：请先执行 .venv/bin/uv pip install --require-hashes -r requirements/spark.txt，并安装 Java 17。"
        ) from problem
    try:
        if url.startswith("sc://"):
            session = SparkSession.builder.remote(url).create()
            _without_farewell(session)
        else:
            session = SparkSession.builder.master(url).appName("anxin").getOrCreate().newSession()
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
        session.sql("SELECT 1").collect()
    except PySparkException as problem:
        raise EngineError(
            f"Spark（{url}）没有应答，请检查地址和服务：{str(problem).splitlines()[0]}"
        ) from problem
    except Exception as problem:  # what grpc and py4j raise has no common class
        raise EngineError(
            f"连接不上 Spark（{url}），请检查地址、服务和 Java：{type(problem).__name__}"
        ) from problem
    return session
