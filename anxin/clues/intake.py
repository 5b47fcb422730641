"""The one way in: a voice of any channel becomes a clue with its number, its words sealed, and a telling."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.clues.correcting import FIELDS
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue, Correction, Telling
from anxin.clues.numbering import county, next_numbers
from anxin.evidence import bulk
from anxin.evidence.journal import Actor, Event, record_all
from anxin.evidence.models import ImportBatch
from anxin.evidence.sealing import Sealed, finder
from anxin.kernel.identifiers import find_id_numbers, phone_problem
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Project

LONGEST_TITLE, LONGEST_NUMBER, LONGEST_PLACE, LONGEST_TEXT = 200, 80, 200, 20_000
#: a title made of the text, where the channel has none
_MADE_TITLE = 40
_PIECE = 500
#: under this name the clue of a warning says, besides its words, the month of the wages
WAGE_MONTH = "wage_month"
#: in the journal entry of the last of several voices: how many came at once
TOGETHER = "together"


@dataclass(frozen=True)
class Given:
    """Values by field (:data:`FIELDS`) that stand like a person's word and are not for the machine to read."""

    values: Mapping[str, Any]
    why: str
    by_name: str = ""


@dataclass(frozen=True)
class Voice:
    """What one person said on one channel, before it has a number. ``region`` is a place's code."""

    channel: str
    kind: str
    region: str
    received_at: dt.datetime
    text: str
    title: str = ""
    place: str = ""
    name: str = ""
    phone: str = ""
    #: the sender's own number, by which the same voice is known again
    sender_number: str = ""
    #: what the sender said of it besides, as the clue's page shows it
    said: Mapping[str, str] = field(default_factory=dict)
    #: known without reading: the code that was scanned, the warning it comes from
    project: Project | None = None
    employer: Employer | None = None
    given: Given | None = None
    #: of a list; zero where it came alone
    row: int = 0

    @property
    def heading(self) -> str:
        """The title, or the beginning of the text."""
        return self.title or self.text[:_MADE_TITLE]

    @property
    def words(self) -> str:
        """Everything that was said, by which a changed voice is told from the same one."""
        parts = [self.kind, self.region, self.received_at.isoformat(), self.heading, self.text, self.place]
        return json.dumps([*parts, self.name, self.phone, self.said], ensure_ascii=False, sort_keys=True)


def take_in(
    voices: Sequence[Voice],
    *,
    actor: Actor,
    now: dt.datetime,
    again: Sequence[tuple[Clue, Voice]] = (),
) -> list[Clue]:
    """Clues of these voices, in their order; the journal queues one reading of all. Raises :class:`Refused`.

    ``again`` are clues whose ticket says something else now: what it said before is kept. Each clue carries
    ``telling_id``, the key of what it says so far (``tickets.sort``).
    """
    for voice in [*voices, *(voice for _, voice in again)]:
        check(voice)
    with transaction.atomic():
        supersede(again, now=now)
        clues = write(voices, now=now)
        tell([*again, *zip(clues, voices, strict=True)], now=now)
        _keep_given(clues, voices, now)
        told = [*((clue, "clue.told_again", "补充或更改") for clue, _ in again),
                *((clue, "clue.told", clue.get_kind_display()) for clue in clues)]  # fmt: skip
        record_all([_event(told, place) for place in range(len(told))], actor=actor, now=now)
    return clues


def _event(told: Sequence[tuple[Clue, str, str]], place: int) -> Event:
    """The journal's entry of one clue; the last one says how many came together: they are read in one pass."""
    clue, action, what = told[place]
    after: dict[str, Any] = {"channel": clue.channel, "kind": clue.kind, "region": clue.region_id}
    if place == len(told) - 1:
        after[TOGETHER] = len(told)
    summary = f"{clue}：{clue.get_channel_display()}{what}“{clue.title[:_MADE_TITLE]}”"
    return Event(action, "clue", clue.pk, summary, after=after)


def supersede(
    changed: Sequence[tuple[Clue, Voice]], *, now: dt.datetime, batch: ImportBatch | None = None
) -> int:
    """What a ticket said before is kept; what a person corrected stands, but somebody must look again."""
    for clue, one in changed:
        clue.kind, clue.region_id, clue.received_at = one.kind, one.region, one.received_at
        clue.title, clue.looked_at, clue.looked_by_name = shown_title(one), None, ""
    bulk.update(
        [clue for clue, _ in changed],
        ("kind", "region_id", "received_at", "title", "looked_at", "looked_by_name"),
    )
    ids = [clue.telling_id for clue, _ in changed]  # type: ignore[attr-defined]
    return bulk.supersede(Telling, ids, by=batch.pk if batch else None, now=now)


