"""The record of a hearing while it is written: started, typed or pasted, its signers named, closed into a file.

Labour arbitration law, article 40. What was said is sealed; a page that saw an older version does not overwrite.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.arbitration import record_papers
from anxin.arbitration.access import require_works
from anxin.arbitration.journalling import note
from anxin.arbitration.models import ArbitrationCase, Hearing, HearingRecord, Seat, Signer
from anxin.arbitration.scheduling import open_hearing, seats
from anxin.evidence import files
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.mediation.sealed import plain
from anxin.typesetting.agreements import MOST_SIGNERS

_State, _Side = HearingRecord.State, Signer.Side
#: more applicants than this do not stand before a tribunal: they elect who speaks (article 7 of the law)
_SPEAKERS = 5
_MOST_LINE, _MOST_WHO = 2_000, 40

#: a name, a colon that is none of a clock, and the words
_SPOKEN = re.compile(rf"([^：:]{{1,{_MOST_WHO}}})(?:：|:(?!\d))\s*(\S.*)")

Said = tuple[str, str]


def start(hearing: Hearing, *, by: User, now: dt.datetime) -> HearingRecord:
    """The hearing begins; its record is open, with those who are expected to sign. Raises :class:`Refused`."""
    with transaction.atomic():
        found = open_hearing(hearing, by)
        if found.begins_at > now + dt.timedelta(hours=1):
            at = timezone.localtime(found.begins_at)
            raise Refused(f"开庭时间是{at:%Y-%m-%d %H:%M}，还没有到，不能开始记笔录。")
        found.state = Hearing.State.HELD
        found.save(update_fields=["state"])
        made = HearingRecord.objects.create(hearing=found, started_at=now)
        expected = [*_applicants(found.case), *_tribunal(found.case)]
        Signer.objects.bulk_create(
            Signer(
                record=made,
                number=number,
                side=side,
                name=Sealed.of(name),
                phone=_sealed(phone),
                id_number=_sealed(number_),
            )
            for number, (side, name, phone, number_) in enumerate(expected, 1)
        )
        note(
            found.case, "record_started", "开庭，开始记庭审笔录", by=by, now=now, after={"hearing": found.pk}
        )
    return made


def add(record: HearingRecord, *, who: str, text: str, version: int, by: User) -> None:
    """One more thing that was said. Raises :class:`Refused`; the record changes no more once it is closed."""
    with transaction.atomic():
        held = _writing(record, version, by)
        _keep(held, [*said(held), _checked(who, text)])


def rewrite(record: HearingRecord, *, text: str, version: int, by: User) -> None:
    """The whole as typed or pasted: a line each, ``谁：说的话``; a line without a name goes on with the one before."""
    with transaction.atomic():
        held = _writing(record, version, by)
        _keep(held, read_lines(text))


def read_lines(text: str) -> list[Said]:
    """Who said what. Raises :class:`Refused` where nobody is named first."""
    found: list[Said] = []
    for line in (one.strip() for one in text.splitlines()):
        if spoken := _SPOKEN.match(line):
            found.append(_checked(spoken[1], spoken[2]))
        elif line and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line}")
        elif line:
            raise Refused("第一行请写明是谁说的，例如“首席仲裁员：现在开庭。”", field="text")
    return found


def said(record: HearingRecord) -> list[Said]:
    """What the record holds so far."""
    if not isinstance(record.words, Sealed):
        return []
    return [(who, text) for who, text in json.loads(record.words.open())]


def add_signer(
    record: HearingRecord, *, side: str, name: str, phone: str, id_number: str, by: User
) -> Signer:
    """Somebody else is there and will sign: an agent, a witness, an interpreter. Raises :class:`Refused`."""
    name, phone, number = name.strip(), "".join(phone.split()), "".join(id_number.split()).upper()
    if side not in _Side.values:
        raise Refused("请选择是哪一方的人。", field="side")
    if not 2 <= len(name) <= 40:
        raise Refused("请填写姓名。", field="name")
    if phone and not (phone.isdigit() and len(phone) == 11):
        raise Refused("手机号应为11位数字。", field="phone")
    if number and len(number) != 18:
        raise Refused("身份证号应为18位，请照证件填写。", field="id_number")
    if not phone and not number:
        raise Refused("手机号和身份证号至少填一项，否则没有办法核对是不是本人。", field="phone")
    with transaction.atomic():
        held = _writing(record, None, by)
        numbers = list(held.signers.values_list("number", flat=True))
        if len(numbers) >= MOST_SIGNERS:
            raise Refused(f"一份笔录最多{MOST_SIGNERS}人签名。")
        return Signer.objects.create(
            record=held, number=max(numbers, default=0) + 1, side=side, name=Sealed.of(name),
            phone=_sealed(phone), id_number=_sealed(number),
        )  # fmt: skip


def drop_signer(signer: Signer, *, by: User) -> None:
    """Somebody who was expected is not there. Raises :class:`Refused` once the record is closed."""
    with transaction.atomic():
        _writing(signer.record, None, by)
        Signer.objects.filter(pk=signer.pk).delete()


def close(
    record: HearingRecord, *, present: str, version: int, by: User, now: dt.datetime, law: Law
) -> HearingRecord:
    """Set the words as a file with a place for everybody's signature. Raises :class:`Refused` with what is missing."""
    with transaction.atomic():
        held = _writing(record, version, by)
        held.present = " ".join(present.split())[:500]
        if len(held.present) < 4:
            raise Refused("请写明到庭情况：谁到庭，谁没有到庭。", field="present")
        lines, signers = said(held), list(held.signers.order_by("number"))
        if not lines:
            raise Refused("笔录还是空的，请先记录。", field="text")
        sides = {one.side for one in signers}
        if _Side.ARBITRATOR not in sides or _Side.SECRETARY not in sides:
            raise Refused("笔录应有仲裁员和书记员签名，请在签名人里加上。", field="side")
        if len(sides) < 3:
            raise Refused(
                "签名人里还没有到庭的当事人或者代理人，请加上；都没有到庭的，不用签名程序。", field="side"
            )
        data, shown = record_papers.make(held, lines, signers, on=timezone.localdate(now), law=law)
        stored = files.store(data, name=f"庭审笔录{held.hearing_id}.pdf", now=now)
        held.unsigned = held.file = stored
        held.shown = shown
        held.state, held.closed_at, held.closed_by_name = _State.CLOSED, now, str(by)
        held.version += 1
        held.save()
        note(
            held.hearing.case, "record_closed", f"庭审笔录定稿，{len(signers)}人待签名", by=by, now=now,
            after={"record": held.pk, "file": stored.sha256},
        )  # fmt: skip
    return held


