"""One worker in a payroll: how the wage came about, what was said and answered, where the money is, the slip."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.agency import services
from anxin.agency.access import general_contractor_of, own_runs, own_words
from anxin.agency.models import Channel, Objection, PayOrderLine, PayrollRun, RunLine
from anxin.agency.queries import objections_of
from anxin.agency.slips import slip_of
from anxin.agency.steps import ASKED, EDITABLE, title
from anxin.agency.wages import UNITS
from anxin.evidence import doors
from anxin.evidence.contents import JPEG, PDF, PNG
from anxin.evidence.models import StoredFile
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists, receiving
from anxin.web.employer import grid
from anxin.web.employer.scope import line_or_404
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 5_000
_SIGNED_PAPER = doors.Door(
    "签字的照片", (JPEG, PNG, PDF), "JPG、PNG 照片和 PDF 扫描件", 8 * doors.MB, "请缩小后再上传"
)


@page(access.EMPLOYER)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, line_or_404(user_of(request), pk))


def _page(request: HttpRequest, line: RunLine, status: int = 200) -> HttpResponse:
    user, run, slip = user_of(request), line.run, slip_of(line)
    state = slip.state
    posted = request.POST if request.method == "POST" and f"rate-{line.pk}" in request.POST else None
    back = state.came_back or (run.state == PayrollRun.State.APPROVED and state.order_line is None)
    context = {
        "slip": slip,
        "line": line,
        "state": state,
        "run": run,
        "title": title(run),
        "row": grid.rows([state], posted)[0],
        "units": UNITS.items(),
        "deductions": grid.DEDUCTIONS,
        "editable": run.state in EDITABLE,
        "open": [one for one in state.words.objections if one.state == Objection.State.OPEN],
        "answered": [one for one in state.words.objections if one.state != Objection.State.OPEN],
        "may_record": run.state in ASKED,
        "may_mend": back and general_contractor_of(user, run) is not None,
        "may_set_card": run.state in (*EDITABLE, PayrollRun.State.SUBMITTED),
        "history": PayOrderLine.objects.filter(run_line=line).select_related("order").order_by("-id"),
        "typed": request.POST,
    }
    return render(request, "employer/line.html", context, status=status)


@page(access.EMPLOYER)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The wage slip for printing, with the worker's own name."""
    line = line_or_404(user_of(request), pk)
    return render(request, "employer/slip.html", {"slip": slip_of(line), "line": line, "run": line.run})


@page(access.EMPLOYER, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    user = user_of(request)
    line = line_or_404(user, pk)
    step = or_404(_STEPS.get(action))
    try:
        messages.success(request, step(request, user, line))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, line, status=422)
    return redirect("employer:line", pk=pk)


def _answer(request: HttpRequest, user: User, line: RunLine) -> str:
    """Answer one objection; with the corrected row where it is accepted."""
    found = line.objections.filter(pk=lists.whole_number(request.POST.get("objection")) or 0).first()
    if found is None:
        raise Refused("没有这条异议，请刷新后再看。")
    correction = None
    if request.POST.get("accept") == "yes":
        read = grid.typed([line], request.POST)
        if read.problems:
            raise Refused(read.problems[line.pk][1])
        correction = read.edits[0] if read.edits else None
        if correction is None:
            raise Refused("采纳异议须同时更正这一行。")
    services.answer_objection(
        found,
        answer=request.POST.get("answer", ""),
        correction=correction,
        actor=access.actor(user),
        now=clock.now(),
    )
    return "已答复，工人会看到您的答复，可以再确认或再提出异议。"


def _confirm(request: HttpRequest, user: User, line: RunLine) -> str:
    channel, photo = _word(request)
    services.confirm_line(line, channel=channel, photo=photo, actor=access.actor(user), now=clock.now())
    return "已登记工人的确认。"


def _contest(request: HttpRequest, user: User, line: RunLine) -> str:
    channel, photo = _word(request)
    said: dict[str, Any] = {
        "says": request.POST.get("says", ""),
        "channel": channel,
        "photo": photo,
        "actor": access.actor(user),
        "now": clock.now(),
    }
    day = request.POST.get("day", "")
    if not day:
        services.contest_line(line, **said)
        return "已登记工人的异议。"
    try:
        wanted = dt.date.fromisoformat(day)
    except ValueError:
        raise Refused("请按 2026-10-21 的样子填写日期。") from None
    services.contest_day(line, wanted, **said)
    return f"已登记工人对{wanted}的异议。"


def _word(request: HttpRequest) -> tuple[str, StoredFile | None]:
    """How the word came, and the picture of the paper; the own phone is not the clerk's to claim."""
    channel = request.POST.get("channel", "")
    if channel == Channel.OWN_PHONE:
        raise Refused("本人手机上的确认由工人自己操作，这里只登记当面和纸质的。")
    sent = receiving.sent(request, "photo", _SIGNED_PAPER)
    if sent is None:
        return channel, None
    return channel, doors.keep(sent.data, sent.name, _SIGNED_PAPER, now=clock.now())


def _card(request: HttpRequest, user: User, line: RunLine) -> str:
    services.set_card(
        line, bank_card=request.POST.get("bank_card", ""), actor=access.actor(user), now=clock.now()
    )
    return "银行卡已更改。"


def _mend(request: HttpRequest, user: User, line: RunLine) -> str:
    if general_contractor_of(user, line.run) is None:
        raise Refused("报银行后的更正由施工总承包单位的劳资专管员办理。")
    services.mend_line(
        line,
        bank_card=request.POST.get("bank_card", ""),
        payee_name=request.POST.get("payee_name", ""),
        actor=access.actor(user),
        now=clock.now(),
    )
    return "收款信息已更正，可以重新报银行。"


def _remove(request: HttpRequest, user: User, line: RunLine) -> str:
    services.remove_person(line, actor=access.actor(user), now=clock.now())
    return "已移出工资表。"


_STEPS = {"answer": _answer, "confirm": _confirm, "contest": _contest, "card": _card, "mend": _mend}


@page(access.EMPLOYER, methods=("POST",))
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody without attendance out again."""
    user = user_of(request)
    line = line_or_404(user, pk)
    run_id = line.run_id
    try:
        messages.success(request, _remove(request, user, line))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("employer:run", pk=run_id)


@page(access.EMPLOYER)
def objections(request: HttpRequest) -> HttpResponse:
    """工人异议: what waits for an answer, or everything that was ever said."""
    everything = request.GET.get("all") == "1"
    found = objections_of(own_runs(user_of(request)), open_only=not everything)
    after = lists.whole_number(request.GET.get("after")) or 0
    rows = list(found.order_by("id").filter(pk__gt=after)[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "rows": shown,
        "everything": everything,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "words": own_words(user_of(request)).filter(state="open").count(),
    }
    return render(request, "employer/objections.html", context)


@page(access.EMPLOYER)
def objections_export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("项目"),
        Column("月份", "text", 10),
        Column("姓名", "text", 12),
        Column("对哪一天", "date", 12),
        Column("工人的话"),
        Column("通过", "text", 12),
        Column("提出日期", "date", 12),
        Column("状态", "text", 10),
        Column("答复"),
        Column("答复人", "text", 12),
    )
    rows = [
        [
            one.line.run.project.name,
            one.line.run.month,
            one.line.name,
            one.day,
            one.says,
            one.get_channel_display(),
            clock.local(one.at).date(),
            one.get_state_display(),
            one.answer,
            one.answered_by_name,
        ]
        for one in objections_of(own_runs(user), open_only=False)[:EXPORT_LIMIT]
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("工人异议", subtitle, columns, rows), "工人异议", today)
