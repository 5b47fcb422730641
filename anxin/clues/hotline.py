"""A hotline centre's own program delivers tickets: each row has its fate, and good rows go on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.clues import intake, ticket_statuses
from anxin.clues.intake import Voice
from anxin.clues.models import Clue, HotlineTicket
from anxin.clues.places import Places
from anxin.clues.tickets import Sorted, Trouble, sort, voice_of
from anxin.evidence import bulk
from anxin.evidence.journal import Actor, Event, record_all
from anxin.evidence.models import JournalHead
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation
from anxin.sheets import SIGNALS
from anxin.sheets.registers import read_fields

ACCEPTED, CHANGED, UNCHANGED, REFUSED = "accepted", "changed", "unchanged", "refused"
#: how far a centre's clock may be ahead of ours
_AHEAD = dt.timedelta(minutes=5)
_OLDEST = 2000
_MOMENTS = (
    "received_at", "dispatched_at", "sign_by", "handle_by", "answer_by", "returned_at", "answered_at", "done_at", "as_of",
)  # fmt: skip
#: a number that stands in an address
TICKET_NO = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


@dataclass(frozen=True)
class TicketFate:
    """What became of one row, counted from 1. ``sentence`` tells why it was refused, or what was noted."""

    row: int
    fate: str
    ticket_no: str
    clue: str = ""
    field: str = ""
    sentence: str = ""
    #: it contradicts what is recorded, not the form of a ticket
    conflict: bool = False


def tickets_of(centre: Organisation) -> QuerySet[HotlineTicket]:
    """The tickets that this centre's programs delivered: all that its keys may see.

    One that has since been moved out of the centre's place is no longer the centre's.
    """
    place = centre.region_id or "-"
    rows = HotlineTicket.objects.filter(centre=centre, clue__region__code__startswith=place)
    return rows.select_related("clue__dispute")


def ticket_of(centre: Organisation, ticket_no: str) -> HotlineTicket | None:
    """One of them by the hotline's own number, or ``None``."""
    return (
        tickets_of(centre).filter(clue__channel=Clue.Channel.HOTLINE, clue__sender_number=ticket_no).first()
    )


def deliver(
    centre: Organisation, rows: Sequence[Mapping[str, str]], *, actor: Actor, now: dt.datetime
) -> list[TicketFate]:
    """Take in these tickets; the fate of every row, in their order. ``rows`` hold the fields of a list.

    Where somebody else writes the same number at the same moment, the second look finds it there.
    """
    try:
        with transaction.atomic():
            return _deliver(centre, rows, actor, now)
    except IntegrityError:
        with transaction.atomic():
            return _deliver(centre, rows, actor, now)


def _deliver(
    centre: Organisation, rows: Sequence[Mapping[str, str]], actor: Actor, now: dt.datetime
) -> list[TicketFate]:
    home = centre.region_id or ""
    places = Places(home, [home] if home else [])
    troubles: list[Trouble] = []
    good = []
    for row, given in enumerate(rows, 1):
        read = _read(given, places, row, now)
        if isinstance(read, Trouble):
            troubles.append(read)
        else:
            good.append(read)
    told, good = ticket_statuses.read_rows(good, now=now)
    found = sort(good, places)
    strangers = _leave_strangers(centre, found)
    plan = ticket_statuses.plan(told, found)
    found.notes += plan.older
    head = JournalHead.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0
    clues = intake.take_in(found.new, again=found.changed, actor=actor, now=now)
    known = [clue for clue, _ in [*found.changed, *found.unchanged]]
    _keep_whose([*clues, *known], centre, head, now)
    moved = [pair for pair in found.unchanged if pair[1].row in plan.changed]
    _keep_statuses(
        plan, [*zip(clues, found.new, strict=True), *found.changed, *found.unchanged], moved, actor, now
    )
    fates = [
        *_fates(ACCEPTED, zip(clues, found.new, strict=True)),
        *_fates(CHANGED, [*found.changed, *moved]),
        *_fates(UNCHANGED, [pair for pair in found.unchanged if pair not in moved]),
    ]
    numbers = {row: str(given.get("number", "")) for row, given in enumerate(rows, 1)}
    fates += [_refused(one, numbers[one.row]) for one in [*troubles, *told.refused, *found.refused]]
    fates += [_refused(one, numbers[one.row], conflict=True) for one in strangers]
    return _noted(sorted(fates, key=lambda fate: fate.row), found)


