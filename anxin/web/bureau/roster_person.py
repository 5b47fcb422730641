"""花名册上的一个人: agreed wage and pay day, the contract on file, trainings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from anxin.accounts import access
from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.web import clock
from anxin.web.bureau.projects import project_or_404, render_part
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of
from anxin.web.receiving import SentField
from anxin.workforce import particulars
from anxin.workforce.models import Enrolment, Training
from anxin.workforce.queries import shown

_SIGNED = [("", "未登记"), ("yes", "已签"), ("no", "未签")]


class ContractForm(ConsoleForm):
    pay_day = forms.IntegerField(label="约定发薪日", required=False, help_text="每月几日，1至31。")
    signed = forms.ChoiceField(label="劳动合同", choices=_SIGNED, required=False)
    number = forms.CharField(label="合同编号", max_length=60, required=False)
    valid_from = DateField(label="合同起始", required=False)
    valid_until = DateField(label="合同终止", required=False)
    file = SentField(
        label="合同文件", required=False, help_text="PDF、OFD、JPG、PNG，不超过10MB。", accept=particulars.CONTRACTS.accept,
        door=lambda: particulars.CONTRACTS,
    )  # fmt: skip


class TrainingForm(ConsoleForm):
    kind = forms.ChoiceField(label="培训种类", choices=Training.Kind.choices)
    on = DateField(label="培训日期")
    hours = forms.DecimalField(label="学时", max_digits=4, decimal_places=1)


@page(access.VIEW, methods=("GET", "POST"))
def person(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """One enrolment with what is on file; a POST records contract or training."""
    project, row = _row_or_404(request, pk, enrolment)
    training = request.POST.get("what") == "training"
    contract_form = ContractForm(
        None if training else request.POST or None,
        None if training else request.FILES or None,
        initial=_initial(row),
    )
    training_form = TrainingForm(request.POST if training else None)
    form = training_form if training else contract_form
    if request.method == "POST":
        if not access.may_on(user_of(request), access.IMPORT, project):
            raise PermissionDenied
        current = _recorded(request, project, row, form, training)
        if current is not None:
            return redirect("roster-person", pk, current)
    context: dict[str, Any] = {
        "row": row,
        "person": shown(row.worker),
        "contract_form": contract_form,
        "training_form": training_form,
        "trainings": list(
            Training.objects.filter(project=project, worker=row.worker, superseded_at__isnull=True).order_by(
                "-on"
            )
        ),
    }
    response = render_part(request, "bureau/roster_person.html", project, "project-roster", context)
    response.status_code = 422 if form.is_bound and form.errors else 200
    return response


@page(access.UNMASK)
def contract(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Download the contract; it shows the person in full, so only for whom that is allowed on this site."""
    project, row = _row_or_404(request, pk, enrolment)
    if not access.may_on(user_of(request), access.UNMASK, project):
        raise PermissionDenied
    if row.contract_file is None:
        raise Http404
    try:
        data = particulars.open_contract(row, user=user_of(request), now=clock.now())
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("roster-person", pk, enrolment)
    return handed_out(data, row.contract_file.name)


def _recorded(
    request: HttpRequest, project: Project, row: Enrolment, form: ConsoleForm, training: bool
) -> int | None:
    """The enrolment's key after what was typed has been recorded; ``None`` where it was refused."""
    if not form.is_valid():
        return None
    values: dict[str, Any] = dict(form.cleaned_data)
    by: dict[str, Any] = {"user": user_of(request), "now": clock.now()}
    try:
        if training:
            particulars.record_training(project, row.worker, **values, **by)
            messages.success(request, "已登记培训。")
            return row.pk
        values["signed"] = {"yes": True, "no": False}.get(values["signed"])
        given = values.pop("file")
        file = (given.name, given.data) if given else None
        new = particulars.record_contract(row, **values, file=file, **by)
        messages.success(request, "已登记合同和约定发薪日。")
        return new.pk
    except Refused as refusal:
        form.refuse(str(refusal), refusal.field)
        return None


def _row_or_404(request: HttpRequest, pk: int, enrolment: int) -> tuple[Project, Enrolment]:
    project = project_or_404(request, pk)
    row = (
        Enrolment.objects.filter(project=project, superseded_at__isnull=True, pk=enrolment)
        .select_related("worker", "employer", "contract_file", "project")
        .first()
    )
    if row is None:
        raise Http404
    return project, row


def _initial(row: Enrolment) -> dict[str, Any]:
    return {
        "pay_day": row.pay_day,
        "signed": {True: "yes", False: "no", None: ""}[row.contract_signed],
        "number": row.contract_number,
        "valid_from": row.contract_from,
        "valid_until": row.contract_until,
    }
