"""Signing the record of a hearing in turn (:mod:`anxin.letters.turns`), and its end.

Labour arbitration law, article 40: everybody who was there signs; who would not, is written down with the reason and goes
to the file.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.arbitration import record_papers
from anxin.arbitration.journalling import note
from anxin.arbitration.models import HearingRecord, RecordCode, Signer, SigningLink
from anxin.arbitration.recording import held_record
from anxin.arbitration.stepping import HEAR, follow
from anxin.casework.models import Matter
from anxin.casework.services import attach
from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters.turns import LINK_HOLDS, Turns
from anxin.signing.parties import Person

__all__ = ["LINK_HOLDS", "TURNS", "finish"]

_State = HearingRecord.State
_RECORD, _NOTE = "arbitration_hearing_record", "arbitration_record_note"


class HearingTurns(Turns):
    """Signers stand before the tribunal; the recorder keeps the desk."""

    prefix, desk = "hearing", "书记员"
    signers, links, codes = Signer, SigningLink, RecordCode
    reads = (
        "signer__record__hearing__case__matter__lead",
        "signer__record__file",
        "signer__record__unsigned",
    )

    def paper(self, signer: Signer) -> HearingRecord:
        return signer.record

    def waits(self, paper: HearingRecord) -> bool:
        return paper.state == _State.CLOSED

    def held(self, paper: HearingRecord, by: User | None) -> HearingRecord:
        held = held_record(paper, by)
        if held.state != _State.CLOSED:
            raise Refused("笔录现在不在签名阶段，请刷新页面。")
        return held

    def person(self, signer: Signer) -> Person:
        return record_papers.person_of(signer)

    def matter(self, paper: HearingRecord) -> Matter:
        return paper.hearing.case.matter

    def title(self, paper: HearingRecord) -> str:
        return "庭审笔录"

    def filename(self, paper: HearingRecord) -> str:
        return f"庭审笔录{paper.hearing_id}.pdf"

    def entry(
        self,
        paper: HearingRecord,
        action: str,
        said: str,
        *,
        who: Actor,
        now: dt.datetime,
        after: dict[str, Any],
    ) -> None:
        case = paper.hearing.case
        record(
            actor=who, action=f"arbitration.record_{action}", object_type="arbitration_case", object_id=case.pk,
            summary=f"{case}：{said}", now=now, after=after,
        )  # fmt: skip


TURNS = HearingTurns()
make_link = TURNS.make_link
link_of = TURNS.link_of
claim = TURNS.claim
is_device = TURNS.is_device
read_to_end = TURNS.read_to_end
ask_code = TURNS.ask_code
sign_with_code = TURNS.sign_with_code
sign_at_tablet = TURNS.sign_at_tablet
note_refusal = TURNS.note_refusal
object_to = TURNS.object_to


def finish(record_: HearingRecord, *, by: User, now: dt.datetime, law: Law) -> HearingRecord:
    """Everybody signed or is written down as refusing: the file goes to the papers of the matter, which was heard on that
    day. Raises :class:`Refused`."""
    with transaction.atomic():
        held = TURNS.held(record_, by)
        signers = list(held.signers.order_by("number"))
        waiting = [str(one) for one in signers if one.signed_at is None and one.refused_at is None]
        if waiting:
            raise Refused(f"还有{'、'.join(waiting)}没有签名；拒绝签名的，请先记明情况。")
        if not any(one.signed_at and one.side == Signer.Side.ARBITRATOR for one in signers):
            raise Refused("仲裁员都没有签名，笔录不能归档。")
        today, matter = timezone.localdate(now), held.hearing.case.matter
        attach(
            matter, kind=_RECORD, data=record_papers.read(held), filename=f"庭审笔录（{today:%Y%m%d}）.pdf", by=by, now=now, law=law,
            dated=today,
        )  # fmt: skip
        told = record_papers.note_of(held, signers, on=today, law=law)
        attach(
            matter, kind=_NOTE, data=told, filename=f"庭审笔录签名情况说明（{today:%Y%m%d}）.pdf", by=by, now=now, law=law,
            dated=today,
        )  # fmt: skip
        held.state, held.done_at = _State.DONE, now
        held.save(update_fields=["state", "done_at"])
        note(
            held.hearing.case,
            "record_done",
            "庭审笔录签名结束，存入案卷",
            by=by,
            now=now,
            after={"record": held.pk},
        )
        heard = timezone.localdate(held.hearing.begins_at)
        follow(held.hearing.case, HEAR, on=heard, by=by, now=now, law=law)
    return held
