"""Entries of the journal for a package: as they were hashed, each held against its own hash before it is vouched for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from anxin.dossier.people import People
from anxin.dossier.showing import plain
from anxin.evidence import bulk
from anxin.evidence.journal import hashed_fields
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.proof import canonical
from anxin.proof.contents import WITHHELD
from anxin.proof.journal import entry_holds

#: looks at who told us and at whole numbers: even that somebody looked stays inside
SEALED_ACTIONS = (
    "clue.opening", "clue.opened", "clue.file_seen", "person.", "arbitration.people_seen", "mediation.parties_seen",
)  # fmt: skip
#: why an entry leaves its hash alone: it cannot be masked without breaking that
WHY = "写有劳动者完整姓名的操作日志不交出，哈希留在链中。"
#: keys named in one question
_AT_ONCE = 900


def entries(objects: dict[str, list[str]]) -> list[JournalEntry]:
    """The journal about these things, by kind and keys, in its order; a question for each kind and 900 keys."""
    found: list[JournalEntry] = []
    for kind, keys in objects.items():
        for piece in bulk.chunks(keys, _AT_ONCE):
            found += JournalEntry.objects.filter(Q(object_type=kind, object_id__in=list(piece)))
    return sorted(
        (one for one in found if not one.action.startswith(SEALED_ACTIONS)), key=lambda one: one.sequence
    )


def keys(found: QuerySet[Any], name: str = "pk") -> list[str]:
    """The keys by which the journal knows these rows, or what each of them hangs on; each once."""
    return [str(key) for key in found.order_by().values_list(name, flat=True).distinct()]


def rows(
    found: list[JournalEntry], people: People, stays: Callable[[str], bool] = lambda text: False
) -> tuple[list[dict[str, Any]], int]:
    """The rows, and how many stay in the office because ``stays`` says so of their text.

    Raises :class:`Refused` where an entry no longer holds.
    """
    kept, left = [], 0
    for row in held(found):
        if stays(plain(row)):
            left += 1
        else:
            kept.append(row)
    return people.marked(named_stay(kept, people)), left


def named_stay(rows: Sequence[dict[str, Any]], people: People) -> list[dict[str, Any]]:
    """The rows; where names are not shown whole, those that hold a whole name leave their hash in the chain and no more."""
    return [row | {WITHHELD: True} if people.told_whole(plain(row)) else row for row in rows]


def held(found: Sequence[JournalEntry]) -> Iterator[dict[str, Any]]:
    """The entries as they were hashed. Raises :class:`Refused` at one that no longer holds: it is not vouched for."""
    for entry in found:
        row = hashed_fields(entry) | {"previous_hash": entry.previous_hash, "hash": entry.hash}
        try:
            holds = entry_holds(canonical.dump(row))
        except canonical.NotCanonical:
            holds = False
        if not holds:
            raise Refused(
                f"第{entry.sequence}条操作日志的内容与记下时不一致，不能出具证据包，请先由审计人员校验日志。"
            )
        yield row
