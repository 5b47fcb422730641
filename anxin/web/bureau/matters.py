"""事项: the list, one matter, and what people do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework import queries
from anxin.casework.access import acts_on
from anxin.casework.exports import matters_workbook
from anxin.casework.flow import options
from anxin.casework.models import Matter
from anxin.casework.queries import MatterFilters
from anxin.casework.succession import chain, with_followed
from anxin.casework.urging import with_urged
from anxin.enforcement import joint
from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.diagrams import svg
from anxin.letters import for_steps
from anxin.letters.promises import with_promises
from anxin.local_law import queries as local_law
from anxin.registry.models import Organisation, Region
from anxin.web import clock, lists
from anxin.web.bureau import matter_acts, matter_force
from anxin.web.bureau.matter_words import (
    MARKS,
    choices,
    history,
    missing_kinds,
    missing_papers,
    nearest,
    next_step,
    path,
    sentence,
    standing_of,
    style_of,
)
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

SORTS = (("due", "按期限"), ("newest", "按开始日期"))


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, today, law = user_of(request), clock.today(), local_law.current()
    filters = MatterFilters.read(request.GET)
    found = queries.matter_page(user, filters, on=today, after=request.GET.get("after", ""))
    names = {table.key: table for table in law.procedures()}
    marked = queries.under_oversight(found.items)
    rows = [
        {
            "matter": matter,
            "procedure": names[matter.procedure].name,
            "state": names[matter.procedure].state(matter.state).name,
            "left": standing_of(matter.next_due_on, today, law.calendar),
            "overseen": matter.pk in marked,
        }
        for matter in found.items
    ]
    context = {
        "filters": filters,
        "rows": rows,
        "next_key": found.next_after,
        "today": today,
        "narrowed": _narrowed(request.GET),
        "may_open": access.may(user, access.HANDLE),
        "procedures": [(table.key, table.name) for table in law.procedures()],
        "states": _states(law, filters.procedure),
        "sorts": SORTS,
        **_choices(user),
    }
    return render(request, "bureau/matters.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    user, today = user_of(request), clock.today()
    data = matters_workbook(
        user,
        MatterFilters.read(request.GET),
        on=today,
        office=lists.office_of(user),
        law=local_law.current(),
    )
    return lists.workbook_response(data, "事项清单", today)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find_matter(request, pk))


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def take(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step, with the papers that come along; a refusal is shown in its form with what was typed."""
    matter, law = find_matter(request, pk), local_law.current()
    try:
        taken = matter_acts.take_step(request, matter, step, user_of(request), clock.now(), law)
    except Refused as refusal:
        return show(request, find_matter(request, pk), refusal=refusal, where=f"step-{step}")
    messages.success(request, f"已办理“{taken.name}”。")
    return redirect("matter", pk=pk)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Everything besides steps: papers, colleagues, other bodies, days of events."""
    matter = find_matter(request, pk)
    if action not in matter_acts.ACTS:
        raise Http404
    what, done = matter_acts.ACTS[action]
    try:
        said = what(request, matter, user_of(request), clock.now(), local_law.current())
    except Refused as refusal:
        return show(request, find_matter(request, pk), refusal=refusal, where=action)
    messages.success(request, said if isinstance(said, str) else done)
    # After a transfer the matter may lie outside one's own scope.
    if queries.visible_matter(user_of(request), pk) is None:
        return redirect("matters")
    return redirect("matter", pk=pk)


@page(access.VIEW)
def paper(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """Download a paper; never shown inside the page."""
    found = queries.visible_document(user_of(request), document)
    if found is None or found.matter_id != pk:
        raise Http404
    try:
        data = files.read(found.file)
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("matter", pk=pk)
    return handed_out(data, found.filename)


def find_matter(request: HttpRequest, pk: int) -> Matter:
    seen = queries.visible_matters(user_of(request)).select_related("arbitration")
    rows = with_promises(with_urged(with_followed(joint.with_joint_case(seen))), clock.today())
    rows = for_steps.with_instruments(rows)
    return or_404(rows.filter(pk=pk).first())


def show(
    request: HttpRequest, matter: Matter, *, refusal: Refused | None = None, where: str = ""
) -> HttpResponse:
    user, today, law = user_of(request), clock.today(), local_law.current()
    found = queries.situation(matter, law)
    told = queries.matter_overview(matter, today, law, found=found, beside=joint.BESIDE)
    steps = options(matter, user, today, law, found)
    shown = choices(steps, law, for_steps.on_their_way(matter, missing_kinds(steps)))
    acts = any(acts_on(user, one, matter) for one in (access.HANDLE, access.DECIDE))
    forms = {step.place for step in shown.open}
    if acts:
        forms |= set(matter_acts.ACTS) if matter.closed_on is None else {"attach", "withdraw"}
    context: dict[str, Any] = {
        "matter": matter,
        "told": told,
        "sentence": sentence(told),
        "path": path(told),
        "next_step": next_step(matter, shown),
        "nearest": nearest(told),
        "left": standing_of(matter.next_due_on, today, law.calendar),
        "steps": shown,
        "clocks": [
            (row.deadline, row.status, MARKS[row.status.standing], style_of(row.status))
            for row in told.clocks
        ],
        # drawn by our own code from checked tables; every label is escaped there
        "diagram": mark_safe(svg(told.procedure, current=matter.state)),
        "papers": [(one, law.document(one.kind).name) for one in told.documents],
        "missing": missing_papers(told, law),
        "history": history(told, law),
        "chain": chain(user, matter, law),
        "acts": acts,
        "today": today,
        "refusal": _said(refusal, told.steps) if refusal else "",
        # A form that is not on the page any more cannot show it.
        "refused_on_top": where not in forms,
        "where": where,
        "typed": request.POST if refusal else {},
        "typed_events": matter_acts.typed_events(request) if refusal else {},
    }
    context |= matter_force.panel(request, matter, told, acts)
    kinds = Organisation.Kind
    asked = (kinds.BUREAU, kinds.INDUSTRY_AUTHORITY, kinds.TOWN) if acts else ()
    bodies = queries.bodies_about(matter, *asked)
    context["supporting"] = bodies.supporting
    if acts:
        context |= {"bodies": bodies.choices, "supporting_ids": {body.pk for body in bodies.supporting}}
        context |= _for_acting(matter, told, law)
    return render(request, "bureau/matter.html", context, status=422 if refusal else 200)


def _said(refusal: Refused, steps: Any) -> str:
    """A form that is out of date names what came between; the page around it is already up to date."""
    if refusal.field != "version" or not steps:
        return str(refusal)
    last = steps[-1]
    return f"没有办理：您填写期间，{last.actor_name}已经办理了“{last.name}”。本页已更新，请核对现在的状态后再办理。"


def _for_acting(matter: Matter, told: queries.MatterOverview, law: Law) -> dict[str, Any]:
    """What the forms offer to choose from."""
    used = told.procedure.documents_used()
    others = [paper for paper in law.documents() if paper.key not in used]
    names = sorted({one.counts_back_from or one.counts_from for one in told.procedure.clocks} - {""})
    return {
        "handlers": queries.handlers_for(matter),
        "papers_used": [(key, law.document(key).name) for key in used],
        "papers_other": [(paper.key, paper.name) for paper in others],
        "events": [(name, told.events.get(name)) for name in names],
    }


def _states(law: Law, procedure: str) -> list[tuple[str, str]]:
    table = next((one for one in law.procedures() if one.key == procedure), None)
    return [(state.key, state.name) for state in table.states] if table else []


def _choices(user: User) -> dict[str, Any]:
    """Places and lead bodies of the matters this person sees."""
    seen = queries.visible_matters(user).order_by()
    codes = seen.values_list("region_id", flat=True).distinct()
    wanted = {code[:length] for code in codes for length in (4, 6, 9) if len(code) >= length}
    return {
        "regions": list(Region.objects.filter(code__in=wanted).order_by("code")),
        "organisations": list(
            Organisation.objects.filter(pk__in=seen.values("lead_id").distinct()).order_by("name")
        ),
    }


def _narrowed(query: QueryDict) -> bool:
    return any(query.get(name) for name in query if name not in {"after", "sort"})
