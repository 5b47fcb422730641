"""考勤设备: which gates there are, when each was last heard, alarms, planned stops; registering one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.web import clock, lists
from anxin.web.forms import CodeField, ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.workforce import devices as services
from anxin.workforce import queries_gates as queries
from anxin.workforce.models import Device, GateVendor

PAGE = 50
EXPORT_LIMIT = 20_000


class DeviceForm(ConsoleForm):
    project = CodeField(label="项目编码", max_length=40)
    vendor = forms.CharField(
        label="厂商名称", max_length=80, help_text="与接口密钥登记的厂商名称一致；没有登记过的会一并登记。"
    )
    serial = CodeField(label="设备序列号", max_length=40, help_text="以设备铭牌为准。")
    place = forms.CharField(label="安装位置", max_length=60, required=False)
    direction = forms.ChoiceField(label="通行方向", choices=Device.Direction.choices)
    opens = forms.TimeField(
        label="每日开始时刻", initial="06:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label="每日结束时刻",
        initial="19:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="这段时间内没有数据才提醒；两个时刻相同表示全天，结束早于开始表示跨零点。",
    )


class OutageForm(ConsoleForm):
    starts_at = forms.DateTimeField(
        label="开始", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label="结束", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label="原因", max_length=200)
    whole_site = forms.BooleanField(label="本工地全部设备都停用", required=False)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), clock.now()
    state, found = _filtered(request, now)
    after = lists.whole_number(request.GET.get("after")) or 0
    rows = list(found.filter(pk__gt=after)[: PAGE + 1])
    shown = [queries.device_row(one) for one in rows[:PAGE]]
    context = {
        "rows": shown,
        "open": queries.open_punches(rows[:PAGE]),
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "state": state,
        "states": queries.STATE_CHOICES,
        "vendor": request.GET.get("vendor", ""),
        "vendors": [(one.pk, one.name) for one in GateVendor.objects.order_by("name")],
        "text": request.GET.get("text", ""),
        "counts": queries.state_counts(queries.visible_devices(user), now),
        "narrowed": bool(state or request.GET.get("vendor") or request.GET.get("text")),
        "may_register": access.may(user, access.IMPORT),
        "claims": queries.visible_claims(user).filter(state="pending").count(),
    }
    return render(request, "bureau/gates.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered devices as a workbook."""
    today, now = clock.today(), clock.now()
    columns = (
        Column("项目编码", "text", 14),
        Column("项目名称"),
        Column("厂商"),
        Column("序列号", "text", 16),
        Column("安装位置"),
        Column("状态", "text", 10),
        Column("最后一次数据", "time", 18),
        Column("最后一批打卡", "time", 18),
        Column("已收到第几条", "number", 12),
        Column("时钟偏差（秒）", "number", 12),
    )
    rows = []
    for one in _filtered(request, now)[1][:EXPORT_LIMIT]:
        row = queries.device_row(one)
        rows.append(
            [
                one.project.code,
                one.project.name,
                one.vendor.name,
                one.serial,
                one.place,
                row.state.word,
                clock.local(row.since) if row.since else None,
                clock.local(one.last_batch_at) if one.last_batch_at else None,
                one.position,
                one.skew_seconds,
            ]
        )
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("考勤设备清单", subtitle, columns, rows), "考勤设备清单", today
    )


@page(access.IMPORT, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Register a device, and its maker where it is new."""
    initial = {"project": request.GET.get("project", "")}
    form = DeviceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = _register(request, dict(form.cleaned_data))
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, f"已登记设备“{made.serial}”。")
            return redirect("gate", made.pk)
    vendors = GateVendor.objects.order_by("name").values_list("name", flat=True)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/gate_new.html", {"form": form, "vendors": vendors}, status=status)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    device = _device_or_404(request, pk)
    return render(
        request, "bureau/gate_device.html", _about(request, device, OutageForm(initial=_outage_now()))
    )


@page(access.IMPORT, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Declare a planned stop, or take the device away."""
    device = _device_or_404(request, pk)
    if action not in ("outage", "retire"):
        raise Http404
    if not access.may_on(user_of(request), access.IMPORT, device.project):
        raise PermissionDenied
    actor, now = access.actor(user_of(request)), clock.now()
    form = OutageForm(request.POST if action == "outage" else None)
    try:
        if action == "retire":
            services.retire_device(device, actor=actor, now=now)
            messages.success(request, "已撤除；它此前报送的数据保留。")
            return redirect("gate", pk)
        if form.is_valid():
            values = dict(form.cleaned_data)
            scope = None if values.pop("whole_site") else device
            services.declare_outage(device.project, device=scope, **values, actor=actor, now=now)
            messages.success(request, "已报备停用，期间不提醒。")
            return redirect("gate", pk)
    except Refused as refusal:
        if action == "retire":
            messages.error(request, str(refusal))
            return redirect("gate", pk)
        form.refuse(str(refusal), refusal.field)
    return render(request, "bureau/gate_device.html", _about(request, device, form), status=422)


def _filtered(request: HttpRequest, now: dt.datetime) -> tuple[str, Any]:
    state = request.GET.get("state", "")
    found = queries.with_state(queries.visible_devices(user_of(request)), now).order_by("pk")
    if state in dict(queries.STATE_CHOICES):
        found = queries.in_state(found, state)
    vendor = lists.whole_number(request.GET.get("vendor"))
    if vendor is not None:
        found = found.filter(vendor_id=vendor)
    text = (request.GET.get("text") or "").strip()
    if text:
        found = found.filter(serial__icontains=text) | found.filter(project__name__icontains=text)
    return state, found


def _register(request: HttpRequest, values: dict[str, Any]) -> Device:
    user, now = user_of(request), clock.now()
    project: Project | None = visible_projects(user, access.IMPORT).filter(code=values.pop("project")).first()
    if project is None:
        raise Refused("没有这个项目编码，或不在您的管辖范围内。", field="project")
    name = " ".join(values.pop("vendor").split())
    vendor = GateVendor.objects.filter(name=name).first()
    actor = access.actor(user)
    if vendor is None:
        vendor = services.register_vendor(name, actor=actor, now=now)
    return services.register_device(project, vendor=vendor, **values, actor=actor, now=now)


def _outage_now() -> dict[str, Any]:
    start = clock.local(None).replace(second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start + dt.timedelta(hours=4)}


def _device_or_404(request: HttpRequest, pk: int) -> Any:
    return or_404(
        queries.with_state(queries.visible_devices(user_of(request)), clock.now()).filter(pk=pk).first()
    )


def _about(request: HttpRequest, device: Any, form: OutageForm) -> dict[str, Any]:
    return {
        "row": queries.device_row(device),
        "device": device,
        "alarms": queries.alarms_of(device),
        "batches": queries.batches_of(device),
        "refusals": queries.refusals_of(device),
        "open": queries.open_punches([device]).get(device.pk, 0),
        "outages": queries.outages_of(device.project, clock.now()),
        "form": form,
        "missing": max(device.reported_position - device.position, 0),
        "may_register": access.may_on(user_of(request), access.IMPORT, device.project),
    }
