"""导入 · 实名制数据包: packages in the shape of the national standard, out and in."""

from __future__ import annotations

import tempfile
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.exchange import queries
from anxin.exchange.models import PackageImport
from anxin.exchange.standard import catalogue
from anxin.exchange.standard.exporting import export_for
from anxin.exchange.standard.importing import import_for
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.web import clock, lists
from anxin.web.forms import ConsoleForm
from anxin.web.found import or_404
from anxin.web.handing_out import streamed
from anxin.web.policy import page, user_of
from anxin.web.receiving import SentField, tables

PAGE = 40
EXPORT_LIMIT = 20_000
_PROBLEMS = 200
_FORMS = (("jsonl", "压缩包，每个对象一个 JSON Lines 文件"), ("csv", "压缩包，每个对象一个 CSV 文件"), ("xlsx", "Excel，每个对象一页"))  # fmt: skip


class ExportForm(ConsoleForm):
    project = forms.ChoiceField(label="项目", required=False)
    form = forms.ChoiceField(label="写法", choices=_FORMS)
    full = forms.BooleanField(label="姓名、证件号码等不遮盖", required=False)
    purpose = forms.CharField(
        label="目的", max_length=200, required=False, help_text="不遮盖时必填，记入日志，例如“报送省级平台”。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = visible_projects(user).order_by("name").values_list("code", "name")
        choices = [("", "全部可见项目"), *((code, f"{name}（{code}）") for code, name in projects)]
        self.fields["project"].choices = choices  # type: ignore[attr-defined]
        if not access.may(user, access.UNMASK):
            del self.fields["full"], self.fields["purpose"]


class ImportForm(ConsoleForm):
    file = SentField(
        label="数据包",
        accept=".zip,.xlsx",
        door=lambda: tables("数据包", "请用命令 anxin exchange import 导入"),
    )


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    return _page(request)


@page(access.VIEW, methods=("POST",))
def export(request: HttpRequest) -> HttpResponseBase:
    """The package as a download. Made in a file beside memory, because a city's attendance is big."""
    user = user_of(request)
    form = ExportForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, out=form)
    said = form.cleaned_data
    target = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    try:
        export_for(
            user,
            target,
            codes=[said["project"]] if said["project"] else [],
            form=said["form"],
            now=clock.now(),
            full=said.get("full", False),
            purpose=said.get("purpose", ""),
        )
    except Refused as refusal:
        target.close()
        form.refuse(str(refusal), refusal.field)
        return _page(request, out=form)
    target.seek(0)
    ending = "xlsx" if said["form"] == "xlsx" else "zip"
    return streamed(target, f"实名制数据包{clock.today():%Y%m%d}.{ending}")


@page(access.IMPORT, methods=("POST",))
def take(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            result = import_for(user, upload.data, upload.name, now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), "file")
        else:
            assert result.kept is not None
            if not result.changed and not result.rejected:
                messages.warning(request, "数据包的内容与现有记录相同，未作任何改动。")
            return redirect("package", pk=result.kept.pk)
    return _page(request, taken=form)


@page(access.IMPORT)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a package that this person took in."""
    found = _mine(request, pk)
    context = {
        "taken": found,
        "problems": found.problems[:_PROBLEMS],
        "more": max(found.problem_count - _PROBLEMS, 0),
        "titles": {one.name: one.title for one in catalogue.objects().values()},
    }
    return render(request, "bureau/package.html", context)


@page(access.IMPORT)
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    found, today = _mine(request, pk), clock.today()
    columns = (Column("对象", "text", 24), Column("名称", "text", 20), Column("行", "number", 8), Column("字段", "text", 22), Column("结果", "text", 8), Column("原因"))  # fmt: skip
    titles = {one.name: one.title for one in catalogue.objects().values()}
    rows = [
        [
            one["object"],
            titles.get(one["object"], ""),
            one["row"],
            one["field"],
            "退回" if one["rejected"] else "提醒",
            one["reason"],
        ]
        for one in found.problems
    ]
    subtitle = f"数据包：{found.filename}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("数据包退回行", subtitle, columns, rows), "数据包退回行", today
    )


@page(access.VIEW)
def objects(request: HttpRequest) -> HttpResponse:
    """The standard's objects with our source of each field, as a workbook to lay beside a platform's papers."""
    today = clock.today()
    columns = (Column("对象", "text", 24), Column("对象名称", "text", 20), Column("字段", "text", 24), Column("字段名称", "text", 20), Column("必填", "text", 6), Column("长度", "number", 6), Column("字典", "text", 16), Column("本系统的来源"), Column("可信程度", "text", 24))  # fmt: skip
    rows: list[list[object]] = []
    for one in catalogue.objects().values():
        if not one.fields:
            rows.append(
                [one.name, one.title, "", "", "", None, "", one.note, catalogue.CONFIDENCE[one.confidence]]
            )
        rows += [
            [
                one.name,
                one.title,
                field.code,
                field.title,
                "是" if field.required else "",
                field.length,
                field.dictionary,
                field.source or "本系统不登记",
                catalogue.CONFIDENCE[field.confidence],
            ]
            for field in one.fields
        ]
    title = "实名制数据标准对照表"
    return lists.workbook_response(table_workbook(title, catalogue.TITLE, columns, rows), title, today)


@page(access.VIEW)
def imports_export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (Column("数据包"), Column("项目数", "number", 8), Column("变动行数", "number", 10), Column("退回行数", "number", 10), Column("导入时间", "time", 18))  # fmt: skip
    rows = [
        [one.filename, len(one.projects), one.changed, one.rejected, clock.local(one.taken_at)]
        for one in queries.package_imports(access.actor(user))[:EXPORT_LIMIT]
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("数据包导入记录", subtitle, columns, rows), "数据包导入记录", today
    )


def _page(
    request: HttpRequest, *, out: ExportForm | None = None, taken: ImportForm | None = None
) -> HttpResponse:
    user = user_of(request)
    found = queries.package_imports(access.actor(user))
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "out": out or ExportForm(user=user),
        "taken": taken or ImportForm(),
        "may_import": access.may(user, access.IMPORT),
        "imports": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "limit": settings.ANXIN_UPLOAD_LIMIT // 1024 // 1024,
        "standard": catalogue.TITLE,
    }
    status = 422 if any(form is not None and form.errors for form in (out, taken)) else 200
    return render(request, "bureau/packages.html", context, status=status)


def _mine(request: HttpRequest, pk: int) -> PackageImport:
    return or_404(queries.package_imports(access.actor(user_of(request))).filter(pk=pk).first())
