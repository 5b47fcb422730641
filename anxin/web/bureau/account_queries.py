"""Queries into accounts: the list of those one may see, and one of them with its decision and answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.casework.access import visible_matters
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds import services_inquiries as inquiries
from anxin.funds.models import AccountQuery
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.money_forms import AnswerForm, DecisionForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 30
EXPORT_LIMIT = 5_000


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """The queries on accounts of visible projects, newest first."""
    state, after = _state(request), lists.whole_number(request.GET.get("after"))
    found = inquiries.visible_queries(user_of(request))
    if state:
        found = found.filter(state=state)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "queries": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "state": state,
        "states": AccountQuery.State.choices,
        "money_tab": "queries",
    }
    return render(request, "bureau/money_queries.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    user, today, state = user_of(request), clock.today(), _state(request)
    found = inquiries.visible_queries(user)
    if state:
        found = found.filter(state=state)
    columns = (
        Column("项目"), Column("案件编号"), Column("事由"), Column("起日", "date", 12), Column("止日", "date", 12),
        Column("状态", "text", 12), Column("申请人", "text", 12), Column("决定人", "text", 12), Column("反馈人", "text", 12),
    )  # fmt: skip
    rows = [
        [
            one.account.project.name, one.case_number, one.purpose, one.first_day, one.last_day,
            one.get_state_display(), one.asked_by_name, one.decided_by_name, one.answered_by_name,
        ]
        for one in found[:EXPORT_LIMIT]
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("账户查询", subtitle, columns, rows), "账户查询", today)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _query(request, pk))


@page(access.VIEW, methods=("POST",))
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Approve, reject, or record the answer that the bank gave on paper."""
    user, query, now = user_of(request), _query(request, pk), clock.now()
    if what not in ("approve", "reject", "answer"):
        raise Http404
    form = AnswerForm(request.POST) if what == "answer" else DecisionForm(request.POST)
    if what == "answer" and not access.may_on(user, access.HANDLE, query.account.project):
        raise PermissionDenied
    if what != "answer" and not inquiries.may_decide(user, query.account):
        raise PermissionDenied
    if form.is_valid():
        try:
            if what == "answer":
                inquiries.answer_query(query, **form.cleaned_data, actor=access.actor(user), now=now)
            else:
                inquiries.decide_query(
                    query, approve=what == "approve", by=user, now=now, **form.cleaned_data
                )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(
                request, {"approve": "已批准。", "reject": "已决定不批准。"}.get(what, "已登记反馈。")
            )
            return redirect("account-query", pk=pk)
    return _shown(request, query, form, status=422)


def _shown(
    request: HttpRequest,
    query: AccountQuery,
    form: DecisionForm | AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    waiting = query.state == AccountQuery.State.ASKED
    approved = query.state == AccountQuery.State.APPROVED
    may_decide = waiting and inquiries.may_decide(user, query.account)
    may_answer = approved and access.may_on(user, access.HANDLE, query.account.project)
    if form is None and (may_decide or may_answer):
        form = DecisionForm() if may_decide else AnswerForm()
    context = {
        "query": query,
        "form": form,
        "may_decide": may_decide,
        "may_answer": may_answer,
        # what a bank says about money is for those who work on cases, not for everybody who may look
        "may_read": access.may_on(user, access.HANDLE, query.account.project),
        # the matter that the answer is for, where it is one of ours and this person may see it
        "matter": visible_matters(user).filter(number=query.case_number).first(),
        "is_asker": query.asked_by == access.actor(user).key,
        "money_tab": "queries",
    }
    return render(request, "bureau/money_query.html", context, status=status)


def _query(request: HttpRequest, pk: int) -> AccountQuery:
    return or_404(inquiries.visible_queries(user_of(request)).filter(pk=pk).first())


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in AccountQuery.State.values else ""
