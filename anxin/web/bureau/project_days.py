"""考勤的一天: what stands, what the gate's punches come to, and a correction by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from anxin.accounts import access
from anxin.kernel.refusal import Refused
from anxin.local_law.queries import current
from anxin.registry.models import Project
from anxin.web import clock
from anxin.web.bureau.projects import project_or_404, render_part
from anxin.web.forms import ConsoleForm
from anxin.web.policy import page, user_of
from anxin.workforce import correcting
from anxin.workforce.day_rule import REMARKS
from anxin.workforce.deriving import RULE
from anxin.workforce.models import Worker
from anxin.workforce.queries import shown, visible_worker
from anxin.workforce.queries_gates import behind_day

_SHARES = [("1.00", "一天"), ("0.50", "半天"), ("0.00", "未出勤")]


class CorrectionForm(ConsoleForm):
    share = forms.ChoiceField(label="更正为", choices=_SHARES)
    reason = forms.CharField(label="依据", max_length=200)


@page(access.VIEW, methods=("GET", "POST"))
def day(request: HttpRequest, pk: int, worker: int, day: str) -> HttpResponse:
    """The punches behind one worker's day; a POST corrects it or takes the correction back."""
    project, person, on = _day_or_404(request, pk, worker, day)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        if not access.may_on(user_of(request), access.IMPORT, project):
            raise PermissionDenied
        if _corrected(request, project, person, on, form):
            return redirect("project-day", pk, worker, day)
    behind = behind_day(project, person, on)
    standing = behind.standing
    context: dict[str, Any] = {
        "person": shown(person),
        "on": on,
        "month": f"{on:%Y-%m}",
        "behind": behind,
        "standing_remark": REMARKS.get(standing.remark, standing.remark) if standing else "",
        "ruled_remark": REMARKS.get(behind.ruled.remark, "") if behind.ruled else "",
        "differs": bool(
            standing and standing.source != "gate" and behind.ruled and behind.ruled.share != standing.share
        ),
        "rule": current().value(RULE, on, project.region_id),
        "form": form,
    }
    response = render_part(request, "bureau/project_day.html", project, "project-attendance", context)
    response.status_code = 422 if form.is_bound and form.errors else 200
    return response


def _corrected(
    request: HttpRequest, project: Project, person: Worker, on: dt.date, form: CorrectionForm
) -> bool:
    user, now = user_of(request), clock.now()
    try:
        if request.POST.get("action") == "withdraw":
            form.is_valid()
            reason = request.POST.get("reason", "")
            correcting.withdraw_correction(project, person, on, reason=reason, user=user, now=now)
            messages.success(request, "已撤回更正，按打卡记录重新折算。")
            return True
        if form.is_valid():
            share, reason = Decimal(form.cleaned_data["share"]), form.cleaned_data["reason"]
            correcting.correct_day(project, person, on, share=share, reason=reason, user=user, now=now)
            messages.success(request, "已更正。")
            return True
    except Refused as refusal:
        form.refuse(str(refusal), refusal.field)
    return False


def _day_or_404(request: HttpRequest, pk: int, worker: int, day: str) -> tuple[Project, Worker, dt.date]:
    project = project_or_404(request, pk)
    person = visible_worker(user_of(request), worker)
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if person is None or not 2000 <= on.year <= 2100:
        raise Http404
    return project, person, on
