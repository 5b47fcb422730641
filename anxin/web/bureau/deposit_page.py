"""保证金: what a project owes as a wage deposit and how that was worked out, what it holds, the owner's guarantee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.funds import queries as fund_queries
from anxin.funds import queries_deposits
from anxin.funds import services_deposits as services
from anxin.funds.deposit_amount import DepositAmount, DepositFacts, deposit_amount
from anxin.funds.models import DepositEvent, WageDeposit
from anxin.funds.services_assessment import assess_deposit, facts_of
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.local_law import queries as local_law
from anxin.web import clock
from anxin.web.bureau import money_forms as forms
from anxin.web.bureau.account_acts import Act
from anxin.web.bureau.due_money import PAY_DAYS, RELEASE_DAYS, TOPUP_DAYS
from anxin.web.bureau.projects import project_or_404, render_part
from anxin.web.policy import page, user_of

Kind = DepositEvent.Kind
_CLOCKS = {
    Kind.USE_ORDERED: ("deposit-payment", PAY_DAYS),
    Kind.USED: ("deposit-topup", TOPUP_DAYS),
    Kind.NOTICE: ("deposit-release", RELEASE_DAYS),
}
_KNOWN = {"": None, "yes": True, "no": False}


@dataclass(frozen=True)
class ShownEvent:
    """An event with the last day for what must follow, where it still must."""

    event: DepositEvent
    open_fen: int
    kind: str
    due: dt.date | None


@page(access.VIEW)
def deposits(request: HttpRequest, pk: int) -> HttpResponse:
    project, law = project_or_404(request, pk), local_law.current()
    rows = queries_deposits.deposit_rows(fund_queries.deposits(project))
    fixed = queries_deposits.assessment_of(project)
    facts = facts_of(project)
    context = {
        "rows": [(row, _events(row, law, project.region_id)) for row in rows],
        "held_fen": sum(row.state.held_fen for row in rows if row.deposit.released_on is None),
        "assessment": fixed,
        "worked_out": None if fixed or facts is None else _worked_out(facts, law),
        "guarantees": queries_deposits.payment_guarantees(project),
        "today": clock.today(),
    }
    return render_part(request, "bureau/project_deposits.html", project, "project-deposits", context)


def _events(row: queries_deposits.DepositRow, law: Law, region: str) -> list[ShownEvent]:
    shown = []
    for event in row.events:
        open_fen = row.open_of(event)
        kind, key = _CLOCKS.get(event.kind, ("", ""))  # type: ignore[call-overload]
        waits = {
            Kind.USE_ORDERED: row.state.ordered_fen > 0,
            Kind.USED: open_fen > 0,
            Kind.NOTICE: row.deposit.released_on is None,
        }.get(event.kind, False)  # type: ignore[call-overload]
        due = _due(law, key, event.on, region) if kind and waits else None
        shown.append(ShownEvent(event, open_fen, kind, due))
    return shown


def _due(law: Law, key: str, on: dt.date, region: str) -> dt.date | None:
    try:
        answer = law.deadline(key, on, region)
    except LawError:
        return None
    due = answer.act_from or answer.due
    return due if isinstance(due, dt.date) else None


def _worked_out(facts: DepositFacts, law: Law) -> DepositAmount | str:
    try:
        return deposit_amount(facts, law)
    except LawError as problem:
        return str(problem)


@page(access.VIEW, methods=("GET", "POST"))
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """试算与核定: the form, the lines it gives, and with a second press the amount is fixed."""
    project, user = project_or_404(request, pk), user_of(request)
    if not access.may_on(user, access.HANDLE, project):
        raise PermissionDenied
    known = facts_of(project)
    initial = {
        "on": (known.on if known else None) or project.permit_on,
        "contract_fen": project.contract_fen,
        "months": known.months if known else None,
        "ordinal": 1,
    }
    form = forms.AssessmentForm(request.POST or None, initial=initial)
    answer: DepositAmount | None = None
    if request.method == "POST" and form.is_valid():
        facts = _facts(form.cleaned_data, project.region_id, project.industry)
        try:
            answer = deposit_amount(facts, local_law.current())
            if "fix" in request.POST:
                assess_deposit(
                    project, facts, on=clock.today(), number=form.cleaned_data["number"],
                    actor=access.actor(user), now=clock.now(),
                )  # fmt: skip
                messages.success(request, "已核定工资保证金数额。")
                return redirect("project-deposits", pk=project.pk)
        except (Refused, LawError) as refusal:
            form.refuse(str(refusal), getattr(refusal, "field", "") or None)
    context = {
        "form": form,
        "project": project,
        "answer": answer,
        "title": "试算与核定保证金",
        "back": reverse("project-deposits", args=[project.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/deposit_assess.html", context, status=status)


def _facts(data: dict[str, Any], region: str, industry: str) -> DepositFacts:
    return DepositFacts(
        on=data["on"],
        region=region,
        contract_fen=data["contract_fen"],
        annual_fen=data["annual_fen"],
        months=data["months"],
        industry=industry,
        ordinal=data["ordinal"],
        clean_before=_KNOWN[data["clean_before"]],
        clean_years=data["clean_years"],
        managed=_KNOWN[data["managed"]],
        rating=data["rating"],
        arrears=_KNOWN[data["arrears"]],
        listed=_KNOWN[data["listed"]],
    )


def _straight(service: Callable[..., Any]) -> Callable[..., Any]:
    return lambda deposit, data, by: service(deposit, **data, **by)


ACTS: dict[str, Act] = {
    "renew": Act("登记延期", forms.RenewForm, _straight(services.renew_deposit)),
    "order": Act(
        "登记支付通知", forms.UseOrderForm, _straight(services.order_use), access.HANDLE,
        "责令限期清偿或者先行清偿期满仍不履行的，才可以通知银行支付；银行应在收到通知后的法定工作日内付给农民工本人。",
    ),
    "use": Act("登记银行支付", forms.UseForm, _straight(services.record_use)),
    "top-up": Act("登记补足", forms.TopUpForm, _straight(services.top_up)),
    "notice": Act("登记返还公示", forms.DayForm, _straight(services.announce_release), access.HANDLE),
    "release": Act("登记返还", forms.ReleaseForm, _straight(services.release_deposit), access.HANDLE),
}  # fmt: skip


@page(access.VIEW, methods=("GET", "POST"))
def act(request: HttpRequest, pk: int, deposit: int, what: str) -> HttpResponse:
    """One event of a deposit; what the service refuses stands beside its field."""
    project, user = project_or_404(request, pk), user_of(request)
    found: WageDeposit | None = queries_deposits.find_standing_deposit(project, deposit)
    chosen = ACTS.get(what)
    if found is None or chosen is None:
        raise Http404
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
            return redirect("project-deposits", pk=project.pk)
    context = {
        "form": form,
        "title": chosen.title,
        "project": project,
        "hint": chosen.hint,
        "about": found,
        "back": reverse("project-deposits", args=[project.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/money_form.html", context, status=status)
