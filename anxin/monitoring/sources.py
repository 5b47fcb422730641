"""From an evidence key (``payroll_line:12``) to the file, sheet and row where a person finds the cell.

Every table is asked once for all keys of a page. Nothing sealed is read; names leave masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import CharField, F, Min, Q, Sum
from django.db.models.functions import Cast, Substr

from anxin.funds.models import (
    AccountEntry,
    BankReceipt,
    DepositEvent,
    Disbursement,
    LabourCostTerm,
    ReceiptMatch,
    WageDeposit,
)
from anxin.kernel.masking import mask_name, mask_payee
from anxin.kernel.money import format_yuan
from anxin.kernel.months import Month
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth


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
    "wage_deposit": SourceKind(
        "工资保证金", WageDeposit, ("kind", "amount_fen", "valid_from", "valid_until")
    ),
    "account_entry": SourceKind(
        "工资专用账户流水", AccountEntry, ("booked_on", "amount_fen", "counterparty", "purpose")
    ),
    "deposit_event": SourceKind("工资保证金动用", DepositEvent, ("on", "amount_fen", "number")),
    "project": SourceKind("项目登记", Project, ("code", "contract_fen", "permit_on")),
}
_RECEIPT = SourceKind("银行发放结果", BankReceipt, ("payee_name", "amount_fen", "paid_on"))
_TERM = SourceKind(
    "人工费用拨付约定", LabourCostTerm, ("cycle_months", "due_day", "monthly_fen", "first_month")
)
_DISBURSEMENT = SourceKind("人工费用拨付", Disbursement, ("month", "due_fen", "paid_fen", "paid_on"))

#: columns shown to people: name and how the value is written
_WORDS = {
    "name": "姓名",
    "payee_name": "收款人",
    "payroll__month": "月份",
    "month": "所属期",
    "gross_fen": "应发",
    "net_fen": "实发",
    "amount_fen": "金额",
    "due_fen": "应拨",
    "paid_fen": "已拨",
    "monthly_fen": "每期金额",
    "contract_fen": "合同价款",
    "permit_on": "施工许可",
    "days_worked": "工资表出勤天数",
    "paid_on": "到账日期",
    "cycle_months": "周期（月）",
    "due_day": "每期拨付日",
    "first_month": "首期",
    "kind": "形式",
    "valid_from": "生效",
    "valid_until": "到期",
    "code": "项目编码",
    "booked_on": "记账日期",
    "counterparty": "对方户名",
    "purpose": "用途",
    "on": "日期",
    "number": "文号",
}


@dataclass(frozen=True)
class Source:
    """One place that a person can open. ``batch`` is ``None`` for what was registered in the console."""

    key: str
    title: str
    text: str
    #: masked; empty where the row names nobody
    person: str
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
            "person": self.person,
            "batch": self.batch,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "place": self.place,
        }


def split(keys: str) -> list[str]:
    """``"payroll_line:12|receipt:40"`` → its keys."""
    return [key for key in keys.split("|") if key]


def resolve(keys: Iterable[str], *, project_id: int | None) -> dict[str, list[Source]]:
    """The places behind these keys of one warning; an unknown key is left out. ``project_id`` where it has one.

    A payroll line comes with the receipts that pay it, an attendance key with every sheet that speaks of that
    month, a labour-cost key with terms and disbursements. A constant number of queries.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        kind, _, rest = key.partition(":")
        wanted[kind].add(rest)
    found: dict[str, list[Source]] = defaultdict(list)
    for kind in KINDS.keys() & wanted.keys():
        pks = {int(rest) for rest in wanted[kind] if rest.isdecimal()}
        for pk, source in _load(kind, KINDS[kind], Q(pk__in=pks)):
            found[f"{kind}:{pk}"].append(source)
        if kind == "payroll_line":
            _add_receipts(found, pks)
    if wanted["attendance"] and project_id is not None:
        _add_attendance(found, wanted["attendance"], project_id)
    if wanted["labour_cost"] and project_id is not None:
        _add_labour_cost(found, wanted["labour_cost"], project_id)
    return dict(found)


