"""A person corrects a day, with a reason; taking the correction back lets the punches speak again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from anxin.accounts.access import IMPORT, actor, may_on
from anxin.accounts.models import User
from anxin.evidence.journal import record
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused, worded
from anxin.registry.models import Project
from anxin.workforce.deriving import derive_days, local
from anxin.workforce.models import AttendanceDay, Worker

#: what a day may be corrected to
SHARES = (Decimal("0.00"), Decimal("0.50"), Decimal("1.00"))
_HAND = AttendanceDay.Source.HAND


def correct_day(
    project: Project,
    worker: Worker,
    day: dt.date,
    *,
    share: Decimal,
    reason: str,
    user: User,
    now: dt.datetime,
) -> AttendanceDay:
    """Say what this day was; what stood before stays on record. Only for people of the site."""
    _check(project, reason, user)
    if share not in SHARES:
        raise Refused("请选择：一天、半天或未出勤。", field="share")
    if day > local(now).date():
        raise Refused("不能更正还没到的日子。", field="day")
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        old = _standing(project, worker, day)
        if old is None and not worker.enrolments.filter(project=project, superseded_at__isnull=True).exists():
            raise Refused("这名工人不在本项目花名册上，请先登记花名册。", field="worker")
        if old is not None:
            _end(old, now)
        new = AttendanceDay.objects.create(
            project=project,
            worker=worker,
            day=day,
            share=share,
            source=_HAND,
            remark=reason.strip()[:200],
            recorded_at=now,
        )
        _journal(project, worker, day, old, share, reason, user, now)
    return new


def withdraw_correction(
    project: Project, worker: Worker, day: dt.date, *, reason: str, user: User, now: dt.datetime
) -> None:
    """Take a correction back: the day is what its punches come to."""
    _check(project, reason, user)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        old = _standing(project, worker, day)
        if old is None or old.source != _HAND:
            raise Refused("这一天没有人工更正，无需撤回。")
        _end(old, now)
        _journal(project, worker, day, old, None, reason, user, now)
        derive_days(project.pk, now=now, also=[(worker.pk, day)])


def _check(project: Project, reason: str, user: User) -> None:
    if not may_on(user, IMPORT, project):
        raise Refused("您没有更正这个项目考勤的权限。")
    worded(reason, "请写明更正依据", field="reason", more="，例如“班组签字确认”")


def _standing(project: Project, worker: Worker, day: dt.date) -> AttendanceDay | None:
    found = AttendanceDay.objects.filter(project=project, worker=worker, day=day, superseded_at__isnull=True)
    return found.first()


def _end(row: AttendanceDay, now: dt.datetime) -> None:
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])


def _journal(
    project: Project,
    worker: Worker,
    day: dt.date,
    old: AttendanceDay | None,
    share: Decimal | None,
    reason: str,
    user: User,
    now: dt.datetime,
) -> None:
    said = f"更正为{share}天" if share is not None else "撤回更正"
    record(
        actor=actor(user),
        action="attendance.corrected",
        object_type="worker",
        object_id=worker.pk,
        summary=f"{project.name}：{mask_name(worker.name)} {day} 的考勤{said}；依据：{reason.strip()}",
        now=now,
        before={"share": str(old.share), "source": old.source} if old else None,
        after={"project_ids": [project.pk], "share": None if share is None else str(share)},
    )
