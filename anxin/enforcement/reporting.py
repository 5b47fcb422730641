"""Telling the office that the next report on an emergency has not been made in time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, scopes
from anxin.accounts.models import User
from anxin.casework.notifying import Colleagues
from anxin.enforcement.models import Emergency
from anxin.notices import kinds
from anxin.notices.models import ChannelName
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many

KIND = kinds.register(
    kinds.Kind(
        "emergency_report",
        "紧急事件该续报了",
        "正在处置的紧急事件过了续报时刻还没有报告",
        frozenset({str(ChannelName.EMAIL), str(ChannelName.WEBHOOK)}),
    )
)


def tell_missed_reports(now: dt.datetime) -> int:
    """Tell whoever works on an emergency and who leads that its report is overdue; returns how many notices were new.

    Once a missed report: asked every minute, it says nothing twice until the next report falls due and passes.
    """
    late = Emergency.objects.filter(ended_at__isnull=True, next_report_at__lt=now)
    rows = list(late.select_related("matter__lead", "matter__handler", "lead").order_by("pk"))
    if not rows:
        return 0
    colleagues = Colleagues()
    return len(
        send_many([_message(one, to) for one in rows for to in _team(one, colleagues).values()], now=now)
    )


def _team(emergency: Emergency, colleagues: Colleagues) -> dict[int, User]:
    """A real one is its matter's; a drill has none, and is whoever's who may write into it."""
    if (matter := emergency.matter) is not None:
        return {one.pk: one for one in (*colleagues.handling(matter), *colleagues.leading(matter))}
    return {one.pk: one for one in colleagues.all if _works_here(one, emergency)}


def _works_here(person: User, emergency: Emergency) -> bool:
    return any(
        scope.covers(
            region=emergency.region_id, industry=emergency.industry, organisation=emergency.lead.code
        )
        for permission in (HANDLE, DECIDE)
        for scope in scopes(person, permission)
    )


def _message(emergency: Emergency, to: User) -> Message:
    due = emergency.next_report_at
    assert due is not None  # only those are asked for
    drill = "【演练】" if emergency.drill else ""
    when = f"{timezone.localtime(due):%Y-%m-%d %H:%M}"
    return Message(
        to=to,
        kind=KIND.key,
        title=f"{drill}紧急事件{emergency.number}过了续报时刻",
        body=f"应在{when}前续报，还没有登记报告。请核实现场情况，向上级报告并登记。",
        link=f"/emergencies/{emergency.pk}",
        about=("emergency", emergency.pk),
        once_key=f"emergency:{emergency.pk}:report:{due.isoformat()}",
        outline=Outline(region=emergency.region_id, number=emergency.number),
    )
