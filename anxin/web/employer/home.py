"""单位办事: the first page of the employer portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.registry.access import own_employers
from anxin.web.policy import page, user_of


@page(access.EMPLOYER)
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "employer/home.html", {"employers": own_employers(user_of(request)).order_by("name")}
    )
