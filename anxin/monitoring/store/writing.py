"""Brings a place up to date with the records: files of what changed, then the manifest, then what is left over.

Every table is read from the database whole; only partitions whose values changed are written. A process killed at
any point leaves the former snapshot as it was. One writer at a time: a second one refuses when it notices.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import snapshot
from anxin.monitoring.store import manifest as manifests
from anxin.monitoring.store.manifest import Manifest, Part
from anxin.monitoring.store.partitions import fingerprint, split
from anxin.monitoring.store.places import Place, StoreError


@dataclass(frozen=True)
class Written:
    """What one run did."""

    manifest: Manifest
    #: partitions written anew, by file
    written: tuple[str, ...]
    kept: int
    removed: int


def write_snapshot(
    place: Place, *, as_of: dt.date, known_at: dt.datetime, actor: Actor, now: dt.datetime
) -> Written:
    """The facts about everybody as of a day, at a place.

    Raises :class:`Refused` for a day or a moment that has not come, and :class:`StoreError` for a place that cannot be written.
    """
    if known_at > now:
        raise Refused("“已知时刻”不能晚于现在，请改为现在或更早的时刻。", field="known_at")
    if as_of > timezone.localdate(now):
        raise Refused("快照的日期还没有到，请选今天或更早的日期。", field="as_of")
    before = place.read(manifests.FILE) if place.holds(manifests.FILE) else None
    old = Manifest.from_bytes(before) if before is not None else None
    new, written = _write_parts(place, old, as_of, known_at)
    if (place.read(manifests.FILE) if place.holds(manifests.FILE) else None) != before:
        raise StoreError(f"“{place.shown}”正有另一个快照在写，请等它写完再试。")
    place.write(manifests.FILE, new.to_bytes())
    removed = _remove_left_over(place, new, old)
    result = Written(new, written, len(new.files()) - len(written), removed)
    _journal(result, place, actor, now)
    return result


def _write_parts(
    place: Place, old: Manifest | None, as_of: dt.date, known_at: dt.datetime
) -> tuple[Manifest, tuple[str, ...]]:
    standing = old.files() if old else frozenset()
    standing &= frozenset(place.files())
    tables: dict[str, tuple[Part, ...]] = {}
    written: list[str] = []
    for name, table in snapshot.each(as_of=as_of, known_at=known_at):
        parts = []
        for month, rows in split(name, table):
            digest = fingerprint(rows)
            part = Part(month, manifests.file_name(name, month, digest), rows.num_rows, digest)
            if part.file not in standing:
                place.write_table(part.file, rows)
                written.append(part.file)
            parts.append(part)
        tables[name] = tuple(parts)
    law = local_law.current(known_at=known_at).digest()
    return Manifest(as_of, known_at, law, tables, manifests.schema_version()), tuple(written)


def _remove_left_over(place: Place, new: Manifest, old: Manifest | None) -> int:
    """What neither this snapshot nor the one before it names: who still reads the former finishes in peace."""
    needed = new.files() | (old.files() if old else frozenset())
    left = [name for name in place.files() if _ours(name) and name not in needed]
    for name in left:
        place.remove(name)
    return len(left)


def _ours(name: str) -> bool:
    """Only files that a writer may have made: what else lies there is somebody's."""
    table = name.split("/")[0]
    return table in manifests.SCHEMAS and name.endswith((".parquet", ".parquet.new"))


def _journal(result: Written, place: Place, actor: Actor, now: dt.datetime) -> None:
    new = result.manifest
    journal.record(
        actor=actor,
        action="monitoring.facts_written",
        object_type="facts",
        object_id=new.as_of.isoformat(),
        summary=f"事实快照{new.as_of.isoformat()}写到{place.shown}：{new.rows}行，改写{len(result.written)}个分区",
        now=now,
        after={
            "as_of": new.as_of.isoformat(),
            "known_at": new.known_at.isoformat(),
            "law_digest": new.law_digest,
            "rows": new.rows,
            "written": len(result.written),
            "kept": result.kept,
        },
    )
