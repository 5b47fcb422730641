"""The file of a record: its words set for everybody's signature, and the note of who signed that goes beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from anxin.arbitration.letter_facts import applicant_words
from anxin.arbitration.models import HearingRecord, Seat, Signer
from anxin.arbitration.scheduling import seats
from anxin.evidence.sealing import Sealed, plain
from anxin.law import Law
from anxin.letters.turn_files import filled, prepared, read, sealed_blocks, verdict
from anxin.signing.hashing import sha256
from anxin.signing.parties import METHOD_WORDS, Method, Person
from anxin.typesetting.agreements import agreement_pdf

__all__ = ["make", "note_of", "person_of", "read", "verdict"]


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
) -> tuple[bytes, Sealed]:
    """The prepared file and its words as blocks. Raises :class:`Refused` with everything that is missing."""
    data = _head(record) | {
        "present": record.present,
        "words": "\n".join(f"{who}：{text}" for who, text in lines),
        "issued_on": on,
    }
    letter = filled("arbitration_hearing_record", data, law)
    places = [(one, one.get_side_display(), person_of(one)) for one in signers]
    return prepared(letter, places), sealed_blocks(letter)


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
    return agreement_pdf(filled("arbitration_record_note", data, law), room=20)


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


def _who(one: Signer) -> str:
    return f"{plain(one.name)}（{one.get_side_display()}）"
