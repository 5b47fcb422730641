"""导入: deliveries as a list; upload, look, accept, follow, and what came back."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.arbitration.imports_applicants import KIND as APPLICANTS
from anxin.clues import list_channels
from anxin.clues.models import Clue
from anxin.evidence import files, journal, progress
from anxin.evidence import imports as services
from anxin.evidence.models import ImportBatch, ImportProblem
from anxin.evidence.rawrows import raw_row
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds.models import ReceiptMatch
from anxin.monitoring.models import Warning
from anxin.referral.imports_payments import KIND as PAYMENTS
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.sheets import KINDS, SIGNALS, Recognition, SheetRefused
from anxin.web import clock, lists
from anxin.web.batch_facts import month_needed, totals
from anxin.web.bureau.batches import LIST_PAGES, batch_or_404, list_of, may_act, project_of, visible_batches
from anxin.web.bureau.sheet_view import problem_cells, sheet_view
from anxin.web.forms import ConsoleForm, MonthField
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of
from anxin.web.receiving import MESSAGES, SentField, tables
from anxin.web.templatetags.anxin_show import batch_month

PAGE = 40
EXPORT_LIMIT = 20_000
_PROBLEMS = 50
_OF_PROJECTS = [(spec.name, spec.title) for spec in KINDS.values()]
#: lists of one clue's people and of what they got are chosen on the clue's pages, those of a case on the case's
_OF_A_CLUE = ("claimants", PAYMENTS, APPLICANTS)
_OF_OTHERS = [(spec.name, spec.title) for spec in SIGNALS.values() if spec.name not in _OF_A_CLUE]
KIND_TITLES = [*_OF_PROJECTS, *_OF_OTHERS, *((name, SIGNALS[name].title) for name in _OF_A_CLUE)]
#: as a form groups them: what a project delivers, and what other bodies report
_CHOICES = [("项目资料", _OF_PROJECTS), ("部门数据（不选项目）", _OF_OTHERS)]


class UploadForm(ConsoleForm):
    """What a delivery needs: kind, project, file; the month only where the sheet does not say it."""

    kind = forms.ChoiceField(label="文件种类", choices=_CHOICES)
    project = forms.ChoiceField(label="项目", required=False, help_text="部门数据不选项目，其他都要选。")
    month = MonthField(label="月份", required=False, help_text="表里写明月份的可不填。")
    file = SentField(
        label="文件", accept=f"{MESSAGES},.zip", door=lambda: tables(advice="请按项目或月份拆分后再导入")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = visible_projects(user, access.IMPORT).order_by("name").values_list("code", "name")
        choices = [("", "请选择项目"), *((code, f"{name}（{code}）") for code, name in projects)]
        self.fields["project"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in SIGNALS:
            data["project"] = ""  # which project a row is about stands in the row
        elif data.get("kind") and not data.get("project") and "project" not in self.errors:
            self.add_error("project", "请填写这一项。")
        return data


@page(access.VIEW, access.IMPORT)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = _filtered(request)
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "batches": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "project_names": _project_names(shown),
        "kinds": KIND_TITLES,
        "kind_titles": dict(KIND_TITLES),
        "states": ImportBatch.State.choices,
        "filters": {name: request.GET.get(name, "") for name in ("text", "kind", "state", "month")},
        "narrowed": any(request.GET.get(name) for name in ("text", "kind", "state", "month")),
        "may_import": access.may(user, access.IMPORT),
        "proposals": pending_matches(user).count(),
    }
    return render(request, "bureau/imports.html", context)


@page(access.VIEW, access.IMPORT)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    found = list(_filtered(request)[:EXPORT_LIMIT])
    names = _project_names(found)
    titles = dict(KIND_TITLES)
    columns = (
        Column("批次", "number", 8),
        Column("文件"),
        Column("种类", "text", 12),
        Column("项目编码"),
        Column("项目名称"),
        Column("月份", "text", 10),
        Column("状态", "text", 10),
        Column("读取行数", "number", 10),
        Column("接收行数", "number", 10),
        Column("退回行数", "number", 10),
        Column("送达人", "text", 12),
        Column("送达日期", "date", 12),
    )
    rows = [
        [
            batch.pk,
            batch.filename,
            titles.get(batch.kind, batch.kind),
            batch.project_code,
            names.get(batch.project_code, ""),
            batch_month(batch),
            batch.get_state_display(),
            batch.rows_read,
            batch.rows_accepted,
            batch.rows_rejected,
            batch.delivered_by_name,
            clock.local(batch.delivered_at).date(),
        ]
        for batch in found
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("导入批次清单", subtitle, columns, rows), "导入批次清单", today
    )


@page(access.IMPORT, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in; it is looked at on the next page, and nothing becomes a fact before that."""
    user = user_of(request)
    start = {
        "project": request.GET.get("project", ""),
        "kind": request.GET.get("kind", "payroll"),
        "month": request.GET.get("month", ""),
    }
    form = UploadForm(request.POST or None, request.FILES or None, user=user, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            batch = services.open_batch(
                kind=data["kind"],
                data=data["file"].data,
                filename=data["file"].name,
                actor=access.actor(user),
                now=clock.now(),
                project_code=data["project"],
                month=data["month"] or None,
            )
        except services.ImportRefused as refusal:
            form.refuse(str(refusal))
        else:
            if batch.already_accepted:
                when = clock.local(batch.accepted_at)
                messages.warning(request, f"该文件已于{when:%Y-%m-%d %H:%M}接收过，未作任何改动。")
            return redirect("import", pk=batch.pk)
    status = 422 if form.is_bound and form.errors else 200
    limit = settings.ANXIN_UPLOAD_LIMIT // 1024 // 1024
    return render(request, "bureau/import_new.html", {"form": form, "limit": limit}, status=status)


@page(access.VIEW, access.IMPORT)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery: a preview to decide on, a running one to follow, or an ended one with its result."""
    batch = batch_or_404(user_of(request), pk)
    project = project_of(batch)
    context = {
        "batch": batch,
        "project": project,
        "kind_title": dict(KIND_TITLES).get(batch.kind, batch.kind),
        "may_act": may_act(user_of(request), batch, project),
        "report": batch.report or {},
        "of_clue": list_of(batch),
        "clue_page": LIST_PAGES.get(batch.kind, "claimants"),
        "payments": batch.kind == PAYMENTS,
    }
    state = ImportBatch.State
    if batch.state == state.ACCEPTING:
        context["progress"] = progress.read(batch.pk)
        return render(request, "bureau/import_running.html", context)
    if batch.state in (state.ACCEPTED, state.WITHDRAWN):
        return render(request, "bureau/import_result.html", {**context, **_result(request, batch, project)})
    context.update(_preview(request, batch))
    return render(request, "bureau/import_preview.html", context)


@page(access.IMPORT, methods=("POST",))
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _actable(request, pk)
    try:
        services.queue_accept(batch.pk, actor=access.actor(user_of(request)), now=clock.now())
    except (services.ImportRefused, SheetRefused) as refusal:
        messages.error(request, str(refusal))
    return redirect("import", pk=pk)


@page(access.IMPORT, methods=("POST",))
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _actable(request, pk)
    try:
        services.withdraw_batch(batch, actor=access.actor(user_of(request)), now=clock.now())
        messages.success(request, "已放弃导入，数据没有改动。")
    except services.ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("import", pk=pk)


@page(access.VIEW, access.IMPORT)
def progress_piece(request: HttpRequest, pk: int) -> HttpResponse:
    """Polled while the worker accepts; sends the page to the result when it has ended."""
    batch = batch_or_404(user_of(request), pk)
    if batch.state != ImportBatch.State.ACCEPTING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = {"batch": batch, "progress": progress.read(pk)}
    return render(request, "parts/progress.html", context)


@page(access.IMPORT)
def rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that came back, with the reasons: full rows, so only for who may deliver them again."""
    batch = _actable(request, pk)
    try:
        data = services.rejected_workbook(batch)
    except (SheetRefused, files.FileDamaged) as refusal:
        messages.error(request, str(refusal))
        return redirect("import", pk=pk)
    _record_download(request, batch, "下载退回行")
    return lists.workbook_response(data, f"退回行_{batch.filename.rsplit('.', 1)[0]}_", clock.today())


@page(access.IMPORT)
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file exactly as it was delivered; it holds people in full, so the download is journalled."""
    batch = _actable(request, pk)
    try:
        data = files.read(batch.bundle or batch.file)
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("import", pk=pk)
    _record_download(request, batch, "下载原始文件")
    name = f"{PurePosixPath(batch.filename).stem}.zip" if batch.bundle else batch.filename
    return handed_out(data, name)


def pending_matches(user: User) -> QuerySet[ReceiptMatch]:
    """Proposed matches on projects whose files this person delivers, or whose warnings they handle."""
    return ReceiptMatch.objects.filter(
        state=ReceiptMatch.State.PROPOSED,
        ended_at__isnull=True,
        receipt__project__in=visible_projects(user, access.VIEW),
    )


def _actable(request: HttpRequest, pk: int) -> ImportBatch:
    batch = batch_or_404(user_of(request), pk)
    if not may_act(user_of(request), batch, project_of(batch)):
        raise PermissionDenied
    return batch


def _record_download(request: HttpRequest, batch: ImportBatch, words: str) -> None:
    journal.record(
        actor=access.actor(user_of(request)),
        action="import.downloaded",
        object_type="import_batch",
        object_id=batch.pk,
        summary=f"{words}“{batch.filename}”",
        now=clock.now(),
    )


def _preview(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    start = max(lists.whole_number(request.GET.get("from")) or 1, 1)
    only = request.GET.get("problems") == "1"
    try:
        view = sheet_view(batch, start=start, only_problems=only)
    except (SheetRefused, files.FileDamaged) as refusal:
        return {"view": None, "unreadable": str(refusal)}
    problems = batch.problems.order_by("row", "id")
    return {
        "view": view,
        "only_problems": only,
        "start": start,
        "next_start": view.last_row + 1 if view.more else None,
        "problems": list(problems[:_PROBLEMS]),
        "problem_count": problems.count(),
        "totals": totals(batch.report),
        "month": batch_month(batch),
        "month_needed": month_needed(batch),
        **_source(batch, view.recognition),
        "other_kinds": [
            (name, title)
            for name, title in (_OF_OTHERS if batch.kind in SIGNALS else _OF_PROJECTS)
            if batch.kind not in _OF_A_CLUE and name != batch.kind
        ],
    }


def _source(batch: ImportBatch, recognition: Recognition | None) -> dict[str, Any]:
    """Of a list of tickets that has no column for its channel: what it is taken for and why, to be changed here."""
    if batch.kind != "hotline" or recognition is None or not list_channels.without_a_column(recognition):
        return {}
    source = list_channels.proposed(recognition, batch.filename, batch.mapping)
    return {
        "source": source,
        "source_title": Clue.Channel(source.channel).label,
        "source_choices": [(one.value, one.label) for one in list_channels.CHOICES],
    }


def _result(request: HttpRequest, batch: ImportBatch, project: Project | None) -> dict[str, Any]:
    after = lists.whole_number(request.GET.get("after")) or 0
    found = list(batch.problems.filter(pk__gt=after).order_by("pk")[: _PROBLEMS + 1])
    shown = found[:_PROBLEMS]
    context: dict[str, Any] = {
        "problems": shown,
        "next_key": shown[-1].pk if len(found) > _PROBLEMS else None,
        "rejected_problems": batch.problems.filter(severity=ImportProblem.Severity.REJECTED).exists(),
        "totals": totals(batch.report),
        "asked_row": None,
        "punch_rules": _rule_dates(batch.report),
    }
    row = lists.whole_number(request.GET.get("row"))
    if row:
        raw = raw_row(batch, row)
        letters = _letters(batch) if raw else {}
        context["asked_row"] = row
        # Without the file nobody knows which column holds the names: then nothing is shown.
        context["asked_cells"] = problem_cells(batch, raw, letters) if raw and letters else []
    if project is not None:
        open_warnings = Warning.objects.filter(project=project, advice=False).exclude(
            state=Warning.State.CLEARED
        )
        context["open_warnings"] = open_warnings.count()
        context["proposals"] = pending_matches(user_of(request)).filter(receipt__project=project).count()
    return context


def _letters(batch: ImportBatch) -> dict[str, str]:
    """Field → column letter, read from the file again: the report keeps only the headers."""
    try:
        found = services.recognise_batch(batch)
    except (SheetRefused, files.FileDamaged):
        return {}
    return found.column_letters


def _rule_dates(report: Any) -> list[dt.date]:
    """Since when the rules hold by which the file's punches became days."""
    rules = ((report or {}).get("punches") or {}).get("rules", [])
    return [dt.date.fromisoformat(rule.rpartition("/")[2]) for rule in rules]


def _filtered(request: HttpRequest) -> QuerySet[ImportBatch]:
    found = visible_batches(user_of(request)).order_by("-id")
    get = request.GET.get
    for name in ("kind", "state", "month"):
        if get(name):
            found = found.filter(**{name: get(name)})
    text = (get("text") or "").strip()
    if text:
        named = Project.objects.filter(name__icontains=text).values("code")
        found = found.filter(filename__icontains=text) | found.filter(project_code__in=named)
    return found


def _project_names(batches: list[ImportBatch]) -> dict[str, str]:
    codes = {batch.project_code for batch in batches if batch.project_code}
    return dict(Project.objects.filter(code__in=codes).values_list("code", "name"))
