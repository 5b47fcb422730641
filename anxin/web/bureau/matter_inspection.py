"""办案辅助: inspectors, what is owed, the criminal line, and the three lists, beside the steps of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Matter
from anxin.casework.succession import chain
from anxin.enforcement import crime, hearing, inspection, leniency
from anxin.enforcement.models import LeniencyOpinion
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.bureau.matters import find_matter
from anxin.web.policy import page, user_of

#: rows for inspectors in the form
_ROWS = 3


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on a case; a refusal is shown on the page with what was typed."""
    matter, user = _find(request, pk), user_of(request)
    if action not in _ACTS:
        raise Http404
    if not any(acts_on(user, one, matter) for one in (access.HANDLE, access.DECIDE)):
        raise PermissionDenied
    what, done = _ACTS[action]
    try:
        what(request, matter, user, clock.now())
    except Refused as refusal:
        return _show(request, _find(request, pk), str(refusal), action)
    messages.success(request, done)
    return redirect("matter-inspection", pk=pk)


def _inspectors(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    names, cards = request.POST.getlist("name"), request.POST.getlist("certificate")
    people = list(zip(names, cards, strict=False))
    law = local_law.current()
    inspection.name_inspectors(matter, people, on=clock.today(), by=user, now=now, law=law)


def _arrears(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    post = request.POST
    people, months = (lists.whole_number(post.get(name, "").strip()) for name in ("people", "months"))
    inspection.record_arrears(
        matter, people=people or 0, months=-1 if months is None else months, total_fen=_fen(request, "total_fen"),
        single_fen=_fen(request, "single_fen"), source=post.get("source", ""), by=user, now=now,
    )  # fmt: skip


def _host(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    post = request.POST
    hearing.name_host(matter, name=post.get("host", ""), recorder=post.get("recorder", ""), by=user, now=now)


def _leniency(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    post = request.POST
    leniency.decide_leniency(
        matter, outcome=post.get("outcome", ""), malicious=post.get("malicious", ""), answers=_answers(request),
        reason=post.get("reason", ""), on=clock.today(), by=user, now=now, law=local_law.current(),
    )  # fmt: skip


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[Callable[[HttpRequest, Matter, User, dt.datetime], None], str]] = {
    "inspectors": (_inspectors, "监察员已指定。"),
    "arrears": (_arrears, "查明的欠薪已登记。"),
    "host": (_host, "听证主持人和记录人已指定。"),
    "leniency": (_leniency, "裁量意见已登记。"),
}


def _typed_people(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and cards as typed: a refusal loses nothing."""
    typed = list(zip(request.POST.getlist("name"), request.POST.getlist("certificate"), strict=False))
    return [*typed, *[("", "")] * _ROWS][: max(_ROWS, len(typed))]


def _fen(request: HttpRequest, name: str) -> int:
    try:
        return parse_yuan(request.POST.get(name, "")) or 0
    except MoneyError as error:
        raise Refused(str(error), field=name) from None


def _answers(request: HttpRequest) -> dict[str, str]:
    """The inspector's answers by the words of the condition: they stand side by side in the form.

    A condition that two provisions share stands there twice: what was answered once counts for both, and two
    answers that contradict each other count as none.
    """
    words, answers = request.POST.getlist("condition"), request.POST.getlist("answer")
    said: dict[str, set[str]] = {}
    for condition, answer in zip(words, answers, strict=False):
        said.setdefault(condition, set()).update({answer} - {crime.UNKNOWN})
    return {condition: one.pop() for condition, one in said.items() if len(one) == 1}


def _find(request: HttpRequest, pk: int) -> Matter:
    matter = find_matter(request, pk)
    if matter.procedure not in inspection.HELPED:
        raise Http404
    return matter


def _hearing(matter: Matter, today: dt.date) -> dict[str, Any]:
    """The day that the hearing is set for, and what holding it still waits for."""
    day, waits = hearing.standing(matter, today)
    return {"hearing_on": day, "hearing_waits": waits}


def _show(request: HttpRequest, matter: Matter, refusal: str = "", where: str = "") -> HttpResponse:
    user, today, law = user_of(request), clock.today(), local_law.current()
    acts = any(acts_on(user, one, matter) for one in (access.HANDLE, access.DECIDE))
    answers = _answers(request) if where == "leniency" else {}
    told = leniency.compare(matter, today, law, answers)
    titles = {one.value: one.label for one in LeniencyOpinion.Outcome}
    prefetch_related_objects([matter], "inspectors", "hearing_hosts")
    context: dict[str, Any] = {
        "matter": matter,
        "acts": acts and matter.closed_on is None,
        "may_find": acts,
        "inspectors": sorted(matter.inspectors.all(), key=lambda one: one.pk),
        "inspectors_missing": inspection.inspectors_missing(matter, today, law),
        "hosts": sorted(matter.hearing_hosts.all(), key=lambda one: one.pk),
        "may_name_host": acts
        and matter.procedure == hearing.PROCEDURE
        and matter.state in hearing.OPEN_TO_IT,
        **(_hearing(matter, today) if matter.state == hearing.ASKED_FOR else {}),
        "rows": _typed_people(request) if where == "inspectors" else [("", "")] * _ROWS,
        "watch": crime.watch(matter, today, law),
        "transfer": acts
        and any(one.table.key == crime.PROCEDURE for one in chain(user, matter, law).successors),
        "grounds": [*told.lists["waived"], *told.lists["mitigated"]],
        "malice": told.malice,
        "opinions": list(matter.leniency_opinions.order_by("-pk")),
        "outcomes": list(titles.items()),
        "states": (("unknown", "不清楚"), ("met", "具备"), ("unmet", "不具备")),
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/matter_inspection.html", context, status=422 if refusal else 200)
