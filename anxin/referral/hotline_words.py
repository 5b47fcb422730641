"""What a hotline heard from its caller afterwards: 回访, 催办, 补充. A disagreement counts, nothing else closes or opens."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import HANDLE
from anxin.casework.notifying import Colleagues
from anxin.casework.urging import KIND as URGED
from anxin.casework.urging import urge_for_caller
from anxin.clues.access import reaches
from anxin.clues.models import Clue, HotlineTicket, TicketNote
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.refusal import Refused
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many
from anxin.referral.answering import worker_says
from anxin.referral.current import conclusion_of, locked, referral_of
from anxin.referral.informing import heard_by_sender
from anxin.registry.models import Organisation

_AHEAD = dt.timedelta(minutes=5)
_LEAST, _MOST = 4, 1000
_ANSWERS = ("contacted", "solved", "satisfied")


@dataclass(frozen=True)
class Heard:
    """One thing the caller said; the three answers belong to a 回访."""

    kind: str
    at: dt.datetime
    words: str = ""
    contacted: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None


def caller_said(
    ticket: HotlineTicket, heard: Heard, *, actor: Actor, now: dt.datetime
) -> tuple[TicketNote, bool]:
    """Keep it, and whether it was new. A caller who was reached and is not content disagrees with what was concluded.

    That counts by the rule for the worker's word: there is a conclusion, the caller heard it before they spoke, and
    nobody has spoken against it since. In every other case it stands beside the clue, which is to be looked at
    again. That a caller is content closes nothing: 满意 may mean the service, and nobody agrees for the worker.
    Raises :class:`Refused`.
    """
    _check(heard, now)
    if heard.at < ticket.clue.received_at:
        raise Refused("时间早于工单的来电时间，请核对。", field="at")
    with transaction.atomic():
        clue = locked(ticket.clue)
        mark = _mark(heard)
        known = TicketNote.objects.filter(clue=clue, mark=mark).first()
        if known is not None:
            return known, False
        disagreed = _disagrees(clue, heard, ticket.centre, actor, now)
        made = TicketNote.objects.create(
            clue=clue, kind=heard.kind, at=heard.at, contacted=heard.contacted, solved=heard.solved,
            satisfied=heard.satisfied, words=Sealed.of(heard.words.strip()) if heard.words.strip() else None,
            mark=mark, disagreed=disagreed, centre_name=ticket.centre.name, recorded_at=now,
        )  # fmt: skip
        if not disagreed and heard.kind == TicketNote.Kind.REVISIT:
            # a caller merged into another clue is no worker of that one
            asked = heard.solved is not None or heard.satisfied is not None
            by = Actor(actor.key, ticket.centre.name)
            heard_by_sender(clue, contacted=bool(heard.contacted), asked=asked, by=by, at=heard.at, now=now)
        if not disagreed and not _content(heard):
            Clue.objects.filter(pk=clue.pk).update(looked_at=None, looked_by_name="")
        if heard.kind == TicketNote.Kind.URGE:
            _urge(clue, ticket.centre, made, actor, now)
        record(
            actor=actor,
            action="clue.hotline_said",
            object_type="clue",
            object_id=clue.pk,
            summary=f"{clue}：{ticket.centre}{made.summary}",
            after={"note": made.pk, "kind": heard.kind, "disagreed": disagreed},
            now=now,
        )
    return made, True


def _check(heard: Heard, now: dt.datetime) -> None:
    if heard.at > now + _AHEAD:
        raise Refused("时间晚于现在，请核对时钟。", field="at")
    if len(heard.words) > _MOST:
        raise Refused(f"最多写{_MOST}个字，现在是{len(heard.words)}个字，请删减。", field="words")
    if heard.kind != TicketNote.Kind.REVISIT:
        if any(getattr(heard, name) is not None for name in _ANSWERS):
            raise Refused("是否联系、是否解决、是否满意只用于回访（revisit）。", field="kind")
        if len(heard.words.strip()) < _LEAST:
            raise Refused(f"请写明催办或补充的内容（不少于{_LEAST}个字）。", field="words")
        return
    if heard.contacted is None:
        raise Refused("回访请写明是否联系上本人（contacted）。", field="contacted")
    if not heard.contacted and (heard.solved is not None or heard.satisfied is not None):
        raise Refused("没有联系上本人的，不能写是否解决、是否满意：没有人替他回答。", field="satisfied")


def _disagrees(clue: Clue, heard: Heard, centre: Organisation, actor: Actor, now: dt.datetime) -> bool:
    found = conclusion_of(clue)
    if heard.satisfied is not False or found is None or heard.at < found.stands_since:
        return False
    day = timezone.localdate(heard.at)
    by = Actor(actor.key, centre.name)
    try:
        worker_says(clue, False, heard.words, now, heard_by=by, how=f"{day}热线电话回访本人")
    except Refused:
        # a conclusion that a second person still looks at was told to nobody
        return False
    return True


def _urge(clue: Clue, centre: Organisation, note: TicketNote, actor: Actor, now: dt.datetime) -> None:
    """Whoever works on it hears of it, once a day: of the matter, or of the clue while no body has it."""
    running = referral_of(clue)
    by = Actor(actor.key, centre.name)
    if running is not None:
        urge_for_caller(running.now, centre, note, who=by, now=now)
        return
    people = [one for one in Colleagues().all if reaches(one, HANDLE, clue)]
    told = [
        Message(
            to=one, kind=URGED, title=f"催办：{clue.number}", link=f"/clues/{clue.pk}#ticket-notes", about=("clue", clue.pk),
            body=f"来电人向{centre.name}催办，这条线索还没有分派，请尽快处理。",
            once_key=f"urged:clue:{clue.pk}:{timezone.localdate(now)}",
            outline=Outline(region=clue.region_id, number=clue.number),
        )
        for one in people
    ]  # fmt: skip
    send_many(told, now=now)


def _content(heard: Heard) -> bool:
    return heard.kind == TicketNote.Kind.REVISIT and heard.satisfied is True


def _mark(heard: Heard) -> str:
    said = [heard.kind, heard.at.astimezone(dt.UTC).isoformat(), heard.words.strip()]
    return finding_hash("clue", json.dumps([*said, heard.contacted, heard.solved, heard.satisfied]))
