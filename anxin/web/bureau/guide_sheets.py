"""A guide on paper: an A3 poster with the code, and an A4 leaflet with the whole text."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.channels import queries_guides as queries
from anxin.channels import tokens
from anxin.channels.access import visible_codes
from anxin.channels.guide_text import first_words
from anxin.channels.models import ScanCode
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address, qr_svg

#: more parts than this do not stand on one poster in letters that can be read from the queue
POSTER_PARTS = 8


@page(access.VIEW, access.LAW)
def poster(request: HttpRequest, key: str) -> HttpResponse:
    """The headings with their first line, large, and the code that opens the rest."""
    context = _sheet(request, key)
    points = [(part.heading, first_words(part)) for part in context["parts"] if part.heading]
    context["points"] = points[:POSTER_PARTS]
    return render(request, "bureau/guide_poster.html", context)


@page(access.VIEW, access.LAW)
def leaflet(request: HttpRequest, key: str) -> HttpResponse:
    """The whole text on A4, to hand out."""
    return render(request, "bureau/guide_leaflet.html", _sheet(request, key))


def _sheet(request: HttpRequest, key: str) -> dict[str, Any]:
    """The guide as it stands today; with ``?site=`` the code of that site's board, so that openings tell from where."""
    guide = or_404(queries.current(key, clock.today()))
    board = _board(request)
    region = board.project.region_id if board else ""
    address = public_address(request, "public:guide", key)
    if board:
        address += f"?s={tokens.token_of(board.pk)}"
    return {
        "guide": guide,
        "parts": guide.read(
            law=local_law.current(), on=clock.today(), region=region or queries.home_region()
        ),
        "address": address.partition("?")[0],
        "qr": qr_svg(address, guide.title),
        "board": board,
        "places": queries.places_near(region)[:4] if region else [],
    }


def _board(request: HttpRequest) -> ScanCode | None:
    site = lists.whole_number(request.GET.get("site"))
    if site is None:
        return None
    found = visible_codes(user_of(request)).filter(project=site, kind=ScanCode.Kind.BOARD)
    return or_404(found.filter(withdrawn_at__isnull=True).first())
