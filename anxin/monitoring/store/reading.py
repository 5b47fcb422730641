"""A store read again: hashed against its manifest, or given to an engine under the names of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from anxin.monitoring.engines import DuckEngine
from anxin.monitoring.engines.duck import TYPES
from anxin.monitoring.facts_schema import SCHEMAS, FactsError, conform, empty
from anxin.monitoring.rules.facts import Facts
from anxin.monitoring.store.manifest import Manifest, Part, need
from anxin.monitoring.store.partitions import fingerprint
from anxin.monitoring.store.places import Place, StoreError

if TYPE_CHECKING:
    from anxin.monitoring.engines.spark import SparkEngine


def check(place: Place) -> tuple[Manifest, list[str]]:
    """The manifest, and a sentence for every file that is not what it says."""
    manifest = need(place)
    wrong = [sentence for name, part in manifest.parts() if (sentence := _wrong(place, name, part))]
    return manifest, wrong


def _wrong(place: Place, name: str, part: Part) -> str | None:
    if not place.holds(part.file):
        return f"缺少文件 {part.file}。"
    try:
        rows = conform(name, place.read_table(part.file))
    except (StoreError, FactsError):
        return f"文件 {part.file} 读不出来。"
    if (rows.num_rows, fingerprint(rows)) != (part.rows, part.sha256):
        return f"文件 {part.file} 的内容与清单不符。"
    return None


def facts_at(place: Place, engine: DuckEngine | SparkEngine | None = None) -> Facts:
    """The facts of a place on an engine; DuckDB inside the process unless another is given.

    DuckDB reads files of this machine itself, out of core; those of a bucket come through Arrow. Spark reads all of them
    itself: a folder must be seen by each of its machines under the same path. Raises :class:`StoreError` for a place
    without a snapshot of this version, and where Spark does not reach it.
    """
    manifest = need(place)
    engine = engine or DuckEngine()
    for name in SCHEMAS:
        files = [part.file for part in manifest.tables[name]]
        if not files:
            engine.put(name, empty(name))
        elif not isinstance(engine, DuckEngine):
            _read_on_spark(engine, place, name, files)
        elif place.local:
            engine.view(name, _select(name, [place.path(file) for file in files]))
        else:
            engine.put(name, pa.concat_tables([conform(name, place.read_table(file)) for file in files]))
    return Facts.from_engine(engine)


def _read_on_spark(engine: SparkEngine, place: Place, name: str, files: list[str]) -> None:
    from pyspark.errors import PySparkException

    try:
        engine.read(name, SCHEMAS[name], [place.address(file) for file in files])
    except PySparkException as problem:
        cause = str(problem).splitlines()[0]
        raise StoreError(
            f"Spark 读不到“{place.shown}”：文件夹要让它的每台机器都能以同样的路径看到，桶要在 Spark 中配置好密钥。{cause}"
        ) from problem


def _select(name: str, paths: list[str]) -> str:
    columns = ", ".join(
        f'CAST("{field.name}" AS {TYPES[str(field.type)]}) AS "{field.name}"' for field in SCHEMAS[name]
    )
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"SELECT {columns} FROM read_parquet([{files}], hive_partitioning = false)"
