"""系统 · 日志: who did what, when; whether the chain holds. Only for auditors."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from anxin.accounts import access
from anxin.evidence import journal
from anxin.evidence.models import JournalEntry
from anxin.evidence.workbooks import Column, table_workbook
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE = 60
EXPORT_LIMIT = 50_000
#: first part of an action, in words
AREAS = {
    "account": "账号",
    "api_key": "接口密钥",
    "import": "导入",
    "warning": "预警处置",
    "monitoring": "扫描",
    "person": "个人信息",
    "registry": "登记",
    "funds": "资金",
    "local_law": "本地数值",
    "journal": "日志",
    "evidence": "证据包",
    "demo": "演示数据",
}


@page(access.AUDIT)
def listing(request: HttpRequest) -> HttpResponse:
    found = _filtered(request)
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(sequence__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "entries": [(entry, AREAS.get(entry.action.split(".")[0], entry.action)) for entry in shown],
        "next_key": shown[-1].sequence if len(rows) > PAGE else None,
        "areas": AREAS.items(),
        "filters": {name: request.GET.get(name, "") for name in ("text", "area", "who", "from", "until")},
        "shown": len(shown),
    }
    return render(request, "bureau/journal.html", context)


@page(access.AUDIT)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("序号", "number", 8),
        Column("时间", "time", 18),
        Column("操作人", "text", 14),
        Column("操作", "text", 24),
        Column("内容", "text", 60),
        Column("对象", "text", 20),
        Column("哈希", "text", 40),
    )
    rows = (
        [
            entry.sequence,
            timezone.localtime(entry.at),
            entry.actor_name,
            entry.action,
            entry.summary,
            f"{entry.object_type} {entry.object_id}",
            entry.hash,
        ]
        for entry in _filtered(request)[:EXPORT_LIMIT]
    )
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("操作日志", subtitle, columns, rows), "操作日志", today)


@page(access.AUDIT, methods=("POST",))
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole chain now."""
    report = journal.verify()
    if report.intact:
        messages.success(request, f"校验通过：{report.entries}条日志首尾相接，没有缺失或改动。")
    else:
        messages.error(request, f"校验未通过：{report.problem}请立即保护现场并报告。")
    return redirect("journal")


def _filtered(request: HttpRequest) -> QuerySet[JournalEntry]:
    get = request.GET.get
    found = JournalEntry.objects.order_by("-sequence")
    if get("area") in AREAS:
        found = found.filter(action__startswith=f"{get('area')}.")
    if who := get("who"):
        found = found.filter(actor_name__icontains=who)
    if text := get("text"):
        found = found.filter(summary__icontains=text)
    for name, lookup, shift in (("from", "at__gte", 0), ("until", "at__lt", 1)):
        day = _day(get(name))
        if day is not None:
            start = dt.datetime.combine(day + dt.timedelta(days=shift), dt.time.min)
            found = found.filter(**{lookup: timezone.make_aware(start)})
    return found


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None
