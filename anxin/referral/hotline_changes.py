"""What has changed of a hotline's tickets since a place in the journal.

The journal's sequence is the cursor. It is given while the row of the chain's end is locked, and that lock is held
until the transaction ends: number n + 1 cannot be written, let alone be seen, before n is there or was never given.
So there are no gaps that fill up later, and who has read up to a number has read everything below it. A sequence of
the database gives numbers when they are asked for, not when they are committed, and cannot be used so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Min, Q

from anxin.casework.models import Matter
from anxin.clues.hotline import tickets_of
from anxin.clues.models import HotlineTicket
from anxin.evidence import bulk
from anxin.evidence.models import JournalEntry, JournalHead
from anxin.kernel.refusal import Refused
from anxin.referral.hotline import TicketState, states_of
from anxin.referral.models import Referral
from anxin.registry.models import Organisation

#: journal entries looked at in one call, so that each is short however long the journal is
WINDOW = 5_000
_CLUE, _MATTER, _DEADLINES = "clue", "matter", "deadlines"
#: beginnings of the actions after which a ticket may stand otherwise, by what the entry is about
_TELLING = {
    _CLUE: ("referral.", "clue.told", "clues.merged", "clues.unmerged"),
    _MATTER: ("matter.step", "matter.event", "matter.missed", "matter.transferred", "matter.urging_answered"),
    _DEADLINES: ("matter.recomputed",),
}
#: the hotline's own words come back to it by no change
_ITS_OWN = "clue.told_again"


@dataclass(frozen=True)
class Changes:
    """Tickets that changed, each once, as they stand now. ``next`` is where to go on; ``more``: at once."""

    items: Sequence[TicketState]
    next: int
    more: bool


def changes_after(centre: Organisation, after: int, limit: int) -> Changes:
    """Some ``limit`` tickets of this centre that changed after this place; those of one entry stay together.

    Raises :class:`Refused`."""
    head = JournalHead.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0
    if after > head:
        raise Refused("没有到这个位置的变更，请用上一次答复里的 next。", field="after")
    first = tickets_of(centre).aggregate(first=Min("since"))["first"]
    start = max(after, first if first is not None else head)
    end = min(start + WINDOW, head)
    order = _changed(start, end)
    tickets = _tickets(centre, order)
    shown: dict[int, HotlineTicket] = {}
    for sequence, clues in sorted(order.items()):
        new = {one.pk: one for clue in sorted(clues) for one in tickets.get(clue, ()) if one.pk not in shown}
        if shown and len(shown) + len(new) > limit:
            # never half of an entry: the rest of it would be skipped
            return _answer(shown, sequence - 1, more=True)
        shown |= new
    return _answer(shown, end, more=end < head)


def _answer(shown: dict[int, HotlineTicket], place: int, *, more: bool) -> Changes:
    states = states_of(list(shown.values()))
    return Changes([states[pk] for pk in shown], place, more)


def _changed(start: int, end: int) -> dict[int, set[int]]:
    """Place in the journal → keys of the clues that changed there."""
    entries = [
        entry
        for entry in JournalEntry.objects.filter(
            object_type__in=list(_TELLING), sequence__gt=start, sequence__lte=end
        ).only("sequence", "object_type", "object_id", "action", "after")
        if entry.action.startswith(_TELLING[entry.object_type]) and entry.action != _ITS_OWN
    ]
    named = {entry.sequence: _named(entry) for entry in entries}
    clue_of: dict[str, int] = {}
    for piece in bulk.chunks({one for matters, _ in named.values() for one in matters}):
        rows = Referral.objects.filter(Q(matter__in=[one for one in piece if one.isdecimal()])
                                       | Q(matter__number__in=piece))  # fmt: skip
        for key, number, clue in rows.values_list("matter", "matter__number", "clue"):
            clue_of |= {str(key): clue, number: clue}
        later = Matter.objects.filter(Q(pk__in=[one for one in piece if one.isdecimal()]) | Q(number__in=piece),
                                      root__referral__isnull=False)  # fmt: skip
        for key, number, clue in later.values_list("pk", "number", "root__referral__clue"):
            clue_of |= {str(key): clue, number: clue}
    found = {
        sequence: clues | {clue_of[one] for one in matters if one in clue_of}
        for sequence, (matters, clues) in named.items()
    }
    return {sequence: clues for sequence, clues in found.items() if clues}


def _named(entry: JournalEntry) -> tuple[set[str], set[int]]:
    """The matters, by key or number, and the clues that the entry is about."""
    after = entry.after or {}
    if entry.object_type == _DEADLINES:
        return {one["matter"] for one in after.get("moved", ())}, set()
    if entry.object_type == _MATTER:
        return {entry.object_id}, set()
    # a merge stands on the first of the two
    both = {after[name] for name in ("first", "second") if name in after}
    return set(), {int(entry.object_id), *(both if entry.action.startswith("clues.") else ())}


def _tickets(centre: Organisation, order: Mapping[int, set[int]]) -> dict[int, list[HotlineTicket]]:
    """By clue the centre's tickets that stand with it: its own, and those merged into it."""
    wanted = sorted({clue for clues in order.values() for clue in clues})
    found: dict[int, list[HotlineTicket]] = {}
    for piece in bulk.chunks(wanted):
        rows = tickets_of(centre).filter(Q(clue__in=piece) | Q(clue__dispute__in=piece)).order_by("pk")
        for ticket in rows:
            for clue in {ticket.clue_id, ticket.clue.dispute_id}:
                if clue is not None and ticket not in found.setdefault(clue, []):
                    found[clue].append(ticket)
    return found
