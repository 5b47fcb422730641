"""Signing a paper made with a party: in turn by code or at the tablet, or on print with the scan compared; then it is kept
among the papers of the matter and what it promises is looked after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts.access import SERVE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Document, Matter
from anxin.casework.services import attach
from anxin.evidence import contents, doors
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import consents, content, party, promises, turn_files
from anxin.letters.models import Consent, PartyCode, PartyLink, PartyPaper, PartySigner
from anxin.letters.party_kinds import CONFIRMATION
from anxin.letters.turns import Turns
from anxin.signing.parties import Person
from anxin.typesetting.filling import checked

#: a paper that was printed and signed by hand
SCAN = doors.Door("签名原件", (*doors.PAGES, contents.JPEG, contents.PNG), "PDF、OFD、JPG、PNG")
_State = PartyPaper.State
#: what is read along to say whose turn it is
_READS = ("signer__paper__matter__lead", "signer__paper__file", "signer__paper__unsigned")


class PaperTurns(Turns):
    """The officer who handles the matter keeps the desk."""

    prefix, desk = "paper", "承办人"
    signers, links, codes, reads = PartySigner, PartyLink, PartyCode, _READS

    def paper(self, signer: PartySigner) -> PartyPaper:
        return signer.paper

    def waits(self, paper: PartyPaper) -> bool:
        return paper.state == _State.SIGNING

    def held(self, paper: PartyPaper, by: User | None) -> PartyPaper:
        held = party.locked(paper, by)
        if held.state != _State.SIGNING:
            raise Refused("这份文书现在不在签名阶段，请刷新页面。")
        return held

    def person(self, signer: PartySigner) -> Person:
        return party.person_of(signer)

    def matter(self, paper: PartyPaper) -> Matter:
        return paper.matter

    def title(self, paper: PartyPaper) -> str:
        return party.kind_of(paper).name

    def filename(self, paper: PartyPaper) -> str:
        return f"{self.title(paper)}{paper.pk}.pdf"

    def entry(
        self,
        paper: PartyPaper,
        action: str,
        said: str,
        *,
        who: Actor,
        now: dt.datetime,
        after: dict[str, Any],
    ) -> None:
        party.note(paper, action, said, who=who, now=now, after=after)


TURNS = PaperTurns()


def finish(paper: PartyPaper, *, by: User, now: dt.datetime, law: Law) -> PartyPaper:
    """Everybody signed or is written down as refusing, and who must have signed did. Raises :class:`Refused`."""
    with transaction.atomic():
        held = TURNS.held(paper, by)
        if why := lacks(held, list(held.signers.order_by("number"))):
            raise Refused(why)
        return _keep_signed(held, by=by, now=now, law=law)


def lacks(paper: PartyPaper, signers: Sequence[PartySigner]) -> str:
    """Whose signature is missing, in a sentence; empty where everybody signed or refused, and who must have signed did."""
    kind = party.kind_of(paper)
    waiting = [str(one) for one in signers if one.signed_at is None and one.refused_at is None]
    if waiting:
        return f"还有{'、'.join(waiting)}没有签名；拒绝签名的，请先记明情况。"
    for side in kind.must:
        if not any(one.signed_at and one.side == side for one in signers):
            return f"{kind.role(side)}没有人签名，这份{kind.name}不能存入案卷。"
    return ""


def keep_for_step(
    matter: Matter, kinds: Collection[str], *, by: User, now: dt.datetime, law: Law
) -> list[PartyPaper]:
    """Lay what has been signed whole among the papers of the matter, because a step that ``by`` takes asks for it.

    Inside the caller's transaction, which asks whether they may take the step.
    """
    kept = []
    for one in signing(matter, kinds):
        held = TURNS.held(one, None)
        if not lacks(held, list(held.signers.order_by("number"))):
            kept.append(_keep_signed(held, by=by, now=now, law=law))
    return kept


def signing(matter: Matter, kinds: Collection[str]) -> QuerySet[PartyPaper]:
    """Papers of these kinds that are being signed in the matter, the earliest first."""
    return PartyPaper.objects.filter(matter=matter, kind__in=kinds, state=_State.SIGNING).order_by("pk")


def _keep_signed(held: PartyPaper, *, by: User, now: dt.datetime, law: Law) -> PartyPaper:
    name = f"{party.kind_of(held).name}（{_dated(held):%Y%m%d}）.pdf"
    return _keep(held, turn_files.read(held), name, by_hand=False, by=by, now=now, law=law)


def finish_by_hand(
    paper: PartyPaper,
    *,
    data: bytes,
    filename: str,
    compared: bool,
    by: User,
    now: dt.datetime,
    law: Law,
) -> PartyPaper:
    """Printed and signed by hand: the scan is the paper, and whoever keeps it has compared it. Raises :class:`Refused`."""
    scan = doors.taken(data, filename, SCAN)
    with transaction.atomic():
        held = TURNS.held(paper, by)
        if held.signers.filter(signed_at__isnull=False).exists():
            raise Refused(
                "已经有人在手机或平板上签名，请让其余的人也这样签；要改为纸质签名的，作废后另做一份。"
            )
        if not compared:
            raise Refused(
                "请把扫描件和定稿文件逐页核对，文字一致、该签名的人都签了名，再勾选确认。", field="compared"
            )
        return _keep(held, scan.data, scan.name, by_hand=True, by=by, now=now, law=law)


def _keep(
    held: PartyPaper, data: bytes, filename: str, *, by_hand: bool, by: User, now: dt.datetime, law: Law
) -> PartyPaper:
    held.document = _attached(held, data, filename, by, now, law)
    held.state, held.by_hand = _State.DONE, by_hand
    held.done_at, held.done_by_name = now, str(by)[:80]
    held.version += 1
    held.save()
    how = "纸质签名，扫描件已核对" if by_hand else "签名结束"
    after = {"document": held.document.pk, "by_hand": by_hand}
    party.note(held, "done", f"{how}，存入案卷", who=actor(by), now=now, after=after)
    promises.follow(held, by=by, now=now)
    _agreed(held, by, now)
    return held


def _agreed(held: PartyPaper, by: User, now: dt.datetime) -> None:
    """A signed confirmation of address in which somebody agrees to electronic service is that person's consent, once."""
    said = content.values_of(held)
    if held.kind != CONFIRMATION or said.get("electronic") != "agrees" or not acts_on(by, SERVE, held.matter):
        return
    receiver = said["receiver"].strip()
    taken_back, day = consents.taken_back_on(held.matter, receiver), _dated(held)
    if taken_back is not None and day < taken_back:
        return
    if not Consent.objects.filter(matter=held.matter, receiver=receiver, withdrawn_on=None).exists():
        consents.record_consent(
            held.matter, receiver=receiver, address=said["address"], given_on=day, how="签了送达地址确认书",
            awards=said.get("awards") == "agrees", by=by, now=now,
        )  # fmt: skip


def _attached(held: PartyPaper, data: bytes, filename: str, by: User, now: dt.datetime, law: Law) -> Document:
    return attach(
        held.matter, kind=held.kind, data=data, filename=filename, dated=_dated(held), by=by, now=now, law=law
    )  # fmt: skip


def _dated(held: PartyPaper) -> dt.date:
    """The day that the paper bears."""
    read = checked(party.kind_of(held).template, content.values_of(held))[0].get("issued_on")
    return read if isinstance(read, dt.date) else timezone.localdate(held.closed_at)
