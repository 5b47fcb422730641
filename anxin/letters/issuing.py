"""核稿、签发: somebody else reads it; a leader issues it and it gets its number; either sends it back with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.evidence import files
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.letters import content
from anxin.letters.drafting import require_whole
from anxin.letters.judging import require
from anxin.letters.life import Act, State
from anxin.letters.models import Letter, LetterHead
from anxin.letters.numbering import next_number
from anxin.letters.recording import keep, locked
from anxin.typesetting import pdf as setting
from anxin.typesetting.errors import LetterError, NotFilled
from anxin.typesetting.letters import Letter as Filled
from anxin.typesetting.templates import template


def review(letter: Letter, *, by: User, now: dt.datetime, expected_version: int, note: str = "") -> Letter:
    """核稿: read and found right, by somebody who did not write it. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.REVIEWED, by)
        require_whole(held, timezone.localdate(now))
        keep(held, Act.REVIEWED, by=by, now=now, to=State.ISSUE, note=note.strip()[:500])
    return held


def send_back(letter: Letter, *, why: str, by: User, now: dt.datetime, expected_version: int) -> Letter:
    """Back to who wrote it, with the reason. Raises :class:`Refused`."""
    why = worded(why, "请写明退回的原因", field="why")
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.SENT_BACK, by)
        keep(held, Act.SENT_BACK, by=by, now=now, to=State.DRAFT, note=why)
    return held


def issue(letter: Letter, *, by: User, now: dt.datetime, law: Law, expected_version: int) -> Letter:
    """签发: the number is given, the words are fixed, and an earlier letter gives up its place: all of it or nothing.

    Raises :class:`Refused`.
    """
    on = timezone.localdate(now)
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.ISSUED, by)
        head = LetterHead.objects.filter(office=held.office).first()
        if head is None:
            raise Refused(f"{held.office}还没有登记机关代字和落款，不能编号；请先在“文书—机关代字”里登记。")
        old = _replaced(held)
        number = next_number(
            office=held.office, head=head, register=template(held.kind).register, year=on.year
        )
        made = _filled(held, head, number.text, on, law)
        held.register, held.year, held.serial = number.register, number.year, number.serial
        held.number, held.issued_on = number.text, on
        held.content = content.sealed_words(made)
        held.issued_file = files.store(_set(made), name=f"{made.name}.pdf", now=now)
        keep(held, Act.ISSUED, by=by, now=now, to=State.SEAL, more=_said(held, old))
        if old is not None:
            keep(old, Act.REPLACED, by=by, now=now, to=State.REPLACED, note=f"由{held.number}替代：{held.replaces_why}"[:500],
                 more={"by": held.pk})  # fmt: skip
    return held


def preview(letter: Letter, *, on: dt.date, law: Law) -> bytes:
    """The draft as PDF, with a place for the number. Raises :class:`Refused` with what is missing."""
    head = LetterHead.objects.filter(office=letter.office).first()
    return _set(_filled(letter, head, content.UNNUMBERED, on, law))


def words(letter: Letter, *, on: dt.date, law: Law) -> Filled:
    """The letter as data: of a draft as it is now, of an issued one as it was issued. Raises :class:`Refused`."""
    if letter.content is not None:
        return content.words_of(letter.content)
    head = LetterHead.objects.filter(office=letter.office).first()
    return _filled(letter, head, content.UNNUMBERED, on, law)


def _filled(letter: Letter, head: LetterHead | None, number: str, on: dt.date, law: Law) -> Filled:
    shown = head or LetterHead(issuer=letter.office.name)
    try:
        return content.filled(letter, content.values_of(letter), shown, number=number, on=on, law=law)
    except NotFilled as missing:
        raise Refused(str(missing), field=missing.problems[0].field) from missing


def _set(letter: Filled) -> bytes:
    try:
        return setting.pdf(letter)
    except LetterError as problem:
        raise Refused(str(problem)) from problem


def _replaced(letter: Letter) -> Letter | None:
    """The earlier letter, locked, where this one takes its place."""
    if letter.replaces_id is None:
        return None
    old = Letter.objects.select_for_update(of=("self",)).select_related("matter", "office")
    found = old.get(pk=letter.replaces_id)
    if found.state == State.REPLACED:
        raise Refused(f"{found.number}已经被另一份文书替代，这一份不能再签发，请作废。")
    return found


def _said(letter: Letter, old: Letter | None) -> dict[str, object]:
    assert letter.issued_file is not None
    return {
        "file": letter.issued_file.sha256,
        "issued_on": letter.issued_on.isoformat() if letter.issued_on else "",
        "replaces": old.number if old else "",
    }
