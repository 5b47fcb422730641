"""Which leader receives when and where: what anybody may read before they set out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.reception.queries import public_roster
from anxin.web import clock
from anxin.web.policy import page


@page(public=True)
def listing(request: HttpRequest) -> HttpResponse:
    """The published days from today on."""
    return render(request, "public/roster.html", {"duties": public_roster(today=clock.today())})
