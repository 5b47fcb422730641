"""Signing the record: a code on the room's screen opens it on the signer's own telephone; or a tablet, the card and a witness.

Who signs is shown by a code to the telephone that is known of them, as with labour contracts. Labour arbitration law,
article 40: everybody who was there signs; who would not, is written down with the reason and goes to the file.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.arbitration import record_papers
from anxin.arbitration.journalling import note
from anxin.arbitration.models import HearingRecord, RecordCode, Signer, SigningLink
from anxin.arbitration.recording import held_record
from anxin.arbitration.stepping import HEAR, follow
from anxin.casework.services import attach
from anxin.contracts.papers import Consent
from anxin.contracts.signatures import Asked
from anxin.evidence import files
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.mediation.sealed import plain
from anxin.signing.parties import Method
from anxin.workforce.signin import CODE_DIGITS, CODES_AN_HOUR, VALID, WRONG_AT_MOST

_State = HearingRecord.State
_RECORD, _NOTE = "arbitration_hearing_record", "arbitration_record_note"
#: long enough to read a long record in the room, too short to take home
LINK_HOLDS = dt.timedelta(minutes=60)
_HOUR = dt.timedelta(hours=1)


def make_link(signer: Signer, *, by: User, now: dt.datetime) -> str:
    """The token for a code on the screen; an older one opens nothing any more. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _signing(signer.record, by)
        found = _waiting(held, signer)
        found.links.filter(ended_at__isnull=True).update(ended_at=now)
        token = secrets.token_urlsafe(24)
        SigningLink.objects.create(
            signer=found, token_hash=_hash("link", token), made_at=now, expires_at=now + LINK_HOLDS
        )
        note(
            held.hearing.case,
            "record_link",
            f"给{found}出示签名二维码",
            by=by,
            now=now,
            after={"signer": found.pk},
        )
    return token


def link_of(token: str, now: dt.datetime) -> SigningLink | None:
    """The link that a token opens now; ``None`` where there is none, it has run out or was replaced."""
    found = (
        SigningLink.objects.select_related(
            "signer__record__hearing__case__matter__lead", "signer__record__file", "signer__record__unsigned"
        )
        .filter(token_hash=_hash("link", token), ended_at__isnull=True, expires_at__gt=now)
        .first()
    )
    return found if found and found.signer.record.state == _State.CLOSED else None


def claim(link: SigningLink, *, now: dt.datetime) -> str:
    """The first telephone has it from now on; returns what that telephone keeps. Raises :class:`Refused` for a second."""
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        got = SigningLink.objects.filter(pk=link.pk, device_hash="", ended_at__isnull=True).update(
            device_hash=_hash("device", secret), opened_at=now
        )
        if not got:
            raise Refused("这个二维码已经在另一部手机上打开。请让书记员重新出示二维码。")
        _journal(link.signer, "record_opened", "打开庭审笔录", now)
    return secret


def is_device(link: SigningLink, secret: str) -> bool:
    """Whether this telephone opened the link first."""
    return bool(link.device_hash) and hmac.compare_digest(link.device_hash, _hash("device", secret))


def read_to_end(signer: Signer, *, now: dt.datetime) -> None:
    """The whole text was on the screen to its end; the second time changes nothing."""
    if Signer.objects.filter(pk=signer.pk, read_at__isnull=True).update(read_at=now):
        _journal(signer, "record_read", "读完庭审笔录全文", now)


def ask_code(signer: Signer, *, now: dt.datetime) -> Asked:
    """A code to the telephone that is known of the signer, after the whole text was read. Raises :class:`Refused`."""
    if signer.read_at is None:
        raise Refused("请先把笔录全文看完，再签名。")
    if not isinstance(signer.phone, Sealed):
        raise Refused("没有登记您的手机号，收不到验证码。请带身份证到书记员处，用平板当面签。")
    with transaction.atomic():
        held = _signing(signer.record, None)
        _waiting(held, signer)
        if RecordCode.objects.filter(signer=signer, asked_at__gt=now - _HOUR).count() >= CODES_AN_HOUR:
            raise Refused("验证码要得太多了，请在书记员处用平板当面签。")
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        RecordCode.objects.create(
            signer=signer,
            code_hash=_code_hash(signer, code),
            shown=record_papers.text_digest(held),
            asked_at=now,
        )
    return Asked(signer.phone.open(), code)


def sign_with_code(link: SigningLink, *, code: str, consent: bool, device: str, now: dt.datetime) -> Signer:
    """The signer signs on the own telephone. Raises :class:`Refused`: no consent, a wrong or old code, another file."""
    signer = link.signer
    if not consent:
        raise Refused("请先勾选“我看过全文，记录属实，同意签名”。", field="consent")
    asked = _right_code(signer, "".join(code.split()), now)
    how = Consent(Method.PHONE_CODE, now, device[:80] or "手机", asked.shown, f"验证码记录{asked.pk}")
    with transaction.atomic():
        done = _sign(signer, how, by=None, who=_actor(signer), now=now)
        RecordCode.objects.filter(pk=asked.pk).update(used_at=now)
        SigningLink.objects.filter(signer=signer, ended_at__isnull=True).update(ended_at=now)
    return done