def write(voices: Sequence[Voice], *, now: dt.datetime) -> list[Clue]:
    """Numbered clues, in the order of the voices; inside the caller's transaction."""
    year = timezone.localdate(now).year
    by_county: dict[str, list[int]] = defaultdict(list)
    for place, voice in enumerate(voices):
        by_county[county(voice.region)].append(place)
    numbers = {
        place: number
        for code, places in sorted(by_county.items())
        for place, number in zip(
            places, next_numbers(region_code=code, year=year, count=len(places)), strict=True
        )
    }
    clues = [
        Clue(
            number=numbers[place],
            channel=voice.channel,
            kind=voice.kind,
            sender_number=voice.sender_number,
            region_id=voice.region,
            received_at=voice.received_at,
            recorded_at=now,
            title=shown_title(voice),
            project=voice.project,
            employer=voice.employer,
            **(
                {FIELDS[name].column: value for name, value in voice.given.values.items()}
                if voice.given
                else {}
            ),
        )
        for place, voice in enumerate(voices)
    ]
    return Clue.objects.bulk_create(clues, batch_size=_PIECE)


def tell(told: Sequence[tuple[Clue, Voice]], *, now: dt.datetime, batch: ImportBatch | None = None) -> None:
    """What each voice says of its clue, sealed; the telling before must be superseded already."""
    marks, phones, people = finder("clue"), finder("phone"), finder("id")
    tellings = [
        Telling(
            clue=clue,
            mark=marks(voice.words),
            title=Sealed.of(voice.heading),
            text=Sealed.of(voice.text),
            place=masked_words(voice.place, name=voice.name),
            name=Sealed.of(voice.name) if voice.name else None,
            phone=Sealed.of(voice.phone) if voice.phone else None,
            phone_hash=phones(voice.phone) if phone_problem(voice.phone) is None else "",
            id_hashes=sorted(
                {people(number) for number in find_id_numbers(f"{voice.heading}\n{voice.text}")}
            ),
            said=dict(voice.said),
            batch=batch,
            row_number=voice.row or None,
            recorded_at=now,
        )
        for clue, voice in told
    ]
    Telling.objects.bulk_create(tellings, batch_size=_PIECE)


def shown_title(voice: Voice) -> str:
    """The title as lists show it: telephones, long numbers and the writer's own name masked."""
    return masked_words(voice.heading, name=voice.name)[:LONGEST_TITLE]


def check(voice: Voice) -> None:
    """Whether a clue can be made of it. Raises :class:`Refused`."""
    if not voice.text.strip():
        raise Refused("请写明发生了什么事。", field="text")
    if len(voice.text) > LONGEST_TEXT:
        raise Refused(f"内容不能超过{LONGEST_TEXT}个字，现在是{len(voice.text)}个字，请删减。", field="text")
    if not voice.region:
        raise Refused("请选择事情发生在哪个地区。", field="region")
    for value, most, what, name in (
        (voice.title, LONGEST_TITLE, "标题", "title"),
        (voice.place, LONGEST_PLACE, "地点", "place"),
        (voice.sender_number, LONGEST_NUMBER, "来件编号", "sender_number"),
    ):
        if len(value) > most:
            raise Refused(f"{what}不能超过{most}个字，请删减。", field=name)


def _keep_given(clues: Sequence[Clue], voices: Sequence[Voice], now: dt.datetime) -> None:
    """What came with the voice stands like a person's word: reading does not move it."""
    rows = [
        Correction(
            clue=clue,
            field=name,
            value=value,
            became=became[:200],
            was=was,
            why=why,
            by_name=by or clue.get_channel_display(),
            at=now,
        )
        for clue, voice in zip(clues, voices, strict=True)
        for name, value, became, was, why, by in _known(voice)
    ]
    Correction.objects.bulk_create(rows, batch_size=_PIECE)


def _known(voice: Voice) -> Iterator[tuple[str, Any, str, str, str, str]]:
    """Field, value, what it became and was in words, why, by whom."""
    for name, entry in (("project", voice.project), ("employer", voice.employer)):
        if entry is not None:
            yield name, entry.pk, entry.name, "未对应", "来件时已知", ""
    if voice.given is not None:
        unread = Clue()
        for name, value in voice.given.values.items():
            field = FIELDS[name]
            was = field.words(getattr(unread, field.column))
            yield name, value, field.words(value), was, voice.given.why, voice.given.by_name
