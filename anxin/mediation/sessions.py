"""Meetings of both sides: appointed with time and place, held with a record of what each side said, or not held."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.mediation import papers
from anxin.mediation.access import require_works
from anxin.mediation.applying import applicants, locked
from anxin.mediation.models import MediationCase, Session
from anxin.mediation.sealed import plain
from anxin.mediation.telling import must_tell, note, tell_workers_on_it

_MOST = 2000
_CHANGED = "这次调解已经登记过结果，请刷新页面。"


@dataclass(frozen=True)
class Said:
    """The record of one session as it is typed."""

    present: str
    worker_said: str
    employer_said: str
    result: str


def appoint(
    case: MediationCase, *, at: dt.datetime, place: str, online: bool, by: User, now: dt.datetime
) -> Session:
    """Agree on a time; both sides have to be told. Raises :class:`Refused`."""
    place = place.strip()
    if not place or len(place) > 120:
        raise Refused("请填写地点；线上调解请填写会议号或者链接，不超过120字。", field="place")
    if at <= now:
        raise Refused("调解时间已经过去，请填写以后的时间。", field="at")
    with transaction.atomic():
        held = locked(case)
        require_works(by, held)
        stage = held.stages.filter(ended_on__isnull=True).first()
        if stage is None or held.matter.closed_on is not None:
            raise Refused("本件还没有指派或者已经办结，不能约定调解。")
        try:
            with transaction.atomic():
                session = Session.objects.create(
                    case=held, stage=stage, at=at, online=online, place=place, appointed_by_name=str(by)
                )
        except IntegrityError:
            raise Refused("这个时间已经约定过调解，没有重复约定。", field="at") from None
        when = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
        text = f"{held}：约定{when}在{place}{'线上' if online else ''}调解，请带身份证件和有关材料。"
        must_tell(held, f"session:{session.pk}", text, now=now)
        tell_workers_on_it(held, f"session:{session.pk}", f"调解{held}约在{when}", now=now)
        note(
            held,
            "appointed",
            f"约定{when}调解",
            by=by,
            now=now,
            after={"session": session.pk, "online": online},
        )
    return session


def hold(session: Session, said: Said, *, by: User, now: dt.datetime, law: Law) -> Session:
    """What both sides said, kept sealed, and as a record (笔录) among the papers. Raises :class:`Refused`."""
    asked = {
        "present": ("请写明到场的人", said.present),
        "worker_said": ("请写明劳动者一方怎么说", said.worker_said),
        "employer_said": ("请写明用人单位一方怎么说", said.employer_said),
    }
    words = {name: worded(text, ask, field=name, most=_MOST) for name, (ask, text) in asked.items()}
    result = worded(said.result, "请写明这次调解的结果", field="result", most=500)
    with transaction.atomic():
        held, found = _open(session, by)
        if found.at > now:
            raise Refused(
                f"约定的时间是{timezone.localtime(found.at):%Y-%m-%d %H:%M}，还没有到，不能登记笔录。"
            )
        for name, text in words.items():
            setattr(found, name, Sealed.of(text))
        found.state, found.result, found.recorded_by_name = Session.State.HELD, result, str(by)
        found.document = papers.keep(
            held.matter, "mediation_record", record_data(found, held), by=by, now=now, law=law,
            what=f"{timezone.localtime(found.at):%Y%m%d}，未签名",
        )  # fmt: skip
        _said(found, by, now)
        note(
            held,
            "held",
            f"{timezone.localtime(found.at):%Y-%m-%d}调解：{result}",
            by=by,
            now=now,
            after={"session": found.pk},
        )
    return found


def record_data(session: Session, case: MediationCase) -> dict[str, object]:
    """What the record of a session that was held says."""
    when = timezone.localtime(session.at)
    return {
        "organisation": case.body.name if case.body else case.matter.lead.name,
        "mediator": case.mediator.name if case.mediator else session.recorded_by_name,
        "applicant": applicants(case),
        "employer": case.employer_name,
        "held_at": f"{when.year}年{when.month}月{when.day}日{when.hour}时{when.minute:02d}分",
        "place": f"{session.place}{'（线上）' if session.online else ''}",
        "present": " ".join(plain(session.present).splitlines()),
        "worker_said": plain(session.worker_said),
        "employer_said": plain(session.employer_said),
        "result": session.result,
        "issued_on": when.date(),
    }


def not_held(session: Session, *, state: str, why: str, by: User, now: dt.datetime) -> Session:
    """Somebody did not come, or it was called off. Raises :class:`Refused`."""
    if state not in (Session.State.MISSED, Session.State.CANCELLED):
        raise Refused("请选择没有到场还是取消。", field="state")
    why = worded(why, "请写明是谁没有到场，或者为什么取消", field="why", most=500)
    with transaction.atomic():
        held, found = _open(session, by)
        if state == Session.State.MISSED and found.at > now:
            raise Refused("约定的时间还没有到，不能登记没有到场。", field="state")
        found.state, found.result = state, why
        _said(found, by, now)
        if state == Session.State.CANCELLED:
            must_tell(
                held,
                f"cancelled:{found.pk}",
                f"{held}：{timezone.localtime(found.at):%Y-%m-%d %H:%M}的调解取消。",
                now=now,
            )
        note(
            held,
            "not_held",
            f"{found.get_state_display()}：{why}",
            by=by,
            now=now,
            after={"session": found.pk},
        )
    return found


def _open(session: Session, by: User) -> tuple[MediationCase, Session]:
    held = locked(session.case)
    require_works(by, held)
    found = Session.objects.get(pk=session.pk)
    if found.state != Session.State.APPOINTED:
        raise Refused(_CHANGED)
    return held, found


def _said(session: Session, by: User, now: dt.datetime) -> None:
    session.recorded_by_name, session.recorded_at = str(by), now
    session.save()
