"""The names of the register as each process keeps them, for finding by what people write and for matching clues.

An index of 350,000 names takes seconds to lay out and milliseconds to ask. It is kept by the process (web and worker have
one each, of employers and of projects) and brought up to date before it is asked: one query tells whether anything has
happened since, and only names that are new or changed are read again.

What has changed is told by the journal. Its numbers are given under a lock that is held until the commit, so that nothing
with a smaller number appears later, as keys of rows may. The hash of the entry read last tells whether it is still the same
journal: after a restored copy, or a transaction that was taken back, everything is read anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock

from django.db.models import Model, Q, Subquery
from django.db.models.query import QuerySet

from anxin.evidence import bulk
from anxin.evidence.models import JournalEntry, JournalHead
from anxin.registry.models import Employer, Project
from anxin.triage.names import NameIndex

#: actions that may give an entry of the register another name
RECORDED, TAKEN_IN = "registry.recorded", "registry.employers_taken_in"
#: in the journal's entry of a delivery: keys whose name changed, and the first and last of those that are new
RENAMED, NEW = "renamed", "new"
#: more changed names than this are not written into the journal one by one
MOST_NAMED = 2_000
#: so many changed names laid over an index make asking it slower than laying it out anew is worth
_MOST_LATER = 20_000


@dataclass(frozen=True)
class _Position:
    """How far the register was read: the journal's last number with its hash, and the last key."""

    sequence: int
    hash: str
    last: int


@dataclass(frozen=True)
class _Kept:
    index: NameIndex[int]
    at: _Position


@dataclass
class _Changes:
    """What to read again; ``all`` where the journal does not say."""

    keys: set[int]
    ranges: list[tuple[int, int]]
    all: bool = False


class Names:
    """The names of one kind of entry."""

    def __init__(self, model: type[Model], object_type: str) -> None:
        self._model, self._object_type = model, object_type
        self._lock = Lock()
        self._kept: _Kept | None = None

    def index(self) -> NameIndex[int]:
        """All names as they are now, by key; one query where nothing has changed."""
        with self._lock:
            position = self._position()
            kept = self._kept
            if kept is None or kept.at != position:
                kept = self._brought_up(kept, position)
                self._kept = kept
        return kept.index

    def there(self, keys: Iterable[int]) -> set[int]:
        """Which of these keys the register has; one that nobody journalled away is not kept any longer."""
        asked = set(keys)
        found: set[int] = set()
        for piece in bulk.chunks(asked):
            found.update(self._rows().filter(pk__in=piece).values_list("pk", flat=True))
        if found != asked:
            self.forget()
        return found

    def forget(self) -> None:
        """Read everything anew when next asked: for another database under the same process."""
        with self._lock:
            self._kept = None

    def _position(self) -> _Position:
        head = JournalHead.objects.filter(pk=1)
        row = (
            self._rows()
            .order_by("-pk")
            .values_list("pk", Subquery(head.values("sequence")[:1]), Subquery(head.values("hash")[:1]))
            .first()
        )
        return _Position(row[1] or 0, row[2] or "", row[0]) if row else _Position(0, "", 0)

    def _brought_up(self, kept: _Kept | None, position: _Position) -> _Kept:
        changes = _Changes(set(), [], all=True) if kept is None else self._changes(kept.at, position)
        if kept is None or changes.all or kept.index.later > _MOST_LATER:
            return _Kept(NameIndex(self._read()), position)
        if position.last > kept.at.last:
            changes.ranges.append((kept.at.last + 1, position.last))
        names = dict(self._again(changes))
        if not names and not changes.keys:
            return replace(kept, at=position)
        return _Kept(kept.index.changed(names.items(), gone=changes.keys - names.keys()), position)

    def _changes(self, since: _Position, until: _Position) -> _Changes:
        """What the journal says of this kind between two positions."""
        found = _Changes(set(), [])
        if since.sequence > until.sequence or since.last > until.last:
            found.all = True
            return found
        wanted = Q(sequence=since.sequence) | Q(
            sequence__gt=since.sequence, sequence__lte=until.sequence, action__in=(RECORDED, TAKEN_IN)
        )
        entries = JournalEntry.objects.filter(wanted).order_by("sequence")
        hash_then = ""
        for sequence, digest, action, about, key, after in entries.values_list(
            "sequence", "hash", "action", "object_type", "object_id", "after"
        ):
            if sequence == since.sequence:
                hash_then = digest
            elif about == self._object_type:
                self._take(found, action, key, after or {})
        found.all |= hash_then != since.hash
        return found

    @staticmethod
    def _take(found: _Changes, action: str, key: str, after: dict[str, object]) -> None:
        if action == RECORDED:
            found.keys.add(int(key))
            return
        renamed, new = after.get(RENAMED), after.get(NEW)
        if isinstance(renamed, list) and isinstance(new, list):
            found.keys.update(renamed)
            found.ranges.extend([(new[0], new[1])] if new else [])
        else:
            found.all = True

    def _again(self, changes: _Changes) -> Iterable[tuple[int, str]]:
        for piece in bulk.chunks(changes.keys):
            yield from self._rows().filter(pk__in=piece).values_list("pk", "name")
        for first, last in changes.ranges:
            yield from self._rows().filter(pk__range=(first, last)).values_list("pk", "name")

    def _read(self) -> Iterable[tuple[int, str]]:
        return self._rows().values_list("pk", "name").iterator(chunk_size=5000)

    def _rows(self) -> QuerySet[Model]:
        return self._model._default_manager.all()


employers = Names(Employer, "employer")
projects = Names(Project, "project")


def forget() -> None:
    """Both kinds: see :meth:`Names.forget`."""
    employers.forget()
    projects.forget()


def taken_in(renamed: Iterable[int], new: Iterable[int]) -> dict[str, object]:
    """What the journal's entry of a delivery says of names, so that others need not read all of them again."""
    keys = sorted(renamed)
    fresh = sorted(new)
    if len(keys) > MOST_NAMED:
        return {}
    return {RENAMED: keys, NEW: [fresh[0], fresh[-1]] if fresh else []}
