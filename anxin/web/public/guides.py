"""扫码知: what to do when wages are not paid, and the guides beside it. Opening one is counted, like a scan."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.channels import codes
from anxin.channels import queries_guides as queries
from anxin.channels.codes import Resolved
from anxin.channels.spoken import of_guide
from anxin.local_law import queries as local_law
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.policy import page
from anxin.web.public import listening
from anxin.web.public.counted import counting

#: what one scan answers first
FIRST = "unpaid"


@page(public=True)
def first(request: HttpRequest) -> HttpResponse:
    return _guide(request, FIRST)


@page(public=True)
def guide(request: HttpRequest, key: str) -> HttpResponse:
    return _guide(request, key)


@page(public=True)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """An older version, or one that begins later: read with its dates, and not counted."""
    found, today = queries.of_version(key, number), clock.today()
    if found is None:
        raise Http404
    now = queries.current(key, today)
    return _show(request, found, now, _site(request))


def _guide(request: HttpRequest, key: str) -> HttpResponse:
    today = clock.today()
    found = or_404(queries.current(key, today))
    site = _site(request)
    with counting():
        queries.count_open(key, project_id=site.project.pk if site else None, on=today)
    return _show(request, found, found, site)


def _show(
    request: HttpRequest, found: queries.Guide, now: queries.Guide | None, site: Resolved | None
) -> HttpResponse:
    today = clock.today()
    region = site.project.region_id if site else ""
    parts = found.read(law=local_law.current(), on=today, region=region or queries.home_region())
    sounds = listening.sounds(more=[of_guide(found, parts)])
    context = {
        "guide": found,
        "sounds": sounds,
        "heard": sounds.get(f"guide.{found.key}", {}).items(),
        "current": now is not None and now.number == found.number,
        "parts": parts,
        "others": [one for one in queries.all_current(today) if one.key != found.key],
        "older": [one for one in queries.versions(found.key) if one.number != found.number],
        "today": today,
        "site": site,
        "token": site.token if site else "",
        "places": queries.places_near(region) if found.key in (FIRST, "places") else [],
    }
    return render(request, "public/guide.html", context)


def _site(request: HttpRequest) -> Resolved | None:
    """The site whose code led here: its region's numbers and desks are shown, and its openings counted together."""
    token = request.GET.get("s", "")
    found = codes.resolve(token) if token else None
    return found if found and found.current else None