def _read(
    given: Mapping[str, str], places: Places, row: int, now: dt.datetime
) -> tuple[Mapping[str, Any], Voice] | Trouble:
    """The row as a list's row would be read; what cannot be right is named."""
    said, wrong = read_fields(
        SIGNALS["hotline"], {**given, **{name: _local(given.get(name, "")) for name in _MOMENTS}}
    )
    for name, sentence in wrong.items():
        return Trouble(row, name, sentence)
    if not re.match(TICKET_NO, said["number"]):
        return Trouble(row, "number", "工单编号只能有字母、数字、点、横线和下划线，以字母或数字开头。")
    for name in _MOMENTS:
        if said[name] is not None and said[name].year < _OLDEST:
            return Trouble(row, name, f"日期早于{_OLDEST}年，请核对。")
    voice = voice_of(said, places, channel=Clue.Channel.HOTLINE, row=row)
    if voice.received_at > now + _AHEAD:
        return Trouble(row, "received_at", "来电时间晚于现在，请核对时钟。")
    try:
        intake.check(voice)
    except Refused as refusal:
        return Trouble(row, refusal.field, refusal.sentence)
    return said, voice


def _local(text: str) -> str:
    """A time with its zone, as programs write it, said as lists say it; everything else as it is."""
    try:
        found = dt.datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return timezone.localtime(found).replace(tzinfo=None, microsecond=0).isoformat(" ")
    except (ValueError, OverflowError):
        pass
    return text


def _leave_strangers(centre: Organisation, found: Sorted) -> list[Trouble]:
    """Numbers that another centre's program has delivered are not this one's to tell of or to change."""
    known = [clue.pk for clue, _ in [*found.changed, *found.unchanged]]
    others: set[int] = set()
    for piece in bulk.chunks(known):
        rows = HotlineTicket.objects.filter(clue__in=piece).exclude(centre=centre)
        others.update(rows.values_list("clue_id", flat=True))
    strangers = [
        Trouble(one.row, "number", f"工单“{one.sender_number}”已由别的单位送来，没有登记，请核对编号。")
        for clue, one in [*found.changed, *found.unchanged]
        if clue.pk in others
    ]
    found.changed = [pair for pair in found.changed if pair[0].pk not in others]
    found.unchanged = [pair for pair in found.unchanged if pair[0].pk not in others]
    return strangers


def _keep_whose(clues: Sequence[Clue], centre: Organisation, since: int, now: dt.datetime) -> None:
    """What came as a list before is the centre's from the day it delivers it itself."""
    tickets = [HotlineTicket(clue=clue, centre=centre, delivered_at=now, since=since) for clue in clues]
    HotlineTicket.objects.bulk_create(tickets, batch_size=500, ignore_conflicts=True)


def _keep_statuses(
    plan: ticket_statuses.Plan,
    pairs: Iterable[tuple[Clue, Voice]],
    moved: Sequence[tuple[Clue, Voice]],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """How the tickets stand by the centre's own account. Those of which it tells nothing else are journalled here; of the
    others their words are."""
    ticket_statuses.keep(plan, {one.row: clue for clue, one in pairs}, now=now)
    events = [
        Event("clue.ticket_moved", "clue", clue.pk, f"{clue}：热线更新了工单的办理情况") for clue, _ in moved
    ]
    if events:
        record_all(events, actor=actor, now=now)


def _fates(fate: str, pairs: Any) -> list[TicketFate]:
    return [TicketFate(one.row, fate, one.sender_number, clue.number) for clue, one in pairs]


def _refused(one: Trouble, ticket_no: str, *, conflict: bool = False) -> TicketFate:
    return TicketFate(one.row, REFUSED, ticket_no, field=one.field, sentence=one.sentence, conflict=conflict)


def _noted(fates: Sequence[TicketFate], found: Sorted) -> list[TicketFate]:
    notes = {one.row: one for one in found.notes}
    return [
        TicketFate(one.row, one.fate, one.ticket_no, one.clue, notes[one.row].field, notes[one.row].sentence)
        if one.row in notes and one.fate != REFUSED
        else one
        for one in fates
    ]
