"""项目与单位: the list, and everything known about one project, each part one click away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column as SheetColumn
from anxin.evidence.workbooks import table_workbook
from anxin.funds import queries as fund_queries
from anxin.funds.labour_cost import Period
from anxin.funds.queries_accounts import labour_cost_periods
from anxin.funds.queries_months import ProjectMoney, project_money
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.law import LawError, WorkCalendar, pay_day
from anxin.local_law import queries as local_law
from anxin.monitoring import queries as monitoring_queries
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.project_standing import standing_page, with_standing
from anxin.monitoring.sections import divided
from anxin.payroll import queries as payroll_queries
from anxin.registry.access import find_visible
from anxin.registry.aliases import aliases_of
from anxin.registry.investment import Investment, judged
from anxin.registry.models import Participation, Project
from anxin.registry.queries import (
    ProjectFilters,
    ProjectOverview,
    attach_general_contractors,
    matching_projects,
    project_overview,
)
from anxin.web import clock, lists
from anxin.web.bureau import aliases
from anxin.web.bureau.due import longest_cycle, next_labour_cost
from anxin.web.found import or_404
from anxin.web.lists import Column, Columns
from anxin.web.policy import page, user_of
from anxin.workforce import queries as workforce_queries
from anxin.workforce.queries_gates import device_row, visible_devices, with_state
from anxin.workforce.queries_site import roster_counts, site_glance

COLUMNS = (
    Column("name", "项目"),
    Column("state", "状态"),
    Column("contractor", "施工总承包单位"),
    Column("region", "地区"),
    Column("industry", "行业"),
    Column("warnings", "未消除预警"),
    Column("unpaid", "欠发工资"),
    Column("days", "最长拖欠"),
    Column("responsible", "主管单位", shown=False),
    Column("pay_day", "发薪日", shown=False),
    Column("commencement", "开工日期", shown=False),
)
#: an export beyond this is for a report, not for a person to read
EXPORT_LIMIT = 50_000


@dataclass(frozen=True)
class WageMonth:
    """One month of the chart and its table: promised against proved paid, in fen."""

    month: str
    people: int
    promised_fen: int
    paid_fen: int
    paid_people: int
    unidentified: int
    #: when it was to be paid; ``None`` where no pay day is agreed or the year has no calendar
    due: dt.date | None = None

    @property
    def unpaid_fen(self) -> int:
        return max(self.promised_fen - self.paid_fen, 0)


#: warnings of each part on the overview
_SHOWN = 6


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    filters = _filters(request)
    found = standing_page(matching_projects(user, filters), request.GET.get("after", ""))
    attach_general_contractors(found.items)
    columns = Columns(request, "projects", COLUMNS)
    context = {
        "filters": filters,
        "projects": found.items,
        "next_key": found.next_after,
        "columns": columns,
        "states": Project.State.choices,
        "industries": lists.industry_choices(),
        "regions": lists.region_choices(user),
        "organisations": lists.organisation_choices(user),
        "narrowed": any((filters.text, filters.region, filters.industry, filters.state, filters.responsible)),
        "may_register": access.may(user, access.IMPORT),
    }
    return columns.remember(render(request, "bureau/projects.html", context))


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered projects as a workbook."""
    user, today = user_of(request), clock.today()
    found: list[Any] = list(with_standing(matching_projects(user, _filters(request)))[:EXPORT_LIMIT])
    levels = dict(Level.choices)
    columns = (
        SheetColumn("项目编码"),
        SheetColumn("项目名称"),
        SheetColumn("地区"),
        SheetColumn("行业"),
        SheetColumn("状态"),
        SheetColumn("主管单位"),
        SheetColumn("合同价款（元）", "yuan", 18),
        SheetColumn("开工日期", "date", 12),
        SheetColumn("发薪日", "number", 8),
        SheetColumn("未消除预警", "number", 12),
        SheetColumn("最高级别", "text", 10),
        SheetColumn("欠发工资（元）", "yuan", 18),
        SheetColumn("最长拖欠（天）", "number", 12),
    )
    rows = [
        [
            project.code,
            project.name,
            project.region.name,
            project.get_industry_display(),
            project.get_state_display(),
            project.responsible.name if project.responsible else "",
            project.contract_fen,
            project.commencement,
            project.pay_day,
            project.open_warnings,
            levels.get(project.worst_level, ""),
            project.unpaid_fen or None,
            project.unpaid_days,
        ]
        for project in found
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}　金额单位：元"
    return lists.workbook_response(
        table_workbook("工程项目清单", subtitle, columns, rows), "工程项目清单", today
    )


