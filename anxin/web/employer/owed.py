"""What a project still owes the rules, each with what would clear it and where to answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from anxin.agency.models import PayrollRun
from anxin.agency.steps import title
from anxin.kernel.months import Month
from anxin.law import LawError, pay_day
from anxin.local_law import queries as local_law
from anxin.monitoring.models import Warning
from anxin.payroll.models import Payroll
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment

#: rule → the kind of file that answers it
ANSWERED_BY = {
    "W03": "receipts",
    "P01": "receipts",
    "W04": "payroll",
    "W05": "payroll",
    "P02": "attendance",
}
KIND_TITLES = {"roster": "花名册", "attendance": "考勤表", "payroll": "工资表", "receipts": "银行回执"}


@dataclass(frozen=True)
class OwedWarning:
    """An open warning of the project, what clears it, and the page where that is done (or nothing)."""

    warning: Warning
    clears: str
    link: str
    link_title: str


@dataclass(frozen=True)
class Owed:
    """One thing that is owed next. ``month`` is the wage month; ``due`` the pay day where one is known."""

    project: Project
    sentence: str
    step: str
    link: str
    month: str = ""
    due: dt.date | None = None
    hot: bool = False


def open_warnings(project: Project) -> list[OwedWarning]:
    """The project's open warnings, worst first."""
    rows = (
        Warning.objects.filter(project=project, advice=False)
        .exclude(state=Warning.State.CLEARED)
        .order_by("-level", "-pk")
    )
    runs = {
        run.month: run
        for run in PayrollRun.objects.filter(project=project).exclude(state=PayrollRun.State.WITHDRAWN)
    }
    return [_owed_warning(row, runs.get(row.month)) for row in rows]


def _owed_warning(warning: Warning, run: PayrollRun | None) -> OwedWarning:
    kind = ANSWERED_BY.get(warning.rule, "")
    clears = warning.explanation.get("clears", "")
    if kind == "receipts" and run is not None:
        return OwedWarning(warning, clears, reverse("employer:run", args=[run.pk]), "去看这个月的代发")
    if not kind:
        return OwedWarning(warning, clears, "", "")
    query = f"?project={warning.project_id}&kind={kind}" + (
        f"&month={warning.month}" if warning.month else ""
    )
    return OwedWarning(warning, clears, reverse("employer:upload-new") + query, f"上传{KIND_TITLES[kind]}")


def owed_next(
    projects: Sequence[Project], own_runs: QuerySet[PayrollRun], today: dt.date, *, general: Collection[int]
) -> list[Owed]:
    """What each project owes next, the earliest pay day first; a few queries for all projects.

    Looked at are the last whole wage month and this one: who is on the roster, whether attendance is there, whether
    the month's payroll stands, and when it is to be paid. A payroll delivered as a file counts where the employer is
    ``general`` contractor: elsewhere it may be another subcontractor's.
    """
    ids = [project.pk for project in projects]
    with_roster = set(
        Enrolment.objects.filter(project_id__in=ids, superseded_at__isnull=True).values_list(
            "project_id", flat=True
        )
    )
    month = Month.of(today).plus(-1)
    attended = _attended(ids, month)
    promised = set(
        Payroll.objects.filter(
            project_id__in=ids, month=str(month), lines__superseded_at__isnull=True
        ).values_list("project_id", flat=True)
    )
    runs: dict[int, list[PayrollRun]] = {}
    of_month = own_runs.filter(project_id__in=ids, month=str(month)).select_related("employer")
    for run in of_month.exclude(state=PayrollRun.State.WITHDRAWN).order_by("pk"):
        runs.setdefault(run.project_id, []).append(run)
    found = []
    for project in projects:
        if project.state == Project.State.COMPLETED:
            continue
        owed = _of_project(project, month, project.pk in with_roster, project.pk in attended)
        found += owed or _of_payroll(
            project, month, today, runs.get(project.pk, []), project.pk in promised & set(general)
        )
    return sorted(found, key=lambda one: (one.due or dt.date.max, one.project.pk))


def _attended(ids: Sequence[int], month: Month) -> set[int]:
    days = AttendanceDay.objects.filter(
        project_id__in=ids, superseded_at__isnull=True, day__range=(month.first_day, month.last_day)
    )
    totals = AttendanceMonth.objects.filter(project_id__in=ids, superseded_at__isnull=True, month=str(month))
    return set(days.values_list("project_id", flat=True).distinct()) | set(
        totals.values_list("project_id", flat=True)
    )


def _of_project(project: Project, month: Month, roster: bool, attendance: bool) -> list[Owed]:
    """What has to come before a payroll can be made."""
    upload = reverse("employer:upload-new") + f"?project={project.pk}"
    due = due_day(project, month)
    if not roster:
        link = f"{upload}&kind=roster"
        return [Owed(project, "还没有实名制花名册。", "上传花名册", link, str(month), due)]
    if not attendance:
        link = f"{upload}&kind=attendance&month={month}"
        return [Owed(project, f"还没有{month.chinese()}考勤。", "上传考勤表", link, str(month), due)]
    return []


def _of_payroll(
    project: Project, month: Month, today: dt.date, runs: Sequence[PayrollRun], promised: bool
) -> list[Owed]:
    due = due_day(project, month)
    hot = due is not None and (due - today).days <= 3
    if not runs:
        if promised:
            return []
        link = reverse("employer:run-new") + f"?project={project.pk}&month={month}"
        sentence = f"{month.chinese()}工资表还没有编制。"
        return [Owed(project, sentence, "按考勤编制", link, str(month), due, hot)]
    steps = {
        "draft": ("还在编制，没有交工人确认。", "核对并交工人确认"),
        "returned": ("被总包退回，待修改。", "看退回原因并修改"),
        "with_workers": ("正在等工人确认。", "看答复，报总包审核"),
        "submitted": ("等待总包审核。", "由另一人审核"),
        "approved": ("已审核，还没有报银行。", "检查并报银行"),
        "sent": ("已报银行，还没有全部到账。", "看银行结果"),
    }
    found = []
    for run in runs:
        if run.state in steps:
            said, step = steps[run.state]
            link = reverse("employer:run", args=[run.pk])
            found.append(Owed(project, f"{title(run)}{said}", step, link, str(month), due, hot))
    return found


def due_day(project: Project, month: Month) -> dt.date | None:
    """When the month's wages are to be paid by agreement and calendar; ``None`` where none is agreed."""
    if project.pay_day is None:
        return None
    try:
        return pay_day(month, project.pay_day, project.pay_month_offset, local_law.current().calendar).due
    except LawError:
        return None
