"""开始一件事项: choose the procedure, then say what it is about."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework import queries, services
from anxin.casework.models import Matter
from anxin.casework.succession import go_on
from anxin.kernel.refusal import Refused
from anxin.law import Law, UnknownKey
from anxin.law.procedures import Procedure
from anxin.local_law import queries as local_law
from anxin.registry.access import find_visible
from anxin.registry.models import Employer, Organisation
from anxin.web import clock, lists
from anxin.web.bureau.matter_forms import About, OpenForm, about, find_about
from anxin.web.policy import page, user_of


@page(access.HANDLE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Without a procedure in the address: all of them, grouped. With one: its form."""
    law, key = local_law.current(), request.GET.get("procedure", "")
    if not key:
        text = request.GET.get("text", "").strip()
        kept = {name: request.GET.get(name, "") for name in ("project", "employer")}
        context = {"groups": groups(law, text), "text": text, **kept}
        return render(request, "bureau/matter_choose.html", context)
    try:
        table = law.procedure(key)
    except UnknownKey as unknown:
        raise Http404(str(unknown)) from None
    return _form(request, user_of(request), law, table)


@page(access.HANDLE, access.IMPORT)
def find(request: HttpRequest) -> HttpResponse:
    """A piece of the form: what a project or employer may be, while its name is typed."""
    text = request.GET.get("about_text", "")
    context = {"found": find_about(user_of(request), text), "text": text.strip()}
    return render(request, "parts/matter_about.html", context)


def groups(law: Law, text: str) -> list[tuple[str, list[Procedure]]]:
    """The procedures that hold the text, under the subject most of their papers belong to."""
    found: dict[str, list[Procedure]] = {}
    for table in law.procedures():
        if text and text not in f"{table.name}{table.purpose}{table.begins}":
            continue
        subjects = Counter(law.document(key).group for key in table.documents_used())
        subject = subjects.most_common(1)[0][0] if subjects else "其他"
        found.setdefault(subject, []).append(table)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _form(request: HttpRequest, user: User, law: Law, table: Procedure) -> HttpResponse:
    picked: list[About] = []
    follows = _follows(request, user)
    known = [one for one in (follows.project, follows.employer) if one] if follows else []
    arguments: dict[str, Any] = {"user": user, "law": law, "table": table, "known": known}
    if request.method == "POST":
        form = OpenForm(request.POST, **arguments)
        if form.is_valid():
            try:
                matter = _begin(form, follows, user, law, table)
            except Refused as refusal:
                form.refuse(str(refusal), refusal.field or None)
            else:
                messages.success(request, f"已开始，编号为{matter.number}。")
                return redirect("matter", pk=matter.pk)
        picked = form.found or _picked(form)
    else:
        initial = _going_on(follows) if follows else _initial(request, user)
        form = OpenForm(initial=initial, **arguments)
        picked = _picked(form)
    context = {
        "form": form,
        "table": table,
        "follows": follows,
        "regions": form.region_list,
        "found": picked,
        "about": request.POST.get("about") or (picked[0].value if len(picked) == 1 else ""),
        "articles": [law.cite_reference(reference) for reference in table.references],
    }
    return render(request, "bureau/matter_new.html", context, status=422 if request.method == "POST" else 200)


def _begin(form: OpenForm, follows: Matter | None, user: User, law: Law, table: Procedure) -> Matter:
    if follows is not None:
        return go_on(follows, table.key, by=user, now=clock.now(), law=law, handler=user, **form.values())
    return services.open_matter(
        procedure=table.key, by=user, now=clock.now(), law=law, handler=user, **form.values()
    )


def _follows(request: HttpRequest, user: User) -> Matter | None:
    """The matter in the address that the new one goes on from."""
    number = lists.whole_number(request.GET.get("follows"))
    found = queries.visible_matter(user, number) if number else None
    if "follows" in request.GET and found is None:
        raise Http404
    return found


def _going_on(matter: Matter) -> dict[str, Any]:
    """Nothing is entered twice: what the matter is about, where and by whom."""
    picked = matter.project or matter.employer
    initial: dict[str, Any] = {
        "on": clock.today(), "title": matter.title, "region": matter.region_id, "lead": matter.lead_id,
        "supporting": list(matter.supporting.values_list("pk", flat=True)), "counterpart": matter.counterpart,
    }  # fmt: skip
    if picked is not None:
        initial |= {"about": about(picked).value, "about_text": picked.name}
    return initial


def _initial(request: HttpRequest, user: User) -> dict[str, Any]:
    """Today, one's own place and body; of a project in the address, its place and body."""
    initial: dict[str, Any] = {"on": clock.today()}
    number = lists.whole_number(request.GET.get("project"))
    project = find_visible(user, number) if number else None
    if project is not None:
        lead = project.responsible if project.responsible and project.responsible.kind == "bureau" else None
        initial |= {"region": project.region_id, "about": f"project:{project.pk}", "about_text": project.name}
    elif (employer := _employer(request, user)) is not None:
        lead = None
        initial |= {"about": f"employer:{employer.pk}", "about_text": employer.name}
        initial["region"] = employer.region_id or ""
    else:
        lead = None
        scope = next((one for one in access.scopes(user, access.HANDLE) if one.region), None)
        initial["region"] = scope.region if scope else ""
    initial["lead"] = lead or own_body(user, str(initial["region"]))
    return initial


def _employer(request: HttpRequest, user: User) -> Employer | None:
    """The employer in the address, where this person may act for its place."""
    number = lists.whole_number(request.GET.get("employer"))
    found = Employer.objects.filter(pk=number).first() if number else None
    return found if found is not None and access.may_on_employer(user, access.HANDLE, found) else None


def own_body(user: User, region: str) -> Organisation | None:
    """The body one works for, by the grant or by the name of one's office; else the bureau of the place."""
    codes = [one.organisation for one in access.scopes(user, access.HANDLE) if one.organisation]
    if codes:
        return Organisation.objects.filter(code__in=codes).first()
    bureaus = Organisation.objects.filter(kind=Organisation.Kind.BUREAU).order_by("pk")
    named = bureaus.filter(name=user.office).first() if user.office else None
    places = [region[:length] for length in range(2, len(region) + 1)]
    return named or bureaus.filter(region__in=places).order_by("-region__code", "pk").first()


def _picked(form: OpenForm) -> list[About]:
    """What stands in the form already."""
    value = str(form.data.get("about") or form.initial.get("about") or "")
    return [about(one) for one in form.picked(value) if one is not None]