@page(access.VIEW)
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """概况: what is wrong now, who takes part, what is registered, and the wage months at a glance."""
    project = project_or_404(request, pk)
    today = clock.today()
    money = project_money(project)
    months = wage_months(project, money)
    site = site_glance(project, today)
    open_warnings = list(
        monitoring_queries.project_warnings(project).exclude(state=Warning.State.CLEARED)[:200]
    )
    parts = [(part, part.items[:_SHOWN]) for part in divided(open_warnings)]
    registered = project_overview(project)
    known = {approval.number for approval in registered.approvals}
    context = {
        "registered": registered,
        "investment": _investment(project, registered),
        "permit_shown": project.permit_number and project.permit_number not in known,
        "site": site,
        "roster": site.roster,
        "months": months,
        "finding": finding(months),
        "chart": chart_data(months, project.pk),
        "warning_parts": parts,
        "gaps": list(monitoring_queries.project_gaps(project)[:12]),
        "accounts": fund_queries.accounts(project, balances=False),
        "deposits": fund_queries.deposits(project),
        "last_disbursement": money.last_disbursement,
        "aliases": aliases.shown(user_of(request), aliases_of(user_of(request), project)),
    }
    return render_part(request, "bureau/project.html", project, "project", context)


def _investment(project: Project, registered: ProjectOverview) -> Investment:
    """Whose money, by the owners that the page shows anyway."""
    owners = registered.employers(Participation.Role.OWNER)
    return judged(project, [(one.uscc, one.name) for one in owners])


@page(access.VIEW)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_or_404(request, pk)
    found = workforce_queries.roster(project, lists.whole_number(request.GET.get("after")))
    context = {
        "rows": found.items,
        "next_key": found.next_after,
        "counts": roster_counts(project, clock.today()),
    }
    return render_part(request, "bureau/project_roster.html", project, "project-roster", context)


@page(access.VIEW)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_or_404(request, pk)
    found = with_state(visible_devices(user_of(request)).filter(project=project), clock.now())
    context = {
        "months": list(reversed(workforce_queries.attendance_months(project))),
        "devices": [device_row(device) for device in found.order_by("pk")[:50]],
    }
    return render_part(request, "bureau/project_attendance.html", project, "project-attendance", context)