def sign_at_tablet(
    signer: Signer, *, id_number: str, witness: str, consent: bool, by: User, now: dt.datetime
) -> Signer:
    """The signer is at the desk with the card and has read or heard the text, before a witness. Raises :class:`Refused`."""
    if not isinstance(signer.id_number, Sealed):
        raise Refused("没有登记这个人的身份证号，不能核对本人；请用手机验证码签。", field="id_number")
    number = "".join(id_number.split()).upper()
    if not number or not hmac.compare_digest(number.encode(), signer.id_number.open().encode()):
        raise Refused("身份证号码不是这个签名人的，不能代签。请核对是不是本人。", field="id_number")
    witness = witness.strip()
    if not 2 <= len(witness) <= 60:
        raise Refused("请写明在场见证人的姓名。", field="witness")
    if witness in (str(by), plain(signer.name)):
        raise Refused("见证人应是经办人和本人以外的第三个人。", field="witness")
    if not consent:
        raise Refused("请本人看完或者听完全文、表示同意后，再勾选确认。", field="consent")
    digest = record_papers.text_digest(signer.record)
    how = Consent(Method.TABLET, now, f"现场平板（经办{by}）"[:80], digest, f"账号{by.pk}", witness)
    with transaction.atomic():
        done = _sign(signer, how, by=by, who=actor(by), now=now)
        SigningLink.objects.filter(signer=signer, ended_at__isnull=True).update(ended_at=now)
    return done


def note_refusal(signer: Signer, *, why: str, by: User, now: dt.datetime) -> None:
    """Somebody would not sign: written down with the reason. Raises :class:`Refused`."""
    why = worded(why, "请写明拒绝签名的情况和理由", field="why", most=300)
    with transaction.atomic():
        held = _signing(signer.record, by)
        found = _waiting(held, signer)
        found.refused_at, found.refused_why, found.refused_by_name = now, why, str(by)
        found.save(update_fields=["refused_at", "refused_why", "refused_by_name"])
        found.links.filter(ended_at__isnull=True).update(ended_at=now)
        note(
            held.hearing.case,
            "record_refused",
            f"{found}拒绝签名：{why}",
            by=by,
            now=now,
            after={"signer": found.pk},
        )


def object_to(signer: Signer, *, words: str, now: dt.datetime) -> None:
    """The signer asks for a correction: the tribunal mends the record, or the request itself is kept (article 40)."""
    words = worded(words, "请写明哪里有遗漏或者差错", field="words", most=500)
    with transaction.atomic():
        held = _signing(signer.record, None)
        found = _waiting(held, signer)
        found.objection = Sealed.of(words)
        found.save(update_fields=["objection"])
        _journal(found, "record_objection", "申请补正庭审笔录", now)


def finish(record_: HearingRecord, *, by: User, now: dt.datetime, law: Law) -> HearingRecord:
    """Everybody signed or is written down as refusing: the file goes to the papers of the matter, which was heard on that
    day. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _signing(record_, by)
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


def _signing(record_: HearingRecord, by: User | None) -> HearingRecord:
    held = held_record(record_, by)
    if held.state != _State.CLOSED:
        raise Refused("笔录现在不在签名阶段，请刷新页面。")
    return held


def _waiting(held: HearingRecord, signer: Signer) -> Signer:
    found = held.signers.get(pk=signer.pk)
    if found.signed_at is not None:
        raise Refused(f"{found}已经签过名，不用再签。")
    if found.refused_at is not None:
        raise Refused(f"{found}已经记明拒绝签名。")
    return found


def _sign(signer: Signer, how: Consent, *, by: User | None, who: Actor, now: dt.datetime) -> Signer:
    """The signature in one transaction that holds the record: several sign the same file in turn."""
    held = _signing(signer.record, by)
    found = _waiting(held, signer)
    data = record_papers.signed(held, found, how, at=now)
    held.file = files.store(data, name=f"庭审笔录{held.hearing_id}.pdf", now=now)
    held.save(update_fields=["file"])
    found.signed_at, found.read_at = now, found.read_at or now
    found.method, found.device, found.witness = how.method.value, how.device, how.witness
    found.save(update_fields=["signed_at", "read_at", "method", "device", "witness"])
    record(
        actor=who, action="arbitration.record_signed", object_type="arbitration_case", object_id=held.hearing.case_id,
        summary=f"{held.hearing.case}：{found}签署庭审笔录", now=now,
        after={"signer": found.pk, "method": found.method, "device": found.device, "witness": found.witness, "file": held.file.sha256},
    )  # fmt: skip
    return found


def _right_code(signer: Signer, typed: str, now: dt.datetime) -> RecordCode:
    asked = (
        RecordCode.objects.filter(signer=signer, used_at__isnull=True, asked_at__gt=now - VALID, wrong__lt=WRONG_AT_MOST)
        .order_by("-pk")
        .first()
    )  # fmt: skip
    if asked is not None and hmac.compare_digest(asked.code_hash, _code_hash(signer, typed)):
        return asked
    if asked is not None:
        RecordCode.objects.filter(pk=asked.pk).update(wrong=F("wrong") + 1)
    raise Refused(
        f"验证码不对或已过期（{VALID.seconds // 60}分钟内有效）。请核对短信里的数字，或重新获取。",
        field="code",
    )


def _code_hash(signer: Signer, code: str) -> str:
    return _hash("code", f"{signer.pk}|{code}")


def _hash(kind: str, text: str) -> str:
    return finding_hash(f"hearing-{kind}", text)


def _actor(signer: Signer) -> Actor:
    return Actor(f"signer:{signer.pk}", mask_name(plain(signer.name)))


def _journal(signer: Signer, action: str, what: str, now: dt.datetime) -> None:
    case = signer.record.hearing.case
    record(
        actor=_actor(signer), action=f"arbitration.{action}", object_type="arbitration_case", object_id=case.pk,
        summary=f"{case}：{signer}{what}", now=now, after={"signer": signer.pk},
    )  # fmt: skip
