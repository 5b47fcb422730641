"""The week of hearings of one's places, and an arbitrator's own; both as workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anxin.accounts import access
from anxin.arbitration.access import visible_cases, visible_hearings
from anxin.arbitration.models import Hearing, Seat
from anxin.evidence.workbooks import Column
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

_WEEK = dt.timedelta(days=7)
_MOST = 500
_NAMES = "一二三四五六日"


@page(access.VIEW, access.ARBITRATE)
def calendar(request: HttpRequest) -> HttpResponse:
    """Monday to Sunday: when, which case, where, who sits. Four queries and what the page itself needs."""
    monday, region = _asked(request)
    found = list(_hearings(request, monday, region))
    who = _sitting(found)
    days = [
        {
            "on": on,
            "name": _NAMES[n],
            "rows": [
                (one, who.get(one.case_id, "")) for one in found if timezone.localdate(one.begins_at) == on
            ],
        }
        for n, on in enumerate(monday + dt.timedelta(days=n) for n in range(7))
    ]
    context = {
        "days": days,
        "today": clock.today(),
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
        "before": monday - _WEEK,
        "after": monday + _WEEK,
        "number": sum(1 for one in found if one.state in (Hearing.State.SET, Hearing.State.HELD)),
        "region": region,
        "regions": [(one.pk, one.name) for one in lists.region_choices(user_of(request))],
        "views": access.may(user_of(request), access.VIEW),
    }
    return render(request, "bureau/arbitration_calendar.html", context)


@page(access.VIEW, access.ARBITRATE)
def calendar_export(request: HttpRequest) -> HttpResponse:
    """The same week as a workbook."""
    monday, region = _asked(request)
    return _workbook(request, f"开庭日历（{monday}起一周）", list(_hearings(request, monday, region)))


@page(access.ARBITRATE)
def mine(request: HttpRequest) -> HttpResponse:
    """An arbitrator's day: hearings ahead, records to finish, cases at hand."""
    user, now = user_of(request), clock.now()
    hearings = list(_own(request).filter(state=Hearing.State.SET).order_by("begins_at")[:_MOST])
    context = {
        "now": now,
        "ahead": [one for one in hearings if one.ends_at > now],
        "late": [one for one in hearings if one.ends_at <= now],
        "records": list(
            _own(request)
            .filter(state=Hearing.State.HELD)
            .exclude(record__state="done")
            .order_by("-begins_at")[:40]
        ),
        "cases": list(visible_cases(user).filter(matter__closed_on__isnull=True).order_by("-pk")[:_MOST]),
    }
    return render(request, "bureau/arbitration_mine.html", context)


@page(access.ARBITRATE)
def mine_export(request: HttpRequest) -> HttpResponse:
    return _workbook(request, "我的开庭", list(_own(request).order_by("-begins_at")[:_MOST]))


def _own(request: HttpRequest) -> QuerySet[Hearing]:
    return visible_hearings(user_of(request)).select_related("record", "case__matter", "room", "circuit")


def _asked(request: HttpRequest) -> tuple[dt.date, str]:
    """The Monday of the week asked for, and a region's code."""
    try:
        day = dt.date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = clock.today()
    day = min(max(day, dt.date(2000, 1, 10)), dt.date(2200, 1, 1))
    region = request.GET.get("region", "")
    return day - dt.timedelta(days=day.weekday()), region if region.isdecimal() else ""


def _hearings(request: HttpRequest, monday: dt.date, region: str) -> Iterable[Hearing]:
    first = timezone.make_aware(dt.datetime.combine(monday, dt.time()))
    rows = visible_hearings(user_of(request)).filter(begins_at__gte=first, begins_at__lt=first + _WEEK)
    if region:
        rows = rows.filter(case__region__code__startswith=region)
    return rows.order_by("begins_at", "pk")[:_MOST]


def _sitting(hearings: Sequence[Hearing]) -> dict[int, str]:
    """Case → who sits now, in words; one query."""
    found: dict[int, list[str]] = {}
    rows = Seat.objects.filter(
        tribunal__case__in={one.case_id for one in hearings}, left_on__isnull=True
    ).select_related("arbitrator", "tribunal")
    for seat in rows.order_by("pk"):
        found.setdefault(seat.tribunal.case_id, []).append(seat.arbitrator.name)
    return {case: "、".join(names) for case, names in found.items()}


def _workbook(request: HttpRequest, title: str, found: list[Hearing]) -> HttpResponse:
    columns = [
        Column("日期", "date", 12), Column("起", "text", 8), Column("止", "text", 8), Column("案号", "text", 30), Column("被申请人"),
        Column("方式", "text", 10), Column("地点"), Column("仲裁庭组成人员"), Column("最迟通知日", "date", 12), Column("状态", "text", 10),
        Column("变更原因"),
    ]  # fmt: skip
    who = _sitting(found)
    rows: list[list[Any]] = []
    for one in found:
        begins, ends = timezone.localtime(one.begins_at), timezone.localtime(one.ends_at)
        rows.append(
            [
                begins.date(), f"{begins:%H:%M}", f"{ends:%H:%M}", one.case.matter.number, one.case.employer_name,
                one.get_way_display(), one.place, who.get(one.case_id, ""), one.notice_by, one.get_state_display(), one.change_why,
            ]
        )  # fmt: skip
    return lists.table_response(request, title, columns, rows)
