"""接访: today's queue, what was promised and is due, who receives today."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.mediation.aid import on_duty
from anxin.reception import queries, services
from anxin.reception.access import places_of, works_at
from anxin.reception.models import Visit
from anxin.reception.queries import VisitFilters
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

#: promises shown on the hall's page; the rest is one click away
_PROMISES = 6
#: shortest code of a place where people are received: a county or a district
_COUNTY = 6


@page(access.VIEW)
def hall(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def number(request: HttpRequest) -> HttpResponse:
    """Whoever comes gets a number."""
    user, post = user_of(request), request.POST
    try:
        visit = services.take_number(
            region=post.get("region", ""),
            people=lists.whole_number(post.get("people")) or 0,
            about=post.get("about", ""),
            speaker=post.get("speaker", "")[:60],
            by=user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, refusal=str(refusal))
    messages.success(request, f"已取号：{visit.number}号，前面还有{_ahead(user, visit)}批。")
    return redirect("reception")


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def call(request: HttpRequest) -> HttpResponse:
    """Call the next number of a place."""
    try:
        visit = services.call_next(request.POST.get("region", ""), by=user_of(request), now=clock.now())
        messages.success(request, f"请 {visit.number} 号。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("reception")


def desk_places(user: User) -> list[Region]:
    """Where this person receives: the counties within their places, else the place itself."""
    codes = {code for one in (access.HANDLE, access.IMPORT) for code in places_of(user, one)}
    wanted = Q(pk__in=[code for code in codes if len(code) >= _COUNTY])
    for code in codes:
        if len(code) < _COUNTY:
            wanted |= Q(code__startswith=code, code__regex=r"^(\d{4}|\d{6})$")
    return list(Region.objects.filter(wanted).order_by("code"))


def _show(request: HttpRequest, *, refusal: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    queue = queries.queue_of(user, on=today)
    places = desk_places(user)
    day = VisitFilters(first=today, last=today)
    year = VisitFilters(first=today.replace(month=1, day=1), last=today)
    context: dict[str, Any] = {
        "today": today,
        "queue": [(one, works_at(user, one.region_id)) for one in queue],
        "waiting": sum(1 for one in queue if one.state == Visit.State.WAITING),
        "places": places,
        "chosen": request.POST.get("region") or (places[-1].code if len(places) == 1 else ""),
        "counts_today": queries.counts(user, day),
        "counts_year": queries.counts(user, year),
        "promises": list(queries.open_promises(user)[:_PROMISES]),
        "promise_counts": queries.promise_counts(user, today=today),
        "duties": list(queries.roster(user, first=today)[:3]),
        "aid_duties": on_duty(user, today),
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/reception.html", context, status=422 if refusal else 200)


def _ahead(user: User, visit: Visit) -> int:
    queue = queries.queue_of(user, on=visit.on)
    mine = [one for one in queue if one.region_id == visit.region_id and one.number < visit.number]
    return sum(1 for one in mine if one.state in (Visit.State.WAITING, Visit.State.CALLED))
