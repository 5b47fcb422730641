"""What a project still owes the rules, each with what would clear it and where to answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from anxin.agency.models import PayrollRun
from anxin.agency.steps import title
from anxin.kernel.months import Month
from anxin.law import Law, LawError, pay_day
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


def open_warnings(project: Project, own_runs: Sequence[PayrollRun]) -> list[OwedWarning]:
    """The project's open warnings, worst first; ``own_runs``: its payrolls that stand, of every month."""
    rows = (
        Warning.objects.filter(project=project, advice=False)
        .exclude(state=Warning.State.CLEARED)
        .order_by("-level", "-pk")
    )
    # of several in one month the latest is the one to look at
    runs = {run.month: run for run in sorted(own_runs, key=lambda one: one.pk)}
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


def month_owed(today: dt.date) -> Month:
    """The wage month that is looked at on a day: the last whole one."""
    return Month.of(today).plus(-1)


def with_delivered(projects: QuerySet[Project], month: Month) -> QuerySet[Project]:
    """``projects``, each with what is there of it: ``roster``, and of the month ``attended`` and ``promised``."""
    of_project = {"project": OuterRef("pk"), "superseded_at__isnull": True}
    days = AttendanceDay.objects.filter(day__range=(month.first_day, month.last_day), **of_project)
    totals = AttendanceMonth.objects.filter(month=str(month), **of_project)
    payrolls = Payroll.objects.filter(
        project=OuterRef("pk"), month=str(month), lines__superseded_at__isnull=True
    )
    return projects.annotate(
        roster=Exists(Enrolment.objects.filter(**of_project)),
        attended=Exists(days) | Exists(totals),
        promised=Exists(payrolls),
    )


def owed_next(
    projects: Sequence[Project], own_runs: Sequence[PayrollRun], today: dt.date, law: Law
) -> list[Owed]:
    """What each project owes next, the earliest pay day first; asks the database nothing.

    ``projects`` come with what :func:`with_delivered` adds, ``own_runs`` are their payrolls that stand (others may be among
    them). A payroll delivered as a file counts where the employer is general contractor: elsewhere it may be another
    subcontractor's.
    """
    month = month_owed(today)
    runs: dict[int, list[PayrollRun]] = {}
    for run in sorted(own_runs, key=lambda one: one.pk):
        if run.month == str(month):
            runs.setdefault(run.project_id, []).append(run)
    found = []
    for project in projects:
        if project.state == Project.State.COMPLETED:
            continue
        due = due_day(project, month, law)
        found += _of_project(project, month, due) or _of_payroll(
            project, month, today, due, runs.get(project.pk, [])
        )
    return sorted(found, key=lambda one: (one.due or dt.date.max, one.project.pk))


def _of_project(project: Project, month: Month, due: dt.date | None) -> list[Owed]:
    """What has to come before a payroll can be made."""
    upload = reverse("employer:upload-new") + f"?project={project.pk}"
    if not project.roster:  # type: ignore[attr-defined]
        link = f"{upload}&kind=roster"
        return [Owed(project, "还没有实名制花名册。", "上传花名册", link, str(month), due)]
    if not project.attended:  # type: ignore[attr-defined]
        link = f"{upload}&kind=attendance&month={month}"
        return [Owed(project, f"还没有{month.chinese()}考勤。", "上传考勤表", link, str(month), due)]
    return []


def _of_payroll(
    project: Project, month: Month, today: dt.date, due: dt.date | None, runs: Sequence[PayrollRun]
) -> list[Owed]:
    hot = due is not None and (due - today).days <= 3
    if not runs:
        if project.general and project.promised:  # type: ignore[attr-defined]
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


def due_day(project: Project, month: Month, law: Law) -> dt.date | None:
    """When the month's wages are to be paid by agreement and calendar; ``None`` where none is agreed."""
    if project.pay_day is None:
        return None
    try:
        return pay_day(month, project.pay_day, project.pay_month_offset, law.calendar).due
    except LawError:
        return None
