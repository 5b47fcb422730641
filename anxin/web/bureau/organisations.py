"""系统 · 单位: the public bodies, banks, insurers, guarantors and hotlines that projects, accounts and deposits name."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.registry import services
from anxin.registry.models import Organisation
from anxin.web import clock, lists
from anxin.web.forms import CodeField, ConsoleForm, RegionField
from anxin.web.policy import page, user_of

PAGE = 50
EXPORT_LIMIT = 20_000


class OrganisationForm(ConsoleForm):
    kind = forms.ChoiceField(label="类别", choices=Organisation.Kind.choices)
    name = forms.CharField(label="单位名称", max_length=80)
    code = CodeField(
        label="单位代码", max_length=20, help_text="本地自定，不重复即可；授权和导出时用。例如 YC-RS。"
    )
    region = RegionField(
        label="地区代码",
        required=False,
        listed=False,
        help_text="银行、保险机构、担保公司可以不填；12345热线填它受理哪个地区的来电。",
    )


@page(access.MANAGE, methods=("GET", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """All organisations, and the form for one more. Refusals stand beside their field."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = access.actor(user_of(request))
        try:
            made = services.register_organisation(**form.cleaned_data, actor=actor, now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, f"已登记“{made.name}”。")
            return redirect("organisations")
    after = lists.whole_number(request.GET.get("after")) or 0
    rows = list(Organisation.objects.select_related("region").filter(pk__gt=after).order_by("pk")[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "form": form,
        "organisations": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "shown": len(shown),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/organisations.html", context, status=status)


@page(access.MANAGE)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("类别", "text", 14),
        Column("单位名称"),
        Column("单位代码", "text", 14),
        Column("地区代码", "text", 14),
        Column("地区"),
    )
    found = Organisation.objects.select_related("region").order_by("pk")[:EXPORT_LIMIT]
    rows = [
        [
            one.get_kind_display(),
            one.name,
            one.code,
            one.region.code if one.region else "",
            one.region.name if one.region else "",
        ]
        for one in found
    ]
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(table_workbook("单位名录", subtitle, columns, rows), "单位名录", today)
