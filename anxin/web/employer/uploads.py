"""上传: a file comes in by the same door as everywhere, is looked at, accepted, and its bad rows come back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence import files, journal, progress
from anxin.evidence import imports as services
from anxin.evidence.models import ImportBatch, ImportProblem
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.months import Month
from anxin.registry.models import Project
from anxin.sheets import SheetRefused
from anxin.web import clock, lists
from anxin.web.batch_facts import month_needed, totals
from anxin.web.employer import blanks
from anxin.web.employer.owed import KIND_TITLES
from anxin.web.employer.own_people import others_in
from anxin.web.employer.scope import general_projects, own_projects, own_uploads, upload_or_404
from anxin.web.forms import ConsoleForm, MonthField
from anxin.web.policy import page, user_of
from anxin.web.receiving import MESSAGES, SentField, tables
from anxin.web.templatetags.anxin_show import batch_month

PAGE = 40
EXPORT_LIMIT = 20_000
_PROBLEMS = 100
_State = ImportBatch.State
#: what concerns other employers' people too comes from the general contractor
_GENERAL_ONLY = ("payroll", "receipts")


class UploadForm(ConsoleForm):
    """Kind, project and file; the month only where the sheet does not say it."""

    kind = forms.ChoiceField(label="文件种类", choices=list(KIND_TITLES.items()))
    project = forms.TypedChoiceField(label="项目", coerce=int)
    month = MonthField(label="月份", required=False, help_text="表里写明月份的可不填。")
    file = SentField(label="文件", accept=MESSAGES, door=lambda: tables(advice="请按项目或月份拆分后再上传"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._general = general_projects(user)
        self.projects = {project.pk: project for project in own_projects(user).order_by("name")}
        choices = [
            ("", "请选择项目"),
            *((pk, f"{one.name}（{one.code}）") for pk, one in self.projects.items()),
        ]
        self.fields["project"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") in _GENERAL_ONLY and data.get("project") not in self._general:
            title = KIND_TITLES[data["kind"]]
            self.refuse(f"{title}由施工总承包单位上传；分包单位请在“工资代发”中按考勤编制。", "kind")
        return data


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    found = own_uploads(user_of(request)).order_by("-id")
    after = lists.whole_number(request.GET.get("after"))
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    shown = rows[:PAGE]
    codes = {batch.project_code for batch in shown}
    context = {
        "batches": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "names": dict(Project.objects.filter(code__in=codes).values_list("code", "name")),
        "titles": KIND_TITLES,
    }
    return render(request, "employer/uploads.html", context)


@page(access.EMPLOYER)
def listing_export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("文件"),
        Column("种类", "text", 10),
        Column("项目编码"),
        Column("月份", "text", 10),
        Column("状态", "text", 10),
        Column("接收行数", "number", 10),
        Column("退回行数", "number", 10),
        Column("上传人", "text", 12),
        Column("上传日期", "date", 12),
        Column("没有接收的原因"),
    )
    rows = [
        [
            batch.filename,
            KIND_TITLES.get(batch.kind, batch.kind),
            batch.project_code,
            batch_month(batch),
            batch.get_state_display(),
            batch.rows_accepted,
            batch.rows_rejected,
            batch.delivered_by_name,
            clock.local(batch.delivered_at).date(),
            batch.refusal,
        ]
        for batch in own_uploads(user).order_by("-id")[:EXPORT_LIMIT]
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("上传记录", subtitle, columns, rows), "上传记录", today)


@page(access.EMPLOYER, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    start = {name: request.GET.get(name, "") for name in ("project", "kind", "month")}
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        user=user,
        initial={**start, "kind": start["kind"] or "attendance"},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            batch = services.open_batch(
                kind=data["kind"],
                data=data["file"].data,
                filename=data["file"].name,
                actor=access.actor(user),
                now=clock.now(),
                project_code=form.projects[data["project"]].code,
                month=data["month"] or None,
            )
        except services.ImportRefused as refusal:
            form.refuse(str(refusal))
        else:
            refusal_of_rows = _others_in(batch, user, form.projects[data["project"]])
            if not refusal_of_rows:
                return _taken(request, batch)
            form.refuse(refusal_of_rows, "file")
    context = {
        "form": form,
        "limit": settings.ANXIN_UPLOAD_LIMIT // 1024 // 1024,
        "blanks": KIND_TITLES.items(),
        "month": start["month"] or str(Month.of(clock.today()).plus(-1)),
    }
    return render(request, "employer/upload_new.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    if batch.already_accepted:
        when = clock.local(batch.accepted_at)
        messages.warning(request, f"该文件已于{when:%Y-%m-%d %H:%M}接收过，未作任何改动。")
    return redirect("employer:upload", pk=batch.pk)


def _others_in(batch: ImportBatch, user: User, project: Project) -> str:
    """A subcontractor's file with other employers' people is given up again, and the sentence says which rows."""
    if batch.recognition is None or batch.already_accepted or project.pk in general_projects(user):
        return ""
    sentence = others_in(batch.recognition, batch.kind, user, project)
    # The same file may already wait, brought by the general contractor: that one is not ours to give up.
    if sentence and batch.delivered_by == access.actor(user).key:
        services.withdraw_batch(batch, actor=access.actor(user), now=clock.now())
    return sentence


@page(access.EMPLOYER)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was recognised and what comes back; accepting is one button, its progress is polled."""
    batch = upload_or_404(user_of(request), pk)
    problems = batch.problems.order_by("row", "id")
    report = batch.report or {}
    context = {
        "batch": batch,
        "project": Project.objects.filter(code=batch.project_code).first(),
        "title": KIND_TITLES.get(batch.kind, batch.kind),
        "columns": (report.get("columns") or {}).values(),
        "report": report,
        "month": batch_month(batch),
        "month_needed": month_needed(batch),
        "totals": totals(report),
        "problems": problems[:_PROBLEMS],
        "problem_count": problems.count(),
        "has_rejects": problems.filter(severity=ImportProblem.Severity.REJECTED).exists(),
        "progress": progress.read(batch.pk) if batch.state == _State.ACCEPTING else None,
        "open": batch.state in (_State.RECOGNISED, _State.FAILED) and batch.rows_accepted > 0,
    }
    return render(request, "employer/upload.html", context)


