"""紧急事件: the list, the call, and the page from which it is led."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues.access import visible_clue
from anxin.clues.models import Clue
from anxin.enforcement import emergencies, queries
from anxin.enforcement.access import may_work
from anxin.enforcement.emergencies import Member
from anxin.enforcement.exports import emergencies_workbook
from anxin.enforcement.models import Emergency, Responder
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.registry.access import find_visible
from anxin.web import clock, lists
from anxin.web.bureau.emergency_forms import CallForm, EntryForm
from anxin.web.bureau.matter_forms import About, about, chosen
from anxin.web.bureau.matter_opening import own_body
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, shown = user_of(request), _shown(request)
    found = queries.emergency_page(user, shown, after=request.GET.get("after", ""))
    now = clock.now()
    context = {
        "shown": shown,
        "parts": list(queries.SHOWN.items()),
        "rows": [(one, one.next_report_at is not None and one.next_report_at < now) for one in found.items],
        "next_key": found.next_after,
        "may_open": access.may(user, access.HANDLE),
    }
    return render(request, "bureau/emergencies.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as shown, as a workbook."""
    user, today = user_of(request), clock.today()
    data = emergencies_workbook(user, _shown(request), on=today, office=lists.office_of(user))
    return lists.workbook_response(data, "紧急事件清单", today)


