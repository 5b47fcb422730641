"""The roster: planned, published for everybody, cancelled with a reason; in the field with a clue, its result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.access import visible_clue
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused, worded
from anxin.reception.access import require_planner
from anxin.reception.models import Duty

_MOST_WORDS, _MOST_RESULT = 200, 1000
_FIELDS = ("kind", "on", "hours", "place", "leader", "post", "departments", "plan")


@dataclass(frozen=True)
class Planned:
    """One day of the roster as it is entered."""

    region: str
    kind: str
    on: dt.date
    place: str
    leader: str
    hours: str = ""
    post: str = ""
    departments: str = ""
    clue: Clue | None = None
    plan: str = ""


def plan_duty(planned: Planned, *, by: User, today: dt.date, now: dt.datetime) -> Duty:
    """Put a day on the roster; nobody outside sees it before it is published. Raises :class:`Refused`."""
    require_planner(by, planned.region)
    _check(planned, by, today)
    with transaction.atomic():
        duty = Duty.objects.create(
            region_id=planned.region,
            clue=planned.clue,
            planned_by_name=str(by),
            planned_at=now,
            **{name: getattr(planned, name) for name in _FIELDS},
        )
        with_clue = f"，带线索{planned.clue}" if planned.clue else ""
        _record(
            duty, "reception.duty_planned", f"安排{duty}：{duty.leader}，{duty.place}{with_clue}", by, now
        )
    return duty


def publish_duties(duties: list[Duty], *, by: User, now: dt.datetime) -> int:
    """Show these days on the public page; returns how many are new there. Raises :class:`Refused`."""
    with transaction.atomic():
        found = list(
            Duty.objects.select_for_update().filter(
                pk__in=[one.pk for one in duties], published_at__isnull=True, cancelled_at__isnull=True
            )
        )
        for region in {one.region_id for one in found}:
            require_planner(by, region)
        if not found:
            raise Refused("没有等待公布的接访安排。")
        Duty.objects.filter(pk__in=[one.pk for one in found]).update(published_at=now)
        days = "、".join(sorted({one.on.isoformat() for one in found}))
        _record(found[0], "reception.roster_published", f"公布接访安排{len(found)}次：{days}", by, now)
    return len(found)


def cancel_duty(duty: Duty, *, why: str, by: User, now: dt.datetime) -> None:
    """The day does not take place; who looks it up reads why. Raises :class:`Refused`."""
    why = _words(why, "请写明为什么取消", _MOST_WORDS, "，公布过的会一并显示")
    with transaction.atomic():
        found = _locked(duty, by)
        if found.visits.exists():
            raise Refused("这次接访已有来访登记，不能取消。")
        found.cancelled_at, found.cancelled_why = now, why
        found.save(update_fields=["cancelled_at", "cancelled_why"])
        _record(found, "reception.duty_cancelled", f"取消{found}：{why}", by, now)


def record_result(duty: Duty, *, result: str, by: User, today: dt.date, now: dt.datetime) -> None:
    """What came of a visit to the field; written once it has taken place. Raises :class:`Refused`."""
    result = _words(result, "请写明下访的结果", _MOST_RESULT)
    with transaction.atomic():
        found = _locked(duty, by)
        if found.kind != Duty.Kind.FIELD:
            raise Refused("只有下访登记结果；来访的结果写在来访登记里。")
        if found.on > today:
            raise Refused(f"下访定在{found.on}，还没有到，不能写结果。", field="result")
        found.result, found.result_at, found.result_by_name = result, now, str(by)
        found.save(update_fields=["result", "result_at", "result_by_name"])
        _record(found, "reception.field_result", f"登记{found}的结果", by, now)


def _check(planned: Planned, by: User, today: dt.date) -> None:
    if planned.kind not in Duty.Kind.values:
        raise Refused("请选择接访方式。", field="kind")
    if planned.on < today:
        raise Refused("日期已经过去，请填写今天或以后的日期。", field="on")
    for name, what in (("place", "地点"), ("leader", "接访领导")):
        if not getattr(planned, name).strip():
            raise Refused(f"请填写{what}。", field=name)
    if planned.clue is not None:
        if planned.kind != Duty.Kind.FIELD:
            raise Refused("只有下访可以带线索。", field="kind")
        if visible_clue(by, planned.clue.pk) is None:
            raise Refused("没有这条线索，或不在您负责的范围内。", field="clue")
        worded(planned.plan, "带案下访请写明计划", field="plan", more="：找谁、核什么、要办成什么", most=500)


def _locked(duty: Duty, by: User) -> Duty:
    found = Duty.objects.select_for_update().get(pk=duty.pk)
    require_planner(by, found.region_id)
    if found.cancelled_at is not None:
        raise Refused("这次接访已经取消，请刷新页面。")
    return found


def _words(text: str, ask: str, most: int, more: str = "") -> str:
    return worded(masked_words(text), ask, field="why", more=more, most=most)


def _record(duty: Duty, action: str, summary: str, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by),
        action=action,
        object_type="duty",
        object_id=duty.pk,
        summary=summary,
        now=now,
        after={"region": duty.region_id, "kind": duty.kind, "on": duty.on.isoformat()},
    )