@page(access.VIEW)
def attendance_month(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """One month person by person, one column a day."""
    project, chosen = project_or_404(request, pk), month_or_404(month)
    found = workforce_queries.attendance_of_month(
        project, chosen, lists.whole_number(request.GET.get("after"))
    )
    days = range(1, chosen.days + 1)
    dates = [dt.date(chosen.year, chosen.number, day) for day in days]
    rows = [(row, [(date, row.shares.get(date.day)) for date in dates]) for row in found.items]
    context = {
        "month": str(chosen),
        "days": days,
        "rows": rows,
        "next_key": found.next_after,
        "shown": len(rows),
    }
    return render_part(
        request, "bureau/project_attendance_month.html", project, "project-attendance", context
    )


@page(access.VIEW)
def funds(request: HttpRequest, pk: int) -> HttpResponse:
    """专户与拨付: account, agreed terms, disbursements, bank receipts."""
    project = project_or_404(request, pk)
    unmatched = request.GET.get("unmatched") == "1"
    receipts = fund_queries.receipts(
        project, lists.whole_number(request.GET.get("after")), unmatched_only=unmatched
    )
    agreed, today, law = fund_queries.terms(project), clock.today(), local_law.current()
    periods = labour_cost_periods(project, today, longest_cycle(law, today))
    context = {
        "today": today,
        "accounts": fund_queries.accounts(project),
        "terms": agreed,
        "next_disbursement": next_labour_cost(agreed, today, law),
        "periods": list(reversed(periods)),
        "period_finding": period_finding(periods),
        "chart": {
            "months": [str(one.month) for one in periods],
            "promised": [(one.due_fen or 0) / 100 for one in periods],
            "paid": [one.paid_fen / 100 for one in periods],
            "names": ["应拨人工费", "已到专户"],
        },
        "disbursements": fund_queries.disbursements(project),
        "receipts": receipts.items,
        "next_key": receipts.next_after,
        "unmatched": unmatched,
    }
    return render_part(request, "bureau/project_funds.html", project, "project-funds", context)


@page(access.VIEW)
def wages(request: HttpRequest, pk: int) -> HttpResponse:
    """工资按月: promised against paid; every month opens its lines."""
    project = project_or_404(request, pk)
    months = wage_months(project)
    context = {
        "months": list(reversed(months)),
        "finding": finding(months),
        "chart": chart_data(months, project.pk),
    }
    return render_part(request, "bureau/project_wages.html", project, "project-wages", context)


@page(access.VIEW)
def wages_month(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """One wage month line by line: promised, paid, and the row of the file it came from."""
    project, chosen = project_or_404(request, pk), month_or_404(month)
    found = payroll_queries.lines(project, chosen, lists.whole_number(request.GET.get("after")))
    paid = fund_queries.paid_by_line([line.line_id for line in found.items])
    rows = [
        (line, paid.get(line.line_id), paid_state(line.net_fen, paid.get(line.line_id)))
        for line in found.items
    ]
    this = next((one for one in wage_months(project) if one.month == str(chosen)), None)
    context = {
        "month": str(chosen),
        "total": this,
        "rows": rows,
        "next_key": found.next_after,
        "month_parts": divided(
            monitoring_queries.project_warnings(project)
            .filter(month=str(chosen))
            .exclude(state=Warning.State.CLEARED)
        ),
    }
    return render_part(request, "bureau/project_wages_month.html", project, "project-wages", context)


@page(access.VIEW)
def project_warnings(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_or_404(request, pk)
    context = {
        "parts": divided(monitoring_queries.project_warnings(project)[:400]),
        "gaps": list(monitoring_queries.project_gaps(project)),
        "today": clock.today(),
    }
    return render_part(request, "bureau/project_warnings.html", project, "project-warnings", context)


def project_or_404(request: HttpRequest, pk: int, permission: str = access.VIEW) -> Project:
    return or_404(find_visible(user_of(request), pk, permission))


def month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise Http404 from None


def wage_months(project: Project, money: ProjectMoney | None = None) -> list[WageMonth]:
    """Promised and proved paid by wage month, oldest first; one query, and none with the money at hand."""
    calendar = local_law.current().calendar
    return [
        WageMonth(
            row.month,
            row.people,
            row.promised_fen,
            row.paid_fen,
            row.paid_people,
            row.unidentified,
            _due(project, row.month, calendar),
        )
        for row in (money or project_money(project)).months
    ]


def _due(project: Project, month: str, calendar: WorkCalendar) -> dt.date | None:
    if project.pay_day is None:
        return None
    try:
        return pay_day(Month.parse(month), project.pay_day, project.pay_month_offset, calendar).due
    except LawError:
        return None


def finding(months: Sequence[WageMonth]) -> str:
    """The chart's title: what it shows, in one sentence."""
    short = [month for month in months if month.unpaid_fen]
    if not months:
        return "还没有导入工资表"
    if not short:
        return f"{len(months)}个月的工资都有银行到账记录"
    unpaid = sum(month.unpaid_fen for month in short)
    first = Month.parse(short[0].month).chinese()
    if len(short) == 1:
        return f"{first}有{sentence_yuan(unpaid)}尚无到账记录"
    return f"{first}起{len(short)}个月共{sentence_yuan(unpaid)}尚无到账记录"


def period_finding(periods: Sequence[Period]) -> str:
    """The title over labour cost by month: what is missing, in one sentence."""
    short = [one for one in periods if one.gap_fen]
    unknown = sum(one.due_fen is None for one in periods)
    if not periods:
        return "还没有约定或拨付记录"
    if short:
        missing = sentence_yuan(sum(one.gap_fen for one in short))
        return f"{short[0].month.chinese()}起{len(short)}期人工费用共差{missing}"
    if unknown:
        return f"{unknown}期不知道应拨多少，请登记约定金额、占比或当期进度款"
    return f"{len(periods)}期人工费用都已足额到账"


def chart_data(months: Sequence[WageMonth], project_id: int) -> dict[str, Any]:
    """What the chart draws, in yuan; ``address`` opens a month's lines."""
    return {
        "months": [month.month for month in months],
        "promised": [month.promised_fen / 100 for month in months],
        "paid": [month.paid_fen / 100 for month in months],
        "address": f"/projects/{project_id}/wages/",
    }


def paid_state(net_fen: int, paid: fund_queries.LinePaid | None) -> tuple[str, str]:
    """Word and style of a line's payment."""
    if paid is None or not paid.paid_fen:
        return ("未到账", "mark-bad") if net_fen > 0 else ("无应付", "")
    return ("部分到账", "mark-wait") if paid.paid_fen < net_fen else ("已到账", "mark-good")


def _filters(request: HttpRequest) -> ProjectFilters:
    get = request.GET.get
    return ProjectFilters(
        text=(get("text") or "").strip(),
        region=get("region") or "",
        industry=get("industry") or "",
        state=get("state") or "",
        responsible=get("responsible") or "",
        employer=lists.whole_number(get("employer")),
    )


def render_part(
    request: HttpRequest, template: str, project: Project, tab: str, context: dict[str, Any]
) -> HttpResponse:
    """One tab of a project's page in its frame."""
    user = user_of(request)
    frame = {
        "project": project,
        "tab": tab,
        "may_register": access.may_on(user, access.IMPORT, project),
        "may_handle": access.may_on(user, access.HANDLE, project),
        "may_unmask": access.may_on(user, access.UNMASK, project),
    }
    return render(request, template, {**frame, **context})


def registrable_or_404(request: HttpRequest, pk: int) -> Project:
    """A visible project on which this person may also register facts. Raises :class:`PermissionDenied`."""
    project = project_or_404(request, pk)
    if find_visible(user_of(request), pk, access.IMPORT) is None:
        raise PermissionDenied
    return project
