"""Seeing an identifier in full: asks for the purpose, leaves a trace, shows the value once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.enforcement.access import visible_emergencies
from anxin.enforcement.emergencies import unmask_responder
from anxin.enforcement.models import Responder
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.payroll.models import PayrollLine
from anxin.payroll.services import unmask as unmask_line
from anxin.registry.access import visible_projects
from anxin.web import clock
from anxin.web.policy import page, user_of
from anxin.workforce.access import visible_workers
from anxin.workforce.models import Enrolment, Worker
from anxin.workforce.services import unmask


@dataclass(frozen=True)
class Kind:
    """What can be shown in full of one kind of record, and how it is found within a person's scope."""

    fields: Mapping[str, str]
    find: Callable[[User, int, str], Any]
    open: Callable[..., str]
    #: how the page calls the person, masked
    person: Callable[[Any], str]
    back: Callable[[Any], str]


def _worker(user: User, pk: int, permission: str) -> Worker | None:
    return visible_workers(user, permission).filter(pk=pk).first()


def _enrolment(user: User, pk: int, permission: str) -> Enrolment | None:
    found = Enrolment.objects.select_related("worker", "project__responsible")
    return found.filter(pk=pk, project__in=visible_projects(user, permission)).first()


def _line(user: User, pk: int, permission: str) -> PayrollLine | None:
    found = PayrollLine.objects.select_related("payroll__project__responsible")
    return found.filter(pk=pk, payroll__project__in=visible_projects(user, permission)).first()


def _responder(user: User, pk: int, permission: str) -> Responder | None:
    found = Responder.objects.select_related("emergency")
    return found.filter(pk=pk, emergency__in=visible_emergencies(user, permission)).first()


KINDS: dict[str, Kind] = {
    "worker": Kind(
        {"name": "姓名", "id_number": "身份证号", "phone": "手机号"},
        _worker,
        unmask,
        lambda worker: mask_name(worker.name),
        lambda worker: reverse("worker", args=[worker.pk]),
    ),
    "enrolment": Kind(
        {"bank_card": "工资卡号"},
        _enrolment,
        unmask,
        lambda enrolment: mask_name(enrolment.worker.name),
        lambda enrolment: reverse("project-roster", args=[enrolment.project_id]),
    ),
    "line": Kind(
        {"bank_card": "工资卡号", "name": "姓名"},
        _line,
        unmask_line,
        lambda line: mask_name(line.name),
        lambda line: reverse("project-wages-month", args=[line.payroll.project_id, line.payroll.month]),
    ),
    "responder": Kind(
        {"name": "姓名", "phone": "电话"},
        _responder,
        unmask_responder,
        lambda one: f"{one.get_office_display()}（{one.body_name}）的{mask_name(one.name.open())}",
        lambda one: reverse("emergency", args=[one.emergency_id]),
    ),
}


@page(access.UNMASK, methods=("GET", "POST"))
def reveal(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    user = user_of(request)
    spec = KINDS.get(kind)
    if spec is None or spec.find(user, pk, access.VIEW) is None:
        raise Http404
    record = spec.find(user, pk, access.UNMASK)
    if record is None:
        raise PermissionDenied
    context: dict[str, Any] = {
        "fields": spec.fields.items(),
        "chosen": request.POST.get("field") or request.GET.get("field") or next(iter(spec.fields)),
        "person": spec.person(record),
        "purpose": request.POST.get("purpose", ""),
        "back": spec.back(record),
    }
    status = 200
    if request.method == "POST":
        field = request.POST.get("field", "")
        try:
            if field not in spec.fields:
                raise Refused("请选择要查看的内容。", field="field")
            context["value"] = spec.open(
                record, field, purpose=context["purpose"], user=user, now=clock.now()
            )
            context["title"] = spec.fields[field]
        except Refused as refusal:
            context["refusal"], status = str(refusal), 422
    return render(request, "bureau/reveal.html", context, status=status)
