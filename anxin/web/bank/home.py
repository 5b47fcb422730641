"""机构办事: the first page of the bank portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.registry.access import own_institutions
from anxin.web.policy import page, user_of


@page(access.BANK)
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "bank/home.html", {"institutions": own_institutions(user_of(request)).order_by("name")}
    )
