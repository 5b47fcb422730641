"""From an evidence key (``payroll_line:12``) to the file, sheet and row where a person finds the cell.

Every table is asked once for all keys of a page. Nothing sealed is read; names leave masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from anxin.funds.models import BankReceipt, Disbursement, LabourCostTerm, SpecialAccount, WageDeposit
from anxin.kernel.masking import mask_name
from anxin.kernel.money import format_yuan
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment


@dataclass(frozen=True)
class SourceKind:
    """Where keys of one kind point, and which columns say what the row is."""

    title: str
    model: type[models.Model]
    columns: tuple[str, ...]


KINDS: dict[str, SourceKind] = {
    "payroll_line": SourceKind(
        "工资表", PayrollLine, ("name", "payroll__month", "gross_fen", "net_fen", "days_worked")
    ),
    "receipt": SourceKind("银行回单", BankReceipt, ("payee_name", "month", "amount_fen", "paid_on")),
    "enrolment": SourceKind("实名制花名册", Enrolment, ("worker__name", "team", "entry", "exit")),
    "attendance_day": SourceKind("考勤", AttendanceDay, ("worker__name", "day", "share")),
    "attendance_month": SourceKind("考勤", AttendanceMonth, ("worker__name", "month", "days")),
    "disbursement": SourceKind("人工费拨付", Disbursement, ("month", "due_fen", "paid_fen", "paid_on")),
    "labour_cost_term": SourceKind(
        "人工费拨付约定", LabourCostTerm, ("cycle_months", "due_day", "monthly_fen", "first_month")
    ),
    "deposit": SourceKind("工资保证金", WageDeposit, ("kind", "amount_fen", "valid_from", "valid_until")),
    "special_account": SourceKind("工资专用账户", SpecialAccount, ("opened_on",)),
    "project": SourceKind("项目登记", Project, ("code", "name")),
}

#: columns shown to people: name and how the value is written
_WORDS = {
    "name": "姓名",
    "payee_name": "收款人",
    "worker__name": "姓名",
    "payroll__month": "月份",
    "month": "月份",
    "gross_fen": "应发",
    "net_fen": "实发",
    "amount_fen": "金额",
    "due_fen": "应拨",
    "paid_fen": "已拨",
    "monthly_fen": "每期金额",
    "days_worked": "工资表出勤天数",
    "paid_on": "到账日期",
    "team": "班组",
    "entry": "进场",
    "exit": "退场",
    "day": "日期",
    "share": "出勤",
    "days": "出勤天数",
    "cycle_months": "周期（月）",
    "due_day": "每期拨付日",
    "first_month": "首期",
    "kind": "形式",
    "valid_from": "生效",
    "valid_until": "到期",
    "opened_on": "开立日期",
    "code": "项目编码",
}


@dataclass(frozen=True)
class Source:
    """One place that a person can open. ``batch`` is ``None`` for what was registered in the console."""

    key: str
    title: str
    text: str
    batch: int | None
    file: str
    sheet: str
    row: int | None

    @property
    def place(self) -> str:
        """``工资表“9月工资.xlsx”，工作表“Sheet1”第12行``."""
        if self.batch is None:
            return f"{self.title}（在系统中登记）"
        sheet = f"，工作表“{self.sheet}”" if self.sheet else ""
        row = f"第{self.row}行" if self.row else ""
        return f"{self.title}“{self.file}”{sheet}{row}"

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "text": self.text,
            "batch": self.batch,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "place": self.place,
        }


def split(keys: str) -> list[str]:
    """``"payroll_line:12|receipt:40"`` → its keys."""
    return [key for key in keys.split("|") if key]


def resolve(keys: Iterable[str]) -> dict[str, Source]:
    """The sources of these keys, one query per kind; an unknown key is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        kind, _, pk = key.partition(":")
        if kind in KINDS and pk.isdecimal():
            wanted[kind].add(int(pk))
    return {source.key: source for kind, pks in wanted.items() for source in _load(kind, KINDS[kind], pks)}


def _load(kind: str, spec: SourceKind, pks: set[int]) -> list[Source]:
    delivered = any(field.name == "batch" for field in spec.model._meta.get_fields())
    places = ("batch_id", "batch__filename", "batch__report__sheet", "row_number") if delivered else ()
    rows = spec.model._default_manager.filter(pk__in=pks).values("pk", *spec.columns, *places)
    return [
        Source(
            key=f"{kind}:{row['pk']}",
            title=spec.title,
            text="，".join(_words(name, row[name]) for name in spec.columns if _said(row[name])),
            batch=row.get("batch_id"),
            file=row.get("batch__filename") or "",
            sheet=row.get("batch__report__sheet") or "",
            row=row.get("row_number"),
        )
        for row in rows
    ]


def _said(value: Any) -> bool:
    return value is not None and value != ""


def _words(column: str, value: Any) -> str:
    if (column == "name" and isinstance(value, str)) or column in {"payee_name", "worker__name"}:
        value = mask_name(value)
    elif column.endswith("_fen"):
        value = format_yuan(value)
    elif column == "kind":
        value = WageDeposit.Kind(value).label
    return f"{_WORDS[column]}{value}"
