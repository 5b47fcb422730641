"""送达: how a letter reached its addressee, the day that counts, its proof as a paper, and the clock that starts from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework import services as casework
from anxin.casework.models import Document, Matter
from anxin.kernel.days import day_words
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.law.service import Service as ServedDay
from anxin.law.statutes import citation
from anxin.letters.consents import lapsed, require_agreed
from anxin.letters.judging import require
from anxin.letters.life import Act, State
from anxin.letters.manners import IN_PERSON, WITNESSED, require_manner, rule_of, targets
from anxin.letters.models import Letter, Service
from anxin.letters.recording import keep, locked
from anxin.typesetting import pdf as setting
from anxin.typesetting.errors import LetterError, NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.templates import template

#: key of the proof of service in the law's catalogue and among the templates
PROOF = "service_return"
#: packages above that keep days of receipt themselves: told before the day goes to its matter
Taker = Callable[[Service, User, dt.datetime, Law], bool]
_takers: list[Taker] = []
_MOST = {"receiver": 120, "place": 200, "servers": 120, "refusal": 500, "witness": 80, "media": 80}


@dataclass(frozen=True)
class Told:
    """What the servers report. ``on``: the day of signing, posting or publishing, ``at`` its hour in words.

    ``target``: the day of a procedure that this service gives (:class:`~anxin.letters.manners.Target`'s key), or none.
    """

    receiver: str
    manner: str
    on: dt.date
    place: str
    servers: str
    at: str = ""
    refusal: str = ""
    witness: str = ""
    media: str = ""
    target: str = ""


def register_taker(taker: Taker) -> None:
    """Let ``taker`` have the days of services first; where it says yes, it has told the matter itself."""
    if taker not in _takers:
        _takers.append(taker)


def serve(
    letter: Letter, told: Told, *, by: User, now: dt.datetime, law: Law, expected_version: int
) -> Service:
    """Record the service with its proof; the day goes to the clock that counts from it. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.SERVED, by)
        if held.announces_id is not None:
            raise Refused("这份文书是送达公告，请在“登记公告发布”里登记。")
        _check(held, told, timezone.localdate(now), law)
        day = _served_day(held, told, law)
        aim = aim_of(held, told.target, law)
        service = Service(
            letter=held,
            receiver=told.receiver.strip(),
            manner=told.manner,
            event_on=told.on,
            served_on=day.served_on,
            provisional=day.provisional,
            place=told.place.strip(),
            servers=told.servers.strip(),
            refusal=told.refusal.strip(),
            witness=told.witness.strip(),
            media=told.media.strip(),
            basis=day.steps[-1].basis[:300],
            event_matter=aim[0],
            event_name=aim[1],
            by_name=str(by),
            at=now,
        )
        service.proof = _proof(held, service, told, by, now, law)
        service.save(force_insert=True)
        note = f"{day.name}，送达日{day.served_on}"
        keep(held, Act.SERVED, by=by, now=now, to=State.SERVED, note=note,
             more={"manner": told.manner, "served_on": day.served_on.isoformat(), "service": service.pk})  # fmt: skip
        if service.event_name and service.served_on <= timezone.localdate(now):
            _give(service, by, now, law)
    return service


def give_day(service: Service, *, by: User, now: dt.datetime, law: Law) -> Service:
    """After the period of a public notice is over: the day of service goes to the clock. Raises :class:`Refused`."""
    with transaction.atomic():
        held = Service.objects.select_for_update(of=("self",)).select_related(
            "letter__matter__lead", "event_matter"
        )
        found = held.get(pk=service.pk)
        if not found.event_name or found.event_given_at is not None:
            raise Refused("这次送达没有待登记的日期，无须重复操作。")
        if found.served_on > timezone.localdate(now):
            raise Refused(f"公告、张贴的期间到{found.served_on}才满，期满后再登记送达日。")
        require(found.letter, Act.SERVED, by)
        _give(found, by, now, law)
    return found


