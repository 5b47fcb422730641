"""用印: the seal over issuer and date, and a signature of the office over the whole file; what anybody can verify afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.services import attach_own
from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import content, reading
from anxin.letters.judging import require
from anxin.letters.life import Act, State
from anxin.letters.models import Letter, LetterAct, LetterHead
from anxin.letters.recording import keep, locked
from anxin.registry.models import Organisation
from anxin.signing.hashing import sha256
from anxin.signing.parties import IdentityCheck, Method, Person, Reading, Slot, reading_words
from anxin.signing.preparing import prepare
from anxin.signing.sealing import sign
from anxin.signing.verdict import Unreadable, Verdict
from anxin.signing.verifying import verify
from anxin.typesetting import pdf as setting
from anxin.typesetting.errors import LetterError
from anxin.typesetting.seals import demonstration_seal, marked_demonstration
from anxin.vouching.keys import Keys, keys_at, owner, roots

SLOT = "office"


def seal(letter: Letter, *, by: User, now: dt.datetime, law: Law, expected_version: int) -> Letter:
    """Seal what was issued, keep it, and lay it among the papers of the matter. Raises :class:`Refused`: among others
    where whoever seals has not gone through the issued file to its end."""
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.SEALED, by)
        issued = held.acts.filter(act=Act.ISSUED).latest("id")
        data = _sealed(held, issued, reading.required(held, by), now)
        held.sealed_file = files.store(data, name=filename(held), now=now)
        held.document = attach_own(
            held.matter,
            kind=held.kind,
            data=data,
            filename=filename(held),
            number=held.number,
            dated=held.issued_on,
            by=by,
            now=now,
            law=law,
        )
        more = {"file": held.sealed_file.sha256, "document": held.document.pk}
        keep(held, Act.SEALED, by=by, now=now, to=State.SERVE, more=more)
    return held


def filename(letter: Letter) -> str:
    """``云人社监令〔2026〕3号.pdf``; no sign in a number is refused by a file system."""
    return f"{letter.number}.pdf"


@dataclass(frozen=True)
class Judged:
    """What verification says of a sealed letter, in plain words. ``good``: intact, and vouched for."""

    good: bool
    sentence: str
    details: tuple[str, ...]


def judged(data: bytes, at: dt.datetime) -> Judged:
    """The file as anybody would verify it, against the roots that this installation trusts."""
    try:
        verdict = verify(data, roots(), at)
    except Unreadable as problem:
        return Judged(False, f"验证不了：{problem.sentence}", ())
    if not verdict.valid:
        return Judged(
            False, "文件在用印之后被改动过，或者不完整，不能采信。", verdict.changed + verdict.missing
        )
    signer = verdict.signers[0]
    when = f"{signer.time:%Y-%m-%d %H:%M:%S}" if signer.time else "时间不明"
    said = f"文件完整，自{signer.name}于{when}用印以来没有改动。"
    return Judged(verdict.trusted, said, _details(verdict))


def _details(verdict: Verdict) -> tuple[str, ...]:
    signer = verdict.signers[0]
    vouched = "签名证书受本系统信任。" if signer.trusted else f"签名证书不受信任：{signer.doubt}"
    return (
        vouched,
        *((f"{said}。",) if (said := reading_words(signer.identity or {})) else ()),
        f"时间戳{len(verdict.stamps)}个，签名覆盖整个文件。" if verdict.stamps else "没有文件时间戳。",
        *verdict.notes,
    )


def _sealed(letter: Letter, issued: LetterAct, read: Reading, now: dt.datetime) -> bytes:
    """The picture of the seal is part of the page that the signature covers: nobody lifts it off or moves it."""
    assert letter.content is not None
    words, keys, office = content.words_of(letter.content), keys_at(now), person_of(letter.office)
    try:
        page = setting.pdf(words, seal=_picture(letter, words.issuer, keys))
    except LetterError as problem:
        raise Refused(str(problem)) from problem
    prepared = prepare(page, [Slot(SLOT, "印章", office)])
    check = IdentityCheck(
        person=office,
        method=Method.SEAL_KEEPER,
        at=now,
        device="安薪控制台",
        shown=sha256(prepared).hex(),
        read_to_end=read.whole,
        consent=True,
        reference=f"{letter.number}，{issued.by_name}签发",
        reading=read,
    )
    return sign(
        prepared,
        slot=SLOT,
        signer=keys.signer_for(office),
        identity=check,
        stamper=keys.stamper,
        at=now,
        stamp=None,
    )


def person_of(office: Organisation) -> Person:
    """The office as who signs: as its certificate names it, else its name and its code in this installation."""
    return owner(Person(office.name[:60], office.code))


def _picture(letter: Letter, issuer: str, keys: Keys) -> bytes:
    """The office's own picture; with a demonstration's key it says 示例, and without a picture one is drawn that says so."""
    head = LetterHead.objects.select_related("seal").filter(office=letter.office).first()
    if head is None or head.seal is None:
        if not keys.demonstration:
            raise Refused(f"{letter.office}还没有上传印章图片，不能用印。请领导在“机关代字”里上传后再用印。")
        return demonstration_seal(issuer)
    try:
        picture = files.read(head.seal)
        return marked_demonstration(picture) if keys.demonstration else picture
    except files.FileDamaged as damage:
        raise Refused(f"印章图片打不开：{damage}请重新上传。") from damage
