"""Making a paper ready for its signatures: who signs, and the file with a place for each of them and for the seal.

Enterprise mediation rules, articles 22 and 26: the record is signed by those who were there; an agreement by both sides and
the mediator. Whoever is known by neither telephone nor card cannot show who they are, and is named before anything is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from anxin.accounts.models import User
from anxin.evidence import files
from anxin.evidence.sealing import Sealed, plain
from anxin.kernel.identifiers import id_number_problem
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import turn_files
from anxin.mediation.access import require_works
from anxin.mediation.agreeing import paper_data, standing
from anxin.mediation.applying import locked
from anxin.mediation.models import (
    Agreement,
    MediationBody,
    MediationCase,
    MediationPaper,
    PaperSigner,
    Party,
    Session,
)
from anxin.mediation.models_papers import PaperKind
from anxin.mediation.paper_turns import filename, person_of
from anxin.mediation.sealed import own_hash
from anxin.mediation.sessions import record_data
from anxin.mediation.telling import note
from anxin.signing.parties import Person
from anxin.typesetting.agreements import MOST_SIGNERS
from anxin.typesetting.letters import Letter
from anxin.vouching.keys import owner

_Side = PaperSigner.Side
#: the number of the place for the organisation's seal; people count from 1
SEAL = 99


@dataclass(frozen=True)
class Named:
    """Somebody who signs, as typed: a telephone for the code, the card for the tablet, one of them at least."""

    name: str
    phone: str = ""
    id_number: str = ""


#: who signs for which side
_Signs = tuple[_Side, Named]


def checked(said: Named, who: str, field: str) -> Named:
    """As it is kept. Raises :class:`Refused` naming what is wrong; ``field`` begins the names of the form's fields."""
    name, phone = " ".join(said.name.split()), "".join(said.phone.split())
    number = "".join(said.id_number.split()).upper()
    if not 2 <= len(name) <= 40:
        raise Refused(f"请填写{who}签名人的姓名。", field=f"{field}_name")
    if phone and not (phone.isdigit() and len(phone) == 11):
        raise Refused(f"{who}签名人的手机号应为11位数字。", field=f"{field}_phone")
    if number and (wrong := id_number_problem(number)):
        raise Refused(f"{who}签名人：{wrong}", field=f"{field}_id")
    if not phone and not number:
        raise Refused(
            f"{who}签名人的手机号和身份证号至少填一项，否则没有办法核对是不是本人。", field=f"{field}_phone"
        )
    return Named(name, phone, number)


def prepare_agreement(
    agreement: Agreement, *, employer: Named, mediator: Named, by: User, now: dt.datetime, law: Law
) -> list[MediationPaper]:
    """A copy for each worker, ready for three signatures and the seal; again with other signers while nobody has signed.

    Raises :class:`Refused`.
    """
    both: list[_Signs] = [
        (_Side.EMPLOYER, checked(employer, "用人单位", "employer")),
        (_Side.MEDIATOR, checked(mediator, "调解员", "mediator")),
    ]
    with transaction.atomic():
        held, found = standing(agreement, by)
        _none_signed(MediationPaper.objects.filter(share__agreement=found))
        made = []
        for share in found.shares.select_related("party").order_by("party__number"):
            share.agreement = found
            letter = turn_files.filled("mediation_agreement", paper_data(share, found.drafted_on), law)
            paper = _row(held, by, now, share=share)
            made.append(_made(paper, letter, [_worker(share.party), *both], now))
        note(held, "papers_prepared", f"准备{len(made)}份协议书，待签名", by=by, now=now,
             after={"papers": [one.pk for one in made]})  # fmt: skip
    return made


