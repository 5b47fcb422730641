"""Registering by hand: a project, who takes part, its account, terms, disbursements and deposits.

A view only moves values between the form and a service; what the service refuses stands beside its field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.models import Recorded
from anxin.evidence.sealing import Sealed
from anxin.funds import services_register as fund_services
from anxin.funds.models import Disbursement, LabourCostTerm, PaymentGuarantee, SpecialAccount, WageDeposit
from anxin.funds.services_account_life import record_progress
from anxin.funds.services_deposits import record_payment_guarantee
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.registry import services
from anxin.registry.access import may_register
from anxin.registry.models import Employer, Participation, Project
from anxin.web import clock, lists
from anxin.web.bureau.money_forms import PaymentGuaranteeForm, ProgressForm
from anxin.web.bureau.projects import registrable_or_404
from anxin.web.bureau.register_forms import (
    AccountForm,
    ApprovalForm,
    DepositForm,
    DisbursementForm,
    ParticipantForm,
    ProjectForm,
    TermForm,
)
from anxin.web.forms import ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


@page(access.IMPORT, methods=("GET", "POST"))
def new_project(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = ProjectForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            if not _may_register(user, values):
                raise Refused("您不能在这个地区、行业或主管单位下登记项目，请核对。", field="region")
            project = services.register_project(**values, actor=access.actor(user), now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, "项目已登记，接着可以登记参建单位或导入花名册。")
            return redirect("project", pk=project.pk)
    context = {"form": form, "title": "登记项目", "back": reverse("projects"), "regions": form.region_list}
    return render(request, "bureau/project_form.html", context, status=_status(form))


@page(access.IMPORT, methods=("GET", "POST"))
def edit_project(request: HttpRequest, pk: int) -> HttpResponse:
    user, project = user_of(request), registrable_or_404(request, pk)
    form = ProjectForm(request.POST or None, user=user, initial=_initial(project))
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            if not _may_register(user, values):
                raise Refused("改后的地区、行业或主管单位超出了您的管辖范围，请核对。", field="region")
            services.update_project(project.pk, changes=values, actor=access.actor(user), now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, "登记信息已修改。")
            return redirect("project", pk=project.pk)
    context = {
        "form": form,
        "title": f"修改登记：{project.name}",
        "back": reverse("project", args=[project.pk]),
        "regions": form.region_list,
    }
    return render(request, "bureau/project_form.html", context, status=_status(form))


@page(access.IMPORT, methods=("POST",))
def remove_participant(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a participant registered by mistake, named by employer and role."""
    user, project = user_of(request), registrable_or_404(request, pk)
    found = Participation.objects.select_related("project", "employer").filter(
        project=project,
        employer=lists.whole_number(request.POST.get("employer")),
        role=request.POST.get("role", ""),
    )
    one = or_404(found.first())
    services.remove_participant(one, actor=access.actor(user), now=clock.now())
    messages.success(request, f"已移除“{one.employer}”。")
    return redirect("project", pk=project.pk)