@page(access.HANDLE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """The call: one small form, nothing in it that a caller does not say."""
    user, law = user_of(request), local_law.current()
    clue = _clue(request, user)
    if request.method == "POST":
        form = CallForm(request.POST, user=user)
        if form.is_valid():
            try:
                opened = _open(form, user, clue, clock.now())
            except Refused as refusal:
                form.refuse(str(refusal), refusal.field or None)
            else:
                messages.success(request, f"已接报，编号为{opened.number}。请指定现场的三个人。")
                return redirect("emergency", pk=opened.pk)
    else:
        form = CallForm(user=user, initial=_initial(request, user, clue))
    region = str(form["region"].value() or "")
    picked = form.found or _picked(form)
    context = {
        "form": form,
        "clue": clue,
        "regions": form.region_list,
        "rule": emergencies.report_rule(law, clock.today(), region),
        "found": picked,
        "about": request.POST.get("about") or (picked[0].value if len(picked) == 1 else ""),
    }
    return render(
        request, "bureau/emergency_new.html", context, status=422 if request.method == "POST" else 200
    )


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step on one emergency; a refusal is shown on the page with what was typed."""
    found, user = _find(request, pk), user_of(request)
    if action not in _ACTS:
        raise Http404
    if not may_work(user, found):
        raise PermissionDenied
    what, done = _ACTS[action]
    form = EntryForm(request.POST) if action == "entry" else None
    if form is not None and not form.is_valid():
        return _show(request, found, where=action, entry=form, wrong=True)
    try:
        what(request, found, user, clock.now(), form)
    except Refused as refusal:
        if form is not None:
            form.refuse(str(refusal), refusal.field or None)
        return _show(request, _find(request, pk), refusal=str(refusal), where=action, entry=form)
    messages.success(request, done)
    return redirect("emergency", pk=pk)


_Act = Callable[[HttpRequest, Emergency, User, dt.datetime, Any], None]


def _entry(request: HttpRequest, found: Emergency, user: User, now: dt.datetime, form: EntryForm) -> None:
    emergencies.add_entry(found, by=user, now=now, **form.values(now))


def _team(request: HttpRequest, found: Emergency, user: User, now: dt.datetime, form: None) -> None:
    """Of the three rows those in which something stands."""
    members = []
    for office in Responder.Office.values:
        name, phone, body = (request.POST.get(f"{office}-{part}", "") for part in ("name", "phone", "body"))
        if name.strip() or phone.strip():
            members.append(Member(office, body, name, phone))
    emergencies.name_team(found, members, by=user, now=now)


def _end(request: HttpRequest, found: Emergency, user: User, now: dt.datetime, form: None) -> None:
    emergencies.end_emergency(found, how=request.POST.get("how", ""), by=user, now=now)


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[_Act, str]] = {
    "entry": (_entry, "已登记。"),
    "team": (_team, "现场人员已登记。"),
    "end": (_end, "现场处置已结束，不再提示续报。"),
}


def _open(form: CallForm, user: User, clue: Clue | None, now: dt.datetime) -> Emergency:
    data = form.cleaned_data
    lead = own_body(user, data["region"].code)
    if lead is None:
        raise Refused("没有找到本单位，请系统管理员登记当地的人社部门。", field="region")
    return emergencies.open_emergency(
        place=data["place"], people=data["people"], what=data["what"], region=data["region"], lead=lead,
        by=user, now=now, law=local_law.current(), report_hours=data["report_hours"], project=form.project,
        employer=form.employer, clue=clue, drill=data["drill"],
    )  # fmt: skip


def _initial(request: HttpRequest, user: User, clue: Clue | None) -> dict[str, Any]:
    """One's own place; what a clue already says is not typed again."""
    scope = next((one for one in access.scopes(user, access.HANDLE) if one.region), None)
    initial: dict[str, Any] = {"region": scope.region if scope else ""}
    number = lists.whole_number(request.GET.get("project"))
    project = find_visible(user, number) if number else None
    if clue is not None:
        telling = clue.tellings.filter(superseded_at__isnull=True).first()
        initial |= {"region": clue.region_id, "people": clue.people, "what": clue.title}
        initial["place"] = (telling.place if telling else "") or clue.project_name
        project = clue.project or project
    if project is not None:
        initial |= {"region": project.region_id, "about": f"project:{project.pk}", "about_text": project.name}
        initial["place"] = initial.get("place") or project.site_address or project.name
    elif clue is not None and clue.employer is not None:
        initial |= {"about": f"employer:{clue.employer.pk}", "about_text": clue.employer.name}
    return initial


def _picked(form: CallForm) -> list[About]:
    """What stands in the form already."""
    value = str(form.data.get("about") or form.initial.get("about") or "")
    return [about(one) for one in chosen(form.user, value) if one is not None]


def _clue(request: HttpRequest, user: User) -> Clue | None:
    number = lists.whole_number(request.POST.get("clue") or request.GET.get("clue"))
    return visible_clue(user, number, access.HANDLE) if number else None


def _shown(request: HttpRequest) -> str:
    shown = request.GET.get("shown", "")
    return shown if shown in queries.SHOWN else "open"


def _find(request: HttpRequest, pk: int) -> Emergency:
    return or_404(queries.visible_emergency(user_of(request), pk))


def _show(
    request: HttpRequest,
    found: Emergency,
    *,
    refusal: str = "",
    where: str = "",
    entry: EntryForm | None = None,
    wrong: bool = False,
) -> HttpResponse:
    user, now = user_of(request), clock.now()
    told = queries.spot(found, now)
    works = may_work(user, found) and found.ended_at is None
    context: dict[str, Any] = {
        "emergency": found,
        "told": told,
        "team": [(value, label, told.team.get(value)) for value, label in Responder.Office.choices],
        "works": works,
        "may_unmask": access.may(user, access.UNMASK),
        "form": entry or EntryForm(),
        "refusal": refusal if where != "entry" or not works else "",
        "refused_on_top": not works,
        "where": where,
        "typed": request.POST if where else {},
        "typed_team": _typed_team(request) if where == "team" else {},
    }
    return render(request, "bureau/emergency.html", context, status=422 if refusal or wrong else 200)


def _typed_team(request: HttpRequest) -> dict[str, dict[str, str]]:
    return {
        office: {part: request.POST.get(f"{office}-{part}", "") for part in ("name", "phone", "body")}
        for office in Responder.Office.values
    }
