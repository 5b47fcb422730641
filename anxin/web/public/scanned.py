"""What a phone opens that scanned a board or a helmet: three choices, and the site already known.

Opening the page is the scan, so a GET is counted here, as a server's log would; nothing else changes by it.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from anxin.channels import codes, finding, scans
from anxin.channels.codes import Resolved
from anxin.web import clock
from anxin.web.policy import page
from anxin.web.public.counted import counting
from anxin.web.visitor import visitor_of
from anxin.workforce.site_codes import current_site_code

_SALT = "scan-place"
#: the phone asks its owner before it tells a place, and only when the button is touched
_MAY_ASK_PLACE = "camera=(), microphone=(), geolocation=(self)"


@page(public=True)
def landing(request: HttpRequest, token: str) -> HttpResponse:
    """The three choices. A code that was replaced asks for the site anew; one that we never made says so."""
    found = codes.resolve(token)
    if found is None:
        return render(request, "public/unknown.html", status=404)
    if "chosen" in request.GET:  # found by its name a moment ago, not scanned
        return _landing(request, found, None)
    scan = None
    with counting():
        scan = scans.record_scan(found.code, visitor=visitor_of(request), now=clock.now())
    if not found.current:
        return render(request, "public/replaced.html", {"site": found})
    return _landing(request, found, scan.pk if scan else None)


def _landing(request: HttpRequest, found: Resolved, scan: int | None) -> HttpResponse:
    context = {
        "site": found,
        "token": found.token,
        "visit": signing.dumps(scan, salt=_SALT) if scan else "",
        "site_code": current_site_code(found.project),
    }
    response = render(request, "public/landing.html", context)
    if scan:
        response["Permissions-Policy"] = _MAY_ASK_PLACE
    return response


@csrf_exempt  # no session and no cookie is behind it: whoever holds the signed scan may add its rough place once
@page(methods=("POST",), public=True)
def place(request: HttpRequest, token: str) -> HttpResponse:
    """The rough place of a scan, told by the phone after its owner said yes."""
    try:
        scan = signing.loads(request.POST.get("visit", ""), salt=_SALT, max_age=600)
        latitude, longitude = float(request.POST["latitude"]), float(request.POST["longitude"])
    except (signing.BadSignature, KeyError, ValueError):
        return HttpResponse(
            "位置没有收到，不影响您继续反映。", status=422, content_type="text/plain; charset=utf-8"
        )
    scans.tell_place(int(scan), latitude=latitude, longitude=longitude, now=clock.now())
    return HttpResponse(status=204)


@page(public=True)
def choose(request: HttpRequest) -> HttpResponse:
    """Find the site by the letters on its board or by its name, without a code that can be scanned."""
    typed = request.GET.get("q", "").strip()[:40]
    found = finding.find_sites(typed) if typed else []
    if len(found) == 1 and found[0].certain:
        return redirect(reverse("public:scanned", args=[found[0].token]) + "?chosen=1")
    return render(request, "public/choose.html", {"typed": typed, "found": found})
