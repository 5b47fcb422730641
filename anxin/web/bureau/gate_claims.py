"""待核身份: names that conflict with a known person, kept apart until somebody has said who it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.policy import page, user_of
from anxin.workforce import claims as services
from anxin.workforce.models import IdentityClaim
from anxin.workforce.queries_gates import name_difference, visible_claims

PAGE = 50
EXPORT_LIMIT = 20_000


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """Open claims first; the state may be chosen."""
    user = user_of(request)
    state, found = _filtered(request)
    after = lists.whole_number(request.GET.get("after")) or 0
    rows = list(found.filter(pk__gt=after)[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "claims": [(one, name_difference(one)) for one in shown],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "state": state,
        "states": IdentityClaim.State.choices,
        "may_decide": access.may(user, access.HANDLE),
    }
    return render(request, "bureau/gate_claims.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("项目名称"),
        Column("花名册姓名", "text", 12),
        Column("报来姓名", "text", 12),
        Column("来源"),
        Column("首次报来", "time", 18),
        Column("结论", "text", 10),
        Column("依据"),
        Column("核定人", "text", 12),
    )
    rows = [
        [
            one.project.name,
            mask_name(one.worker.name),
            mask_name(one.claimed_name),
            one.source,
            clock.local(one.first_said_at),
            one.get_state_display(),
            one.reason,
            one.decided_by_name,
        ]
        for one in _filtered(request)[1][:EXPORT_LIMIT]
    ]
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("待核身份清单", subtitle, columns, rows), "待核身份清单", today
    )


@page(access.HANDLE, methods=("POST",))
def decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Same person, other person, mistake; or open again."""
    user = user_of(request)
    claim = visible_claims(user).filter(pk=pk).first()
    if claim is None or answer not in IdentityClaim.State.values:
        raise Http404
    if not access.may_on(user, access.HANDLE, claim.project):
        raise PermissionDenied
    reason, now = request.POST.get("reason", ""), clock.now()
    try:
        if answer == IdentityClaim.State.PENDING:
            services.reopen_claim(claim, reason=reason, user=user, now=now)
            messages.success(request, "已撤回结论，相关打卡重新待核。")
        else:
            services.decide_claim(claim, answer, reason=reason, user=user, now=now)
            messages.success(request, "已核定，相关打卡和出勤天数已随之更新。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("gate-claims")


def _filtered(request: HttpRequest) -> tuple[str, Any]:
    state = request.GET.get("state", IdentityClaim.State.PENDING)
    found = visible_claims(user_of(request)).order_by("pk")
    return state, found.filter(state=state) if state in IdentityClaim.State.values else found
