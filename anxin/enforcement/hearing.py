"""The hearing of a penalty: who presides, and what holding it waits for (行政处罚法第六十四条)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Subquery

from anxin.accounts.models import User
from anxin.casework.models import EventDate, Matter
from anxin.enforcement.inspection import note, working
from anxin.enforcement.models import HearingHost
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.wording import day_text

PROCEDURE, HOLD = "inspection_case", "hold_hearing"
#: states of a case between the notice of the penalty and its decision
ASKED_FOR = "hearing"
OPEN_TO_IT = ("notice_given", ASKED_FOR)
#: the day that the hearing is set for, and the clock that counts back from it to the last day of its notice
_DAY, _NOTICE = "听证日", "hearing_notice"
_NAME = 40


def name_host(matter: Matter, *, name: str, recorder: str, by: User, now: dt.datetime) -> HearingHost:
    """Say who presides and who keeps the record, in place of whoever was named. Raises :class:`Refused`.

    Whoever investigates the case, or did, may not preside; one person is not both.
    """
    name, recorder = name.strip(), recorder.strip()
    for field, said, title in (("host", name, "听证主持人"), ("recorder", recorder, "记录人")):
        if not said or len(said) > _NAME:
            raise Refused(f"请填写{title}的姓名，不超过{_NAME}字。", field=field)
    if name == recorder:
        raise Refused("主持人和记录人不能是同一人，请另填记录人。", field="recorder")
    with transaction.atomic():
        held = working(matter, by)
        if held.procedure != PROCEDURE or held.state not in OPEN_TO_IT:
            raise Refused("处罚事先告知以后、听证结束以前，才指定听证主持人。", field="host")
        if held.inspectors.filter(name=name).exists():
            raise Refused(
                f"{name}是本案调查人员，听证须由非本案调查人员主持（行政处罚法第六十四条），请另行指定。",
                field="host",
            )
        held.hearing_hosts.filter(until__isnull=True).update(until=now)
        made = HearingHost.objects.create(
            matter=held, name=name, recorder=recorder, since=now, by_name=str(by)[:80]
        )
        note(held, "case.hearing_host", f"指定听证主持人：{name}；记录人：{recorder}", by, now, {})
    return made


def host_of(matter: Matter) -> HearingHost | None:
    """Who presides now."""
    return next((one for one in matter.hearing_hosts.all() if one.until is None), None)


def not_ready(matter: Matter, on: dt.date, law: Law) -> str:
    """What holding the hearing waits for, in a sentence; empty where nothing."""
    return standing(matter, on)[1]


def standing(matter: Matter, on: dt.date) -> tuple[dt.date | None, str]:
    """The day that the hearing is set for, and what holding it on ``on`` waits for (empty where nothing)."""
    day = EventDate.objects.filter(matter=matter, name=_DAY).values("on")
    runs = matter.deadlines.filter(clock=_NOTICE).annotate(set_for=Subquery(day))
    run = runs.order_by("-pk").first()
    return (run.set_for if run else None), _no_host(matter) or _not_told(run, on)


def _no_host(matter: Matter) -> str:
    host = host_of(matter)
    if host is None:
        return "请先在“办案辅助”中指定听证主持人，主持人不能是本案调查人员（行政处罚法第六十四条）。"
    # somebody may have joined the investigation since
    if any(one.name == host.name for one in matter.inspectors.all()):
        return f"听证主持人{host.name}已是本案调查人员，不能主持听证，请在“办案辅助”中另行指定。"
    return ""


def _not_told(run: Any, on: dt.date) -> str:
    """What is missing of a day that the party was told of in time; ``run`` knows the day it is ``set_for`` now."""
    if run is None:
        return "还没有确定听证日期，请先办理“确定听证日期”。"
    day = day_text(run.set_for)
    if run.started_on != run.set_for:
        return f"听证日期改为{day}以后还没有重新通知，请再次办理“确定听证日期”和“通知听证时间地点”。"
    if run.met_on is None:
        return "还没有通知当事人听证的时间、地点，请先办理“通知听证时间地点”。"
    if run.due_on is not None and run.met_on > run.due_on:
        return (
            f"听证定于{day}，最迟应在{day_text(run.due_on)}通知当事人，实际于{day_text(run.met_on)}通知，"
            "晚于法定期限（行政处罚法第六十四条）。请另定听证日期，再次办理“确定听证日期”和“通知听证时间地点”。"
        )
    return f"听证定于{day}，还没有到这一天。" if on < run.set_for else ""
