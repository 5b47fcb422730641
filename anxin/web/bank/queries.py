"""账户查询: what bureaus have asked about the institution's accounts, waiting or answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_card
from anxin.web import clock, lists
from anxin.web.bank.scope import own_queries
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

_PAGE = 50
_EXPORTED = 5000


@page(access.BANK)
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, by key."""
    found = own_queries(user_of(request)).order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    context = {
        "rows": [(one, masked(one.account.number, mask_card)) for one in rows[:_PAGE]],
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
    }
    return render(request, "bank/queries.html", context)


@page(access.BANK)
def export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    columns = (
        Column("案号", "text", 20),
        Column("项目"),
        Column("账号", "text", 14),
        Column("批准日期", "date", 12),
        Column("状态", "text", 10),
        Column("反馈日期", "date", 12),
    )
    rows = [
        [
            one.case_number,
            one.account.project.name,
            masked(one.account.number, mask_card),
            clock.local(one.decided_at).date() if one.decided_at else None,
            one.get_state_display(),
            clock.local(one.answered_at).date() if one.answered_at else None,
        ]
        for one in own_queries(user).order_by("-pk")[:_EXPORTED]
    ]
    data = table_workbook("账户查询", f"填报单位：{lists.office_of(user)}", columns, rows)
    return lists.workbook_response(data, "账户查询", clock.today())
