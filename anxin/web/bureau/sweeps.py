"""系统 · 扫描: every run of the rules, with what it was asked, which code and parameters, and what came out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.monitoring.models import Sweep
from anxin.registry.access import visible_projects
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000


@page(access.VIEW, access.MANAGE, access.AUDIT)
def system(request: HttpRequest) -> HttpResponse:
    """The door 系统 opens on the first page this person may see."""
    user = user_of(request)
    if access.may(user, access.MANAGE):
        return redirect("people")
    return redirect("journal" if access.may(user, access.AUDIT) else "sweeps")


@page(access.VIEW, access.MANAGE, access.AUDIT)
def listing(request: HttpRequest) -> HttpResponse:
    found = Sweep.objects.order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "sweeps": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
    }
    return render(request, "bureau/sweeps.html", context)


@page(access.VIEW, access.MANAGE, access.AUDIT)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = or_404(Sweep.objects.filter(pk=pk).first())
    names = []
    if access.may(user_of(request), access.VIEW) and run.project_ids:
        names = list(visible_projects(user_of(request)).filter(pk__in=run.project_ids[:50]))
    return render(
        request, "bureau/sweep.html", {"sweep": run, "projects": names, "seconds": run.milliseconds / 1000}
    )


@page(access.VIEW, access.MANAGE, access.AUDIT)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("编号", "number", 8),
        Column("开始时间", "time", 18),
        Column("起因", "text", 10),
        Column("截至日期", "date", 12),
        Column("事实", "number", 10),
        Column("发现", "number", 8),
        Column("缺数据", "number", 8),
        Column("新增", "number", 8),
        Column("延续", "number", 8),
        Column("加重", "number", 8),
        Column("消除", "number", 8),
        Column("程序版本", "text", 20),
        Column("法规参数指纹", "text", 40),
    )
    rows = (
        [
            run.pk,
            clock.local(run.started_at),
            run.get_trigger_display() + ("（试算）" if run.rehearsal else ""),
            run.as_of,
            run.facts,
            run.findings,
            run.gaps,
            run.opened,
            run.continued,
            run.worsened,
            run.cleared,
            run.code_version,
            run.parameters_hash,
        ]
        for run in Sweep.objects.order_by("-pk")[:EXPORT_LIMIT]
    )
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(table_workbook("扫描记录", subtitle, columns, rows), "扫描记录", today)
