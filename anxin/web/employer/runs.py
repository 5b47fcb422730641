"""工资代发: payrolls as a list and in a grid, and every step from the first draft to the approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.agency import services
from anxin.agency.access import general_contractor_of, own_runs, why_not_approve
from anxin.agency.attended import people_of
from anxin.agency.models import PayOrder, PayrollRun
from anxin.agency.queries import line_states, orders_of, run_page, steps_of, totals
from anxin.agency.services import LinesRefused
from anxin.agency.steps import EDITABLE, paid_days_of, title
from anxin.agency.wages import UNITS
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_card
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer
from anxin.web import clock, lists
from anxin.web.employer import grid
from anxin.web.employer.owed import due_day
from anxin.web.employer.scope import employers_to_pay, own_projects, project_or_404, run_or_404
from anxin.web.forms import ConsoleForm, MonthField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

PAGE = 40
#: lines of a payroll on one page: a form holds no more fields than the server takes
LINES = 200
EXPORT_LIMIT = 2_000
_State = PayrollRun.State


class NewRunForm(ConsoleForm):
    """For whom and which month a payroll is made."""

    month = MonthField(label="工资所属月份")
    employer = forms.TypedChoiceField(label="用人单位", coerce=int)
    team = forms.CharField(
        label="班组", required=False, max_length=60, help_text="只编一个班组时填写，留空为全部班组。"
    )

    def __init__(self, *args: Any, employers: list[Employer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = [(one.pk, one.name) for one in employers]  # type: ignore[attr-defined]


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = run_page(own_runs(user), lists.whole_number(request.GET.get("after")), PAGE)
    context = {
        "rows": found.items,
        "next_key": found.next_after,
        "projects": own_projects(user).order_by("name"),
        "month": str(Month.of(clock.today()).plus(-1)),
    }
    return render(request, "employer/runs.html", context)


@page(access.EMPLOYER)
def listing_export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("项目"),
        Column("月份", "text", 10),
        Column("用人单位"),
        Column("班组", "text", 12),
        Column("状态", "text", 16),
        Column("人数", "number", 8),
        Column("实发合计（元）", "yuan", 16),
        Column("已到账（元）", "yuan", 16),
        Column("银行退回（笔）", "number", 12),
        Column("待答复异议", "number", 12),
    )
    rows = [
        [
            row.run.project.name,
            row.run.month,
            row.run.employer.name,
            row.run.team,
            row.run.get_state_display(),
            row.people,
            row.net_fen,
            row.paid_fen,
            row.returned,
            row.open_objections,
        ]
        for row in run_page(own_runs(user), limit=EXPORT_LIMIT).items
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("工资代发清单", subtitle, columns, rows), "工资代发清单", today
    )


@page(access.EMPLOYER, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Make a payroll from attendance; everything else happens on its page."""
    user = user_of(request)
    project_id = lists.whole_number(request.POST.get("project") or request.GET.get("project"))
    if project_id is None:
        return redirect("employer:runs")
    project = project_or_404(user, project_id)
    employers = employers_to_pay(user, project)
    start = {"month": request.GET.get("month") or str(Month.of(clock.today()).plus(-1))}
    form = NewRunForm(request.POST or None, employers=employers, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = services.draft_run(
                project=project,
                month=Month.parse(data["month"]),
                employer=next(one for one in employers if one.pk == data["employer"]),
                team=data["team"],
                actor=access.actor(user),
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, "已按考勤和约定工资编制，请逐行核对。")
            return redirect("employer:run", pk=run.pk)
    context = {"form": form, "project": project}
    return render(request, "employer/run_new.html", context, status=422 if form.errors else 200)


@page(access.EMPLOYER, methods=("GET", "POST"))
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The payroll in its grid. A POST saves the cells, all or none, and shows what was typed where one is wrong."""
    user = user_of(request)
    run = run_or_404(user, pk)
    if request.method == "POST":
        lines = list(run.lines.order_by("position", "id"))
        read = grid.typed(lines, request.POST)
        problems = read.problems
        if not problems:
            try:
                changed = services.edit_lines(run, read.edits, actor=access.actor(user), now=clock.now())
            except LinesRefused as refusal:
                problems = refusal.problems
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect(request.get_full_path())
            else:
                messages.success(request, f"已保存，改动{changed}行。" if changed else "没有改动。")
                return redirect(request.get_full_path())
        return _page(request, user, run, problems)
    return _page(request, user, run)


def _page(
    request: HttpRequest, user: User, run: PayrollRun, problems: dict[int, tuple[str, str]] | None = None
) -> HttpResponse:
    law = local_law.current()
    paid_days = paid_days_of(run, law)
    states = line_states(run, paid_days=paid_days)
    rows = grid.rows(states, request.POST if problems else None)
    if problems:
        for row in rows:
            row.wrong_field, row.wrong = problems.get(row.line.pk, ("", ""))
    month = Month.parse(run.month)
    sums = totals(states)
    orders = orders_of(run)
    after = lists.whole_number(request.GET.get("after")) or 0
    shown = [row for row in rows if row.line.position > after][:LINES]
    more = bool(shown) and shown[-1].line.position < rows[-1].line.position
    context = {
        "run": run,
        "title": title(run),
        "project": run.project,
        "today": clock.today(),
        "due": due_day(run.project, month, law),
        "rows": shown,
        "next_key": shown[-1].line.position if more else None,
        "rest_fen": sums.net_fen - sum(row.line.net_fen for row in shown),
        "problems": [row for row in rows if row.wrong] if run.state in EDITABLE else [],
        "refused": bool(problems),
        "totals": sums,
        "editable": run.state in EDITABLE,
        "units": UNITS.items(),
        "deductions": grid.DEDUCTIONS,
        "paid_days": paid_days,
        "orders": orders,
        "steps": steps_of(run),
        **_may(user, run, orders),
        "absent": _absent(run, states) if run.state in EDITABLE else [],
    }
    return render(request, "employer/run.html", context, status=422 if problems else 200)


def _may(user: User, run: PayrollRun, orders: Sequence[PayOrder]) -> dict[str, Any]:
    """Which steps this person may take now, and why not the approval."""
    general = general_contractor_of(user, run) is not None
    waiting = any(order.state == PayOrder.State.PREPARED for order in orders)
    return {
        "general": general,
        "may_open": run.state in (_State.DRAFT, _State.RETURNED),
        "may_submit": run.state == _State.WITH_WORKERS,
        "may_decide": general and run.state == _State.SUBMITTED,
        "why_not": why_not_approve(user, run) if run.state == _State.SUBMITTED else "",
        "may_order": general and run.state in (_State.APPROVED, _State.SENT) and not waiting,
        "may_withdraw": run.state in EDITABLE,
    }


def _absent(run: PayrollRun, states: Any) -> list[tuple[int, str]]:
    """People of the roster whom attendance does not show and who are not in the payroll."""
    inside = {state.line.worker_id for state in states}
    people = people_of(run.project, Month.parse(run.month), run.employer, run.team)
    return [
        (one.enrolment.worker_id, one.enrolment.worker.name)
        for one in people
        if one.enrolment.worker_id not in inside
    ]


@page(access.EMPLOYER, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step of the run; a refusal is shown on its page."""
    user = user_of(request)
    run = run_or_404(user, pk)
    step = or_404(_STEPS.get(action))
    try:
        messages.success(request, step(request, user, run))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("employer:run", pk=pk)


def _open(request: HttpRequest, user: User, run: PayrollRun) -> str:
    services.open_to_workers(run, actor=access.actor(user), now=clock.now())
    return "已交工人确认：工人可用手机查看、确认或提出异议；没有手机的，在人员页上当面登记。"


def _submit(request: HttpRequest, user: User, run: PayrollRun) -> str:
    note = request.POST.get("unanswered_note", "")
    services.submit_run(run, actor=access.actor(user), now=clock.now(), unanswered_note=note)
    return "已报总包审核。"


def _approve(request: HttpRequest, user: User, run: PayrollRun) -> str:
    services.approve_run(run, employer=_general(user, run), actor=access.actor(user), now=clock.now())
    return "审核通过，工资表已成立；下一步检查收款信息并报银行。"


def _return(request: HttpRequest, user: User, run: PayrollRun) -> str:
    reason = request.POST.get("reason", "")
    services.return_run(
        run, reason=reason, employer=_general(user, run), actor=access.actor(user), now=clock.now()
    )
    return "已退回编制人修改。"


def _withdraw(request: HttpRequest, user: User, run: PayrollRun) -> str:
    services.withdraw_run(
        run, reason=request.POST.get("reason", ""), actor=access.actor(user), now=clock.now()
    )
    return "工资表已作废，可以重新编制。"


def _rebuild(request: HttpRequest, user: User, run: PayrollRun) -> str:
    done = services.rebuild_run(run, actor=access.actor(user), now=clock.now())
    kept = f"；{done.kept}人的天数是手工定的，没有随考勤改，请核对" if done.kept else ""
    return f"已按最新考勤核对：新增{done.added}人，变动{done.changed}人{kept}。"


def _add(request: HttpRequest, user: User, run: PayrollRun) -> str:
    worker = lists.whole_number(request.POST.get("worker")) or 0
    services.add_person(
        run, worker, reason=request.POST.get("reason", ""), actor=access.actor(user), now=clock.now()
    )
    return "已加入工资表，请填写数量。"


def _general(user: User, run: PayrollRun) -> Employer:
    employer = general_contractor_of(user, run)
    if employer is None:
        raise Refused("审核由施工总承包单位的劳资专管员办理。")
    return employer


_STEPS = {
    "open": _open,
    "submit": _submit,
    "approve": _approve,
    "return": _return,
    "withdraw": _withdraw,
    "rebuild": _rebuild,
    "add": _add,
}


@page(access.EMPLOYER)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The payroll with what was said and paid; cards by their tails."""
    user = user_of(request)
    run = run_or_404(user, pk)
    columns = (
        Column("姓名", "text", 12),
        Column("班组", "text", 12),
        Column("考勤天数", "number", 10),
        Column("计酬方式", "text", 10),
        Column("单价（元）", "yuan", 12),
        Column("数量", "number", 8),
        Column("应发（元）", "yuan", 12),
        Column("扣款（元）", "yuan", 12),
        Column("实发（元）", "yuan", 12),
        Column("怎样算出"),
        Column("工人答复", "text", 16),
        Column("银行卡", "text", 12),
        Column("发放状态", "text", 12),
        Column("退回原因", "text", 16),
    )
    states = line_states(run)
    rows = [
        [
            one.line.name,
            one.line.team,
            one.line.attended_days,
            UNITS[one.line.unit],
            one.line.rate_fen,
            one.line.quantity,
            one.line.gross_fen,
            one.line.deduction_fen,
            one.line.net_fen,
            one.told,
            one.answer_words,
            masked(one.line.bank_card, mask_card),
            one.money_words,
            one.fault_words,
        ]
        for one in states
    ]
    sums = totals(states)
    total = ["合计", None, sums.days, None, None, None, sums.gross_fen, sums.deduction_fen, sums.net_fen]
    subtitle = f"项目：{run.project.name}　状态：{run.get_state_display()}　填报单位：{lists.office_of(user)}"
    data = table_workbook(title(run), subtitle, columns, rows, total=[*total, *[None] * 5])
    return lists.workbook_response(data, title(run), clock.today())
