"""The lead desk's list as a workbook; contacts stay sealed."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.models import Clue
from anxin.clues.queries import ClueFilters, filtered
from anxin.evidence.workbooks import Column, table_workbook

#: beyond this a list is for a report, not for a person to read
LIMIT = 20_000
COLUMNS = (
    Column("序号", "number", 6),
    Column("线索编号"),
    Column("来件编号"),
    Column("渠道", "text", 14),
    Column("类别", "text", 8),
    Column("接收日期", "date", 12),
    Column("所属地区", "text", 14),
    Column("标题", "text", 50),
    Column("是否欠薪", "text", 10),
    Column("把握（%）", "number", 10),
    Column("紧急程度", "text", 10),
    Column("人数", "number", 8),
    Column("金额（元）", "yuan", 16),
    Column("拖欠月数", "number", 10),
    Column("谁欠", "text", 24),
    Column("用人单位", "text", 30),
    Column("所说项目", "text", 24),
    Column("登记项目", "text", 30),
    Column("并入", "text", 22),
    Column("谁看过", "text", 12),
    Column("办理状态", "text", 10),
    Column("办结日期", "date", 12),
)


def clues_workbook(user: User, filters: ClueFilters, *, on: dt.date, office: str) -> bytes:
    """The filtered list as ``.xlsx``; the line under the title says where it was cut."""
    rows = filtered(visible_clues(user), filters).order_by("-urgency", "-score", "-pk")
    found = list(rows[: LIMIT + 1])
    table = [_row(number, clue) for number, clue in enumerate(found[:LIMIT], start=1)]
    cut = f"　只列出前{LIMIT}条" if len(found) > LIMIT else ""
    subtitle = f"填报单位：{office}　导出日期：{on.isoformat()}{cut}"
    return table_workbook("欠薪线索清单", subtitle, COLUMNS, table)


def _row(number: int, clue: Clue) -> list[object]:
    return [
        number,
        clue.number,
        clue.sender_number,
        clue.get_channel_display(),
        clue.get_kind_display(),
        timezone.localtime(clue.received_at).date(),
        clue.region.name,
        clue.title,
        {True: "欠薪", False: "非欠薪", None: "待判读"}[clue.arrears],
        clue.score // 100,
        clue.get_urgency_display(),
        clue.people,
        clue.amount_fen,
        clue.months,
        clue.debtor,
        clue.employer.name if clue.employer else "",
        clue.project_name,
        clue.project.name if clue.project else "",
        clue.dispute.number if clue.dispute else "",
        clue.looked_by_name,
        clue.get_state_display(),
        timezone.localtime(clue.closed_at).date() if clue.closed_at else None,
    ]
