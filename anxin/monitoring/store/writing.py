"""Brings a place up to date with the records: files of what changed, then the manifest, then what is left over.

Of the tables that grow with the months only those months are read that can have changed since the snapshot that stands
there, and only partitions whose values changed are written. A process killed at any point leaves the former snapshot as it was. One writer at a time: a second one refuses when it notices.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import snapshot
from anxin.monitoring.snapshot.touched import Months, months_of
from anxin.monitoring.snapshot.view import View
from anxin.monitoring.store import manifest as manifests
from anxin.monitoring.store.manifest import Manifest, Part
from anxin.monitoring.store.partitions import fingerprint, split
from anxin.monitoring.store.places import Place, StoreError
from anxin.monitoring.sweeping import code_version


@dataclass(frozen=True)
class Written:
    """What one run did."""

    manifest: Manifest
    #: partitions written anew, by file
    written: tuple[str, ...]
    kept: int
    removed: int
    #: rows that the database was asked for
    read: int


def write_snapshot(
    place: Place,
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
    whole: bool = False,
) -> Written:
    """The facts about everybody as of a day, at a place; ``whole`` reads also what cannot have changed.

    Raises :class:`Refused` for a day or a moment that has not come, and :class:`StoreError` for a place that cannot be written.
    """
    if known_at > now:
        raise Refused("“已知时刻”不能晚于现在，请改为现在或更早的时刻。", field="known_at")
    if as_of > timezone.localdate(now):
        raise Refused("快照的日期还没有到，请选今天或更早的日期。", field="as_of")
    before = place.read(manifests.FILE) if place.holds(manifests.FILE) else None
    old = Manifest.from_bytes(before) if before is not None else None
    new, written, read = _write_parts(place, old, View(as_of, known_at), whole)
    if (place.read(manifests.FILE) if place.holds(manifests.FILE) else None) != before:
        raise StoreError(f"“{place.shown}”正有另一个快照在写，请等它写完再试。")
    place.write(manifests.FILE, new.to_bytes())
    removed = _remove_left_over(place, new, old)
    result = Written(new, written, len(new.files()) - len(written), removed, read)
    _journal(result, place, actor, now)
    return result


def _write_parts(
    place: Place, old: Manifest | None, view: View, whole: bool
) -> tuple[Manifest, tuple[str, ...], int]:
    """The new manifest, what was written for it, and how many rows were read."""
    standing = old.files() & frozenset(place.files()) if old else frozenset()
    law = local_law.current(known_at=view.known_at).digest()
    touched = _touched(old, view, law, standing) if old and not whole else {}
    tables: dict[str, tuple[Part, ...]] = {}
    written: list[str] = []
    read = 0
    asked = {name: months.read for name, months in touched.items()}
    for name, table in snapshot.each(as_of=view.as_of, known_at=view.known_at, months=asked):
        parts = _untouched(old, name, touched[name]) if old and name in touched else []
        read += table.num_rows
        for month, rows in split(name, table):
            digest = fingerprint(rows)
            part = Part(month, manifests.file_name(name, month, digest), rows.num_rows, digest)
            if part.file not in standing:
                place.write_table(part.file, rows)
                written.append(part.file)
            parts.append(part)
        tables[name] = tuple(sorted(parts, key=lambda part: part.month))
    shape = manifests.schema_version()
    new = Manifest(view.as_of, view.known_at, law, tables, shape, code_version(), _end_of_journal())
    return new, tuple(written), read


def _touched(old: Manifest, view: View, law: str, standing: frozenset[str]) -> dict[str, Months]:
    """Table → what of it must be read; empty where the old snapshot came of other law, sources, tables or records."""
    same = (old.law_digest, old.made_by, old.schema_version) == (
        law,
        code_version(),
        manifests.schema_version(),
    )
    if not same or not _has_entry(old.journal):
        return {}
    before, found = View(old.as_of, old.known_at), {}
    for name, parts in old.tables.items():
        if months := months_of(name, before, view):
            lost = {part.month for part in parts if part.file not in standing}
            found[name] = Months(months.read | lost, months.first)
    return found


def _untouched(old: Manifest, name: str, months: Months) -> list[Part]:
    return [part for part in old.tables[name] if part.month >= months.first and part.month not in months.read]


def _end_of_journal() -> str:
    last = JournalEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return f"{last[0]}:{last[1]}" if last else ""


def _has_entry(name: str) -> bool:
    """Whether these are the records of then: not those of another database, nor of a copy from before."""
    sequence, _, digest = name.partition(":")
    return bool(digest) and JournalEntry.objects.filter(sequence=int(sequence), hash=digest).exists()


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
            "read": result.read,
        },
    )