def prepare_record(
    session: Session, *, parties: Sequence[int], employer: Named | None, mediator: Named, by: User,
    now: dt.datetime, law: Law,
) -> MediationPaper:  # fmt: skip
    """The record of a session that was held, for those who were there. ``parties``: keys. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(session.case)
        require_works(by, held)
        found = Session.objects.get(pk=session.pk)
        found.case = held
        if found.state != Session.State.HELD:
            raise Refused("这次调解还没有登记笔录，不能准备签名。")
        _none_signed(MediationPaper.objects.filter(session=found))
        signs = [_worker(one) for one in held.parties.filter(pk__in=parties).order_by("number")]
        if employer is not None:
            signs.append((_Side.EMPLOYER, checked(employer, "用人单位", "employer")))
        if not signs:
            raise Refused("签名人里还没有到场的当事人，请至少选一方。", field="parties")
        signs.append((_Side.MEDIATOR, checked(mediator, "调解员", "mediator")))
        if len(signs) >= MOST_SIGNERS:
            raise Refused(f"一份笔录最多{MOST_SIGNERS - 1}人签名，人多的请选出代表签名。", field="parties")
        letter = turn_files.filled("mediation_record", record_data(found, held), law)
        paper = _made(_row(held, by, now, session=found), letter, signs, now)
        note(
            held,
            "papers_prepared",
            f"准备调解笔录，{len(signs)}人待签名",
            by=by,
            now=now,
            after={"papers": [paper.pk]},
        )
    return paper


def seal_place(body: MediationBody) -> turn_files.Place:
    """Where the organisation's seal goes, beside the places of people."""
    return PaperSigner(number=SEAL), "调解组织（盖章）", body_person(body)


def body_person(body: MediationBody) -> Person:
    """The organisation as who seals: as its certificate names it, else its name and its code in this installation."""
    return owner(Person(body.name[:60], f"mediation-{body.code}"[:60]))


def _none_signed(papers: QuerySet[MediationPaper]) -> None:
    signed = PaperSigner.objects.filter(paper__in=papers, signed_at__isnull=False)
    if signed.exists() or papers.filter(sealed_at__isnull=False).exists():
        raise Refused("已经有人签名，不能再换签名人；协议要改的，请撤回重拟。")


def _row(held: MediationCase, by: User, now: dt.datetime, **of: Any) -> MediationPaper:
    if held.body is None:
        raise Refused("本件还没有指派调解组织，没有谁能盖章。")
    kind = PaperKind.AGREEMENT if "share" in of else PaperKind.RECORD
    values: dict[str, Any] = {
        "case": held,
        "kind": kind,
        "body": held.body,
        "prepared_at": now,
        "prepared_by_name": str(by),
    }
    row, _ = MediationPaper.objects.update_or_create(
        **of, defaults={**values, "scanned_at": None, "scanned_by_name": ""}
    )
    return row


def _made(paper: MediationPaper, letter: Letter, signs: Sequence[_Signs], now: dt.datetime) -> MediationPaper:
    paper.signers.all().delete()
    people = [
        PaperSigner(
            paper=paper, number=number, side=side, name=Sealed.of(one.name), phone=_sealed(one.phone),
            id_number=_sealed(one.id_number),
            id_hash=own_hash(one.id_number) if side == _Side.WORKER else "",
        )
        for number, (side, one) in enumerate(signs, 1)
    ]  # fmt: skip
    PaperSigner.objects.bulk_create(people)
    places: list[turn_files.Place] = [(one, one.get_side_display(), person_of(one)) for one in people]
    data = turn_files.prepared(letter, [*places, seal_place(paper.body)])
    paper.unsigned = paper.file = files.store(data, name=filename(paper), now=now)
    paper.shown = turn_files.sealed_blocks(letter)
    paper.save()
    return paper


def _worker(party: Party) -> _Signs:
    name, phone, number = (plain(one) for one in (party.name, party.phone, party.id_number))
    phone = "".join(phone.split())
    if not (phone.isdigit() and len(phone) == 11):
        phone = ""
    if not phone and not number:
        raise Refused(f"{party}当事人没有手机号，也没有身份证号，没有办法核对是不是本人，请先补充信息。")
    return _Side.WORKER, Named(name, phone, number)


def _sealed(text: str) -> Sealed | None:
    return Sealed.of(text) if text else None
