"""The form on the phone, what the phone asks before it sends, and one's own reports with what came of them."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence import doors
from anxin.evidence.sealing import finding_hash
from anxin.grid import queries
from anxin.grid.access import own_regions, own_reports, own_sites
from anxin.grid.models import GridReport
from anxin.grid.reporting import LONGEST_NOTE, LONGEST_PLACE, Given, Told, report
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists, receiving
from anxin.web.policy import page, user_of
from anxin.workforce.models_signin import SiteCode

#: asked for by the phone only when its owner touches the button
_MAY_ASK = "camera=(), microphone=(self), geolocation=(self)"
_LATEST, _PAGE = 10, 30


@page(access.REPORT, methods=("GET", "POST"))
def home(request: HttpRequest) -> HttpResponse:
    """The form (GET); a report, from the script or from the form itself (POST)."""
    if request.method != "POST":
        return _form(request)
    wants_json = request.headers.get("Accept", "") == "application/json"
    try:
        given = _report(request)
    except Refused as refusal:
        if wants_json:
            return JsonResponse({"refusal": refusal.sentence, "field": refusal.field or ""}, status=422)
        return _form(request, refusal)
    if wants_json:
        return JsonResponse({"number": given.report.number, "repeated": given.repeated})
    messages.success(request, f"已收到，编号{given.report.number}。")
    return redirect("grid:mine")


@page(access.REPORT)
def state(request: HttpRequest) -> HttpResponse:
    """For the script, never kept: whose session it is, the token of a form, and the latest of one's own reports."""
    user = user_of(request)
    found = queries.with_found(own_reports(user)).order_by("-pk")[:_LATEST]
    latest = [
        {
            "number": one.number,
            "kind": one.get_kind_display(),
            "where": one.where,
            "on": f"{clock.local(one.seen_at):%m-%d %H:%M}",
            "words": queries.standing(one).words,
            "more": one.proved_words,
        }
        for one in found
    ]
    return JsonResponse({"who": _mark(user), "token": get_token(request), "reports": latest})


@page(access.REPORT)
def mine(request: HttpRequest) -> HttpResponse:
    """All of one's own reports, the latest first, by key."""
    found = queries.with_found(own_reports(user_of(request))).order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    context = {
        "rows": [(one, queries.standing(one)) for one in rows[:_PAGE]],
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
    }
    return render(request, "grid/mine.html", context)


def _report(request: HttpRequest) -> Given:
    post = request.POST
    photo = receiving.sent(request, "photo", doors.PHOTO)
    sound = receiving.sent(request, "sound", doors.VOICE)
    told = Told(
        kind=post.get("kind", ""),
        people=post.get("people", ""),
        urgency=post.get("urgency", ""),
        region=post.get("region", ""),
        site=lists.whole_number(post.get("site")),
        place=post.get("place", ""),
        note=post.get("note", ""),
        seen_at=_moment(post.get("seen_at", "")),
    )
    return report(
        told,
        key=post.get("key", ""),
        by=user_of(request),
        now=clock.now(),
        picture=photo.data if photo else b"",
        sound=sound.data if sound else b"",
    )


def _moment(text: str) -> dt.datetime | None:
    """The phone's clock, with its zone; nonsense counts as not told."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _form(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    user = user_of(request)
    sites = list(own_sites(user).order_by("name", "pk"))
    letters = dict(
        SiteCode.objects.filter(project__in=sites, withdrawn_at__isnull=True).values_list(
            "project_id", "code"
        )
    )
    context: dict[str, Any] = {
        "who": _mark(user),
        "regions": own_regions(user),
        "sites": sites,
        "sites_data": [
            {
                "id": one.pk,
                "name": one.name,
                "letters": letters.get(one.pk, ""),
                "at": [float(one.latitude), float(one.longitude)]
                if one.latitude is not None and one.longitude is not None
                else None,
            }
            for one in sites
        ],
        "kinds": GridReport.Kind.choices,
        "people": GridReport.People.choices,
        "urgencies": GridReport.Urgency.choices,
        "longest_place": LONGEST_PLACE,
        "longest_note": LONGEST_NOTE,
        # a form that comes back keeps its word: sent again, it is the same report
        "key": request.POST.get("key", "")[:80] or secrets.token_urlsafe(24),
        "typed": request.POST if refusal else {},
        "refusal": refusal,
        "lost_files": bool(refusal and request.FILES),
    }
    response = render(request, "grid/home.html", context, status=422 if refusal else 200)
    response["Permissions-Policy"] = _MAY_ASK
    return response


def _mark(user: User) -> str:
    """Tells one person's reports on a phone from another's, without their name."""
    return finding_hash("grid-phone", str(user.pk))[:24]