def reopen(record: HearingRecord, *, by: User, now: dt.datetime) -> None:
    """Back to writing for a correction, as long as nobody has signed. Raises :class:`Refused`."""
    with transaction.atomic():
        held = held_record(record, by)
        if held.state != _State.CLOSED:
            raise Refused("只有已定稿、待签名的笔录可以退回修改。")
        if held.signers.filter(signed_at__isnull=False).exists():
            raise Refused("已经有人签名，笔录不能再改；申请补正的，记在补正申请里附卷。")
        held.state, held.file, held.unsigned, held.shown = _State.WRITING, None, None, None
        held.version += 1
        held.save()
        held.signers.update(read_at=None, refused_at=None, refused_why="", refused_by_name="")
        note(
            held.hearing.case,
            "record_reopened",
            "庭审笔录退回修改",
            by=by,
            now=now,
            after={"record": held.pk},
        )


def held_record(record: HearingRecord, by: User | None) -> HearingRecord:
    """The record, held until the transaction ends, for who works the case (``None``: a signer on a telephone)."""
    found = (
        HearingRecord.objects.select_for_update(of=("self",))
        .select_related(
            "hearing__case__matter__lead", "hearing__room", "hearing__circuit", "file", "unsigned"
        )
        .get(pk=record.pk)
    )
    if by is not None:
        require_works(by, found.hearing.case)
    return found


def _writing(record: HearingRecord, version: int | None, by: User) -> HearingRecord:
    held = held_record(record, by)
    if held.state != _State.WRITING:
        raise Refused("笔录已经定稿，不能再改。")
    if version is not None and version != held.version:
        raise Refused("笔录在您打开以后又有人记过，请刷新页面，把您的内容补在后面。", field="text")
    return held


def _keep(held: HearingRecord, lines: Sequence[Said]) -> None:
    held.words = Sealed.of(json.dumps(list(lines), ensure_ascii=False))
    held.version += 1
    held.save(update_fields=["words", "version"])


def _checked(who: str, text: str) -> Said:
    who, text = " ".join(who.split()), " ".join(text.split())
    if not who or len(who) > _MOST_WHO:
        raise Refused("请写明是谁说的。", field="who")
    if not text or len(text) > _MOST_LINE:
        raise Refused(f"请填写说的话，一次不超过{_MOST_LINE}字。", field="text")
    return who, text


#: side, name, telephone and number of the identity card; empty where not known
_Expected = tuple[str, str, str, str]


def _applicants(case: ArbitrationCase) -> list[_Expected]:
    """Who was elected to speak; where nobody was, the first few."""
    rows = list(case.applicants.order_by("number"))
    speaking = [one for one in rows if one.represents] or rows
    return [
        (_Side.APPLICANT, plain(one.name), plain(one.phone), plain(one.id_number))
        for one in speaking[:_SPEAKERS]
    ]


def _tribunal(case: ArbitrationCase) -> list[_Expected]:
    return [
        (
            _Side.SECRETARY if one.part == Seat.Part.SECRETARY else _Side.ARBITRATOR,
            one.arbitrator.name,
            plain(one.arbitrator.phone),
            "",
        )
        for one in seats(case)
    ]


def _sealed(text: str) -> Sealed | None:
    return Sealed.of(text) if text else None
