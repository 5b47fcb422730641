"""到期的合同: what has run out and what will soon, the earliest first; one link per site starts the renewal of all who are there."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.contracts import expiring
from anxin.contracts.access import clerk_contracts
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.paging import day_cursor
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

_PAGE, _EXPORTED = 50, 20_000


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    found = expiring.running_out(clerk_contracts(user_of(request)), today)
    part = found.select_related("worker", "project").order_by("ends_on", "pk")
    if (after := day_cursor(request.GET.get("after", ""))) is not None:
        day, pk = after
        part = part.filter(Q(ends_on__gt=day) | Q(ends_on=day, pk__gt=pk))
    rows = list(part[: _PAGE + 1])
    last = rows[_PAGE - 1] if len(rows) > _PAGE else None
    context = {
        "rows": rows[:_PAGE],
        "next_key": f"{last.ends_on}_{last.pk}" if last else None,
        "counted": expiring.counted(found, today),
        "sites": expiring.to_renew(found),
        "days": expiring.notice_days(today),
    }
    return render(request, "employer/contracts_running.html", context)


@page(access.EMPLOYER)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("合同编号", "text", 20), Column("项目"), Column("姓名", "text", 12), Column("班组", "text", 14), Column("开始日期", "date", 12),
        Column("终止日期", "date", 12), Column("状态", "text", 12), Column("在工地", "text", 10), Column("续订", "text", 12),
    )  # fmt: skip
    found = expiring.running_out(clerk_contracts(user), today)
    rows = [
        [
            one.number, one.project.name, one.worker.name, one.team, one.begins_on, one.ends_on,
            "已到期" if one.past_end(today) else "快到期", "在" if one.on_site else "不在", "正在签" if one.renewing else "",
        ]
        for one in found.select_related("worker", "project").order_by("ends_on", "pk")[:_EXPORTED]
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　截至：{today}"
    return lists.workbook_response(
        table_workbook("到期的劳动合同", subtitle, columns, rows), "到期的劳动合同", today
    )
