"""Empty tables to fill in: what is written into them imports without mapping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import Http404

from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.months import Month

_PERSON = (Column("姓名", "text", 12), Column("身份证号", "text", 22))
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "roster": (
        *_PERSON,
        Column("手机号", "text", 14),
        Column("用人单位", "text", 24),
        Column("班组", "text", 12),
        Column("工种", "text", 12),
        Column("进场日期", "date", 12),
        Column("退场日期", "date", 12),
        Column("约定工资", "text", 14),
        Column("约定发薪日", "text", 12),
        Column("是否签订劳动合同", "text", 18),
        Column("合同编号", "text", 16),
        Column("合同起始日期", "date", 13),
        Column("合同终止日期", "date", 13),
        Column("银行卡号", "text", 22),
    ),
    "payroll": (
        *_PERSON,
        Column("班组", "text", 12),
        Column("出勤天数", "number", 10),
        Column("应发工资", "yuan", 12),
        Column("扣款合计", "yuan", 12),
        Column("实发工资", "yuan", 12),
        Column("银行卡号", "text", 22),
    ),
    "receipts": (
        Column("收款人姓名", "text", 12),
        Column("收款账号", "text", 22),
        Column("金额", "yuan", 12),
        Column("交易日期", "date", 12),
        Column("交易状态", "text", 10),
        Column("失败原因", "text", 20),
        Column("流水号", "text", 24),
    ),
}
_TITLES = {"roster": "实名制花名册", "attendance": "考勤表", "payroll": "工资表", "receipts": "代发结果"}
_HOW = {
    "roster": "约定工资写明单位，如 300元/天、9000元/月；银行卡号、身份证号按文本填写",
    "attendance": "每人一行；出勤一天填 1，半天填 0.5，没有出勤的留空",
    "payroll": "每人一行；金额单位：元",
    "receipts": "交易状态填 成功 或 失败；流水号填代发单里每一笔的编号",
}
#: lines to write in
_ROWS = 30


def blank_or_404(kind: str, month: Month, rows: Sequence[Sequence[Any]] = ()) -> tuple[str, bytes]:
    """Title and workbook of one kind's table; ``rows`` are filled in, the rest is left to write in."""
    if kind not in _TITLES:
        raise Http404
    columns = _attendance(month) if kind == "attendance" else _COLUMNS[kind]
    title = _TITLES[kind] if kind in ("roster", "receipts") else f"{month.chinese()}{_TITLES[kind]}"
    empty = [[None] * len(columns)] * max(_ROWS - len(rows), 0)
    return title, table_workbook(title, f"填写说明：{_HOW[kind]}", columns, [*rows, *empty])


def month_of(text: str, today: dt.date) -> Month:
    """The month asked for; last month where none is, or nonsense."""
    try:
        return Month.parse(text) if text else Month.of(today).plus(-1)
    except ValueError:
        return Month.of(today).plus(-1)


def _attendance(month: Month) -> tuple[Column, ...]:
    days = (Column(str(day), "number", 5) for day in range(1, month.days + 1))
    return (*_PERSON, Column("班组", "text", 12), *days)
