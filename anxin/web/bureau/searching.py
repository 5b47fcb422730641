"""The search field above all pages. Sent by POST, so that an ID number never stands in an address or a log."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.casework.queries import MatterFilters, matter_page
from anxin.clues import queries as clue_queries
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.refusal import Refused
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import visible, visible_warning
from anxin.monitoring.sections import Section, divided
from anxin.registry.finding import find_employers
from anxin.registry.models import Employer, Project
from anxin.registry.queries import ProjectFilters, project_page
from anxin.web import clock
from anxin.web.policy import page, user_of
from anxin.workforce.services import look_up

#: looks like an ID number, right or wrong: it must not be treated as a name
_LIKE_ID = re.compile(r"^\d{14,17}[\dX]$")
_SHOWN = 20


@page(access.VIEW, methods=("GET", "POST"))
def search(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("home")
    user = user_of(request)
    text = request.POST.get("text", "").strip()[:60]
    if _LIKE_ID.match(clean_identifier(text)):
        return find_person(request, text)
    if text.isdecimal() and len(text) < 12:
        warning = visible_warning(user, int(text))
        if warning is not None:
            return redirect("warning", pk=warning.pk)
    projects = project_page(user, ProjectFilters(text=text), limit=_SHOWN).items if text else []
    employers = find_employers(user, text) if text else []
    matters = _matters(user, text) if text else []
    clues = clue_queries.find(user, text, limit=_SHOWN) if text else []
    if len(clues) == 1 and not projects and not employers and not matters:
        return redirect("clue", pk=clues[0].pk)
    if (
        len(projects) == 1
        and not employers
        and not clues
        and not any(text in matter.number for matter in matters)
    ):
        return redirect("project", pk=projects[0].pk)
    if len(matters) == 1 and not projects and not employers and not clues:
        return redirect("matter", pk=matters[0].pk)
    context = {
        "text": text,
        "projects": projects,
        "employers": employers,
        "matters": matters,
        "clues": clues,
        "parts": _warnings(user, projects, employers),
    }
    return render(request, "bureau/search.html", context)


def _warnings(
    user: User, projects: Sequence[Project], employers: Sequence[Employer]
) -> list[Section[Warning]]:
    """The latest warnings of what was found, in their parts."""
    about = Q(project__in=[one.pk for one in projects]) | Q(employer__in=[one.pk for one in employers])
    return divided(visible(user).filter(about).order_by("-pk")[:_SHOWN]) if projects or employers else []


def _matters(user: User, text: str) -> list[Matter]:
    """Matters by number, title, project or employer, open or closed."""
    filters = MatterFilters(text=text, standing="all", sort="newest")
    return matter_page(user, filters, on=clock.today(), limit=_SHOWN).items


def find_person(request: HttpRequest, text: str) -> HttpResponse:
    """Look a worker up by ID number; the look-up is journalled, found or not."""
    try:
        worker = look_up(text, user=user_of(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("workers")
    if worker is None:
        messages.warning(request, "辖区内没有找到这个身份证号的工人：可能没有登记，或不在您的管辖范围内。")
        return redirect("workers")
    return redirect("worker", pk=worker.pk)
