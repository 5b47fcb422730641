"""巡回庭: on which days the tribunal comes where, as published. It names no case and nobody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.arbitration.models import CircuitDay
from anxin.web import clock
from anxin.web.policy import page

_MOST = 200


@page(public=True)
def listing(request: HttpRequest) -> HttpResponse:
    """The days ahead, the nearest first, with those that were called off."""
    days = (
        CircuitDay.objects.filter(on__gte=clock.today()).select_related("region", "body").order_by("on", "pk")
    )
    return render(request, "public/circuit.html", {"days": list(days[:_MOST])})
