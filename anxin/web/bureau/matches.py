"""Proposed matches between bank receipts and payroll lines: they count only after a person's yes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.funds import services
from anxin.funds.queries_reversals import open_reversals
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.web import clock, lists
from anxin.web.bureau.imports import pending_matches
from anxin.web.policy import page, user_of

PAGE = 30
_ANSWERS = {
    "confirm": (services.confirm_match, "已确认，这笔钱计入已到账。"),
    "deny": (services.deny_match, "已否认，这笔钱不计入该工资。"),
}


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = pending_matches(user).select_related(
        "receipt__project", "receipt__batch", "line__payroll", "line__batch"
    )
    project = lists.whole_number(request.GET.get("project"))
    if project is not None:
        found = found.filter(receipt__project_id=project)
    places = visible_projects(user)
    if project is not None:
        places = places.filter(pk=project)
    after = lists.whole_number(request.GET.get("after")) or 0
    rows = list(found.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "matches": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "may_decide": access.may(user, access.HANDLE),
        "back": request.get_full_path(),
        "project": project,
        "reversals": open_reversals(places) if not after else [],
    }
    return render(request, "bureau/matches.html", context)


@page(access.HANDLE, methods=("POST",))
def decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    user = user_of(request)
    match = pending_matches(user).select_related("receipt__project__responsible").filter(pk=pk).first()
    if match is None or answer not in _ANSWERS:
        raise Http404
    # A yes can clear a wage warning, so it is not for somebody who only delivers files.
    if not access.may_on(user, access.HANDLE, match.receipt.project):
        raise PermissionDenied
    act, done = _ANSWERS[answer]
    try:
        act(match, actor=access.actor(user), now=clock.now())
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matches")
