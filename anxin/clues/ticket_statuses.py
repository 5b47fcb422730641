"""What lists and programs say of how their tickets stand is kept beside the clues; an older word changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from anxin.clues.intake import Voice
from anxin.clues.masking import opened
from anxin.clues.models import Clue, TicketNote, TicketStatus
from anxin.clues.ticket_status import (
    FLAGS,
    OLDER,
    SAYS,
    UNTOLD,
    Status,
    age,
    day_of_list,
    merged,
    read_status,
    worse,
)
from anxin.clues.tickets import Sorted, Trouble
from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext
from anxin.evidence.models import ImportBatch
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.refusal import Refused

_SEALED = ("returned_why", "result")
_WHEN = ("as_of", "listed_on")
_PIECE = 500
#: who told of a 回访 that stands in a list
FROM_LIST = "导入的热线清单"
Row = tuple[Mapping[str, Any], Voice]


@dataclass(frozen=True)
class Told:
    """What the rows of one delivery say, by the row's number, and which columns it has: those that an empty cell may empty."""

    statuses: Mapping[int, Status]
    columns: frozenset[str]
    refused: Sequence[Trouble]


@dataclass
class Plan:
    """What will be kept: by the row's number what holds then, and what holds now."""

    changed: dict[int, tuple[Status, TicketStatus | None]] = field(default_factory=dict)
    #: say what is known, at a later time
    later: list[TicketStatus] = field(default_factory=list)
    #: rows that are older than what is known
    older: list[Trouble] = field(default_factory=list)


def read_all(context: ApplyContext, rows: Iterable[Row]) -> tuple[Told, list[Row]]:
    """How each ticket stands by this list, and the rows that go on. A list without such columns says nothing."""
    columns = frozenset(name for name in SAYS if name in context.recognition.columns)
    today = timezone.localdate(context.now)
    listed_on = day_of_list(context.batch.filename, context.recognition.sheet, today=today)
    return read_rows(rows, now=context.now, columns=columns, listed_on=listed_on)


def read_rows(
    rows: Iterable[Row],
    *,
    now: dt.datetime,
    columns: frozenset[str] = frozenset(),
    listed_on: dt.date | None = None,
) -> tuple[Told, list[Row]]:
    """The same of rows that a program sends one by one: what it leaves empty it does not take back."""
    statuses: dict[int, Status] = {}
    refused: list[Trouble] = []
    good = []
    for said, voice in rows:
        try:
            statuses[voice.row] = read_status(said, listed_on=listed_on, now=now)
        except Refused as refusal:
            refused.append(Trouble(voice.row, refusal.field, refusal.sentence))
        else:
            good.append((said, voice))
    return Told(statuses, columns, refused), good


def plan(told: Told, found: Sorted) -> Plan:
    """What these rows change. One that is older than what is known moves from ``found.changed`` to the unchanged ones."""
    made = Plan()
    known = {voice.row: clue for clue, voice in [*found.changed, *found.unchanged]}
    standing = current_of(clue.pk for clue in known.values())
    words = {voice.row for _, voice in found.changed}
    old: set[int] = set()
    for row in sorted([*known, *(voice.row for voice in found.new)]):
        new, row_now = told.statuses[row], standing.get(known[row].pk) if row in known else None
        if row_now is None:
            if any(value not in (None, "") for value in new.said.values()):
                made.changed[row] = (new, None)
            continue
        kept = status_of(row_now)
        how = age(kept, new, told.columns)
        after = merged(kept, new, told.columns, how)
        if how == OLDER:
            old.add(row)
            if row in words or merged(kept, new, told.columns, UNTOLD).said != kept.said:
                sentence = "这一行比已经登记的旧，没有改动；确是最新的，请写明“更新时间”后重新报送。"
                made.older.append(Trouble(row, "number", sentence))
        elif after.said != kept.said:
            made.changed[row] = (after, row_now)
        elif after != kept:
            row_now.as_of, row_now.listed_on = after.as_of, after.listed_on
            made.later.append(row_now)
    found.unchanged += [pair for pair in found.changed if pair[1].row in old]
    found.changed = [pair for pair in found.changed if pair[1].row not in old]
    return made


