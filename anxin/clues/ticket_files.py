"""Pictures and recordings that a hotline sends with a ticket: typed by their content, written anew, each once."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction

from anxin.clues.models import Clue, HotlineTicket, TicketFile
from anxin.evidence import files, pictures, sounds
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused

#: of one file, as it was sent
LARGEST_MB = 10
AT_MOST = 20
FIELD = "content"
_Kind = TicketFile.Kind


def add_file(
    ticket: HotlineTicket, data: bytes, *, actor: Actor, now: dt.datetime
) -> tuple[TicketFile, bool]:
    """Keep it, and whether it was new. Of a picture only the pixels are kept; the sender's name of the file is not.

    The same content for the same ticket is one file. Raises :class:`Refused`.
    """
    mark = finding_hash("ticket-file", hashlib.sha256(data).hexdigest())
    known = TicketFile.objects.filter(clue=ticket.clue, mark=mark).first()
    if known is not None:
        return known, False
    kind, content, content_type, ending = _looked_at(data)
    with transaction.atomic():
        clue = Clue.objects.select_for_update().get(
            pk=ticket.clue_id
        )  # two at once would both be the last one
        known = clue.ticket_files.filter(mark=mark).first()
        if known is not None:
            return known, False
        if clue.ticket_files.count() >= AT_MOST:
            raise Refused(f"一张工单最多{AT_MOST}个附件，这一个没有收下。", field=FIELD)
        name = f"{kind.label}{clue.ticket_files.filter(kind=kind).count() + 1}.{ending}"
        made = TicketFile.objects.create(
            clue=clue, mark=mark, kind=kind, file=files.store(content, name=name, now=now),
            content_type=content_type, name=name, centre_name=ticket.centre.name, added_at=now,
        )  # fmt: skip
        Clue.objects.filter(pk=clue.pk).update(looked_at=None, looked_by_name="")
        record(
            actor=actor, action="clue.ticket_file", object_type="clue", object_id=clue.pk,
            summary=f"{clue}：{ticket.centre}送来附件{name}", after={"file": made.pk}, now=now,
        )  # fmt: skip
    return made, True


def _looked_at(data: bytes) -> tuple[_Kind, bytes, str, str]:
    """What it is by its content: a recording as it came, or a picture written anew."""
    if not data:
        raise Refused("附件是空的，请核对后重新发送。", field=FIELD)
    if len(data) > LARGEST_MB * 1024 * 1024:
        raise Refused(f"附件超过{LARGEST_MB}MB，请压缩或分段后再送。", field=FIELD)
    try:
        sound = sounds.recognised(data)
    except Refused:
        try:
            return _Kind.PICTURE, pictures.cleaned(data).data, pictures.CONTENT_TYPE, "jpg"
        except Refused as refusal:
            raise Refused(
                f"附件按内容不是能收的照片（JPG、PNG、WEBP）或录音（MP3、M4A、WAV、AMR、OGG、AAC）：{refusal.sentence}",
                field=FIELD,
            ) from refusal
    return _Kind.SOUND, sound.data, sound.content_type, sound.ending
