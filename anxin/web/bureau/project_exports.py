"""A project's lists as workbooks; people are masked as on the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds import queries as fund_queries
from anxin.funds.models import BankReceipt
from anxin.kernel.months import Month
from anxin.payroll import queries as payroll_queries
from anxin.registry.models import Project
from anxin.web import clock, lists
from anxin.web.bureau.projects import EXPORT_LIMIT, month_or_404, paid_state, project_or_404, wage_months
from anxin.web.policy import page, user_of
from anxin.workforce import queries as workforce_queries

#: title, columns, rows
Table = tuple[str, Sequence[Column], Sequence[Sequence[Any]]]


@page(access.VIEW)
def export(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """``what`` is a list of the project's page; those of one month name it as ``?month=``."""
    project = project_or_404(request, pk)
    if what in BY_MONTH:
        month = month_or_404(request.GET.get("month", ""))
        title, columns, rows = BY_MONTH[what](project, month)
        period = f"　所属期间：{month}"
    elif what in WHOLE:
        title, columns, rows = WHOLE[what](project)
        period = ""
    else:
        raise Http404
    today = clock.today()
    office = lists.office_of(user_of(request))
    subtitle = (
        f"填报单位：{office}　项目：{project.name}（{project.code}）{period}　导出日期：{today}　金额单位：元"
    )
    data = table_workbook(title, subtitle, columns, rows)
    return lists.workbook_response(data, f"{project.name}{title}", today)


def _roster(project: Project) -> Table:
    columns = (
        Column("姓名"),
        Column("身份证号", "text", 22),
        Column("用人单位"),
        Column("班组"),
        Column("工种"),
        Column("工号"),
        Column("进场日期", "date", 12),
        Column("退场日期", "date", 12),
        Column("约定工资"),
        Column("合同", "text", 8),
        Column("工资卡", "text", 12),
        Column("出处"),
    )
    signed = {True: "已签", False: "未签", None: ""}
    rows = [
        [
            row.person.name,
            row.person.id_number,
            row.employer,
            row.team,
            row.trade,
            row.employee_number,
            row.entry,
            row.exit,
            row.agreed_wage,
            signed[row.contract_signed],
            row.bank_card,
            row.source,
        ]
        for row in workforce_queries.roster(project, limit=EXPORT_LIMIT).items
    ]
    return "实名制花名册", columns, rows


def _attendance(project: Project, month: Month) -> Table:
    days = range(1, month.days + 1)
    columns = (
        Column("姓名"),
        Column("身份证号", "text", 22),
        *(Column(str(day), "number", 5) for day in days),
        Column("合计天数", "number", 10),
    )
    found = workforce_queries.attendance_of_month(project, month, limit=EXPORT_LIMIT).items
    rows = [
        [
            row.person.name,
            row.person.id_number,
            *(float(row.shares[day]) if day in row.shares else None for day in days),
            float(row.days),
        ]
        for row in found
    ]
    return "考勤表", columns, rows


def _wages(project: Project, month: Month) -> Table:
    lines = payroll_queries.lines(project, month, limit=EXPORT_LIMIT).items
    paid = fund_queries.paid_by_line([line.line_id for line in lines])
    columns = (
        Column("姓名"),
        Column("班组"),
        Column("出勤天数", "number", 10),
        Column("应发", "yuan", 14),
        Column("扣款", "yuan", 14),
        Column("实发", "yuan", 14),
        Column("已到账", "yuan", 14),
        Column("到账日期", "date", 12),
        Column("状态", "text", 10),
        Column("出处"),
    )
    rows = []
    for line in lines:
        own = paid.get(line.line_id)
        rows.append(
            [
                line.name,
                line.team,
                None if line.days_worked is None else float(line.days_worked),
                line.gross_fen,
                line.deduction_fen,
                line.net_fen,
                own.paid_fen if own else 0,
                own.last_paid_on if own else None,
                paid_state(line.net_fen, own)[0],
                line.source,
            ]
        )
    return "工资明细", columns, rows


def _months(project: Project) -> Table:
    columns = (
        Column("月份", "text", 10),
        Column("人数", "number", 8),
        Column("工资表实发", "yuan", 16),
        Column("银行到账", "yuan", 16),
        Column("尚未到账", "yuan", 16),
        Column("已收到的人数", "number", 12),
    )
    rows = [
        [row.month, row.people, row.promised_fen, row.paid_fen, row.unpaid_fen, row.paid_people]
        for row in wage_months(project)
    ]
    return "工资按月汇总", columns, rows


def _receipts(project: Project) -> Table:
    columns = (
        Column("收款人"),
        Column("账号", "text", 12),
        Column("金额", "yuan", 14),
        Column("对上工资", "yuan", 14),
        Column("到账日期", "date", 12),
        Column("结果", "text", 8),
        Column("退回原因"),
        Column("出处"),
    )
    rows = [
        [
            row.payee,
            row.bank_card,
            row.amount_fen,
            row.matched_fen,
            row.paid_on,
            str(BankReceipt.Outcome(row.outcome).label),
            row.reason,
            row.source,
        ]
        for row in fund_queries.receipts(project, limit=EXPORT_LIMIT).items
    ]
    return "银行回单", columns, rows


WHOLE: dict[str, Callable[[Project], Table]] = {
    "roster": _roster,
    "months": _months,
    "receipts": _receipts,
}
BY_MONTH: dict[str, Callable[[Project, Month], Table]] = {"attendance": _attendance, "wages": _wages}
