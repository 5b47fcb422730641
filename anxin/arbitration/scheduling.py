"""When and where a case is heard: set with the notice that the law asks for, postponed or cancelled with who and why.

Labour arbitration law, article 35 (notice in writing five days before; postponement); case rules, articles 38, 59 and
60 (simple cases: convenient ways of notice, the tribunal settles the procedure). Days are counted by ``anxin.law``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.arbitration.access import require_works
from anxin.arbitration.booking import book, free
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import ArbitrationCase, Arbitrator, CircuitDay, Hearing, Room, Seat, Tribunal
from anxin.arbitration.stepping import POSTPONE, SET, follow
from anxin.arbitration.tribunals import require_accepted
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law, LawError

NOTICE = "mediation_arbitration.arb_hearing_notice_days"
#: nobody hears a case through the night
_LONGEST = dt.timedelta(hours=10)
_Way = Hearing.Way


@dataclass(frozen=True)
class Wanted:
    """A hearing as it is typed. ``minutes``: how long the room is kept."""

    begins_at: dt.datetime
    minutes: int
    way: str
    room: Room | None = None
    circuit: CircuitDay | None = None
    meeting: str = ""
    identity_check: str = ""
    #: of a simple case: how both sides agreed to a shorter notice
    shorter_why: str = ""


@dataclass(frozen=True)
class Notice:
    """The last day for the notice, and the computation in one sentence."""

    by: dt.date
    words: str


def notice_for(case: ArbitrationCase, day: dt.date, law: Law) -> Notice:
    """The last day on which the notice of a hearing on ``day`` may be served. Raises :class:`Refused`."""
    try:
        found = law.deadline(NOTICE, day, case.region_id)
    except LawError as problem:
        raise Refused(f"开庭通知的期限算不出来：{problem}", field="begins_at") from None
    told = "".join(step.text for step in found.steps)
    return Notice(found.due_day, f"依据{found.basis[-1]}，{told}开庭通知最迟应在{found.due_day}送达。"[:500])


def set_hearing(case: ArbitrationCase, wanted: Wanted, *, by: User, now: dt.datetime, law: Law) -> Hearing:
    """Set a hearing and occupy what it needs. Raises :class:`Refused`: no tribunal, too soon, something is taken."""
    _check_time(wanted, now)
    with transaction.atomic():
        found = held(case, by)
        if found.matter.closed_on is not None:
            raise Refused("本件已经办结，不能再排期开庭。")
        require_accepted(found)
        people = members(found)
        if not people:
            raise Refused("本件还没有组成仲裁庭，请先组庭再排期。")
        if found.hearings.filter(state=Hearing.State.SET, begins_at__gt=now).exists():
            raise Refused("本件已有还没有开的庭；要改时间，请先登记延期或者取消。", field="begins_at")
        notice = notice_for(found, timezone.localdate(wanted.begins_at), law)
        shorter = _check_notice(found, wanted, notice, timezone.localdate(now))
        place = _place(found, wanted)
        made = Hearing.objects.create(
            case=found, begins_at=wanted.begins_at, ends_at=wanted.begins_at + dt.timedelta(minutes=wanted.minutes),
            way=wanted.way, notice_by=notice.by, notice_words=notice.words, shorter_why=shorter, set_by_name=str(by),
            recorded_at=now, **place,
        )  # fmt: skip
        book(made, people)
        note(
            found, "hearing_set", f"{_when(made)}在{made.place}开庭", by=by, now=now,
            after={"hearing": made.pk, "way": made.way, "notice_by": notice.by.isoformat()},
        )  # fmt: skip
        day = timezone.localdate(wanted.begins_at)
        follow(found, SET, on=timezone.localdate(now), by=by, now=now, law=law, hearing_day=day)
    return made


def call_off(
    hearing: Hearing, *, state: str, why: str, asked_by: str, by: User, now: dt.datetime, law: Law
) -> Hearing:
    """Postpone or cancel a hearing that has not taken place; its room and people are free, and the matter waits for
    another day. Raises :class:`Refused`."""
    if state not in (Hearing.State.POSTPONED, Hearing.State.CANCELLED):
        raise Refused("请选择延期还是取消。", field="state")
    why = worded(why, "请写明延期或者取消的理由", field="why", most=500)
    if len(asked_by.strip()) < 2:
        raise Refused("请写明由谁提出。", field="asked_by")
    with transaction.atomic():
        found = open_hearing(hearing, by)
        found.state, found.change_why, found.changed_for = state, why, asked_by.strip()[:60]
        found.changed_by_name, found.changed_at = str(by), now
        found.save()
        free(found)
        note(
            found.case, "hearing_off", f"{_when(found)}的开庭{found.get_state_display()}（{found.changed_for}提出）：{why}", by=by,
            now=now, after={"hearing": found.pk, "state": state},
        )  # fmt: skip
        follow(found.case, POSTPONE, on=timezone.localdate(now), by=by, now=now, law=law)
    return found


def open_hearing(hearing: Hearing, by: User) -> Hearing:
    """The hearing, held, where it is set and this person works the case. Raises :class:`Refused`."""
    found = (
        Hearing.objects.select_for_update(of=("self",))
        .select_related("case__matter__lead", "room", "circuit")
        .get(pk=hearing.pk)
    )
    require_works(by, found.case)
    if found.state != Hearing.State.SET:
        raise Refused(f"这次开庭已经登记为{found.get_state_display()}，请刷新页面。")
    return found


def members(case: ArbitrationCase) -> list[Arbitrator]:
    """Who sits now, the presiding one first, the secretary last; empty where there is no tribunal."""
    return [seat.arbitrator for seat in seats(case)]


_ORDER = {Seat.Part.PRESIDING: 0, Seat.Part.SOLE: 0, Seat.Part.MEMBER: 1, Seat.Part.SECRETARY: 2}


def seats(case: ArbitrationCase) -> list[Seat]:
    """The seats that are taken now, in the order in which a letter names them."""
    rows: Iterable[Seat] = Seat.objects.filter(tribunal__case=case, left_on__isnull=True).select_related(
        "arbitrator"
    )
    return sorted(rows, key=lambda one: (_ORDER[Seat.Part(one.part)], one.pk))


def tribunal_of(case: ArbitrationCase) -> Tribunal | None:
    return Tribunal.objects.filter(case=case).first()


def _check_time(wanted: Wanted, now: dt.datetime) -> None:
    if wanted.begins_at <= now:
        raise Refused("开庭时间已经过去，请填写以后的时间。", field="begins_at")
    length = dt.timedelta(minutes=wanted.minutes)
    if not dt.timedelta(minutes=10) <= length <= _LONGEST:
        raise Refused("预计时长应在10分钟到10小时之间。", field="minutes")


def _check_notice(case: ArbitrationCase, wanted: Wanted, notice: Notice, today: dt.date) -> str:
    if today <= notice.by:
        return ""
    if case.matter.procedure != "arbitration_simple":
        raise Refused(f"{notice.words}今天是{today}，已经来不及，请另定日期。", field="begins_at")
    return worded(
        wanted.shorter_why,
        f"{notice.words}今天是{today}。简易处理的，请写明双方怎样同意提前开庭",
        field="shorter_why",
    )


def _place(case: ArbitrationCase, wanted: Wanted) -> dict[str, object]:
    """The columns that say where. Raises :class:`Refused` for a place that does not fit."""
    if wanted.way == _Way.ROOM:
        if (
            wanted.room is None
            or wanted.room.closed_on is not None
            or wanted.room.body_id != case.matter.lead_id
        ):
            raise Refused(f"请选择{case.matter.lead}正在使用的仲裁庭。", field="room")
        return {"room": wanted.room}
    if wanted.way == _Way.CIRCUIT:
        if wanted.circuit is None or wanted.circuit.cancelled_why:
            raise Refused("请选择一个没有取消的巡回庭日。", field="circuit")
        if wanted.circuit.body_id != case.matter.lead_id:
            raise Refused(f"请选择{case.matter.lead}的巡回庭日。", field="circuit")
        if wanted.circuit.on != timezone.localdate(wanted.begins_at):
            raise Refused(f"这个巡回庭日是{wanted.circuit.on}，与开庭日期不同，请核对。", field="begins_at")
        return {"circuit": wanted.circuit}
    if wanted.way == _Way.ONLINE:
        meeting = wanted.meeting.strip()
        if not meeting or len(meeting) > 200:
            raise Refused("网上开庭请填写会议号或者链接，不超过200字。", field="meeting")
        check = worded(wanted.identity_check, "请写明开庭时怎样核对到庭人员的身份", field="identity_check")
        return {"meeting": meeting, "identity_check": check}
    raise Refused("请选择在仲裁庭、巡回庭还是网上开庭。", field="way")


def _when(hearing: Hearing) -> str:
    return f"{timezone.localtime(hearing.begins_at):%Y-%m-%d %H:%M}"
