"""专用账户 and 查询: the accounts the institution keeps, and what a bureau asks about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds.models import AccountBalance, SpecialAccount
from anxin.funds.queries_accounts import latest_balances
from anxin.funds.services_inquiries import answer_query
from anxin.kernel.masking import mask_card
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bank.scope import own_accounts, own_queries
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

_PAGE = 50
_EXPORTED = 5000


def _rows(found: list[SpecialAccount]) -> list[tuple[SpecialAccount, str, AccountBalance | None]]:
    stated = latest_balances(found)
    return [(one, masked(one.number, mask_card), stated.get(one.line_id)) for one in found]


@page(access.BANK)
def listing(request: HttpRequest) -> HttpResponse:
    found = own_accounts(user_of(request)).select_related("project").order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    next_key = rows[_PAGE - 1].pk if len(rows) > _PAGE else None
    return render(request, "bank/accounts.html", {"rows": _rows(rows[:_PAGE]), "next_key": next_key})


@page(access.BANK)
def export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    columns = (
        Column("项目"),
        Column("户名"),
        Column("账号", "text", 14),
        Column("开户日期", "date", 12),
        Column("销户日期", "date", 12),
        Column("最近余额（元）", "yuan", 14),
        Column("余额日期", "date", 12),
    )
    found = list(own_accounts(user).select_related("project").order_by("-pk")[:_EXPORTED])
    rows = [
        [
            one.project.name,
            one.name,
            number,
            one.opened_on,
            one.closed_on,
            balance.balance_fen if balance else None,
            balance.on if balance else None,
        ]
        for one, number, balance in _rows(found)
    ]
    data = table_workbook("专用账户", f"填报单位：{lists.office_of(user)}", columns, rows)
    return lists.workbook_response(data, "专用账户", clock.today())


@page(access.BANK, methods=("GET", "POST"))
def query(request: HttpRequest, pk: int) -> HttpResponse:
    """A query that a head of the bureau approved: read it, answer it once."""
    user = user_of(request)
    found = or_404(own_queries(user).filter(pk=pk).first())
    if request.method == "POST":
        try:
            answer_query(
                found,
                answer=request.POST.get("answer", ""),
                balance_fen=_balance(request.POST.get("balance", "")),
                actor=access.actor(user),
                now=clock.now(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已反馈，申请查询的部门可以看到。")
        return redirect("bank:query", pk=pk)
    context = {"query": found, "number": masked(found.account.number, mask_card)}
    return render(request, "bank/query.html", context)


def _balance(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_yuan(text)
    except MoneyError as error:
        raise Refused(f"余额看不懂：{error}", field="balance") from error