def _load(kind: str, spec: SourceKind, where: Q) -> list[tuple[int, Source]]:
    """``(primary key, source)`` in the order of the keys; current rows only where rows are replaced."""
    delivered = any(field.name == "batch" for field in spec.model._meta.get_fields())
    places = ("batch_id", "batch__filename", "batch__report__sheet", "row_number") if delivered else ()
    rows = spec.model._default_manager.filter(where).order_by("pk").values("pk", *spec.columns, *places)
    return [
        (
            row["pk"],
            Source(
                key=f"{kind}:{row['pk']}",
                title=spec.title,
                text="，".join(_words(name, row[name]) for name in spec.columns if _said(row[name])),
                person=next((mask_name(row[name]) for name in spec.columns if name in _NAMES), ""),
                batch=row.get("batch_id"),
                file=row.get("batch__filename") or "",
                sheet=row.get("batch__report__sheet") or "",
                row=row.get("row_number"),
            ),
        )
        for row in rows
    ]


def _add_receipts(found: dict[str, list[Source]], lines: set[int]) -> None:
    counted = [ReceiptMatch.State.EXACT, ReceiptMatch.State.CONFIRMED]
    matches = ReceiptMatch.objects.filter(line__in=lines, state__in=counted, ended_at__isnull=True)
    pairs = list(matches.order_by("pk").values_list("line_id", "receipt_id"))
    receipts = dict(_load("receipt", _RECEIPT, Q(pk__in={receipt for _, receipt in pairs})))
    for line, receipt in pairs:
        found[f"payroll_line:{line}"].append(receipts[receipt])


def _add_attendance(found: dict[str, list[Source]], keys: set[str], project_id: int) -> None:
    """``attendance:WORKER@MONTH``: one source per worker and sheet, with its days added up."""
    pairs = {(int(worker), month) for worker, _, month in (key.partition("@") for key in keys)}
    workers = {worker for worker, _ in pairs}
    months = sorted({month for _, month in pairs})
    first, last = Month.parse(months[0]).first_day, Month.parse(months[-1]).last_day
    here = {"project_id": project_id, "worker_id__in": workers, "superseded_at__isnull": True}
    month = Substr(Cast("day", CharField(max_length=10)), 1, 7)
    by_day = (
        AttendanceDay.objects.filter(day__range=(first, last), share__gt=0, **here)
        .annotate(of_month=month)
        .values("worker_id", "of_month", *_FILE)
        # days of a list stand in a row each: the first of them leads to the person
        .annotate(total=Sum("share"), first_row=Min("row_number"))
    )
    by_month = (
        AttendanceMonth.objects.filter(month__in=months, **here)
        .annotate(of_month=F("month"))
        .values("worker_id", "of_month", *_FILE)
        .annotate(total=Sum("days"), first_row=Min("row_number"))
    )
    for row in [*by_day.order_by("batch_id", "first_row"), *by_month.order_by("batch_id", "first_row")]:
        if (row["worker_id"], row["of_month"]) in pairs:
            key = f"attendance:{row['worker_id']}@{row['of_month']}"
            found[key].append(_attendance_source(key, row))


_FILE = ("batch_id", "batch__filename", "batch__report__sheet")


def _attendance_source(key: str, row: dict[str, Any]) -> Source:
    return Source(
        key=key,
        title="考勤",
        text=f"{row['of_month']}出勤{float(row['total']):g}天",
        person="",
        batch=row["batch_id"],
        file=row["batch__filename"] or "",
        sheet=row["batch__report__sheet"] or "",
        row=row["first_row"],
    )


def _add_labour_cost(found: dict[str, list[Source]], keys: set[str], project_id: int) -> None:
    """``labour_cost:PROJECT@MONTH``: the terms, and what was disbursed for the month."""
    here = Q(project_id=project_id, superseded_at__isnull=True)
    terms = [source for _, source in _load("labour_cost_term", _TERM, here)]
    months = {key.partition("@")[2] for key in keys}
    paid = Disbursement.objects.filter(here, month__in=months).values_list("pk", "month")
    month_of = dict(paid)
    disbursed = _load("disbursement", _DISBURSEMENT, Q(pk__in=month_of))
    for key in keys:
        month = key.partition("@")[2]
        mine = [source for pk, source in disbursed if month_of[pk] == month]
        found[f"labour_cost:{key}"] += [*terms, *mine]


def _said(value: Any) -> bool:
    return value is not None and value != ""


_NAMES = frozenset({"name", "payee_name"})


def _words(column: str, value: Any) -> str:
    if column in _NAMES:
        value = mask_name(value)
    elif column == "counterparty":
        value = mask_payee(value)
    elif column.endswith("_fen"):
        value = format_yuan(value)
    elif column == "kind":
        value = WageDeposit.Kind(value).label
    return f"{_WORDS[column]}{value}"
