"""总包代发 on a project's page: payrolls made from attendance, what workers said, where each line's money is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.agency.access import visible_runs, visible_words
from anxin.agency.models import PayrollRun
from anxin.agency.models_words import WorkerWord
from anxin.agency.queries import line_states, orders_of, run_page, steps_of, totals
from anxin.agency.steps import title
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_name
from anxin.web import clock, lists
from anxin.web.bureau.projects import project_or_404, render_part
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: words shown on the page; the workbook has all of them
_WORDS = 50
EXPORT_LIMIT = 20_000


@page(access.VIEW)
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The project's payrolls by run, and what workers said beside them."""
    project, user = project_or_404(request, pk), user_of(request)
    found = run_page(visible_runs(user).filter(project=project), lists.whole_number(request.GET.get("after")))
    words = visible_words(user).filter(project=project)
    context = {
        "runs": found.items,
        "next_key": found.next_after,
        "words": list(words.order_by("-id")[:_WORDS]),
        "waiting": words.filter(state=WorkerWord.State.OPEN).count(),
        "confirmed": words.filter(state=WorkerWord.State.SAID).count(),
    }
    return render_part(request, "bureau/project_agency.html", project, "project-agency", context)


@page(access.VIEW)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run line by line, people masked."""
    found = _run(request, pk)
    states = line_states(found)
    context = {
        "run": found,
        "project": found.project,
        "title": title(found),
        "rows": states,
        "totals": totals(states),
        "orders": orders_of(found),
        "steps": steps_of(found),
    }
    return render(request, "bureau/agency_run.html", context)


@page(access.VIEW)
def run_export(request: HttpRequest, pk: int) -> HttpResponse:
    found, user, today = _run(request, pk), user_of(request), clock.today()
    columns = (
        Column("姓名", "text", 12),
        Column("班组", "text", 14),
        Column("考勤天数", "number", 10),
        Column("应发", "yuan", 14),
        Column("扣款", "yuan", 14),
        Column("实发", "yuan", 14),
        Column("怎样算出", "text", 40),
        Column("工人答复", "text", 14),
        Column("发放", "text", 14),
        Column("退回原因", "text", 18),
        Column("银行卡", "text", 12),
    )
    rows = [
        [
            one.name,
            one.line.team,
            one.line.attended_days,
            one.line.gross_fen,
            one.line.deduction_fen,
            one.line.net_fen,
            one.told,
            one.answer_words,
            one.money_words,
            one.fault_words,
            one.card,
        ]
        for one in line_states(found)
    ]
    name = title(found)
    subtitle = f"项目：{found.project.name}　填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook(name, subtitle, columns, rows), name, today)


@page(access.VIEW)
def words_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything workers of the project have said beside its runs."""
    project, user, today = project_or_404(request, pk), user_of(request), clock.today()
    columns = (
        Column("姓名", "text", 12),
        Column("工资月份", "text", 10),
        Column("对哪一天", "date", 12),
        Column("当时金额", "yuan", 14),
        Column("工人的话"),
        Column("说的日期", "date", 12),
        Column("状态", "text", 10),
        Column("答复"),
        Column("答复人", "text", 14),
    )
    rows = [
        [
            mask_name(one.worker.name),
            one.promise.payroll.month if one.promise else "",
            one.day,
            one.net_fen,
            one.says,
            clock.local(one.at).date(),
            one.get_state_display(),
            one.answer,
            one.answered_by_name,
        ]
        for one in visible_words(user).filter(project=project).order_by("id")[:EXPORT_LIMIT]
    ]
    name = "工人对工资和考勤的意见"
    subtitle = f"项目：{project.name}　填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook(name, subtitle, columns, rows), name, today)


def _run(request: HttpRequest, pk: int) -> PayrollRun:
    return or_404(visible_runs(user_of(request)).select_related("project", "employer").filter(pk=pk).first())
