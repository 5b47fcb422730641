"""Which files are one snapshot. Written last: who reads it finds every file that it names."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.store.partitions import WHOLE
from anxin.monitoring.store.places import Place, StoreError

FILE = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True)
class Part:
    """One file: a table, or a month of it."""

    month: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a place holds."""

    as_of: dt.date
    known_at: dt.datetime
    law_digest: str
    tables: Mapping[str, tuple[Part, ...]]
    schema_version: str
    #: the product's version and a hash of the sources that read: others may read the same records otherwise
    made_by: str = ""
    #: the last entry of the journal after reading: who has it has every record that was read
    journal: str = ""

    @property
    def rows(self) -> int:
        return sum(part.rows for _, part in self.parts())

    def parts(self) -> Iterator[tuple[str, Part]]:
        for name, parts in self.tables.items():
            for part in parts:
                yield name, part

    def files(self) -> frozenset[str]:
        return frozenset(part.file for _, part in self.parts())

    def to_bytes(self) -> bytes:
        document = {
            "format": _FORMAT,
            "schema_version": self.schema_version,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
            "law_digest": self.law_digest,
            "made_by": self.made_by,
            "journal": self.journal,
            "tables": {name: [asdict(part) for part in parts] for name, parts in self.tables.items()},
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Raises :class:`StoreError` for what is no manifest of this version."""
        try:
            document = json.loads(content)
            if document["format"] != _FORMAT:
                raise StoreError("这份事实快照由另一版本的安薪写成，请用写它的版本读取，或换一个位置重新写。")
            return cls(
                dt.date.fromisoformat(document["as_of"]),
                dt.datetime.fromisoformat(document["known_at"]),
                document["law_digest"],
                {name: tuple(map(_part, parts)) for name, parts in document["tables"].items()},
                document["schema_version"],
                document.get("made_by", ""),
                document.get("journal", ""),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise StoreError(f"快照清单 {FILE} 损坏，请删除它后重新写快照。") from problem


def schema_version() -> str:
    """Changes whenever a table, a column or a type does."""
    text = "\n".join(f"{name}\n{schema}" for name, schema in SCHEMAS.items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def find(place: Place) -> Manifest | None:
    """What stands at the place; ``None`` where no snapshot was ever finished."""
    return Manifest.from_bytes(place.read(FILE)) if place.holds(FILE) else None


def need(place: Place) -> Manifest:
    """What stands at the place, in the shape that this version of the tables has."""
    manifest = find(place)
    if manifest is None:
        raise StoreError(f"“{place.shown}”没有事实快照，请先执行 anxin facts snapshot --out。")
    if manifest.schema_version != schema_version() or set(manifest.tables) != set(SCHEMAS):
        raise StoreError(f"“{place.shown}”的快照是另一版本的表结构，请重新执行 anxin facts snapshot --out。")
    return manifest


def file_name(table: str, month: str, sha256: str) -> str:
    """Named by content: a file never changes, and another content never takes its name."""
    folder = table if month == WHOLE else f"{table}/month={month}"
    return f"{folder}/{sha256[:32]}.parquet"


def _part(values: Mapping[str, Any]) -> Part:
    return Part(str(values["month"]), str(values["file"]), int(values["rows"]), str(values["sha256"]))