@page(access.EMPLOYER, methods=("POST",))
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept it, for the month in the form where the sheet names none."""
    user = user_of(request)
    batch = upload_or_404(user, pk)
    by, now = access.actor(user), clock.now()
    try:
        if month_needed(batch):
            if not request.POST.get("month"):
                raise services.ImportRefused("表里没有写明月份，请先选择是哪个月的，再接收。")
            batch.month = str(Month.parse(request.POST["month"]))
            services.remap_batch(batch, mapping=batch.mapping or {}, actor=by, now=now)
        services.queue_accept(batch.pk, actor=by, now=now)
    except (services.ImportRefused, SheetRefused, files.FileDamaged, ValueError) as refusal:
        messages.error(request, str(refusal))
    return redirect("employer:upload", pk=pk)


@page(access.EMPLOYER, methods=("POST",))
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    try:
        services.withdraw_batch(upload_or_404(user, pk), actor=access.actor(user), now=clock.now())
        messages.success(request, "已放弃上传，数据没有改动。")
    except services.ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("employer:upload", pk=pk)


@page(access.EMPLOYER)
def rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that came back, with the reasons, as they were sent: mended in place, they are sent again."""
    user = user_of(request)
    batch = upload_or_404(user, pk)
    try:
        data = services.rejected_workbook(batch)
    except (SheetRefused, files.FileDamaged) as refusal:
        messages.error(request, str(refusal))
        return redirect("employer:upload", pk=pk)
    journal.record(
        actor=access.actor(user),
        action="import.downloaded",
        object_type="import_batch",
        object_id=batch.pk,
        summary=f"下载退回行“{batch.filename}”",
        now=clock.now(),
    )
    return lists.workbook_response(data, f"退回行_{batch.filename.rsplit('.', 1)[0]}_", clock.today())


@page(access.EMPLOYER)
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table that imports without mapping."""
    month = blanks.month_of(request.GET.get("month", ""), clock.today())
    title, data = blanks.blank_or_404(kind, month)
    return lists.workbook_response(data, title, clock.today())
