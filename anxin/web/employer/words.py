"""What workers have said beside any payroll made here: to wages that came in a file, and to days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.agency.access import own_words
from anxin.agency.models_words import WorkerWord
from anxin.agency.services import answer_word
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 50
EXPORT_LIMIT = 20_000


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, or everything that was ever said; a yes is said, too."""
    everything = request.GET.get("all") == "1"
    found = own_words(user_of(request)).order_by("id")
    if not everything:
        found = found.filter(state=WorkerWord.State.OPEN)
    after = lists.whole_number(request.GET.get("after")) or 0
    rows = list(found.filter(pk__gt=after)[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "rows": shown,
        "everything": everything,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
    }
    return render(request, "employer/words.html", context)


@page(access.EMPLOYER, methods=("POST",))
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    word = or_404(own_words(user).filter(pk=pk).first())
    try:
        answer_word(word, answer=request.POST.get("answer", ""), actor=access.actor(user), now=clock.now())
        messages.success(request, "已答复，工人在手机上能看到。")
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("employer:words")


@page(access.EMPLOYER)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("项目"),
        Column("姓名", "text", 12),
        Column("工资月份", "text", 10),
        Column("对哪一天", "date", 12),
        Column("当时金额", "yuan", 14),
        Column("工人的话"),
        Column("说的日期", "date", 12),
        Column("状态", "text", 10),
        Column("答复"),
        Column("答复人", "text", 12),
    )
    rows = [
        [
            one.project.name,
            one.worker.name,
            one.promise.payroll.month if one.promise else "",
            one.day,
            one.net_fen,
            one.says,
            clock.local(one.at).date(),
            one.get_state_display(),
            one.answer,
            one.answered_by_name,
        ]
        for one in own_words(user).order_by("id")[:EXPORT_LIMIT]
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    title = "工人对已报工资和考勤的意见"
    return lists.workbook_response(table_workbook(title, subtitle, columns, rows), title, today)
