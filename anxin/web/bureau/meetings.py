"""专班会议: the list, planning one, and its page with agenda, minutes and what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.access import visible_matter
from anxin.casework.models import Matter
from anxin.enforcement import joint, meetings
from anxin.enforcement.access import may_lead
from anxin.enforcement.models import AgendaItem, Meeting
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation, Region
from anxin.registry.queries import organisations
from anxin.web import clock, lists
from anxin.web.bureau.matter_acts import day_of
from anxin.web.bureau.matter_opening import own_body
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_KINDS = Organisation.Kind


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = joint.meeting_page(user, after=request.GET.get("after", ""))
    context = {
        "meetings": found.items,
        "next_key": found.next_after,
        "may_plan": access.may(user, access.HANDLE) or access.may(user, access.DECIDE),
        "today": clock.today(),
    }
    return render(request, "bureau/meetings.html", context)


@page(access.HANDLE, access.DECIDE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Call a meeting, or put a matter before one that is called already."""
    user = user_of(request)
    number = lists.whole_number(request.POST.get("matter") or request.GET.get("matter"))
    matter = visible_matter(user, number) if number else None
    refusal = ""
    if request.method == "POST":
        try:
            made = (
                _chosen(request, user, matter)
                if "meeting" in request.POST
                else _planned(request, user, matter)
            )
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, "已列入会议，请列好议程。")
            return redirect("meeting", pk=made.pk)
    context = {
        "matter": matter,
        "to_come": joint.to_come(user, matter) if matter else [],
        "refusal": refusal,
        "typed": request.POST,
        "today": clock.today(),
    }
    return render(request, "bureau/meeting_new.html", context, status=422 if refusal else 200)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step on one meeting; a refusal is shown on the page with what was typed."""
    meeting, user = _find(request, pk), user_of(request)
    if action not in _ACTS:
        raise Http404
    if not may_lead(user, meeting):
        raise PermissionDenied
    what, done = _ACTS[action]
    try:
        what(request, meeting, user, clock.now())
    except Refused as refusal:
        return _show(request, _find(request, pk), refusal=str(refusal), where=action)
    messages.success(request, done)
    return redirect("meeting", pk=pk)


def _add(request: HttpRequest, meeting: Meeting, user: User, now: dt.datetime) -> None:
    question = request.POST.get("question", "")
    meetings.put_on_agenda(meeting, _matter(request, user), question=question, by=user, now=now)


def _remove(request: HttpRequest, meeting: Meeting, user: User, now: dt.datetime) -> None:
    number = lists.whole_number(request.POST.get("item"))
    items = AgendaItem.objects.select_related("meeting", "matter").filter(meeting=meeting)
    item = items.filter(pk=number).first() if number else None
    if item is None:
        raise Refused("这件事项已经不在议程上，请刷新页面。")
    meetings.take_off_agenda(item, by=user, now=now)


def _hold(request: HttpRequest, meeting: Meeting, user: User, now: dt.datetime) -> None:
    post = request.POST
    meetings.hold_meeting(
        meeting, attended=post.get("attended", ""), minutes=post.get("minutes", ""), by=user, now=now
    )


def _decide(request: HttpRequest, meeting: Meeting, user: User, now: dt.datetime) -> None:
    meetings.decide(
        meeting,
        _matter(request, user),
        text=request.POST.get("text", ""),
        body=body_of(request),
        due_on=day_of(request.POST.get("due_on", ""), "完成日期", "due_on"),
        by=user,
        now=now,
    )


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[Callable[[HttpRequest, Meeting, User, dt.datetime], None], str]] = {
    "add": (_add, "已列入议程。"),
    "remove": (_remove, "已撤下议程。"),
    "hold": (_hold, "纪要已登记，请逐项登记议定事项。"),
    "decide": (_decide, "已交办，责任单位的待办里已经列出。"),
}


def body_of(request: HttpRequest) -> Organisation:
    """The body named in the form."""
    number = lists.whole_number(request.POST.get("body"))
    body = Organisation.objects.filter(pk=number).first() if number else None
    if body is None:
        raise Refused("请选择由哪个单位办理。", field="body")
    return body


def _matter(request: HttpRequest, user: User) -> Matter:
    number = lists.whole_number(request.POST.get("matter"))
    matter = visible_matter(user, number) if number else None
    if matter is None:
        raise Refused("请选择一件事项。", field="matter")
    return matter


def _planned(request: HttpRequest, user: User, matter: Matter | None) -> Meeting:
    """Called by one's own body, where it works."""
    post = request.POST
    scope = next((one for one in access.scopes(user, access.HANDLE) if one.region), None)
    convenor = own_body(user, scope.region if scope else (matter.region_id if matter else ""))
    if convenor is None:
        raise Refused("没有找到本单位，请系统管理员登记。")
    code = scope.region if scope else convenor.region_id
    region = convenor.region or Region.objects.filter(pk=code).first() or (matter.region if matter else None)
    if region is None:
        raise Refused("没有找到本单位所在的地区，请系统管理员登记。")
    if scope is not None and not region.code.startswith(scope.region):
        region = Region.objects.get(pk=scope.region)
    return meetings.plan_meeting(
        title=post.get("title", ""),
        on=day_of(post.get("on", ""), "会议日期", "on"),
        place=post.get("place", ""),
        convenor=convenor,
        region=region,
        industry=scope.industry if scope else "",
        by=user,
        now=clock.now(),
        matters=[matter] if matter else [],
    )


def _chosen(request: HttpRequest, user: User, matter: Matter | None) -> Meeting:
    number = lists.whole_number(request.POST.get("meeting"))
    meeting = joint.visible_meeting(user, number) if number else None
    if meeting is None or matter is None:
        raise Refused("请选择列入哪次会议。", field="meeting")
    question = request.POST.get("question", "")
    meetings.put_on_agenda(meeting, matter, question=question, by=user, now=clock.now())
    return meeting


def _find(request: HttpRequest, pk: int) -> Meeting:
    return or_404(joint.visible_meeting(user_of(request), pk))


def _show(request: HttpRequest, meeting: Meeting, *, refusal: str = "", where: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    told = joint.meeting_told(user, meeting)
    text = request.GET.get("text", "").strip()[:60]
    planning = told.leads and meeting.held_at is None
    context: dict[str, Any] = {
        "meeting": meeting,
        "told": told,
        "planning": planning,
        "due": meeting.on <= today,
        "text": text,
        "offered": joint.offered(user, meeting, text) if planning else [],
        "bodies": organisations(_KINDS.BUREAU, _KINDS.INDUSTRY_AUTHORITY, _KINDS.TOWN) if told.leads else [],
        "today": today,
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/meeting.html", context, status=422 if refusal else 200)