@page(access.IMPORT, methods=("GET", "POST"))
def register(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One form for everything that is registered under a project; ``what`` names it.

    With ``replaces`` it corrects an earlier record, which stays readable in the history.
    """
    entry = or_404(ENTRIES.get(what))
    user, project = user_of(request), registrable_or_404(request, pk)
    wrong = _replaced(request, project, entry)
    form = entry.form(request.POST or None, initial=_initial_of(entry, wrong))
    if request.method == "POST" and form.is_valid():
        by = {"actor": access.actor(user), "now": clock.now()}
        if wrong is not None:
            by["replaces"] = wrong
        try:
            entry.save(project, form.cleaned_data, **by)
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, f"已{'更正' if wrong else '登记'}{entry.title}。")
            return redirect(entry.back, pk=project.pk)
    context = {
        "form": form,
        "title": f"{'更正' if wrong else '登记'}{entry.title}",
        "project": project,
        "wrong": wrong,
        "back": reverse(entry.back, args=[project.pk]),
    }
    return render(request, "bureau/register.html", context, status=_status(form))


def _replaced(request: HttpRequest, project: Project, entry: Entry) -> Any:
    """The current record that the form corrects, or ``None`` where it registers a new one."""
    asked = request.POST.get("replaces") or request.GET.get("replaces")
    if not asked:
        return None
    found = None
    if entry.model is not None:
        of_project: Any = entry.model._default_manager  # every model of ENTRIES has a project
        current = of_project.filter(project=project, superseded_at__isnull=True)
        found = current.filter(pk=lists.whole_number(asked)).first()
    if found is None:
        raise Http404
    return found


def _initial_of(entry: Entry, wrong: Any) -> dict[str, Any]:
    if wrong is None:
        return {}
    # A field beside the record (the balance that stands with a new account) starts empty.
    values = {
        name: getattr(wrong, f"{name}_id", getattr(wrong, name, None)) for name in entry.form.base_fields
    }
    return {name: value for name, value in values.items() if not isinstance(value, Sealed)}


def _participant(project: Project, data: dict[str, Any], **by: Any) -> None:
    """The employer is found by its code, or registered when it is new."""
    employer = Employer.objects.filter(uscc=clean_identifier(data["uscc"])).first()
    if employer is None:
        employer = services.register_employer(uscc=data["uscc"], name=data["name"], **by)
    services.add_participant(project, employer=employer, role=data["role"], **by)


def _approval(project: Project, data: dict[str, Any], **by: Any) -> None:
    services.record_approval(project, **data, **by)


def _account(project: Project, data: dict[str, Any], **by: Any) -> None:
    wrong = by.get("replaces")
    if wrong is not None and not data["number"] and wrong.number is not None:
        # The form does not show the number; leaving it empty keeps it.
        data["number"] = wrong.number.open()
    fund_services.record_special_account(project, **data, **by)


def _term(project: Project, data: dict[str, Any], **by: Any) -> None:
    first = Month.parse(data.pop("first_month"))
    fund_services.record_labour_cost_term(project, first_month=first, **data, **by)


def _disbursement(project: Project, data: dict[str, Any], **by: Any) -> None:
    month = Month.parse(data.pop("month"))
    fund_services.record_disbursement(project, month=month, **data, **by)


def _deposit(project: Project, data: dict[str, Any], **by: Any) -> None:
    fund_services.record_deposit(project, **data, **by)


def _progress(project: Project, data: dict[str, Any], **by: Any) -> None:
    month = Month.parse(data.pop("month"))
    record_progress(project, month=month, **data, **by)


def _guarantee(project: Project, data: dict[str, Any], **by: Any) -> None:
    record_payment_guarantee(project, **data, **by)


@dataclass(frozen=True)
class Entry:
    """One thing to register under a project: its form, its service, and the page it shows on.

    ``model`` is set where a wrong record can be corrected by another that replaces it.
    """

    title: str
    form: type[ConsoleForm]
    save: Callable[..., None]
    back: str
    model: type[Recorded] | None = None


ENTRIES: dict[str, Entry] = {
    "participant": Entry("参建单位", ParticipantForm, _participant, "project"),
    "approval": Entry("批复或备案", ApprovalForm, _approval, "project"),
    "account": Entry("工资专用账户", AccountForm, _account, "project-funds", SpecialAccount),
    "term": Entry("人工费用拨付约定", TermForm, _term, "project-funds", LabourCostTerm),
    "disbursement": Entry("人工费用拨付", DisbursementForm, _disbursement, "project-funds", Disbursement),
    "deposit": Entry("工资保证金", DepositForm, _deposit, "project-deposits", WageDeposit),
    "progress": Entry("当期工程进度款", ProgressForm, _progress, "project-funds"),
    "guarantee": Entry(
        "工程款支付担保", PaymentGuaranteeForm, _guarantee, "project-deposits", PaymentGuarantee
    ),
}


def _may_register(user: User, values: dict[str, Any]) -> bool:
    """Whether a project with these values of its form lies where this person registers."""
    body = values["responsible"]
    return may_register(
        user,
        region=values["region"].code,
        industry=values["industry"],
        organisation=body.code if body else "",
    )


def _initial(project: Project) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(project, name) for name in ProjectForm.base_fields}
    values["region"] = project.region_id
    values["responsible"] = project.responsible_id
    return values


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
