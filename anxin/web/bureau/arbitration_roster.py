"""The commission's own: arbitrators and secretaries with their load, rooms, and circuit days; lists with workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import Role, User
from anxin.arbitration import places, tribunals
from anxin.arbitration.access import keeps, visible_arbitrators, visible_circuit_days, visible_rooms
from anxin.arbitration.models import Arbitrator
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation, Region
from anxin.web import clock, lists
from anxin.web.bureau.matter_acts import day_of
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE, EXPORTED = 60, 20_000


@page(access.VIEW)
def arbitrators(request: HttpRequest) -> HttpResponse:
    """The roster by key, with how many open cases each has."""
    return _arbitrators(request)


@page(access.VIEW)
def arbitrators_export(request: HttpRequest) -> HttpResponse:
    """The roster as a workbook; telephone numbers stay sealed."""
    columns = [
        Column("编号", "text", 14), Column("姓名", "text", 12), Column("身份", "text", 10), Column("仲裁机构"), Column("地区", "text", 14),
        Column("专职", "text", 8), Column("账号", "text", 12), Column("在办", "number", 8), Column("离任日期", "date", 12),
    ]  # fmt: skip
    found = list(_roster(request).order_by("pk")[:EXPORTED])
    loads = tribunals.loads([one.pk for one in found])
    rows = [
        [
            one.code, one.name, one.get_kind_display(), one.body.name, one.region.name, "是" if one.full_time else "否",
            one.user.username if one.user else "", loads.get(one.pk, 0), one.left_on,
        ]
        for one in found
    ]  # fmt: skip
    return lists.table_response(request, "仲裁员和书记员名册", columns, rows)


@page(access.VIEW)
def arbitration_places(request: HttpRequest) -> HttpResponse:
    """Rooms and circuit days."""
    return _places(request)


@page(access.VIEW)
def circuit_export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("日期", "date", 12), Column("地区", "text", 14), Column("地点"), Column("时间", "text", 16), Column("联系电话", "text", 16),
        Column("仲裁机构"), Column("取消原因"),
    ]  # fmt: skip
    rows = [
        [one.on, one.region.name, one.place, one.hours, one.phone, one.body.name, one.cancelled_why]
        for one in visible_circuit_days(user_of(request)).order_by("-on", "pk")[:EXPORTED]
    ]
    return lists.table_response(request, "巡回庭安排", columns, rows)


@page(access.VIEW)
def rooms_export(request: HttpRequest) -> HttpResponse:
    columns = [Column("名称", "text", 18), Column("地区", "text", 14), Column("地址"), Column("仲裁机构"), Column("停用日期", "date", 12)]  # fmt: skip
    rows = [
        [one.name, one.region.name, one.address, one.body.name, one.closed_on]
        for one in visible_rooms(user_of(request)).order_by("region", "pk")[:EXPORTED]
    ]
    return lists.table_response(request, "仲裁庭室", columns, rows)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def keep(request: HttpRequest, action: str) -> HttpResponse:
    """One change to the roster, the rooms or the circuit days, and back; a refusal keeps what was typed."""
    known = or_404(_ACTS.get(action))
    act, back, done = known
    try:
        act(request, user_of(request), clock.now())
    except Refused as refusal:
        again = _arbitrators if back == "arbitration-arbitrators" else _places
        return again(request, refusal=refusal, where=action)
    messages.success(request, done)
    return redirect(back)


def _register(request: HttpRequest, user: User, now: dt.datetime) -> None:
    said = request.POST
    username = said.get("username", "").strip()
    account = None
    if username:
        account = User.objects.filter(username=username, is_active=True, grants__role=Role.ARBITRATOR).first()
        if account is None:
            raise Refused(
                f"没有账号“{username}”，或者它还没有仲裁员角色，请先由管理员开通。", field="username"
            )
    tribunals.register(
        tribunals.NewArbitrator(
            said.get("code", ""), said.get("name", ""), said.get("kind", ""), _body(request), _region(request),
            full_time="full_time" in said, works_for=said.get("works_for", ""), phone=said.get("phone", ""), user=account,
        ),
        by=user, now=now,
    )  # fmt: skip


def _leave(request: HttpRequest, user: User, now: dt.datetime) -> None:
    tribunals.leave(_row(request, visible_arbitrators(user)), by=user, now=now)


def _add_room(request: HttpRequest, user: User, now: dt.datetime) -> None:
    said = {name: request.POST.get(name, "") for name in ("name", "address")}
    places.add_room(body=_body(request), region=_region(request), **said, by=user, now=now)


def _close_room(request: HttpRequest, user: User, now: dt.datetime) -> None:
    places.close_room(_row(request, visible_rooms(user)), by=user, now=now)


def _add_circuit(request: HttpRequest, user: User, now: dt.datetime) -> None:
    said = {name: request.POST.get(name, "") for name in ("place", "hours", "phone")}
    on = day_of(request.POST.get("on", ""), "日期", "on")
    places.add_circuit_day(body=_body(request), region=_region(request), on=on, **said, by=user, now=now)


def _cancel_circuit(request: HttpRequest, user: User, now: dt.datetime) -> None:
    day = _row(request, visible_circuit_days(user))
    places.cancel_circuit_day(day, why=request.POST.get("why", ""), by=user, now=now)


_ACTS: dict[str, tuple[Callable[[HttpRequest, User, dt.datetime], None], str, str]] = {
    "register": (_register, "arbitration-arbitrators", "已登记。"),
    "leave": (_leave, "arbitration-arbitrators", "已登记离任。"),
    "add-room": (_add_room, "arbitration-places", "仲裁庭已登记。"),
    "close-room": (_close_room, "arbitration-places", "仲裁庭已停用。"),
    "add-circuit": (_add_circuit, "arbitration-places", "巡回庭已公布。"),
    "cancel-circuit": (_cancel_circuit, "arbitration-places", "已取消，公开页面会写明原因。"),
}


def _arbitrators(request: HttpRequest, *, refusal: Refused | None = None, where: str = "") -> HttpResponse:
    after = lists.whole_number(request.GET.get("after"))
    found = _roster(request).order_by("pk")
    rows = list((found.filter(pk__gt=after) if after else found)[: PAGE + 1])
    shown = rows[:PAGE]
    loads = tribunals.loads([one.pk for one in shown])
    context = {
        "rows": [(one, loads.get(one.pk, 0)) for one in shown],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "kinds": Arbitrator.Kind.choices,
        "filters": {name: request.GET.get(name, "") for name in ("kind", "text")},
        **_form(request, refusal, where),
    }
    return render(request, "bureau/arbitration_arbitrators.html", context, status=422 if refusal else 200)


def _places(request: HttpRequest, *, refusal: Refused | None = None, where: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    context = {
        "rooms": list(visible_rooms(user).order_by("region", "pk")[:EXPORTED]),
        "days": list(visible_circuit_days(user).filter(on__gte=today).order_by("on", "pk")[:PAGE]),
        "past": list(visible_circuit_days(user).filter(on__lt=today).order_by("-on", "-pk")[:10]),
        **_form(request, refusal, where),
    }
    return render(request, "bureau/arbitration_places.html", context, status=422 if refusal else 200)


def _form(request: HttpRequest, refusal: Refused | None, where: str) -> dict[str, Any]:
    """What the forms below a list offer: nothing where this person keeps no place."""
    user = user_of(request)
    regions = [one for one in lists.region_choices(user) if keeps(user, one.pk)]
    bodies = Organisation.objects.filter(kind=Organisation.Kind.BUREAU).order_by("name") if regions else []
    return {
        "may_keep": bool(regions),
        "regions": [(one.pk, one.name) for one in regions],
        "bodies": [(one.pk, one.name) for one in bodies],
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }


def _roster(request: HttpRequest) -> Any:
    rows = visible_arbitrators(user_of(request))
    kind, text = request.GET.get("kind", ""), request.GET.get("text", "").strip()
    if kind in Arbitrator.Kind.values:
        rows = rows.filter(kind=kind)
    return rows.filter(name__contains=text) if text else rows


def _row(request: HttpRequest, rows: Any) -> Any:
    found = rows.filter(pk=lists.whole_number(request.POST.get("row")) or 0).first()
    if found is None:
        raise Refused("这一条已经不在了，请刷新页面。")
    return found


def _region(request: HttpRequest) -> Region:
    found = Region.objects.filter(pk=request.POST.get("region", "")).first()
    if found is None:
        raise Refused("请选择地区。", field="region")
    return found


def _body(request: HttpRequest) -> Organisation:
    number = lists.whole_number(request.POST.get("body")) or 0
    found = Organisation.objects.filter(pk=number, kind=Organisation.Kind.BUREAU).first()
    if found is None:
        raise Refused("请选择仲裁机构。", field="body")
    return found
