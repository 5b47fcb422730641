"""Files as a clerk would send them, and the records that they need: a project, invented people."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

ROSTER_HEADER = ["序号", "姓名", "身份证号", "班组", "工种", "进场日期", "日工资", "银行卡号"]
PAYROLL_HEADER = [
    "序号",
    "姓名",
    "身份证号",
    "班组",
    "出勤天数",
    "应发工资",
    "扣款合计",
    "实发工资",
    "银行卡号",
]
RECEIPTS_HEADER = ["序号", "收款人姓名", "收款账号", "金额", "交易日期", "交易状态", "失败原因", "流水号"]


def id_number(index: int) -> str:
    """An invented ID number: region prefix 99, right check digit."""
    body = f"990101{1960 + index % 40}0{1 + index % 9}1{index % 10}{100 + index % 900:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def bank_card(index: int) -> str:
    """An invented card number: unassigned issuer 99, right Luhn digit."""
    body = f"99{index:016d}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def workbook(header: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "") -> bytes:
    """An xlsx with a title line where one is given, one header row and the rows: the same bytes for the same table."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    # a workbook carries the second it was made: two of one table would differ when the clock ticks between them
    book.set_properties({"created": dt.datetime(2026, 10, 1)})
    sheet = book.add_worksheet("Sheet1")
    first = 0
    if title:
        sheet.write(0, 0, title)
        first = 1
    for number, row in enumerate([header, *rows]):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(first + number, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(
                    first + number,
                    column,
                    dt.datetime.combine(value, dt.time()),
                    book.add_format({"num_format": "yyyy-mm-dd"}),
                )
            elif value is not None:
                sheet.write(first + number, column, value)
    book.close()
    return out.getvalue()


def roster(*people: tuple[str, int], team: str = "木工班", **changes: Any) -> bytes:
    """A roster of ``(name, index)`` people; index chooses ID number and card."""
    trade = changes.get("trade", "普工")
    rows = [
        [number, name, id_number(index), team, trade, "2026-03-01", 300, bank_card(index)]
        for number, (name, index) in enumerate(people, 1)
    ]
    return workbook(ROSTER_HEADER, rows, title="农民工实名制花名册")


def payroll(*lines: Sequence[Any], month: str = "2026年9月", header: Sequence[str] = PAYROLL_HEADER) -> bytes:
    """A payroll; each line is ``(name, ID index or None, net yuan)`` with an optional team."""
    rows = []
    for number, (name, index, net, *more) in enumerate(lines, 1):
        identity = ["", ""] if index is None else [id_number(index), bank_card(index)]
        rows.append(
            [number, name, identity[0], more[0] if more else "木工班", 26, net + 200, 200, net, identity[1]]
        )
    return workbook(header, rows, title=f"{month}份农民工工资表")


def receipts(*rows: Sequence[Any], day: str = "2026-10-15") -> bytes:
    """Bank results; each row is ``(name, card index or None, yuan)`` with optional status and reference."""
    lines = []
    for number, (name, index, yuan, *more) in enumerate(rows, 1):
        status = more[0] if more else "成功"
        reference = more[1] if len(more) > 1 else f"LS{number:06d}"
        reason = "账号户名不符" if status == "失败" else ""
        card = "" if index is None else bank_card(index)
        lines.append([number, name, card, yuan, day, status, reason, reference])
    return workbook(RECEIPTS_HEADER, lines)


def make_project(now: dt.datetime, *, code: str = "P1", name: str = "滨江安置房一期") -> Any:
    """A project under supervision in an invented county."""
    from anxin.registry.models import Project, Region

    region, _ = Region.objects.get_or_create(code="990101", defaults={"name": "东湖县"})
    return Project.objects.create(code=code, name=name, region=region, industry="housing", recorded_at=now)


def deliver(kind: str, data: bytes, *, actor: Any, now: dt.datetime, **options: Any) -> Any:
    """Open and accept in one go, as the command line does."""
    from anxin.evidence import imports

    options.setdefault("project_code", "P1")
    options.setdefault("filename", f"{kind}.xlsx")
    batch = imports.open_batch(kind=kind, data=data, actor=actor, now=now, **options)
    if batch.already_accepted:
        return batch
    assert batch.state == "recognised", batch.refusal
    return imports.accept_batch(batch.pk, actor=actor, now=now, recognition=batch.recognition)
