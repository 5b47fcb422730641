"""行刑衔接: the cases at, over or near the criminal line of their place, and how far each is on its way to the police."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.enforcement.crime_export import crime_workbook
from anxin.enforcement.crime_list import LEVELS, TRANSFERS, CrimeFilters, crime_page, crime_rows
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

#: the limits of a transfer that the head of the page says, in the order they come
_LIMITS = ("crime.transfer_approve_days", "crime.transfer_send_hours", "crime.police_review_days")


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, law, filters = user_of(request), local_law.current(), CrimeFilters.read(request.GET)
    told = crime_page(user, filters, clock.now(), law, after=request.GET.get("after", ""))
    context: dict[str, Any] = {
        "told": told,
        "rows": [(one, LEVELS[one.level]) for one in told.rows],
        "next_key": told.next_after,
        "filters": filters,
        "narrowed": filters != CrimeFilters(),
        "levels": LEVELS.items(),
        "transfers": TRANSFERS.items(),
        "regions": lists.region_choices(user),
        "limits": _limits(law, clock.today()),
        "now": clock.now(),
        "today": clock.today(),
    }
    return render(request, "bureau/crime_watch.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook."""
    user, today = user_of(request), clock.today()
    rows = crime_rows(user, CrimeFilters.read(request.GET), clock.now(), local_law.current())
    data = crime_workbook(rows, on=today, office=lists.office_of(user))
    return lists.workbook_response(data, "行刑衔接清单", today)


def _limits(law: Law, on: dt.date) -> list[str]:
    """``负责人批准移送的期限：3日（…第五条）``."""
    found = [(law.parameter(key), law.value(key, on)) for key in _LIMITS]
    return [f"{one.name}：{value.value}{one.unit}（{value.reference}）" for one, value in found]
