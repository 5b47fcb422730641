"""Meetings about matters: an agenda drawn from them, minutes, and decisions that become tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, actor, scopes
from anxin.accounts.models import User
from anxin.casework.access import may_see
from anxin.casework.giving import give_task
from anxin.casework.models import Matter
from anxin.enforcement.access import may_lead
from anxin.enforcement.models import AgendaItem, Decision, Meeting
from anxin.evidence import journal
from anxin.kernel.refusal import Refused, require_words
from anxin.registry.models import Organisation, Region

_TITLE, _PLACE, _QUESTION, _ATTENDED, _MINUTES = 120, 120, 300, 500, 20_000


def plan_meeting(
    *,
    title: str,
    on: dt.date,
    convenor: Organisation,
    region: Region,
    by: User,
    now: dt.datetime,
    place: str = "",
    industry: str = "",
    matters: Sequence[Matter] = (),
) -> Meeting:
    """Call a meeting, with its first matters. Raises :class:`Refused`."""
    require_words(title, "会议名称", field="title", most=_TITLE)
    here = any(
        scope.covers(region=region.code, industry=industry, organisation=convenor.code)
        for permission in (HANDLE, DECIDE)
        for scope in scopes(by, permission)
    )
    if not here:
        raise Refused(f"您没有以{convenor}名义召集会议的权限，请联系有权限的同事。", field="convenor")
    with transaction.atomic():
        meeting = Meeting.objects.create(
            title=title.strip(), on=on, place=place.strip()[:_PLACE], convenor=convenor, region=region,
            industry=industry, planned_by=by, planned_at=now,
        )  # fmt: skip
        for matter in matters:
            _add(meeting, matter, "", by)
        after = {"on": on.isoformat(), "matters": [matter.pk for matter in matters]}
        _note(meeting, "meeting.planned", f"召集会议，{on}", by, now, after)
    return meeting


def put_on_agenda(
    meeting: Meeting, matter: Matter, *, question: str, by: User, now: dt.datetime
) -> AgendaItem:
    """Put a matter on the agenda of a meeting that is still to come. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _planned(meeting, by)
        item = _add(held, matter, question, by)
        _note(held, "meeting.agenda", f"列入议程：{matter.number}", by, now, {"matter": matter.pk})
    return item


def take_off_agenda(item: AgendaItem, *, by: User, now: dt.datetime) -> None:
    """It will not be talked about. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _planned(item.meeting, by)
        _note(held, "meeting.agenda", f"撤下议程：{item.matter.number}", by, now, {"matter": item.matter_id})
        item.delete()


def hold_meeting(meeting: Meeting, *, attended: str, minutes: str, by: User, now: dt.datetime) -> Meeting:
    """It has taken place: who was there, and what was said. Raises :class:`Refused`."""
    require_words(attended, "参加单位和人员", field="attended", most=_ATTENDED)
    require_words(minutes, "会议纪要", field="minutes", most=_MINUTES)
    with transaction.atomic():
        held = _planned(meeting, by)
        if held.on > timezone.localdate(now):
            raise Refused(f"会议定在{held.on}，还没有召开，不能登记纪要。", field="minutes")
        if not held.agenda.exists():
            raise Refused("议程上还没有事项，请先列入要议的事项。", field="minutes")
        held.attended, held.minutes = attended.strip(), minutes.strip()
        held.held_at, held.held_by_name = now, str(by)[:80]
        held.save(update_fields=["attended", "minutes", "held_at", "held_by_name"])
        _note(held, "meeting.held", "登记会议纪要", by, now, {"minutes": len(held.minutes)})
    return held


def decide(
    meeting: Meeting,
    matter: Matter,
    *,
    text: str,
    body: Organisation,
    due_on: dt.date,
    by: User,
    now: dt.datetime,
) -> Decision:
    """What was decided about a matter becomes a task of the body it names. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _locked(meeting, by)
        if held.held_at is None:
            raise Refused("请先登记会议纪要，再登记议定事项。", field="text")
        if not held.agenda.filter(matter=matter).exists():
            raise Refused(f"{matter.number}不在这次会议的议程上。", field="matter")
        task = give_task(matter, title=text, body=body, due_on=due_on, by=by, now=now)
        made = Decision.objects.create(meeting=held, matter=matter, task=task, by_name=str(by)[:80], at=now)
        _note(held, "meeting.decided", f"议定：{task.title}", by, now, {"matter": matter.pk, "task": task.pk})
    return made


def _add(meeting: Meeting, matter: Matter, question: str, by: User) -> AgendaItem:
    if not may_see(by, matter):
        raise Refused("没有这件事项，可能编号有误，请从列表中重新选择。", field="matter")
    if matter.closed_on is not None:
        raise Refused(f"{matter.number}已经办结，不用再议。", field="matter")
    if len(question.strip()) > _QUESTION:
        raise Refused(f"议题不能超过{_QUESTION}字。", field="question")
    if meeting.agenda.filter(matter=matter).exists():
        raise Refused(f"{matter.number}已经在议程上。", field="matter")
    return AgendaItem.objects.create(meeting=meeting, matter=matter, question=question.strip())


def _locked(meeting: Meeting, by: User) -> Meeting:
    held = Meeting.objects.select_for_update(of=("self",)).select_related("convenor").get(pk=meeting.pk)
    if not may_lead(by, held):
        raise Refused(f"会议由{held.convenor}召集，您没有登记的权限，请联系{held.convenor}。")
    return held


def _planned(meeting: Meeting, by: User) -> Meeting:
    held = _locked(meeting, by)
    if held.held_at is not None:
        raise Refused("会议纪要已经登记，议程和纪要不再改动。")
    return held


def _note(
    meeting: Meeting, action: str, said: str, by: User, now: dt.datetime, after: Mapping[str, object]
) -> None:
    journal.record(
        actor=actor(by), action=action, object_type="meeting", object_id=meeting.pk,
        summary=f"{meeting.title}：{said}"[:500], now=now, after=dict(after),
    )  # fmt: skip
