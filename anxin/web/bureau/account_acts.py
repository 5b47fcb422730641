"""What people record about a special account: one form and one service each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.funds import services_account_life as life
from anxin.funds import services_inquiries as inquiries
from anxin.funds.entries import Booking
from anxin.funds.models import SpecialAccount
from anxin.funds.services_accounts import record_balance, record_entries
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.bureau import money_forms as forms
from anxin.web.bureau.account_page import account_or_404
from anxin.web.forms import ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


@dataclass(frozen=True)
class Act:
    """One thing to record: its words, its form, its service, and the permission on the project that it takes."""

    title: str
    form: type[ConsoleForm]
    save: Callable[..., Any]
    permission: str = access.IMPORT
    hint: str = ""


def _entry(account: SpecialAccount, data: dict[str, Any], by: dict[str, Any]) -> None:
    outcome = record_entries(account=account, entries=[Booking(**data)], source="人工登记", **by)
    if not outcome.added:
        raise Refused("这笔流水已经登记过（日期、收付、金额、对方和流水号都相同）。")


def _balance(account: SpecialAccount, data: dict[str, Any], by: dict[str, Any]) -> None:
    record_balance(
        account=account, balance_fen=data["balance_fen"], on=data["balance_on"], source="人工登记", **by
    )


def _agreement(account: SpecialAccount, data: dict[str, Any], by: dict[str, Any]) -> None:
    life.sign_agreement(account, first_month=Month.parse(data.pop("first_month")), **data, **by)


def _refuse(account: SpecialAccount, data: dict[str, Any], by: dict[str, Any]) -> None:
    life.stop_closing(account, refused=True, **data, **by)


def _straight(service: Callable[..., Any]) -> Callable[..., Any]:
    return lambda account, data, by: service(account, **data, **by)


ACTS: dict[str, Act] = {
    "entry": Act("登记一笔流水", forms.EntryForm, _entry),
    "balance": Act("登记银行余额", forms.BalanceForm, _balance),
    "agreement": Act(
        "登记三方资金管理协议",
        forms.AgreementForm,
        _agreement,
        hint="建设单位、施工总承包单位取自项目的参建单位，开户银行取自账户登记。",
    ),
    "filing": Act("登记备案", forms.BodyForm, _straight(life.file_account)),
    "notice": Act("登记撤户公示", forms.DayForm, _straight(life.announce_closing), access.HANDLE),
    "challenge": Act("登记公示期间的反映", forms.ReasonForm, _straight(life.stop_closing), access.HANDLE),
    "refusal": Act("登记不准撤户", forms.ReasonForm, _refuse, access.HANDLE),
    "closing": Act("登记销户", forms.BodyForm, _straight(life.close_account), access.HANDLE),
}


@page(access.VIEW, methods=("GET", "POST"))
def act(request: HttpRequest, pk: int, account: int, what: str) -> HttpResponse:
    """One form; what the service refuses stands beside its field."""
    chosen = or_404(ACTS.get(what))
    user = user_of(request)
    project, found = account_or_404(request, pk, account)
    if not access.may_on(user, chosen.permission, project):
        raise PermissionDenied
    form = chosen.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = {"actor": access.actor(user), "now": clock.now()}
        try:
            chosen.save(found, dict(form.cleaned_data), by)
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, f"已{chosen.title}。")
            return redirect("account-page", pk=project.pk, account=found.pk)
    return _form(request, form, chosen.title, project, found, chosen.hint)


@page(access.HANDLE, methods=("GET", "POST"))
def ask(request: HttpRequest, pk: int, account: int) -> HttpResponse:
    """Ask for the approval of a query into the account."""
    project, found = account_or_404(request, pk, account)
    form = forms.QueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            query = inquiries.ask_query(found, **form.cleaned_data, by=user_of(request), now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, "已申请查询，等待设区的市级以上负责人批准。")
            return redirect("account-query", pk=query.pk)
    hint = (
        "查询账户须经设区的市级以上人力资源社会保障部门负责人批准（《保障农民工工资支付条例》第四十条），"
        "申请和批准不能是同一个人。"
    )
    return _form(request, form, "申请查询账户", project, found, hint)


def _form(
    request: HttpRequest, form: ConsoleForm, title: str, project: Any, account: SpecialAccount, hint: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "project": project,
        "hint": hint,
        "back": reverse("account-page", args=[project.pk, account.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/money_form.html", context, status=status)
