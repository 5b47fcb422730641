"""调解文书: agreements and records of the own employer, signed and sealed; each may be fetched at any time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.evidence.files import FileDamaged
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.mediation import own_papers, satisfaction
from anxin.mediation.paper_turns import filename
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

_PAGE, _EXPORTED = 50, 20_000


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    found = own_papers.of_employers(user_of(request))
    if (after := lists.whole_number(request.GET.get("after"))) is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    context = {
        "rows": rows[:_PAGE],
        "asked": satisfaction.asked(rows[:_PAGE], satisfaction.Side.EMPLOYER),
        "grades": satisfaction.Grade.choices,
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
    }
    return render(request, "employer/mediation.html", context)


@page(access.EMPLOYER)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("文书", "text", 16), Column("文号", "text", 36), Column("调解组织", "text", 30), Column("单位", "text", 30),
        Column("调解编号", "text", 34), Column("协议金额", "yuan", 14), Column("盖章日期", "date", 12),
    )  # fmt: skip
    rows = [
        [
            one.get_kind_display(), one.number, one.body.name, one.case.employer_name, one.case.matter.number,
            one.share.total_fen if one.share else None, clock.local(one.sealed_at).date() if one.sealed_at else None,
        ]
        for one in own_papers.of_employers(user_of(request))[:_EXPORTED]
    ]  # fmt: skip
    return lists.table_response(request, "调解文书", columns, rows)


@page(access.EMPLOYER, methods=("POST",))
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole signed file, by a press of a button: a page that is fetched ahead takes nothing."""
    paper = or_404(own_papers.of_employers(user_of(request)).filter(pk=pk).first())
    try:
        data = own_papers.hand_out(
            paper, to=actor(user_of(request)), who=paper.case.employer_name, now=clock.now()
        )
    except FileDamaged:
        messages.error(request, "文书的文件暂时读不出来，请联系调解组织。")
        return redirect("employer:mediation")
    return handed_out(data, filename(paper), plain="mediation")


@page(access.EMPLOYER, methods=("POST",))
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    """满意, 基本满意 or 不满意 about a mediation of the own employer that ended."""
    paper = or_404(own_papers.of_employers(user_of(request)).filter(pk=pk).first())
    try:
        satisfaction.say(
            paper, satisfaction.Side.EMPLOYER, request.POST.get("grade", ""), who=actor(user_of(request)), now=clock.now()
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已记下本单位的评价。想改，再选一次就行。")
    return redirect("employer:mediation")