def _check(letter: Letter, told: Told, today: dt.date, law: Law) -> None:
    require_manner(letter, told.manner, law, told.on)
    for name, ask in (
        ("receiver", "受送达人"),
        ("place", "送达地点（网址、邮寄地址）"),
        ("servers", "送达人"),
    ):
        if not getattr(told, name).strip():
            raise Refused(f"请填写{ask}。", field=name)
    for name, most in _MOST.items():
        if len(getattr(told, name).strip()) > most:
            raise Refused(f"这一项不能超过{most}个字，请删减。", field=name)
    if told.on > today:
        raise Refused(f"日期{told.on}在将来，请填写今天或以前的日期。", field="on")
    assert letter.issued_on is not None
    if told.on < letter.issued_on:
        raise Refused(f"送达不能早于成文日期{letter.issued_on}，请核对。", field="on")
    _check_first(letter, told)
    _check_manner(letter, told)


def _check_first(letter: Letter, told: Told) -> None:
    """One service reaches an addressee; another manner is open where a consent had been taken back before the electronic one."""
    receiver = told.receiver.strip()
    before = list(letter.services.filter(receiver=receiver))
    if not before:
        return
    late = lapsed(before, list(letter.matter.service_consents.filter(receiver=receiver)))
    if len(late) < len(before) or told.manner in {one.manner for one in before}:
        raise Refused(f"已经登记过向“{receiver}”的送达，无须重复登记。", field="receiver")


def _check_manner(letter: Letter, told: Told) -> None:
    """What each manner asks for beside the day and the place."""
    if told.manner in IN_PERSON and len([one for one in told.servers.split("、") if one.strip()]) < 2:
        raise Refused("上门送达的送达人不少于两人，姓名之间用“、”隔开。", field="servers")
    if told.manner in WITNESSED and not (told.witness.strip() or told.media.strip()):
        raise Refused("留置、张贴送达须写明见证人，或者照片、录像的编号。", field="witness")
    if told.manner == "left" and not told.refusal.strip():
        raise Refused("留置送达须写明拒收事由。", field="refusal")
    if told.manner == "post" and not told.media.strip():
        raise Refused("邮寄送达须写明邮件编号。", field="media")
    if told.manner == "electronic":
        require_agreed(letter, told.receiver.strip(), told.on)


def _served_day(letter: Letter, told: Told, law: Law) -> ServedDay:
    try:
        return law.served_on(told.manner, told.on, rule_of(letter.kind).family, letter.matter.region_id)
    except LawError as problem:
        raise Refused(str(problem), field="manner") from problem


def aim_of(letter: Letter, key: str, law: Law) -> tuple[Matter | None, str]:
    """The matter and its day that a target's key names, none for an empty key. Raises :class:`Refused`."""
    if not key:
        return None, ""
    found = next((one for one in targets(letter, law) if one.key == key), None)
    if found is None:
        raise Refused("没有这个可以登记的日期，请刷新页面后重新选择。", field="target")
    return found.matter, found.event


def _give(service: Service, by: User, now: dt.datetime, law: Law) -> None:
    """Through the front door of casework, or of who keeps this day for several people: nothing counts here."""
    assert service.event_matter_id is not None
    if not any(taker(service, by, now, law) for taker in _takers):
        matter = Matter.objects.select_related("lead").get(pk=service.event_matter_id)
        casework.set_event(
            matter, service.event_name, service.served_on, by=by, now=now, law=law, expected_version=matter.version
        )  # fmt: skip
    service.event_given_at = now
    service.save(update_fields=["event_given_at"])


def _proof(letter: Letter, service: Service, told: Told, by: User, now: dt.datetime, law: Law) -> Document:
    """送达回证, filled from what was reported; the addressee's signature is put on paper by hand."""
    values = {
        "office": letter.office.name,
        "receiver": service.receiver,
        "paper": template(letter.kind).name,
        "paper_number": letter.number,
        "copies_sent": 1,
        "manner": {"public_notice": "public"}.get(service.manner, service.manner),
        "place": service.place,
        "received_at": day_words(service.event_on) + told.at.strip(),
        "refusal": service.refusal,
        "witness": service.witness,
        "media": service.media,
        "servers": service.servers,
        "issued_on": timezone.localdate(now),
    }
    try:
        data = setting.pdf(
            fill(template(PROOF), values, cite=lambda key, *place: citation(law.statute(key), *place))
        )
    except NotFilled as missing:
        raise Refused(str(missing), field=missing.problems[0].field) from missing
    except LetterError as problem:
        raise Refused(str(problem)) from problem
    return casework.attach_own(
        letter.matter, kind=PROOF, data=data, filename=f"送达回证（{letter.number}）.pdf", dated=timezone.localdate(now), by=by, now=now, law=law
    )  # fmt: skip
