"""The rows that evidence keys point at: which table, which columns say what a row is, and in whose file it stands.

Nothing sealed is read; names of people leave masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from anxin.funds.models import (
    AccountEntry,
    BankReceipt,
    DepositEvent,
    Disbursement,
    LabourCostTerm,
    SpecialAccount,
    WageDeposit,
)
from anxin.funds.models_accounts import AccountBalance
from anxin.kernel.masking import mask_name, mask_payee
from anxin.kernel.money import format_yuan
from anxin.monitoring.models import Warning
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Employer, Project
from anxin.signals.models import BoardCheck, Clue, EmployerEvent, InsuranceMonth, PaymentOrder, UtilityMonth
from anxin.workforce.models import Enrolment


@dataclass(frozen=True)
class SourceKind:
    """Where keys of one kind point, and which columns say what the row is."""

    title: str
    model: type[models.Model]
    columns: tuple[str, ...]


#: kinds whose key is ``KIND:PRIMARY-KEY``
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
    "employer": SourceKind("用人单位登记", Employer, ("name", "uscc")),
    "clue": SourceKind(
        "欠薪线索", Clue, ("number", "channel", "received_on", "people", "amount_fen", "closed_on")
    ),
    "payment_order": SourceKind(
        "责令支付文书", PaymentOrder, ("number", "served_on", "due_on", "people", "amount_fen", "paid_on")
    ),
    "board_check": SourceKind(
        "告示牌检查", BoardCheck, ("checked_on", "standing", "missing_items", "fix_by", "fixed_on")
    ),
    "employer_event": SourceKind(
        "其他部门登记", EmployerEvent, ("kind", "number", "on", "until", "people", "amount_fen")
    ),
    "warning": SourceKind("预警", Warning, ("rule", "level", "opened_on")),
}
RECEIPT = SourceKind("银行发放结果", BankReceipt, ("payee_name", "amount_fen", "paid_on"))
TERM = SourceKind(
    "人工费用拨付约定", LabourCostTerm, ("cycle_months", "due_day", "monthly_fen", "first_month")
)
DISBURSEMENT = SourceKind("人工费用拨付", Disbursement, ("month", "due_fen", "paid_fen", "paid_on"))
ACCOUNT = SourceKind("工资专用账户", SpecialAccount, ("opened_on", "closed_on"))
BALANCE = SourceKind("工资专用账户余额", AccountBalance, ("on", "balance_fen"))
ENROLMENT = SourceKind("花名册", Enrolment, ("team", "trade", "entry", "exit", "contract_signed"))
INSURANCE = SourceKind(
    "社会保险月报",
    InsuranceMonth,
    (
        "month",
        "insured",
        "hires",
        "leavers",
        "insurance_arrears_months",
        "insurance_arrears_fen",
        "unemployment_claims",
    ),
)
UTILITY = SourceKind("用水用电月报", UtilityMonth, ("month", "water_m3", "power_kwh"))

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
    "Employer.name": "单位名称",
    "uscc": "统一社会信用代码",
    "Clue.number": "编号",
    "channel": "渠道",
    "received_on": "接收日期",
    "people": "人数",
    "closed_on": "撤户日期",
    "Clue.closed_on": "办结日期",
    "served_on": "送达日期",
    "due_on": "期满日期",
    "PaymentOrder.paid_on": "付清日期",
    "checked_on": "检查日期",
    "standing": "是否设立",
    "missing_items": "缺项数",
    "fix_by": "限改日期",
    "fixed_on": "改正日期",
    "EmployerEvent.kind": "种类",
    "EmployerEvent.number": "编号",
    "until": "止",
    "rule": "规则",
    "level": "级别",
    "opened_on": "开户日期",
    "Warning.opened_on": "发现日期",
    "balance_fen": "余额",
    "team": "班组",
    "trade": "工种",
    "entry": "进场日期",
    "exit": "退场日期",
    "contract_signed": "已签合同",
    "InsuranceMonth.month": "月份",
    "UtilityMonth.month": "月份",
    "insured": "参保人数",
    "hires": "新增",
    "leavers": "减少",
    "insurance_arrears_months": "欠缴月数",
    "insurance_arrears_fen": "欠缴",
    "unemployment_claims": "失业金申领人数",
    "water_m3": "用水量（立方米）",
    "power_kwh": "用电量（千瓦时）",
}


@dataclass(frozen=True)
class Source:
    """One place that a person can open. ``batch`` is ``None`` for what no file told: registered in the console, or sent by
    the device that ``file`` names.
    """

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
        """``工资表“9月工资.xlsx”，工作表“Sheet1”第12行``, ``闸机“GZ-0001”``."""
        if self.batch is None:
            return f"{self.title}“{self.file}”" if self.file else f"{self.title}（在系统中登记）"
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


def load(kind: str, spec: SourceKind, where: Q) -> list[tuple[int, Source]]:
    """``(primary key, source)`` in the order of the keys."""
    return [(row["pk"], source) for row, source in load_rows(kind, spec, where)]


def load_rows(
    kind: str, spec: SourceKind, where: Q, also: tuple[str, ...] = ()
) -> list[tuple[dict[str, Any], Source]]:
    """The rows with their sources, in the order of the keys; ``also`` names columns to read besides. One query."""
    delivered = any(field.name == "batch" for field in spec.model._meta.get_fields())
    places = ("batch_id", "batch__filename", "batch__report__sheet", "row_number") if delivered else ()
    rows = (
        spec.model._default_manager.filter(where)
        .order_by("pk")
        .values("pk", *{*spec.columns, *also}, *places)
    )
    return [(row, _source(f"{kind}:{row['pk']}", spec, row)) for row in rows]


def _source(key: str, spec: SourceKind, row: dict[str, Any]) -> Source:
    people = (mask_name(row[name]) for name in spec.columns if _names_a_person(spec, name))
    return Source(
        key=key,
        title=spec.title,
        text="，".join(_words(spec, name, row[name]) for name in spec.columns if _said(row[name])),
        person=next(people, ""),
        batch=row.get("batch_id"),
        file=row.get("batch__filename") or "",
        sheet=row.get("batch__report__sheet") or "",
        row=row.get("row_number"),
    )


def _said(value: Any) -> bool:
    return value is not None and value != ""


def _names_a_person(spec: SourceKind, column: str) -> bool:
    return column in {"name", "payee_name"} and spec.model is not Employer


def _words(spec: SourceKind, column: str, value: Any) -> str:
    title = _WORDS.get(f"{spec.model.__name__}.{column}") or _WORDS[column]
    return f"{title}{_written(spec, column, value)}"


def _written(spec: SourceKind, column: str, value: Any) -> str:
    if _names_a_person(spec, column):
        return mask_name(value)
    if column == "counterparty":
        return mask_payee(value)
    if column.endswith("_fen"):
        return format_yuan(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    choices = dict(getattr(spec.model._meta.get_field(column.partition("__")[0]), "choices", None) or ())
    return str(choices.get(value, value))
