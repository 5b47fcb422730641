"""The file of a record: set, prepared for everybody's signature, signed in turn, and verified. The one module that does so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from django.utils import timezone

from anxin.arbitration.letter_facts import applicant_words
from anxin.arbitration.models import HearingRecord, Seat, Signer
from anxin.arbitration.scheduling import seats
from anxin.contracts.keys import DEMONSTRATION, Keys, trusted_roots
from anxin.contracts.papers import Consent
from anxin.evidence import files
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.mediation.sealed import plain
from anxin.signing.hashing import sha256
from anxin.signing.parties import METHOD_WORDS, IdentityCheck, Method, Person, Slot
from anxin.signing.preparing import prepare
from anxin.signing.sealing import sign
from anxin.signing.stamps import Stamp
from anxin.signing.verdict import Verdict
from anxin.signing.verifying import verify
from anxin.typesetting.agreements import agreement_pdf, boxes_for
from anxin.typesetting.errors import NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Form, Heading, Letter, Paragraph
from anxin.typesetting.templates import template

Shown = list[dict[str, str]]


def slot_of(signer: Signer) -> str:
    return f"signer-{signer.number}"


def person_of(signer: Signer) -> Person:
    """As the certificate names them: the name, and a number of the record's own, never an identity card's."""
    return Person(plain(signer.name), f"hearing-{signer.record_id}-{signer.number}")


def make(
    record: HearingRecord,
    lines: Sequence[tuple[str, str]],
    signers: Sequence[Signer],
    *,
    on: dt.date,
    law: Law,
) -> tuple[bytes, Shown]:
    """The prepared file and its words as blocks. Raises :class:`Refused` with everything that is missing."""
    data = _head(record) | {
        "present": record.present,
        "words": "\n".join(f"{who}：{text}" for who, text in lines),
        "issued_on": on,
    }
    letter = _filled("arbitration_hearing_record", data, law)
    room, boxes = boxes_for(len(signers))
    slots = [
        Slot(slot_of(one), one.get_side_display(), person_of(one), box=box)
        for one, box in zip(signers, boxes, strict=True)
    ]
    return prepare(agreement_pdf(letter, room=room), slots), _blocks(letter)


def note_of(record: HearingRecord, signers: Sequence[Signer], *, on: dt.date, law: Law) -> bytes:
    """Who signed and how, who would not and why, which corrections were asked for: goes to the file beside the record."""
    head = _head(record)
    data = {name: head[name] for name in ("commission", "case_number", "held_at")} | {
        "digest": sha256(read(record)).hex(),
        "signed": "\n".join(
            f"{_who(one)}，{timezone.localtime(one.signed_at):%Y-%m-%d %H:%M}，{METHOD_WORDS[Method(one.method)]}"
            for one in signers
            if one.signed_at
        )
        or "没有人签名。",
        "refused": "\n".join(
            f"{_who(one)}：{one.refused_why}（{one.refused_by_name}记）" for one in signers if one.refused_at
        ),
        "objections": "\n".join(f"{_who(one)}：{plain(one.objection)}" for one in signers if one.objection),
        "issued_on": on,
    }
    return agreement_pdf(_filled("arbitration_record_note", data, law), room=20)


def shown_words(record: HearingRecord) -> Shown:
    """The very words of the file, for a screen."""
    if not isinstance(record.shown, Sealed):
        raise Refused("笔录还没有定稿。")
    found: Shown = json.loads(record.shown.open())
    return found


def read(record: HearingRecord) -> bytes:
    """The file as it stands. Raises :class:`FileDamaged`, :class:`Refused` where none has been made."""
    if record.file is None:
        raise Refused("笔录还没有定稿，没有文件。")
    return files.read(record.file)


def text_digest(record: HearingRecord) -> str:
    """SHA-256 of the file as it was closed; what everybody reads and says yes to. The file that stands now must begin
    with it byte for byte: what came behind are the signatures of others, not other words. Raises :class:`Refused`."""
    if record.unsigned is None:
        raise Refused("笔录还没有定稿，没有文件。")
    closed = files.read(record.unsigned)
    if not read(record).startswith(closed):
        raise Refused("笔录文件与定稿时不一致，不能签名，请联系管理员。")
    return sha256(closed).hex()


def signed(record: HearingRecord, signer: Signer, consent: Consent, *, at: dt.datetime) -> bytes:
    """The file with one signature more. ``consent.shown`` is of the closed file. Raises :class:`Refused`."""
    if consent.shown != text_digest(record):
        raise Refused("看过的不是这份笔录，请重新打开并阅读全文后再签。")
    pdf, person, keys = read(record), person_of(signer), Keys(at)
    check = IdentityCheck(
        person=person, method=consent.method, at=consent.at, device=consent.device, shown=sha256(pdf).hex(), read_to_end=True,
        consent=True, reference=consent.reference, witness=consent.witness,
    )  # fmt: skip
    return sign(
        pdf, slot=slot_of(signer), signer=keys.authority.signer_for(person, at), identity=check, stamper=keys.stamper, at=at,
        stamp=Stamp(None, DEMONSTRATION),
    )  # fmt: skip


def verdict(record: HearingRecord, at: dt.datetime) -> Verdict:
    """What verification says of the file. Raises :class:`Unreadable`, :class:`FileDamaged`, :class:`Refused`."""
    return verify(read(record), trusted_roots(), at)


def _head(record: HearingRecord) -> dict[str, object]:
    hearing, case = record.hearing, record.hearing.case
    at = timezone.localtime(hearing.begins_at)
    sitting = seats(case)
    chairs = [
        f"{one.arbitrator}（{one.get_part_display()}）"
        if one.part != Seat.Part.MEMBER
        else str(one.arbitrator)
        for one in sitting
        if one.part != Seat.Part.SECRETARY
    ]
    return {
        "commission": case.matter.lead.name,
        "case_number": case.matter.number,
        "cause": case.cause,
        "applicant": applicant_words(case),
        "respondent": case.employer_name,
        "held_at": f"{at.year}年{at.month}月{at.day}日{at.hour}时{f'{at.minute:02d}分' if at.minute else ''}",
        "place": f"{hearing.place}{f'（{hearing.identity_check}）' if hearing.identity_check else ''}",
        "tribunal": "、".join(chairs),
        "secretary": "、".join(str(one.arbitrator) for one in sitting if one.part == Seat.Part.SECRETARY),
    }


def _filled(key: str, data: dict[str, object], law: Law) -> Letter:
    try:
        return fill(
            template(key), {name: value for name, value in data.items() if value != ""}, cite=law.cite
        )
    except NotFilled as missing:
        raise Refused("".join(one.sentence for one in missing.problems)[:300], field="text") from missing


def _blocks(letter: Letter) -> Shown:
    found = [{"kind": "title", "text": letter.title}]
    for block in letter.blocks:
        if isinstance(block, Heading):
            found.append({"kind": "heading", "text": block.number + block.text})
        elif isinstance(block, Paragraph):
            found.append({"kind": "paragraph", "text": block.text})
        elif isinstance(block, Form):
            found += [{"kind": "paragraph", "text": "：".join(pair)} for pair in block.pairs]
    return found


def _who(one: Signer) -> str:
    return f"{plain(one.name)}（{one.get_side_display()}）"
