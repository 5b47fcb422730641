"""系统 · 接口调用: what programs called, and with which end. Neither bodies nor people are in it."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anxin.accounts import access
from anxin.connections.queries_keys import ENDS, CallFilters, calls, keys
from anxin.connections.refusals import REFUSALS
from anxin.connections.services import holder_name
from anxin.evidence.workbooks import Column, table_workbook
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE = 60
EXPORT_LIMIT = 50_000
_FILTERS = ("key", "end", "code", "from", "until")


@page(access.MANAGE, access.AUDIT)
def listing(request: HttpRequest) -> HttpResponse:
    found = calls(_filters(request))
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "calls": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "shown": len(shown),
        "keys": [(key.pk, f"{key.title}（{holder_name(key)}）") for key in keys()[:200]],
        "ends": ENDS.items(),
        "codes": [(code, code) for code in REFUSALS],
        "filters": {name: request.GET.get(name, "") for name in _FILTERS},
    }
    return render(request, "bureau/api_calls.html", context)


@page(access.MANAGE, access.AUDIT)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("时间", "time", 18),
        Column("密钥", "text", 24),
        Column("持有人"),
        Column("方法", "text", 8),
        Column("地址", "text", 40),
        Column("状态码", "number", 8),
        Column("代码", "text", 20),
        Column("环境", "text", 8),
        Column("重发", "text", 8),
        Column("请求字节", "number", 10),
        Column("毫秒", "number", 8),
    )
    rows = (
        [
            clock.local(call.at),
            call.key.key_id if call.key else call.named,
            holder_name(call.key) if call.key else "",
            call.method,
            call.path,
            call.status,
            call.code,
            "沙箱" if call.sandbox else "",
            "是" if call.repeated else "",
            call.request_bytes,
            call.milliseconds,
        ]
        for call in calls(_filters(request))[:EXPORT_LIMIT]
    )
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("接口调用记录", subtitle, columns, rows), "接口调用记录", today
    )


def _filters(request: HttpRequest) -> CallFilters:
    given = request.GET.get
    return CallFilters(
        key=lists.whole_number(given("key")),
        end=given("end", ""),
        code=given("code", ""),
        since=_morning(given("from"), 0),
        before=_morning(given("until"), 1),
    )


def _morning(text: str | None, shift: int) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(text or "") + dt.timedelta(days=shift)
    except (ValueError, OverflowError):
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
