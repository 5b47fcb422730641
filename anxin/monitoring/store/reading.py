"""A store read again: hashed against its manifest, or given to an engine under the names of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from anxin.monitoring.engines import DuckEngine
from anxin.monitoring.facts_schema import SCHEMAS, FactsError, conform, empty
from anxin.monitoring.rules.facts import Facts
from anxin.monitoring.store.manifest import Manifest, Part, need
from anxin.monitoring.store.partitions import fingerprint
from anxin.monitoring.store.places import Place, StoreError

if TYPE_CHECKING:
    from anxin.monitoring.engines.spark import SparkEngine

#: types of the contract as DuckDB names them: what a view hands out is what a table in memory would
_DUCK = {
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "string": "VARCHAR",
    "date32[day]": "DATE",
    "timestamp[s]": "TIMESTAMP_S",
}


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

    DuckDB reads files of this machine itself, out of core; those of a bucket, and all for Spark, come through Arrow.
    Raises :class:`StoreError` for a place without a snapshot of this version.
    """
    manifest = need(place)
    engine = engine or DuckEngine()
    for name in SCHEMAS:
        files = [part.file for part in manifest.tables[name]]
        if not files:
            engine.put(name, empty(name))
        elif isinstance(engine, DuckEngine) and place.local:
            engine.view(name, _select(name, [place.path(file) for file in files]))
        else:
            engine.put(name, pa.concat_tables([conform(name, place.read_table(file)) for file in files]))
    return Facts.from_engine(engine)


def _select(name: str, paths: list[str]) -> str:
    columns = ", ".join(
        f'CAST("{field.name}" AS {_DUCK[str(field.type)]}) AS "{field.name}"' for field in SCHEMAS[name]
    )
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"SELECT {columns} FROM read_parquet([{files}], hive_partitioning = false)"
