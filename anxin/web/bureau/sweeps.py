"""系统 · 扫描: every run of the rules, with what it was asked, which code and parameters, and what came out."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.monitoring.models import Sweep
from anxin.registry.access import visible_projects
from anxin.web.bureau import lists
from anxin.web.policy import page, user_of

PAGE = 40


@page(access.VIEW, access.MANAGE, access.AUDIT)
def system(request: HttpRequest) -> HttpResponse:
    """The door 系统 opens on the first page this person may see."""
    user = user_of(request)
    if access.may(user, access.MANAGE):
        return redirect("people")
    return redirect("journal" if access.may(user, access.AUDIT) else "sweeps")


@page(access.VIEW, access.MANAGE, access.AUDIT)
def listing(request: HttpRequest) -> HttpResponse:
    found = Sweep.objects.order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "sweeps": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
    }
    return render(request, "bureau/sweeps.html", context)


@page(access.VIEW, access.MANAGE, access.AUDIT)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = Sweep.objects.filter(pk=pk).first()
    if run is None:
        raise Http404
    names = []
    if access.may(user_of(request), access.VIEW) and run.project_ids:
        names = list(visible_projects(user_of(request)).filter(pk__in=run.project_ids[:50]))
    return render(
        request, "bureau/sweep.html", {"sweep": run, "projects": names, "seconds": run.milliseconds / 1000}
    )
