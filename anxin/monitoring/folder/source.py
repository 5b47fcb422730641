"""A folder as a source of facts."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from anxin.monitoring.engines import DuckEngine
from anxin.monitoring.folder.days import lay_out
from anxin.monitoring.folder.loading import load
from anxin.monitoring.folder.manifest import Manifest, read_manifest
from anxin.monitoring.rules.facts import Facts

MEMORY = "3GB"


@dataclass(frozen=True)
class Ids:
    """From the codes of the files to the keys of the facts."""

    projects: Mapping[str, int]
    employers: Mapping[str, int]
    workers: Mapping[str, str]

    def worker_key(self, number: str) -> str | None:
        """The key of a person by ID number; ``None`` for somebody the files do not name."""
        return self.workers.get(number)


class FolderFacts:
    """The deliveries of a folder, loaded once into a file beside it that goes when this is closed."""

    def __init__(self, manifest: Manifest, engine: duckdb.DuckDBPyConnection, work: Path) -> None:
        self.manifest = manifest
        self._engine = engine
        self._work = work
        #: of the whole folder, so that all days share what one has compiled
        self._regions: tuple[str, ...] = ()

    @classmethod
    def open(cls, folder: Path, *, memory: str = MEMORY) -> FolderFacts:
        """Read the folder. ``memory`` bounds the engine, which goes out of core beyond it.

        Raises :class:`~anxin.kernel.refusal.Refused` for a folder that cannot be read.
        """
        manifest = read_manifest(folder)
        work = Path(tempfile.mkdtemp(prefix="anxin-facts-"))
        engine = duckdb.connect(
            str(work / "facts.duckdb"),
            config={
                "memory_limit": memory,
                "temp_directory": str(work / "spill"),
                "preserve_insertion_order": "false",
            },
        )
        source = cls(manifest, engine, work)
        try:
            load(engine, manifest)
            source._regions = source._all_regions()
        except BaseException:
            source.close()
            raise
        return source

    def facts(self, as_of: dt.date, known_at: dt.datetime) -> Facts:
        """The facts of a day with what had arrived by the end of a day. The caller closes them."""
        cursor = self._engine.cursor()
        lay_out(cursor, as_of, known_at.date(), self.manifest.first_day)
        return Facts.from_engine(DuckEngine(cursor), regions=self._regions)

    def _all_regions(self) -> tuple[str, ...]:
        query = "SELECT region FROM kept.project_ids UNION SELECT region FROM kept.employer_ids ORDER BY ALL"
        return tuple(region for (region,) in self._engine.execute(query).fetchall())

    @property
    def ids(self) -> Ids:
        """Codes and ID numbers to keys: for holding a truth against the facts."""
        return Ids(
            projects=self._mapping("SELECT code, project_id FROM kept.project_ids"),
            employers=self._mapping("SELECT code, employer_id FROM kept.employer_ids"),
            workers=self._mapping("SELECT number, worker_key FROM kept.workers"),
        )

    def _mapping(self, query: str) -> dict:  # type: ignore[type-arg]
        return dict(self._engine.execute(query).fetchall())

    def close(self) -> None:
        """Remove what was loaded."""
        self._engine.close()
        shutil.rmtree(self._work, ignore_errors=True)
