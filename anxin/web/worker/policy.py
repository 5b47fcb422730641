"""Who may open a worker's page: the worker who has proved to be that person, and nobody else.

Workers have no account. Signing in leaves the worker's key and an end in the session; each page asks anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from anxin.registry.models import Project
from anxin.web import clock
from anxin.web.policy import page
from anxin.workforce.models import Worker

P = ParamSpec("P")
_KEY = "worker"
#: a family may share the phone; a whole working day would be too long, ten minutes too short to read
STAYS = dt.timedelta(hours=2)
View = Callable[Concatenate[HttpRequest, Worker, P], HttpResponseBase]


def enter(request: HttpRequest, worker: Worker, project: Project) -> None:
    """Remember who has signed in; the session gets another key, so that nobody can have planted it."""
    request.session.cycle_key()
    until = (clock.now() + STAYS).isoformat()
    request.session[_KEY] = {"worker": worker.pk, "project": project.pk, "until": until}


def leave(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def worker_of(request: HttpRequest) -> Worker | None:
    """The worker who has signed in, while that lasts."""
    kept = request.session.get(_KEY)
    if not kept or dt.datetime.fromisoformat(kept["until"]) < clock.now():
        return None
    return Worker.objects.filter(pk=kept["worker"]).first()


def worker_page(*, methods: Sequence[str] = ("GET",)) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Declare a page for the signed-in worker; the view gets the worker as its second argument."""

    def declare(view: View[P]) -> Callable[..., HttpResponseBase]:
        @page(methods=methods, public=True)
        @wraps(view)
        def enforced(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            worker = worker_of(request)
            if worker is None:
                return redirect("worker:sign-in")
            return view(request, worker, *args, **kwargs)

        enforced.for_worker = True  # type: ignore[attr-defined]
        return enforced

    return declare