def keep(made: Plan, clues: Mapping[int, Clue], *, now: dt.datetime, batch: ImportBatch | None = None) -> int:
    """Write it beside the clues (by the row's number); how many replaced what was known.

    Handled anew, under oversight, unsolved or not content since: somebody has to look at the clue again. What the caller answered
    when called back is kept as what a hotline's program tells of it.
    """
    before = [row_now for _, row_now in made.changed.values() if row_now is not None]
    replaced = bulk.supersede(
        TicketStatus, [one.pk for one in before], by=batch.pk if batch else None, now=now
    )
    TicketStatus.objects.bulk_create(
        [
            TicketStatus(clue=clues[row], batch=batch, row_number=row, recorded_at=now, **_columns(status))
            for row, (status, _) in made.changed.items()
        ],
        batch_size=_PIECE,
    )
    bulk.update(made.later, _WHEN)
    TicketNote.objects.bulk_create(calls_told(made, clues, now=now), batch_size=_PIECE, ignore_conflicts=True)
    again = [
        clues[row].pk
        for row, (status, row_now) in made.changed.items()
        if worse(status_of(row_now) if row_now is not None else None, status)
    ]
    for piece in bulk.chunks(again):
        Clue.objects.filter(pk__in=piece).update(looked_at=None, looked_by_name="")
    return replaced


def calls_told(made: Plan, clues: Mapping[int, Clue], *, now: dt.datetime) -> list[TicketNote]:
    """The 回访 that the list tells of, where it says something else than before: what a hotline's own program tells is kept as
    the same notes, and the numbers on satisfaction count both alike. It opens and closes nothing by itself."""
    notes = []
    for row, (status, row_now) in made.changed.items():
        answers = {name: getattr(status, name) for name in FLAGS}
        before = {name: getattr(row_now, name) if row_now is not None else None for name in FLAGS}
        if answers == before or all(value is None for value in answers.values()):
            continue
        if answers["contacted"] is None:
            answers["contacted"] = True  # who answered was reached
        at = max(_told_at(status, now), clues[row].received_at)
        mark = finding_hash(
            "clue", json.dumps(["list", at.astimezone(dt.UTC).isoformat(), *answers.values()])
        )
        notes.append(
            TicketNote(
                clue=clues[row], kind=TicketNote.Kind.REVISIT, at=at, mark=mark, centre_name=FROM_LIST, recorded_at=now, **answers
            )
        )  # fmt: skip
    return notes


def _told_at(status: Status, now: dt.datetime) -> dt.datetime:
    """A list does not say when the call was made: at the latest when it stood so, by its row or by the day of the list."""
    if status.as_of is not None:
        return min(status.as_of, now)
    if status.listed_on is not None:
        day_after = dt.datetime.combine(status.listed_on + dt.timedelta(days=1), dt.time())
        return min(timezone.make_aware(day_after) - dt.timedelta(minutes=1), now)
    return now


def current_of(clues: Iterable[int]) -> dict[int, TicketStatus]:
    """By clue how its ticket stands by the hotline's account; clues of which no list said it are left out."""
    found: dict[int, TicketStatus] = {}
    for piece in bulk.chunks(clues):
        rows = TicketStatus.objects.filter(clue__in=piece, superseded_at__isnull=True)
        found |= {one.clue_id: one for one in rows}
    return found


def status_of(row: TicketStatus) -> Status:
    """The row, unsealed, to be compared."""
    values: dict[str, Any] = {name: getattr(row, name) for name in (*SAYS, *_WHEN)}
    return Status(**values | {name: opened(values[name]) for name in _SEALED})


def _columns(status: Status) -> dict[str, Any]:
    said = status.said | {name: getattr(status, name) for name in _WHEN}
    return said | {name: Sealed.of(said[name]) if said[name] else None for name in _SEALED}
