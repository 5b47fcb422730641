"""Lists of the task force as workbooks."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.accounts.models import User
from anxin.enforcement.models import Emergency
from anxin.enforcement.queries import SHOWN, emergencies
from anxin.evidence.workbooks import Column, table_workbook

#: beyond this a list is for a report, not for a person to read
LIMIT = 20_000

EMERGENCY_COLUMNS = (
    Column("序号", "number", 6),
    Column("编号"),
    Column("接报时刻", "time", 18),
    Column("地点", "text", 40),
    Column("情况", "text", 50),
    Column("人数", "number", 8),
    Column("涉及金额（元）", "yuan", 16),
    Column("已付金额（元）", "yuan", 16),
    Column("所属地区"),
    Column("牵头单位"),
    Column("项目名称"),
    Column("用人单位"),
    Column("下次续报", "time", 18),
    Column("结束时刻", "time", 18),
)


def emergencies_workbook(user: User, shown: str, *, on: dt.date, office: str) -> bytes:
    """The list as ``.xlsx``; drills have a list of their own."""
    found = list(emergencies(user, shown).order_by("-pk")[:LIMIT])
    title = f"紧急事件清单（{SHOWN[shown]}）"
    subtitle = f"填报单位：{office}　导出日期：{on.isoformat()}"
    return table_workbook(
        title, subtitle, EMERGENCY_COLUMNS, [_row(n, one) for n, one in enumerate(found, 1)]
    )


def _row(number: int, one: Emergency) -> list[object]:
    return [
        number,
        one.number,
        timezone.localtime(one.opened_at),
        one.place,
        one.what,
        one.people,
        one.owed_fen,
        one.paid_fen,
        one.region.name,
        one.lead.name,
        one.project.name if one.project else "",
        one.employer.name if one.employer else "",
        timezone.localtime(one.next_report_at) if one.next_report_at else None,
        timezone.localtime(one.ended_at) if one.ended_at else None,
    ]
