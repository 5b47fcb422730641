"""包案督办: who looks at which matters, which suggest a dual investigation, and the marks of one matter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Matter
from anxin.enforcement import marks
from anxin.enforcement.exports import marks_workbook
from anxin.enforcement.models import Mark
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.matter_acts import day_of
from anxin.web.bureau.matters import find_matter
from anxin.web.policy import page, user_of

#: so many rows of each part on the page; the workbook has more
SHOWN = 200


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, ended = user_of(request), request.GET.get("shown") == "ended"
    suggested = [] if ended else list(marks.candidates(user)[: SHOWN + 1])
    found = list(marks.visible_marks(user, standing=not ended)[: SHOWN + 1])
    context = {
        "ended": ended,
        "marks": found[:SHOWN],
        "candidates": [(one, marks.reason(one)) for one in suggested[:SHOWN]],
        "cut": len(found) > SHOWN or len(suggested) > SHOWN,
        "shown": SHOWN,
    }
    return render(request, "bureau/marks.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as shown, as a workbook."""
    user, today = user_of(request), clock.today()
    standing = request.GET.get("shown") != "ended"
    data = marks_workbook(user, standing=standing, on=today, office=lists.office_of(user))
    return lists.workbook_response(data, "包案督办清单", today)


@page(access.VIEW, methods=("GET", "POST"))
def of_matter(request: HttpRequest, pk: int) -> HttpResponse:
    """All marks of a matter; a leader puts one or says what came of it."""
    matter, user = find_matter(request, pk), user_of(request)
    decides = acts_on(user, access.DECIDE, matter)
    refusal = ""
    if request.method == "POST":
        if not decides:
            raise PermissionDenied
        try:
            done = _act(request, matter, user, clock.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, done)
            return redirect("matter-marks", pk=pk)
    context: dict[str, Any] = {
        "matter": matter,
        "marks": list(matter.marks.order_by("-since", "-pk")),
        "missed": list(matter.oversight.select_related("deadline").order_by("-raised_on", "-pk")),
        "candidate": marks.reason(matter),
        "decides": decides,
        "kinds": Mark.Kind.choices,
        "today": clock.today(),
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/matter_marks.html", context, status=422 if refusal else 200)


def _act(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    post = request.POST
    number = lists.whole_number(post.get("mark"))
    if number is None:
        since = day_of(post.get("since", ""), "起始日期", "since")
        kind, who, why = post.get("kind", ""), post.get("who", ""), post.get("why", "")
        marks.put_mark(matter, kind=kind, who=who, since=since, why=why, by=user, now=now)
        return "标记已登记。"
    mark = matter.marks.filter(pk=number).first()
    if mark is None:
        raise Refused("没有这项标记，请刷新页面。")
    on = day_of(post.get("ended_on", ""), "结束日期", "ended_on")
    marks.end_mark(mark, on=on, result=post.get("result", ""), by=user, now=now)
    return "结果已登记。"
