"""专班: the list of the day, by body."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.enforcement.daylist import SHOWN, day_list
from anxin.enforcement.exports import day_workbook
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.policy import page, user_of


@page(access.HANDLE, access.DECIDE)
def today(request: HttpRequest) -> HttpResponse:
    told = day_list(user_of(request), clock.today(), law=local_law.current())
    now = clock.now()
    calls = [(one, one.next_report_at is not None and one.next_report_at < now) for one in told.emergencies]
    context = {"told": told, "calls": calls, "shown": SHOWN}
    return render(request, "bureau/task_force.html", context)


@page(access.HANDLE, access.DECIDE)
def export(request: HttpRequest) -> HttpResponse:
    """The list of the day as a workbook."""
    user, on = user_of(request), clock.today()
    data = day_workbook(user, on=on, office=lists.office_of(user), law=local_law.current())
    return lists.workbook_response(data, "专班日调度", on)
