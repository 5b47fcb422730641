"""The list of criminal thresholds as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from anxin.casework.models import Deadline
from anxin.enforcement.crime_list import LEVELS, CrimeRow
from anxin.evidence.workbooks import Column, table_workbook

COLUMNS = (
    Column("序号", "number", 6),
    Column("编号"),
    Column("事项", "text", 40),
    Column("用人单位"),
    Column("所属地区", "text", 12),
    Column("承办单位"),
    Column("程度", "text", 16),
    Column("查明人数", "number", 10),
    Column("最长拖欠（月）", "number", 10),
    Column("合计（元）", "yuan", 16),
    Column("最多一人（元）", "yuan", 16),
    Column("一人标准", "text", 40),
    Column("多人标准", "text", 40),
    Column("依据", "text", 40),
    Column("责令支付", "text", 40),
    Column("责令期满日", "date", 12),
    Column("还缺的移送材料", "text", 40),
    Column("移送进展", "text", 14),
    Column("本单位期限", "text", 24),
    Column("公安答复期限", "text", 24),
    Column("现在要办", "text", 30),
)


def crime_workbook(rows: Sequence[CrimeRow], *, on: dt.date, office: str) -> bytes:
    """The rows in the order of the page as ``.xlsx``."""
    subtitle = f"填报单位：{office}　导出日期：{on}　金额单位：元"
    return table_workbook("行刑衔接清单", subtitle, COLUMNS, [_row(n, one) for n, one in enumerate(rows, 1)])


def _row(number: int, one: CrimeRow) -> list[object]:
    matter, arrears = one.matter, one.watch.arrears
    single, group = one.amounts
    return [
        number, matter.number, matter.title, matter.employer.name if matter.employer else "", matter.region.name,
        matter.lead.name, LEVELS[one.level],
        *((arrears.people, arrears.months, arrears.total_fen, arrears.single_fen) if arrears else [None] * 4),
        single.why, group.why, "；".join(dict.fromkeys(point.basis for point in one.amounts)),
        one.order.why, one.order.until, "、".join(one.watch.missing) or "已齐", one.transfer or "没有开始",
        _limit(one.own), _limit(one.police), one.standing,
    ]  # fmt: skip


def _limit(one: Deadline | None) -> str:
    """``公安审查期限：2026-04-27``, with the minute where it was counted in hours."""
    if one is None:
        return ""
    until = timezone.localtime(one.due_at).strftime("%Y-%m-%d %H:%M") if one.due_at else one.due_on
    return f"{one.name}：{until or '没有算出'}"
