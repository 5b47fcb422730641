"""Turns a golden case, written in the words of the domain, into fact tables and expectations."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from anxin.funds.outflows import WORDS
from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.rules import LEVEL_NAMES

CASES = Path(__file__).parent / "cases"
STATES = {"在建": "in_progress", "停工": "suspended", "完工": "completed"}
DEPOSITS = {"现金": "cash", "保函": "guarantee", "保险": "insurance", "担保": "guarantor"}
#: the loader in C where it was built: the same, many times as fast
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PAY_DAY = re.compile(r"^(当月|次月)(\d{1,2})日$")


@dataclass(frozen=True)
class Case:
    #: the case's project: cases of one file are evaluated together, each as a project of its own
    project_id: int
    rule: str
    name: str
    today: dt.date
    tables: dict[str, list[dict[str, Any]]]
    #: expected warnings: month, level, people, fen, days, sentence
    warnings: list[dict[str, Any]]
    #: expected gaps: a text that each sentence contains
    missing: list[str]


@cache
def read_cases() -> list[Case]:
    """All cases of all files, in order; read once, because several tests go through them."""
    cases = []
    for path in sorted(CASES.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        refuse_unknown(content, {"规则", "说明", "共同", "案例"}, path.name)
        for entry in content["案例"]:
            both = {**content.get("共同", {}), **entry}
            cases.append(_case(len(cases) + 1, content["规则"], both))
    return cases


def refuse_unknown(entry: dict[str, Any], allowed: set[str], where: str) -> None:
    """A mistyped key must not silently weaken a case."""
    strange = set(entry) - allowed
    if strange:
        raise ValueError(f"{where}：不认识的字段 {'、'.join(sorted(strange))}")


def together(cases: list[Case]) -> dict[str, pa.Table]:
    """Fact tables with the projects of all the cases."""
    return {
        name: pa.Table.from_pylist(
            [
                {field.name: row.get(field.name) for field in schema}
                for case in cases
                for row in case.tables.get(name, ())
            ],
            schema=schema,
        )
        for name, schema in SCHEMAS.items()
    }


def _case(number: int, rule: str, entry: dict[str, Any]) -> Case:
    keys = {
        "名称",
        "今天",
        "项目",
        "考勤",
        "用工",
        "工资表",
        "到账",
        "没有回单",
        "约定拨付",
        "拨付",
        "保证金",
        "动用",
        "核定",
        "专户支出",
        "事实",
    }
    refuse_unknown(entry, keys | {"预警", "缺失"}, entry["名称"])
    tables = _tables(entry)
    for name, rows in entry.get("事实", {}).items():
        refuse_unknown(dict.fromkeys(rows[0]) if rows else {}, set(SCHEMAS[name].names), name)
        tables[name] = [*tables.get(name, []), *map(_plain_row, rows)]
    for name, rows in tables.items():
        for row in rows:
            _number(name, row, number)
    return Case(
        project_id=number,
        rule=rule,
        name=entry["名称"],
        today=entry["今天"],
        tables=tables,
        warnings=[_warning(item, entry["名称"]) for item in entry.get("预警", [])],
        missing=entry.get("缺失", []),
    )


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row in the columns of the fact table itself; ``…_fen`` columns are written in yuan."""
    return {name: fen(value) if name.endswith("_fen") else value for name, value in row.items()}


def _number(table: str, row: dict[str, Any], case: int) -> None:
    """Keep the cases apart: each has a project and an employer of the case's number, and ids of its own.

    ``0`` is the case's own project or employer; another number its n-th further one.
    """
    for field in SCHEMAS[table]:
        given = row.get(field.name)
        if not field.name.endswith("_id"):
            continue
        if given is None and not field.nullable:
            row[field.name] = case
        elif given is not None:
            row[field.name] = case * 1000 + given if given else case


def fen(yuan: Any) -> int | None:
    return None if yuan is None else int(Decimal(str(yuan)) * 100)


def _warning(item: dict[str, Any], where: str) -> dict[str, Any]:
    refuse_unknown(item, {"月份", "级别", "人数", "金额", "天数", "句子"}, where)
    levels = {name: level for level, name in LEVEL_NAMES.items()}
    expected: dict[str, Any] = {"month": item.get("月份", ""), "level": levels[item["级别"]]}
    if "人数" in item:
        expected["people"] = item["人数"]
    if "金额" in item:
        expected["amount_fen"] = fen(item["金额"])
    if "天数" in item:
        expected["days"] = item["天数"]
    if "句子" in item:
        expected["sentence"] = item["句子"]
    return expected


