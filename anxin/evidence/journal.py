"""The append-only, hash-chained journal: audit trail, and the spine along which packages react."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from anxin.evidence.models import JournalEntry, JournalHead

_NO_HASH = "0" * 64
#: entries in one statement
_PIECE = 500
Reaction = Callable[[JournalEntry], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)
_reacting: ContextVar[bool] = ContextVar("reacting", default=True)


@dataclass(frozen=True)
class Actor:
    """Who acts: ``key`` is stable (``user:12``), ``name`` is what people read."""

    key: str
    name: str


SYSTEM = Actor("system", "系统")


@dataclass(frozen=True)
class Event:
    """What happened to which object, for one entry of the journal; see :func:`record`."""

    action: str
    object_type: str
    object_id: object
    summary: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    basis: str = ""


def react_to(action: str, reaction: Reaction) -> None:
    """Call ``reaction(entry)`` inside the transaction of every later entry with this action.

    It must be short: queue a task, and let the task do the work.
    """
    if reaction not in _reactions[action]:
        _reactions[action].append(reaction)


@contextlib.contextmanager
def without_reactions() -> Iterator[None]:
    """Within it, entries are appended but nothing reacts: for a past that is written down afterwards."""
    token = _reacting.set(False)
    try:
        yield
    finally:
        _reacting.reset(token)


def entry_hash(fields: dict[str, Any], previous_hash: str) -> str:
    """SHA-256 over the previous hash and the entry as canonical JSON (sorted keys, UTF-8, no spaces)."""
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()


def record(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: object,
    summary: str,
    now: dt.datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    basis: str = "",
) -> JournalEntry:
    """Append one entry and run the reactions to its action, all in the caller's transaction.

    ``before`` and ``after`` hold JSON values without floats, and never an unmasked identifier.
    """
    event = Event(action, object_type, object_id, summary, before, after, basis)
    return record_all([event], actor=actor, now=now)[0]


def record_all(events: Sequence[Event], *, actor: Actor, now: dt.datetime) -> list[JournalEntry]:
    """Append an entry for each event, in their order, then run their reactions, all in the caller's transaction."""
    if not events:
        return []
    with transaction.atomic():
        JournalHead.objects.get_or_create(pk=1)
        head = JournalHead.objects.select_for_update().get(pk=1)
        entries = []
        for event in events:
            entry = _entry(event, head, actor, now)
            head.sequence, head.hash = entry.sequence, entry.hash
            entries.append(entry)
        JournalEntry.objects.bulk_create(entries, batch_size=_PIECE)
        head.save()
        if _reacting.get():
            for entry in entries:
                for reaction in _reactions[entry.action]:
                    reaction(entry)
    return entries


def _entry(event: Event, head: JournalHead, actor: Actor, now: dt.datetime) -> JournalEntry:
    """The entry that follows what ``head`` says is the last."""
    entry = JournalEntry(
        sequence=head.sequence + 1,
        at=now,
        actor=actor.key,
        actor_name=actor.name,
        action=event.action,
        object_type=event.object_type,
        object_id=str(event.object_id),
        summary=event.summary[:500],
        before=event.before,
        after=event.after,
        basis=event.basis,
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(hashed_fields(entry), head.hash)
    return entry


def hashed_fields(entry: JournalEntry) -> dict[str, Any]:
    """What an entry's hash is over, besides the hash of the entry before; the moment in UTC."""
    return {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "summary": entry.summary,
        "before": entry.before,
        "after": entry.after,
        "basis": entry.basis,
    }


@dataclass(frozen=True)
class ChainReport:
    """What :func:`verify` found: ``entries`` read, and the first sequence where the chain does not hold."""

    entries: int
    broken_at: int | None
    problem: str

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify() -> ChainReport:
    """Recompute the whole chain; a changed, removed, inserted or re-ordered entry is named.

    Entries that are being added meanwhile are no alarm: the head is read before and after.
    """
    before = _head()
    previous, count = _NO_HASH, 0
    for entry in JournalEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        count += 1
        if entry.sequence != count:
            return ChainReport(count, count, f"第{count}条日志缺失或被移走。")
        if entry.previous_hash != previous or entry.hash != entry_hash(hashed_fields(entry), previous):
            return ChainReport(count, entry.sequence, f"第{entry.sequence}条日志的内容被改动过。")
        if entry.sequence == before.sequence and entry.hash != before.hash:
            return ChainReport(count, entry.sequence, f"第{entry.sequence}条日志与链尾记录不符，被改动过。")
        previous = entry.hash
    if count < before.sequence:
        return ChainReport(count, count + 1, f"第{count + 1}条及以后的日志被删去。")
    after = _head()
    if count > after.sequence:
        added = after.sequence + 1
        return ChainReport(count, added, f"第{added}条及以后的日志不是由系统写入的，或链尾记录被改动过。")
    return ChainReport(count, None, "")


def _head() -> JournalHead:
    return JournalHead.objects.filter(pk=1).first() or JournalHead()
