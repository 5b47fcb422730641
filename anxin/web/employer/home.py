"""单位办事: what is owed next and by when, what was refused and how to mend it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.agency.access import own_runs, own_words
from anxin.agency.models import PayOrderLine, PayrollRun
from anxin.agency.queries import RunRow, objections_of, run_rows
from anxin.contracts import expiring
from anxin.evidence.models import ImportBatch
from anxin.letters import portal
from anxin.local_law import queries as local_law
from anxin.monitoring.access import own_warnings
from anxin.monitoring.models import Warning
from anxin.monitoring.sections import divided
from anxin.registry.access import own_employers
from anxin.web import clock
from anxin.web.employer.owed import month_owed, owed_next, with_delivered
from anxin.web.employer.scope import own_projects, own_uploads
from anxin.web.policy import page, user_of

_ROWS = 8
#: warnings about the own firm: a rule gives at most one a month
_OWN_ROWS = 50
_State = PayrollRun.State


@page(access.EMPLOYER)
def home(request: HttpRequest) -> HttpResponse:
    user, today, law = user_of(request), clock.today(), local_law.current()
    month = month_owed(today)
    projects = list(with_delivered(own_projects(user).order_by("pk"), month))
    general = [project.pk for project in projects if project.general]  # type: ignore[attr-defined]
    runs = own_runs(user).filter(project__in=projects, month=str(month)).exclude(state=_State.WITHDRAWN)
    objections = objections_of(own_runs(user))
    returned = _with_returns(user)
    refused = list(
        own_uploads(user)
        .filter(state__in=[ImportBatch.State.REFUSED, ImportBatch.State.FAILED, ImportBatch.State.RECOGNISED])
        .order_by("-id")[:_ROWS]
    )
    of_projects = Warning.objects.filter(project__in=general, advice=False)
    warnings = of_projects.exclude(state=Warning.State.CLEARED)
    shown = list(_counted(warnings.select_related("project").order_by("-level", "-pk")))
    asked = list(_counted(objections))
    unread = portal.with_unread(own_employers(user))
    employers = list(expiring.with_running(unread, today, law).order_by("name"))
    own = own_warnings(user).exclude(state=Warning.State.CLEARED)
    context = {
        "today": today,
        "employers": employers,
        "projects": projects,
        "owed": owed_next(projects, list(runs.select_related("employer")), today, law),
        "returned": returned,
        "refused": refused,
        "objections": asked,
        "objection_count": asked[0].of_all if asked else 0,
        "letters": sum(one.unread for one in employers),
        "running": _running(employers),
        "words": own_words(user).filter(state="open").count(),
        "parts": divided(shown),
        "warning_count": shown[0].of_all if shown else 0,
        "own_parts": divided(own.order_by("-level", "-pk")[:_OWN_ROWS]),
    }
    return render(request, "employer/home.html", context)


def _running(employers: list[Any]) -> expiring.Running:
    """Labour contracts of all own employers that have run out or will soon."""
    return expiring.Running(
        sum(one.worked_on for one in employers),
        sum(one.run_out for one in employers),
        sum(one.soon for one in employers),
    )


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The first rows, each with ``of_all``: how many there are in all."""
    return rows.annotate(of_all=Window(Count("pk")))[:_ROWS]


def _with_returns(user: User) -> list[RunRow]:
    """Runs of which money came back and was not sent again."""
    back = PayOrderLine.objects.filter(
        state__in=[PayOrderLine.State.RETURNED, PayOrderLine.State.REVERSED], run_line__run__state=_State.SENT
    )
    runs = own_runs(user).filter(pk__in=back.values("run_line__run_id")).select_related("project", "employer")
    return [row for row in run_rows(list(runs.order_by("-id")[:_ROWS])) if row.returned]
