"""我的项目: what each owes the rules, its roster and its attendance, as far as the employer may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.access import employers_of
from anxin.accounts.models import User
from anxin.agency.access import own_runs
from anxin.agency.attended import attended_days
from anxin.agency.queries import run_rows, standing_runs
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds.labour_cost import Period
from anxin.funds.queries import accounts
from anxin.funds.queries_accounts import labour_cost_periods
from anxin.kernel.masking import mask_card, mask_id_number
from anxin.kernel.months import Month
from anxin.law import Law, LawError
from anxin.local_law import queries as local_law
from anxin.monitoring.project_standing import with_standing
from anxin.monitoring.sections import by_section
from anxin.registry.models import Project
from anxin.web import clock, lists
from anxin.web.employer.owed import month_owed, open_warnings, owed_next, with_delivered
from anxin.web.employer.scope import own_projects, project_or_404
from anxin.web.policy import page, user_of
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment
from anxin.workforce.queries import masked

PAGE = 50
CYCLE = "construction.labour_cost_cycle_max_months"
_PERIODS = 4
#: payrolls shown on the project's page
_RUNS = 12
EXPORT_LIMIT = 20_000


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    return render(
        request, "employer/projects.html", {"projects": with_standing(own_projects(user_of(request)))}
    )


@page(access.EMPLOYER)
def listing_export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("项目编码"),
        Column("项目名称"),
        Column("状态", "text", 10),
        Column("约定发薪日", "text", 12),
        Column("未消除预警", "number", 12),
        Column("未付工资（元）", "yuan", 16),
    )
    rows = [
        [
            one.code,
            one.name,
            one.get_state_display(),
            f"{one.pay_day}日" if one.pay_day else "未登记",
            one.open_warnings,  # type: ignore[attr-defined]
            one.unpaid_fen,  # type: ignore[attr-defined]
        ]
        for one in with_standing(own_projects(user))
    ]
    return _workbook(request, "我的项目", columns, rows, f"导出日期：{today}")


@page(access.EMPLOYER)
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = user_of(request), clock.today()
    law = local_law.current()
    project = project_or_404(user, pk, with_delivered(own_projects(user), month_owed(today)))
    general = is_general(project)
    runs = standing_runs(own_runs(user).filter(project=project))
    owed = open_warnings(project, runs) if general else []
    context = {
        **_base(project, "project", general),
        "today": today,
        "owed": owed_next([project], runs, today, law),
        "parts": by_section(owed, lambda one: one.warning),
        "warning_count": len(owed),
        "runs": run_rows(runs[:_RUNS]),
        "accounts": accounts(project) if general else [],
        "labour_cost": _labour_cost(project, today, law) if general else [],
    }
    return render(request, "employer/project.html", context)


@page(access.EMPLOYER)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    project = project_or_404(user, pk)
    after = lists.whole_number(request.GET.get("after")) or 0
    found = list(own_roster(user, project).filter(pk__gt=after)[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        **_base(project, "roster", is_general(project)),
        "rows": shown,
        "people": own_roster(user, project).values("worker_id").distinct().order_by().count(),
        "next_key": shown[-1].pk if len(found) > PAGE else None,
    }
    return render(request, "employer/roster.html", context)


@page(access.EMPLOYER)
def roster_export(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    project = project_or_404(user, pk)
    columns = (
        Column("姓名", "text", 12),
        Column("身份证号", "text", 22),
        Column("用人单位"),
        Column("班组", "text", 12),
        Column("工种", "text", 12),
        Column("进场日期", "date", 12),
        Column("退场日期", "date", 12),
        Column("约定工资", "text", 14),
        Column("银行卡", "text", 12),
    )
    rows = [
        [
            one.worker.name,
            masked(one.worker.id_number, mask_id_number),
            one.employer.name if one.employer else one.employer_name,
            one.team,
            one.trade,
            one.entry,
            one.exit,
            one.agreed_wage,
            masked(one.bank_card, mask_card),
        ]
        for one in own_roster(user, project)[:EXPORT_LIMIT]
    ]
    return _workbook(request, f"花名册_{project.name}", columns, rows, f"项目：{project.name}")


@page(access.EMPLOYER)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """One month's days, person by person; the latest month where none is named."""
    user = user_of(request)
    project = project_or_404(user, pk)
    month = _asked_month(request, project)
    context = {
        **_base(project, "attendance", is_general(project)),
        "month": str(month),
        "previous": str(month.plus(-1)),
        "following": str(month.plus(1)),
        "days": range(1, month.days + 1),
        "rows": _attendance_rows(user, project, month),
    }
    return render(request, "employer/attendance.html", context)


@page(access.EMPLOYER)
def attendance_export(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    project = project_or_404(user, pk)
    month = _asked_month(request, project)
    columns = (
        Column("姓名", "text", 12),
        Column("班组", "text", 12),
        *(Column(str(day), "number", 5) for day in range(1, month.days + 1)),
        Column("合计", "number", 8),
    )
    rows = [
        [name, team, *shares, total] for name, team, shares, total in _attendance_rows(user, project, month)
    ]
    title = f"{month.chinese()}考勤_{project.name}"
    return _workbook(request, title, columns, rows, f"项目：{project.name}")


def _labour_cost(project: Project, today: dt.date, law: Law) -> list[Period]:
    """The latest periods of labour cost that the owner agreed to pay in, newest first."""
    try:
        longest = int(law.value(CYCLE, on=today, region=project.region_id).value)
    except LawError:
        return []
    return labour_cost_periods(project, today, longest)[::-1][:_PERIODS]


def is_general(project: Project) -> bool:
    """Whether the reader's employer is the project's general contractor."""
    return project.general  # type: ignore[attr-defined, no-any-return]


def own_roster(user: User, project: Project) -> QuerySet[Enrolment]:
    """The current enrolments that the employer sees: all as general contractor, else its own people."""
    found = Enrolment.objects.filter(project=project, superseded_at__isnull=True)
    if not is_general(project):
        found = found.filter(employer__uscc__in=employers_of(user))
    return found.select_related("worker", "employer").order_by("pk")


def _attendance_rows(
    user: User, project: Project, month: Month
) -> list[tuple[str, str, list[object], object]]:
    """(name, team, share of each day, total) for everybody with attendance in the month; three queries."""
    people = {one.worker_id: one for one in own_roster(user, project)}
    days = attended_days(project, month, people)
    totals = dict(
        AttendanceMonth.objects.filter(
            project=project, month=str(month), superseded_at__isnull=True
        ).values_list("worker_id", "days")
    )
    rows: list[tuple[str, str, list[object], object]] = []
    for worker, one in sorted(people.items(), key=lambda item: (item[1].team, item[1].worker.name)):
        own = days.get(worker, {})
        if own or worker in totals:
            shares: list[object] = [own.get(day) for day in range(1, month.days + 1)]
            rows.append((one.worker.name, one.team, shares, sum(own.values()) if own else totals[worker]))
    return rows


def _asked_month(request: HttpRequest, project: Project) -> Month:
    text = request.GET.get("month", "")
    if text:
        try:
            return Month.parse(text)
        except ValueError:
            raise Http404 from None
    last = (
        AttendanceDay.objects.filter(project=project, superseded_at__isnull=True)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    return Month.of(last or clock.today())


def _base(project: Project, tab: str, general: bool) -> dict[str, object]:
    return {"project": project, "tab": tab, "general": general}


def _workbook(
    request: HttpRequest,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[object]],
    about: str,
) -> HttpResponse:
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　{about}"
    return lists.workbook_response(table_workbook(title, subtitle, columns, rows), title, clock.today())