def _tables(entry: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    lines = [_line(number, item) for number, item in enumerate(entry.get("工资表", []), start=1)]
    attendance = [_attendance(item) for item in entry.get("考勤", [])]
    payments = _payments(entry.get("到账", []), lines)
    months = {line["month"] for line in lines}
    receipts = set() if entry.get("没有回单") else months
    return {
        "projects": [_project(entry.get("项目", {}))],
        "payroll_lines": lines,
        "payroll_months": [_month(month) for month in sorted(months)],
        "attendance": attendance,
        "attendance_months": [_month(month) for month in sorted({row["month"] for row in attendance})],
        "enrolments": [_enrolment(item) for item in entry.get("用工", [])],
        "payments": payments,
        "receipt_months": [_month(month) for month in sorted(receipts)],
        "labour_cost_terms": [_terms(item) for item in entry.get("约定拨付", [])],
        "disbursements": [_disbursement(n, item) for n, item in enumerate(entry.get("拨付", []), start=1)],
        "wage_deposits": [_deposit(n, item) for n, item in enumerate(entry.get("保证金", []), start=1)],
        "deposit_uses": [_use(n, item) for n, item in enumerate(entry.get("动用", []), start=1)],
        "deposit_assessments": [{"assessed_fen": fen(yuan)} for yuan in entry.get("核定", [])],
        "account_outflows": [_outflow(n, item) for n, item in enumerate(entry.get("专户支出", []), start=1)],
    }


def _month(month: str) -> dict[str, Any]:
    return {"month": month}


def _project(item: dict[str, Any]) -> dict[str, Any]:
    allowed = {"地区", "发薪日", "状态", "合同价款", "合同签订", "施工许可", "竣工", "建设单位", "总包单位"}
    refuse_unknown(item, allowed, "项目")
    row: dict[str, Any] = {
        "region": item.get("地区", "990101"),
        "state": STATES[item.get("状态", "在建")],
        "contract_fen": fen(item.get("合同价款")),
        "contract_on": item.get("合同签订"),
        "owner_id": item.get("建设单位"),
        "contractor_id": item.get("总包单位"),
        "permit_on": item.get("施工许可"),
        "completion": item.get("竣工"),
    }
    if pay_day := item.get("发薪日"):
        match = _PAY_DAY.match(pay_day)
        assert match, f"发薪日“{pay_day}”应写成“次月15日”"
        row |= {"pay_month_offset": int(match[1] == "次月"), "pay_day": int(match[2])}
    return row


def _line(number: int, item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"月份", "工人", "姓名", "应发", "扣款", "实发", "出勤"}, "工资表")
    net = fen(item["实发"])
    return {
        "line_id": number,
        "worker_key": item.get("工人"),
        "name_key": item.get("工人") or item["姓名"],
        "month": item["月份"],
        "gross_fen": fen(item.get("应发")) or net,
        "deduction_fen": fen(item.get("扣款")),
        "net_fen": net,
        "days_worked": item.get("出勤"),
    }


def _attendance(item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"月份", "工人", "天数"}, "考勤")
    return {
        "worker_key": item["工人"],
        "month": item["月份"],
        "days": float(item["天数"]),
    }


def _payments(items: list[dict[str, Any]], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    payments = []
    for item in items:
        refuse_unknown(item, {"月份", "工人", "金额"}, "到账")
        (line,) = [
            line for line in lines if (line["name_key"], line["month"]) == (item["工人"], item["月份"])
        ]
        payments.append({"line_id": line["line_id"], "paid_fen": fen(item["金额"]), "last_paid_on": None})
    return payments


def _enrolment(item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"工人", "全日制"}, "用工")
    return {"worker_key": item["工人"], "full_time": item["全日制"]}


def _terms(item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"每几个月", "几日前", "每期", "首期"}, "约定拨付")
    return {
        "cycle_months": item.get("每几个月", 1),
        "due_day": item["几日前"],
        "monthly_fen": fen(item.get("每期")),
        "first_month": item["首期"],
    }


def _disbursement(number: int, item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"期", "应拨", "实拨", "日期"}, "拨付")
    return {
        "disbursement_id": number,
        "month": item["期"],
        "due_fen": fen(item.get("应拨")),
        "paid_fen": fen(item["实拨"]),
        "paid_on": item["日期"],
    }


def _deposit(number: int, item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"形式", "金额", "起", "止", "返还"}, "保证金")
    return {
        "deposit_id": number,
        "kind": DEPOSITS[item["形式"]],
        "amount_fen": fen(item["金额"]),
        "valid_from": item["起"],
        "valid_until": item.get("止"),
        "released_on": item.get("返还"),
    }


def _use(number: int, item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"日期", "金额", "未补"}, "动用")
    used = fen(item["金额"])
    return {
        "use_id": number,
        "used_on": item["日期"],
        "used_fen": used,
        "open_fen": fen(item["未补"]) if "未补" in item else used,
    }


def _outflow(number: int, item: dict[str, Any]) -> dict[str, Any]:
    refuse_unknown(item, {"日期", "金额", "情形"}, "专户支出")
    fates = {words: fate for fate, words in WORDS.items()}
    return {
        "entry_id": number,
        "booked_on": item["日期"],
        "amount_fen": fen(item["金额"]),
        "fate": fates[item["情形"]],
    }
