"""Lists of the task force as workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.clues.masking import opened
from anxin.enforcement.daylist import Due, day_list
from anxin.enforcement.finding import words_of
from anxin.enforcement.listed import SOURCES, Listed, sums
from anxin.enforcement.marks import visible_marks
from anxin.enforcement.models import Emergency
from anxin.enforcement.queries import SHOWN, emergencies
from anxin.enforcement.thresholds import Reached
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_name
from anxin.kernel.months import Month
from anxin.law import Law
from anxin.monitoring.models import Warning
from anxin.registry.models import Region

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


DAY_COLUMNS = (
    Column("序号", "number", 6),
    Column("类别", "text", 12),
    Column("责任单位"),
    Column("事项", "text", 50),
    Column("编号"),
    Column("要办什么", "text", 50),
    Column("期限", "date", 12),
    Column("已逾期（工作日）", "number", 12),
    Column("所属地区"),
)


def day_workbook(user: User, *, on: dt.date, office: str, law: Law) -> bytes:
    """日调度 as ``.xlsx``, one line a row, in the order of the page."""
    told = day_list(user, on, law=law, limit=LIMIT)
    rows = [
        *(("紧急事件", e.lead.name, e.place, e.number, e.what, _day(e.next_report_at), None, e.region.name) for e in told.emergencies),
        *(_due("已逾期", due) for one in told.bodies for due in one.late),
        *(_due("今天到期", due) for one in told.bodies for due in one.today),
        *(_warning(one) for one in told.red),
        *(("重点事项", m.lead.name, m.title, m.number, "、".join(why), m.next_due_on, None, m.region.name) for m, why in told.key),
    ]  # fmt: skip
    subtitle = f"填报单位：{office}　日期：{on.isoformat()}"
    return table_workbook("专班日调度", subtitle, DAY_COLUMNS, [(n, *row) for n, row in enumerate(rows, 1)])


def _due(kind: str, due: Due) -> tuple[object, ...]:
    task = due.task
    matter = task.matter
    return (
        kind, task.for_organisation.name, matter.title, matter.number, task.title, task.due_on, due.late or None,
        matter.region.name,
    )  # fmt: skip


def _warning(one: Warning) -> tuple[object, ...]:
    where = one.region.name if one.region else ""
    body = one.responsible.name if one.responsible else ""
    return ("新增红色预警", body, one.subject.name, f"预警{one.pk}", one.sentence, one.act_by, None, where)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None


MARK_COLUMNS = (
    Column("序号", "number", 6),
    Column("标记", "text", 12),
    Column("由谁", "text", 24),
    Column("起始日期", "date", 12),
    Column("原因", "text", 40),
    Column("事项", "text", 50),
    Column("编号"),
    Column("牵头单位"),
    Column("项目名称"),
    Column("结束日期", "date", 12),
    Column("结果", "text", 40),
)


def marks_workbook(user: User, *, standing: bool, on: dt.date, office: str) -> bytes:
    """The marks as ``.xlsx``: those that stand, or those that have ended."""
    rows = [
        (
            number, mark.get_kind_display(), mark.who, mark.since, mark.why, mark.matter.title, mark.matter.number,
            mark.matter.lead.name, mark.matter.project.name if mark.matter.project else "", mark.ended_on, mark.result,
        )
        for number, mark in enumerate(visible_marks(user, standing)[:LIMIT], 1)
    ]  # fmt: skip
    subtitle = f"填报单位：{office}　导出日期：{on.isoformat()}"
    return table_workbook("包案督办清单", subtitle, MARK_COLUMNS, rows)


THRESHOLD_COLUMNS = (
    Column("序号", "number", 6),
    Column("类别", "text", 20),
    Column("用人单位", "text", 36),
    Column("计数", "number", 8),
    Column("线", "text", 40),
    Column("编号"),
    Column("线索或者事项", "text", 50),
    Column("日期", "text", 12),
    Column("人数", "number", 8),
)


def thresholds_workbook(
    found: Sequence[Reached], *, month: Month, region: Region, on: dt.date, office: str
) -> bytes:
    """Who passed a line, one line for each clue or matter that was counted."""
    rows = [
        (one.line.title, one.employer.name, one.count, one.line.words, row["number"], row["title"], row["on"], row["people"])
        for one in found
        for row in one.rows
    ]  # fmt: skip
    subtitle = f"填报单位：{office}　地区：{region.name}　月份：{month.chinese()}　导出日期：{on.isoformat()}"
    return table_workbook(
        "通报约谈线", subtitle, THRESHOLD_COLUMNS, [(n, *row) for n, row in enumerate(rows, 1)]
    )


def found_workbook(matter: Matter, people: Sequence[Listed], *, on: dt.date, office: str) -> bytes:
    """What each side says of everybody on the lists behind a case, and what was found; names masked."""
    heard = [one.source for one in sums(people)]
    columns = (
        Column("序号", "number", 6), Column("姓名", "text", 12), Column("工种或班组", "text", 16), Column("名单所在", "text", 30),
        *(Column(f"{SOURCES[source]}（元）", "yuan", 16) for source in heard),
        Column("已证明到账（元）", "yuan", 16), Column("查明的欠薪（元）", "yuan", 16), Column("拖欠月数", "number", 10),
        Column("怎样认定", "text", 44), Column("核实人", "text", 14), Column("核实时间", "time", 18),
    )  # fmt: skip
    rows = [_found_row(one, heard) for one in people]
    subtitle = f"填报单位：{office}　{matter.number}　导出日期：{on.isoformat()}　共{len(rows)}人"
    return table_workbook("欠薪逐人核实表", subtitle, columns, rows)


def _found_row(one: Listed, heard: Sequence[str]) -> list[object]:
    found = one.found
    return [
        one.number, mask_name(opened(one.name)), one.trade, one.list_name, *(one.said.get(source) for source in heard),
        one.proved or None, found.fen if found and found.fen else None, found.months if found and found.fen else None,
        words_of(one), found.by_name if found else "", timezone.localtime(found.recorded_at) if found else None,
    ]  # fmt: skip
