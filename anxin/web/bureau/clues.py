"""线索: the lead desk's list, one clue, and what people do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import FilteredRelation, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues import queries, services
from anxin.clues.access import may_work, reaches, visible_clues
from anxin.clues.exports import clues_workbook
from anxin.clues.models import Clue, Likeness
from anxin.clues.queries import ClueFilters
from anxin.grid import queries as grid
from anxin.kernel.refusal import Refused
from anxin.mediation.models import MediationCase
from anxin.web import clock, lists
from anxin.web.bureau import clue_claimants, clue_enforcement, clue_links, clue_opening, clue_voice
from anxin.web.bureau.clue_words import contact, fields, history, marked, pairs, said, sentence, why
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: merging with a clue that nobody proposed
_MERGE_OTHER = "merge-other"
#: what a list may be narrowed by in its address
_NARROWS = ("text", "channel", "urgency", "region", "part", "state")


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, filters = user_of(request), ClueFilters.read(request.GET)
    found = queries.clue_page(user, filters, after=request.GET.get("after", ""))
    numbers = queries.counts(user, filters)
    context = {
        "filters": filters,
        "parts": [(key, title, numbers[key]) for key, title in queries.PARTS.items()],
        "clues": found.items,
        "next_key": found.next_after,
        "narrowed": any(request.GET.get(name) for name in _NARROWS),
        "states": Clue.State.choices,
        "channels": Clue.Channel.choices,
        "urgencies": [(str(value), title) for value, title in Clue.Urgency.choices],
        "regions": queries.places(user),
        "may_give_back": access.may(user, access.HANDLE),
        "may_import": access.may(user, access.IMPORT),
        "may_register": access.may(user, access.IMPORT) or access.may(user, access.HANDLE),
    }
    return render(request, "bureau/clues.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    user, today = user_of(request), clock.today()
    data = clues_workbook(user, ClueFilters.read(request.GET), on=today, office=lists.office_of(user))
    return lists.workbook_response(data, "欠薪线索清单", today)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step on one clue; a refusal is shown on the page with what was typed."""
    clue, user = _find(request, pk), user_of(request)
    if action not in _ACTS:
        raise Http404
    if not may_work(user, clue):
        raise PermissionDenied
    what, done = _ACTS[action]
    try:
        what(request, clue, user, clock.now())
    except Refused as refusal:
        return _show(request, _find(request, pk), refusal=str(refusal), where=_place(request, action))
    messages.success(request, done)
    return redirect("clue", pk=pk)


def _confirm(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    services.confirm(clue, by=user, now=now)


def _correct(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    post = request.POST
    field, value = post.get("field", ""), post.get("value", "")
    if field in clue_links.FIELDS and post.get("find", "").strip():
        value = clue_links.the_one(user, field, post["find"])
    services.correct(clue, field, value, why=post.get("why", ""), by=user, now=now)


def _remember(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    services.remember(clue, request.POST.get("field", ""), by=user, now=now)


def _merge(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    services.merge(_likeness(request, clue), by=user, now=now)


def _merge_other(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    post = request.POST
    services.merge_by_hand(clue, post.get("number", ""), why=post.get("why", ""), by=user, now=now)


def _refuse(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    services.refuse(_likeness(request, clue), by=user, now=now)


def _unmerge(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    services.unmerge(_likeness(request, clue), why=request.POST.get("why", ""), by=user, now=now)


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[Callable[[HttpRequest, Clue, User, dt.datetime], None], str]] = {
    "confirm": (_confirm, "已记下：判读无误。"),
    "correct": (_correct, "已更正，机器的判读仍列在旁边。"),
    "remember": (_remember, "已记作别名，以后这样叫的就对应到它；在“项目与单位 → 别名”可以去掉。"),
    "merge": (_merge, "已并案，各条线索仍保留自己的编号和经过。"),
    _MERGE_OTHER: (_merge_other, "已并案，各条线索仍保留自己的编号和经过。"),
    "refuse": (_refuse, "已记下：不是同一件事。"),
    "unmerge": (_unmerge, "已撤销并案，各条线索恢复原样。"),
}


def _place(request: HttpRequest, action: str) -> str:
    """Which form a refusal belongs to."""
    if action in ("correct", "remember"):
        return f"{action}-{request.POST.get('field', '')}"
    if action == _MERGE_OTHER:
        return action
    return f"{action}-{request.POST.get('likeness', '')}"


def _likeness(request: HttpRequest, clue: Clue) -> Likeness:
    number = lists.whole_number(request.POST.get("likeness"))
    found = Likeness.objects.filter(pk=number).first() if number else None
    if found is None or clue.pk not in (found.first_id, found.second_id):
        raise Refused("这条提示已经不在了，请刷新页面。")
    return found


def _find(request: HttpRequest, pk: int) -> Clue:
    # whether it is mediated, and how its list says it stands, come along: the page asks enough questions as it is
    case = MediationCase.objects.filter(clue=OuterRef("pk"))
    current = FilteredRelation("ticket_statuses", condition=Q(ticket_statuses__superseded_at__isnull=True))
    rows = (
        visible_clues(user_of(request))
        .annotate(
            mediation=Subquery(case.values("pk")[:1]),
            mediated_by=Subquery(case.values("body__name")[:1]),
            listed_status=current,
        )
        # the annotated relation is one that the plugin for types does not know
        .select_related("project__responsible", "submission", "listed_status")  # type: ignore[misc]
    )
    return or_404(rows.filter(pk=pk).first())


def _show(request: HttpRequest, clue: Clue, *, refusal: str = "", where: str = "") -> HttpResponse:
    user = user_of(request)
    told = queries.overview(user, clue)
    works = reaches(user, access.HANDLE, clue)
    looked_for = clue_links.looked_for(user, request.POST) if where.startswith("correct-") else {}
    rows, alike = fields(told, looked_for), pairs(told)
    places = {f"correct-{row.name}" for row in rows} | {
        f"remember-{row.name}" for row in rows if row.nickname
    }
    places.add(_MERGE_OTHER)
    places |= {pair.undo for pair in alike if pair.likeness.state == Likeness.State.MERGED}
    context: dict[str, Any] = {
        "clue": clue,
        "told": told,
        "sentence": sentence(clue),
        "why": why(told),
        "text": marked(told),
        "fields": rows,
        "found": bool(looked_for),
        "said": said(told.telling),
        "contact": contact(told.telling),
        "pairs": alike,
        "history": history(told),
        "works": works,
        **clue_opening.panel(request, clue),
        **clue_voice.panel(request, clue),
        "grid_report": grid.report_of(clue),
        **clue_claimants.panel(request, clue),
        "refusal": refusal,
        # A form that is not on the page any more cannot show it.
        "refused_on_top": not works or where not in places,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    context |= clue_enforcement.panel(request, clue)
    return render(request, "bureau/clue.html", context, status=422 if refusal else 200)
