"""接访安排: who receives when and where, published for everybody; visits to the field with a clue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.reception import queries, services
from anxin.reception.access import visible_duties, works_at
from anxin.reception.models import Duty
from anxin.reception.roster import Planned
from anxin.web import clock, lists
from anxin.web.bureau.clue_field import NamesClue
from anxin.web.bureau.reception import desk_places
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.policy import page, user_of

EXPORT_LIMIT = 5_000
#: of what has been, so much stays on the page
_BACK = dt.timedelta(days=30)
_SHOWN = 100
_COLUMNS = (
    Column("日期", "date", 12),
    Column("时间", "text", 16),
    Column("方式", "text", 14),
    Column("地区", "text", 14),
    Column("地点", "text", 30),
    Column("接访领导", "text", 12),
    Column("职务", "text", 14),
    Column("参加部门", "text", 30),
    Column("状态", "text", 10),
    Column("带案线索", "text", 24),
    Column("计划", "text", 30),
    Column("结果", "text", 30),
)


class DutyForm(NamesClue, ConsoleForm):
    """One day of the roster."""

    kind = forms.ChoiceField(label="方式", choices=Duty.Kind.choices)
    region = forms.ChoiceField(label="地区")
    on = DateField(label="日期")
    hours = forms.CharField(label="时间", max_length=40, required=False, help_text="例如：9:00–11:30")
    place = forms.CharField(label="地点", max_length=120)
    leader = forms.CharField(label="接访领导", max_length=60)
    post = forms.CharField(label="职务", max_length=60, required=False)
    departments = forms.CharField(
        label="参加部门", max_length=300, required=False, help_text="联合接访的写明哪些部门参加。"
    )
    clue = forms.CharField(
        label="带案下访的线索编号",
        max_length=40,
        required=False,
        help_text="只有下访填写；带案的不对外公布。",
    )
    plan = forms.CharField(
        label="下访计划",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "找谁、核什么、要办成什么"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        places = [(one.code, one.name) for one in desk_places(user)]
        self.fields["region"].choices = places  # type: ignore[attr-defined]


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    found = queries.roster(user, first=today - _BACK)[:EXPORT_LIMIT]
    rows = [
        [
            one.on,
            one.hours,
            one.get_kind_display(),
            one.region.name,
            one.place,
            one.leader,
            one.post,
            one.departments,
            _standing(one)[0],
            one.clue.number if one.clue else "",
            one.plan,
            one.result,
        ]
        for one in found
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("接访安排表", subtitle, _COLUMNS, rows), "接访安排表", today
    )


@page(access.HANDLE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    start = {"on": today, "clue": request.GET.get("clue", ""), "kind": request.GET.get("kind", "")}
    form = DutyForm(request.POST or None, user=user, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_duty(Planned(**form.cleaned_data), by=user, today=today, now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field or None)
        else:
            messages.success(request, "已列入接访安排，公布以后群众可以看到。")
            return redirect("roster")
    return render(
        request, "bureau/duty_new.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


@page(access.HANDLE, methods=("POST",))
def publish(request: HttpRequest) -> HttpResponse:
    """Publish every day of one's own places that waits."""
    user = user_of(request)
    waiting = [
        one
        for one in queries.roster(user, first=clock.today()).filter(
            published_at__isnull=True, cancelled_at__isnull=True, clue__isnull=True
        )
        if works_at(user, one.region_id, access.HANDLE)
    ]
    try:
        count = services.publish_duties(waiting, by=user, now=clock.now())
        messages.success(request, f"已公布{count}次接访安排。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("roster")


@page(access.HANDLE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Cancel a day, or write what came of a visit to the field."""
    user, now = user_of(request), clock.now()
    duty = visible_duties(user).filter(pk=pk).first()
    if duty is None or action not in ("cancel", "result"):
        raise Http404
    if not works_at(user, duty.region_id, access.HANDLE):
        raise PermissionDenied
    try:
        if action == "cancel":
            services.cancel_duty(duty, why=request.POST.get("why", ""), by=user, now=now)
            messages.success(request, "已取消，公布过的会写明原因。")
        else:
            words = request.POST.get("why", "")
            services.record_result(duty, result=words, by=user, today=clock.today(), now=now)
            messages.success(request, "已记下下访结果。")
    except Refused as refusal:
        return _show(request, refusal=str(refusal), where=f"{action}-{pk}")
    return redirect("roster")


def _show(request: HttpRequest, *, refusal: str = "", where: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    found = list(queries.roster(user, first=today - _BACK)[:_SHOWN])
    rows = [_row(one, user, today) for one in found]
    context = {
        "ahead": [row for row in rows if row["duty"].on >= today],
        "past": [row for row in reversed(rows) if row["duty"].on < today],
        "may_plan": access.may(user, access.HANDLE),
        "waiting": sum(1 for row in rows if row["publishes"] and row["duty"].on >= today),
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/roster.html", context, status=422 if refusal else 200)


def _row(duty: Duty, user: User, today: dt.date) -> dict[str, Any]:
    works = works_at(user, duty.region_id, access.HANDLE) and duty.cancelled_at is None
    return {
        "duty": duty,
        "standing": _standing(duty),
        "publishes": works and duty.published_at is None and duty.clue_id is None,
        "cancel": f"cancel-{duty.pk}" if works and duty.on >= today else "",
        "result": f"result-{duty.pk}" if works and duty.kind == Duty.Kind.FIELD and duty.on <= today else "",
    }


def _standing(duty: Duty) -> tuple[str, str]:
    if duty.cancelled_at is not None:
        return "已取消", "mark-bad"
    if duty.clue_id is not None:
        return "带案下访，不公布", ""
    return ("已公布", "mark-good") if duty.published_at is not None else ("未公布", "mark-wait")
