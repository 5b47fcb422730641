"""催办 of one matter: who urged it when, what was answered, and the two forms for it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework import urging
from anxin.casework.exports import urgings_workbook
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.matters import find_matter
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


@page(access.VIEW, methods=("GET", "POST"))
def of_matter(request: HttpRequest, pk: int) -> HttpResponse:
    """All urgings of a matter; who may, urges, and the urged answer."""
    matter, user = find_matter(request, pk), user_of(request)
    may_urge, may_answer = urging.may_urge(user, matter), urging.may_answer(user, matter)
    refusal = None
    if request.method == "POST":
        answers = "urging" in request.POST
        if not (may_answer if answers else may_urge):
            raise PermissionDenied
        try:
            done = (_answer if answers else _urge)(request, matter, user, clock.now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, done)
            return redirect("matter-urgings", pk=pk)
    context = {
        "matter": matter,
        "urgings": urging.urgings_of(matter),
        "may_urge": may_urge and matter.closed_on is None,
        "may_answer": may_answer,
        "longest": urging.LONGEST,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/matter_urgings.html", context, status=422 if refusal else 200)


@page(access.VIEW)
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list as a workbook."""
    matter = find_matter(request, pk)
    data = urgings_workbook(matter, office=lists.office_of(user_of(request)), on=clock.today())
    return lists.workbook_response(data, "催办记录", clock.today())


def _urge(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    made = urging.urge(matter, request.POST.get("words", ""), by=user, now=now)
    return f"已催办，通知了{made.told}人；答复会通知您。"


def _answer(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    number = lists.whole_number(request.POST.get("urging"))
    found = or_404(
        matter.urgings.select_related("matter__lead", "by").filter(pk=number).first() if number else None
    )
    urging.answer(found, request.POST.get("answer", ""), by=user, now=now)
    return "已答复，催办的人会看到。"
