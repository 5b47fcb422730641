"""Lists of matters and of one's own tasks as workbooks."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.access import visible_matters
from anxin.casework.models import Matter
from anxin.casework.queries import SORTS, MatterFilters, filtered
from anxin.casework.tasklist import TaskFilters, TaskRow, my_tasks
from anxin.casework.urging import urgings_of
from anxin.evidence.workbooks import Column, table_workbook
from anxin.law import Law

#: beyond this a list is for a report, not for a person to read
LIMIT = 20_000

MATTER_COLUMNS = (
    Column("序号", "number", 6),
    Column("编号"),
    Column("程序"),
    Column("事项", "text", 50),
    Column("状态", "text", 16),
    Column("所属地区"),
    Column("行业", "text", 8),
    Column("牵头单位"),
    Column("承办人", "text", 12),
    Column("项目名称"),
    Column("用人单位"),
    Column("开始日期", "date", 12),
    Column("最近期限", "date", 12),
    Column("办结日期", "date", 12),
)
TASK_COLUMNS = (
    Column("序号", "number", 6),
    Column("待办", "text", 60),
    Column("事项", "text", 40),
    Column("编号"),
    Column("所属地区"),
    Column("期限名称"),
    Column("期限", "date", 12),
    Column("已逾期（工作日）", "number", 12),
    Column("依据", "text", 40),
    Column("说明", "text", 30),
)
URGING_COLUMNS = (
    Column("序号", "number", 6),
    Column("催办人", "text", 20),
    Column("领导催办", "text", 8),
    Column("催办时间", "text", 16),
    Column("催办内容", "text", 50),
    Column("通知人数", "number", 8),
    Column("答复人", "text", 20),
    Column("答复时间", "text", 16),
    Column("答复", "text", 50),
)


def urgings_workbook(matter: Matter, *, office: str, on: dt.date) -> bytes:
    """All urgings of one matter with their answers as ``.xlsx``, the latest first."""
    rows = [
        (
            place, one.by_name, "是" if one.from_leader else "", f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}",
            one.words, one.told, one.answered_by_name,
            f"{timezone.localtime(one.answered_at):%Y-%m-%d %H:%M}" if one.answered_at else "", one.answer,
        )
        for place, one in enumerate(urgings_of(matter), 1)
    ]  # fmt: skip
    return table_workbook(f"催办记录：{matter}", _subtitle(office, on, len(rows)), URGING_COLUMNS, rows)


def matters_workbook(user: User, filters: MatterFilters, *, on: dt.date, office: str, law: Law) -> bytes:
    """The filtered list as ``.xlsx``; the line under the title says where it was cut."""
    rows = filtered(visible_matters(user), filters, on=on, user=user)
    expression, descending = SORTS[filters.sort]
    order = expression.desc() if descending else expression.asc()
    found = list(rows.order_by(order, "-pk")[: LIMIT + 1])
    states = {
        (table.key, state.key): (table.name, state.name)
        for table in law.procedures()
        for state in table.states
    }
    table = [
        _matter(
            number, matter, *states.get((matter.procedure, matter.state), (matter.procedure, matter.state))
        )
        for number, matter in enumerate(found[:LIMIT], start=1)
    ]
    return table_workbook("事项清单", _subtitle(office, on, len(found)), MATTER_COLUMNS, table)


def tasks_workbook(
    user: User,
    *,
    on: dt.date,
    office: str,
    law: Law,
    filters: TaskFilters = TaskFilters(),  # noqa: B008
) -> bytes:
    """我的待办 as ``.xlsx``, in the order of the list."""
    rows = my_tasks(user, on, law=law, filters=filters, limit=LIMIT).items
    table = [_task(number, row) for number, row in enumerate(rows, start=1)]
    return table_workbook("我的待办", _subtitle(office, on, len(rows)), TASK_COLUMNS, table)


def _matter(number: int, matter: Matter, procedure: str, state: str) -> list[object]:
    return [
        number,
        matter.number,
        procedure,
        matter.title,
        state,
        matter.region.name,
        matter.get_industry_display(),
        matter.lead.name,
        str(matter.handler) if matter.handler else "",
        matter.project.name if matter.project else "",
        matter.employer.name if matter.employer else "",
        matter.opened_on,
        matter.next_due_on,
        matter.closed_on,
    ]


def _task(number: int, row: TaskRow) -> list[object]:
    remarks = [
        "放假安排公布前暂定" if row.provisional else "",
        f"{row.not_before}起可办" if row.not_before else "",
    ]
    return [
        number, row.title, row.about, row.number, row.where, row.clock, row.due, row.overdue_days or None, row.citation,
        "；".join(filter(None, remarks)),
    ]  # fmt: skip


def _subtitle(office: str, on: dt.date, count: int) -> str:
    cut = f"　只列出前{LIMIT}条" if count > LIMIT else ""
    return f"填报单位：{office}　导出日期：{on.isoformat()}{cut}"
