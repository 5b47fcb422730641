"""Tickets of a hotline, however they arrive: read into voices, and told apart as new, changed or known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from anxin.clues import intake
from anxin.clues.intake import Voice
from anxin.clues.models import Clue, Telling
from anxin.clues.places import Places
from anxin.evidence import bulk
from anxin.evidence.sealing import finder

#: what the sender said of a ticket, kept beside it
_SAID = ("channel", "category", "urgency", "handler", "dispatched_at", "sign_by", "handle_by", "answer_by")
#: what a platform asks one by one; read together with the words
_ASKED = {
    "employer": "欠薪单位",
    "project": "工程项目",
    "construction": "类别",
    "people": "被欠薪人数",
    "amount": "拖欠工资",
    "period": "欠薪时段",
}


@dataclass(frozen=True)
class Trouble:
    """Why one row is not taken: its number, the field at fault, one sentence."""

    row: int
    field: str
    sentence: str


@dataclass
class Sorted:
    """Voices by what they mean to us; every row is in exactly one of the four."""

    new: list[Voice] = field(default_factory=list)
    #: with the clue as it stands; its telling's key is ``clue.telling_id``
    changed: list[tuple[Clue, Voice]] = field(default_factory=list)
    unchanged: list[tuple[Clue, Voice]] = field(default_factory=list)
    refused: list[Trouble] = field(default_factory=list)
    #: taken all the same
    notes: list[Trouble] = field(default_factory=list)


def voice_of(said: Mapping[str, Any], places: Places, *, channel: str, row: int) -> Voice:
    """One ticket, its fields read as ``sheets.vocabulary.hotline`` names them."""
    title, text, category = said.get("title") or "", said["text"], said.get("category") or ""
    if asked := _asked(said):
        text = f"{text}\n来件所填：{asked}。"
    place = (said.get("place") or "")[: intake.LONGEST_PLACE]
    return Voice(
        row=row,
        channel=channel,
        sender_number=said["number"][: intake.LONGEST_NUMBER],
        kind=Clue.Kind.REPORT if "举报" in category and "投诉" not in category else Clue.Kind.COMPLAINT,
        region=places.of(said.get("region"), place, title, text),
        received_at=timezone.make_aware(said["received_at"]),
        title=title,
        text=text,
        place=place,
        name=said.get("name") or "",
        phone=said.get("phone") or "",
        said={name: _plain(said[name]) for name in _SAID if said.get(name)},
    )


def sort(rows: Iterable[tuple[Mapping[str, Any], Voice]], places: Places) -> Sorted:
    """Which of these are new, changed, known, or not the sender's to give; ``rows`` are fields with their voices."""
    found = Sorted()
    incoming = _placed(rows, places, found)
    known = _known(incoming)
    marks = finder("clue")
    for one in incoming:
        clue = known.get((one.channel, one.sender_number))
        if clue is None:
            found.new.append(one)
        elif not places.allows(clue.region_id):
            sentence = f"工单“{one.sender_number}”已由其他地区登记，不能由本单位更改，请与该地区联系。"
            found.refused.append(Trouble(one.row, "number", sentence))
        elif clue.mark == marks(one.words):  # type: ignore[attr-defined]
            found.unchanged.append((clue, one))
        else:
            found.changed.append((clue, one))
    return found


def _placed(
    rows: Iterable[tuple[Mapping[str, Any], Voice]], places: Places, found: Sorted
) -> Sequence[Voice]:
    taken: dict[tuple[str, str], Voice] = {}
    for said, one in rows:
        where = said.get("region")
        if not one.region:
            sentence = "没有写明是哪个区县，请补填区县名称或区划代码后重新报送。"
            found.refused.append(Trouble(one.row, "region", sentence))
        elif not places.allows(one.region):
            sentence = f"这张工单属于“{where or one.place}”，不在您负责的地区内，请交由该地区报送。"
            found.refused.append(Trouble(one.row, "region", sentence))
        elif (one.channel, one.sender_number) in taken:
            sentence = f"工单“{one.sender_number}”在这一批里出现了两次，请只保留一行。"
            found.refused.append(Trouble(one.row, "number", sentence))
        else:
            if where and not places.knows(where):
                sentence = f"没有登记名为“{where}”的地区，这张工单暂记在本单位名下。"
                found.notes.append(Trouble(one.row, "region", sentence))
            taken[one.channel, one.sender_number] = one
    return list(taken.values())


def _known(incoming: Sequence[Voice]) -> dict[tuple[str, str], Clue]:
    """The tickets that have come before, with the mark of what they say now."""
    numbers = {one.sender_number for one in incoming}
    found: dict[tuple[str, str], Clue] = {}
    for piece in bulk.chunks(sorted(numbers)):
        clues = Clue.objects.filter(sender_number__in=piece).in_bulk()
        tellings = Telling.objects.filter(clue__in=clues, superseded_at__isnull=True)
        for clue_id, pk, mark in tellings.values_list("clue_id", "pk", "mark"):
            clue = clues[clue_id]
            clue.telling_id, clue.mark = pk, mark  # type: ignore[attr-defined]
            found[clue.channel, clue.sender_number] = clue
    return found


def _asked(said: Mapping[str, Any]) -> str:
    """What stands in columns of its own, as a sentence, so that it is read like the words."""
    parts = []
    for name, title in _ASKED.items():
        value = str(said.get(name) or "").strip()
        if value and name == "people" and value.isdecimal():
            value += "人"
        if value and name == "amount" and value.replace(".", "", 1).isdecimal():
            value += "元"
        if value:
            parts.append(f"{title}：{value}")
    return "；".join(parts)


def _plain(value: Any) -> str:
    return value.isoformat(sep=" ", timespec="minutes") if isinstance(value, dt.datetime) else str(value)
