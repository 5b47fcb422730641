"""Pictures and recordings that come with a ticket: typed by their content, written anew, each once."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from django.db import transaction

from anxin.clues.models import Clue, HotlineTicket, TicketFile
from anxin.evidence import doors
from anxin.evidence.contents import Family
from anxin.evidence.journal import Actor, record
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused

AT_MOST = 20
FIELD = "content"
#: of one file, as it was sent
DOOR = doors.Door(
    "附件", (*doors.PICTURES, *doors.SOUNDS, *doors.FILMS), "照片（JPG、PNG、WEBP）和录音（MP3、M4A、WAV、AMR、OGG、AAC）", 10 * doors.MB,
    "请压缩或分段后再送", field=FIELD, small=True,
)  # fmt: skip
_Kind = TicketFile.Kind


@dataclass(frozen=True)
class Typed:
    """A file that was looked at and kept: the keyed hash of what was sent, and what is kept of it."""

    mark: str
    kind: TicketFile.Kind
    file: StoredFile
    content_type: str
    ending: str


def add_file(
    ticket: HotlineTicket, data: bytes, *, actor: Actor, now: dt.datetime
) -> tuple[TicketFile, bool]:
    """Keep it, and whether it was new. Of a picture only the pixels are kept; the sender's name of the file is not.

    The same content for the same ticket is one file. Raises :class:`Refused`.
    """
    known = ticket.clue.ticket_files.filter(mark=_mark(data)).first()
    if known is not None:
        return known, False
    if ticket.clue.ticket_files.count() >= AT_MOST:
        raise _full()
    return keep(ticket.clue, typed(data, now=now), source=ticket.centre.name, actor=actor, now=now)


def typed(data: bytes, *, now: dt.datetime) -> Typed:
    """What the file is by its content, kept: a recording as it came, a picture written anew. Raises :class:`Refused`."""
    found = doors.taken(data, "", DOOR)
    kind = _Kind.PICTURE if found.kind.family is Family.PICTURE else _Kind.SOUND
    ending = found.kind.endings[0]
    stored = doors.store(replace(found, name=f"{kind.label}.{ending}"), now=now)
    return Typed(_mark(data), kind, stored, found.kind.content_type, ending)


def keep(clue: Clue, one: Typed, *, source: str, actor: Actor, now: dt.datetime) -> tuple[TicketFile, bool]:
    """Put it beside the clue, and whether it was new; ``source`` says who sent it. Raises :class:`Refused`."""
    with transaction.atomic():
        # two at once would both be the last one
        clue = Clue.objects.select_for_update().get(pk=clue.pk)
        known = clue.ticket_files.filter(mark=one.mark).first()
        if known is not None:
            return known, False
        if clue.ticket_files.count() >= AT_MOST:
            raise _full()
        name = f"{one.kind.label}{clue.ticket_files.filter(kind=one.kind).count() + 1}.{one.ending}"
        made = TicketFile.objects.create(
            clue=clue, mark=one.mark, kind=one.kind, file=one.file, content_type=one.content_type, name=name,
            centre_name=source[:80], added_at=now,
        )  # fmt: skip
        Clue.objects.filter(pk=clue.pk).update(looked_at=None, looked_by_name="")
        record(
            actor=actor, action="clue.ticket_file", object_type="clue", object_id=clue.pk,
            summary=f"{clue}：{source}送来附件{name}", after={"file": made.pk}, now=now,
        )  # fmt: skip
    return made, True


def _full() -> Refused:
    return Refused(f"一张工单最多{AT_MOST}个附件，这一个没有收下。", field=FIELD)


def _mark(data: bytes) -> str:
    return finding_hash("ticket-file", hashlib.sha256(data).hexdigest())
