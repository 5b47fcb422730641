"""法律援助: who is on duty (1+1), the windows for groups in need, requests with their answer's clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.mediation import aid
from anxin.mediation.access import places, visible_duties, visible_requests
from anxin.mediation.decisions import AID_KINDS
from anxin.mediation.models import AidRequest
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.bureau.clue_field import NamesClue
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.policy import page, user_of

PAGE, EXPORTED = 40, 5000
_AHEAD = dt.timedelta(days=14)
_SHOWN = 60


class RequestForm(NamesClue, ConsoleForm):
    """What a request for aid says."""

    region = forms.ChoiceField(label="地区")
    group = forms.ChoiceField(label="人群", choices=[("", "请选择"), *AidRequest.Group.choices])
    name = forms.CharField(label="申请人姓名", max_length=60)
    phone = forms.CharField(label="电话", max_length=40, required=False)
    about = forms.CharField(label="要援助的事项", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    asked_on = DateField(label="申请日期")
    clue = forms.CharField(
        label="线索编号", max_length=40, required=False, help_text="有线索的填写，项目和单位会带过来。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        codes = places(user, access.HANDLE)
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name)
            for one in Region.objects.order_by("code")
            if len(one.code) >= 6 and any(one.code.startswith(code) for code in codes)
        ]


@page(access.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """Today's duty, the windows, the next two weeks, and the requests by key, the latest first."""
    user, today = user_of(request), clock.today()
    after = lists.whole_number(request.GET.get("after"))
    found = visible_requests(user).order_by("-pk")
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    ahead = (
        visible_duties(user).filter(on__gt=today, on__lte=today + _AHEAD).order_by("on", "region", "place")
    )
    context = {
        "today": today,
        "duties": aid.on_duty(user, today),
        "ahead": list(ahead[:_SHOWN]),
        "windows": aid.windows(today, local_law.current()),
        "rows": rows[:PAGE],
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_ask": access.may(user, access.HANDLE),
        "decisions": list(AID_KINDS.items()) if access.may(user, access.DRAFT) else [],
        "may_import": access.may(user, access.IMPORT),
    }
    return render(request, "bureau/legal_aid.html", context)


@page(access.VIEW)
def duties_export(request: HttpRequest) -> HttpResponse:
    """The roster from today on, as it may be imported again."""
    columns = [
        Column("日期", "date", 12), Column("区划代码", "text", 14), Column("地点"), Column("时间", "text", 16),
        Column("值班律师", "text", 12), Column("律师事务所"), Column("值班干部", "text", 12), Column("电话", "text", 14),
    ]  # fmt: skip
    rows = [
        [one.on, one.region_id, one.place, one.hours, one.lawyer, one.firm, one.officer, one.phone]
        for one in visible_duties(user_of(request))
        .filter(on__gte=clock.today())
        .order_by("on", "region", "place")[:EXPORTED]
    ]
    return lists.table_response(request, "法律援助值班表", columns, rows)


@page(access.VIEW)
def requests_export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("编号", "text", 34), Column("地区", "text", 18), Column("人群", "text", 24), Column("免查经济困难", "text", 12),
        Column("依据", "text", 30), Column("申请日期", "date", 12), Column("答复期限", "date", 12), Column("办到哪一步", "text", 16),
        Column("登记人", "text", 12),
    ]  # fmt: skip
    table = local_law.current().procedure("legal_aid")
    rows = [
        [
            one.matter.number, one.region.name, one.get_group_display(), "是" if one.exempt else "否", one.basis, one.asked_on,
            one.matter.next_due_on, table.state(one.matter.state).name, one.by_name,
        ]
        for one in visible_requests(user_of(request)).order_by("-pk")[:EXPORTED]
    ]  # fmt: skip
    return lists.table_response(request, "法律援助申请登记表", columns, rows)


@page(access.HANDLE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    user, law = user_of(request), local_law.current()
    start = {
        "asked_on": clock.today(),
        "clue": request.GET.get("clue", ""),
        "group": request.GET.get("group", ""),
    }
    form = RequestForm(request.POST or None, user=user, initial=start)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        said["region"] = Region.objects.get(pk=said["region"])
        try:
            made = aid.request_aid(**said, by=user, now=clock.now(), law=law)
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field or None)
        else:
            messages.success(request, "已登记法律援助申请，申请表已生成；答复期限在事项里计算。")
            return redirect("matter", pk=made.matter_id)
    context = {"form": form, "windows": aid.windows(clock.today(), law)}
    return render(
        request, "bureau/legal_aid_new.html", context, status=422 if request.method == "POST" else 200
    )
