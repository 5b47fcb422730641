"""「给别人看时隐去某人」: from a finished package, choose who is to go, why, and for whom; another file comes of it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.dossier import making, redacting
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.bureau.evidence_package import own_or_404
from anxin.web.policy import page, user_of

#: people shown at once; more are found by name or sign
SHOWN = 200


@page(access.HANDLE, access.DECIDE)
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in it, to be chosen."""
    return _show(request, pk)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue it; or look for people, with everything typed so far kept."""
    post = request.POST
    if post.get("do") == "find":
        return _show(request, pk)
    source = own_or_404(request, pk)
    try:
        package = making.ask_without(
            source,
            people=post.getlist("person"),
            reason=post.get("reason", ""),
            recipient=post.get("recipient", ""),
            by=user_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, pk, refusal=refusal)
    return redirect("evidence-package", pk=package.pk)


def _show(request: HttpRequest, pk: int, *, refusal: Refused | None = None) -> HttpResponse:
    source, user, typed = own_or_404(request, pk), user_of(request), request.POST
    subject = making.subject_of(source)
    if not subject.may(user) or (source.full and not subject.may_whole(user)):
        raise PermissionDenied
    people: list[dict[str, str]] = []
    if redacting.possible(subject):
        try:
            people = redacting.people_in(making.opened(source, user))
        except Refused as gone:
            refusal = refusal or gone
    chosen, sought = set(typed.getlist("person")), typed.get("sought", "").strip()
    found = [one for one in people if one["sign"] in chosen or _fits(one, sought)]
    found.sort(key=lambda one: one["sign"] not in chosen)
    context = {
        "package": source,
        "what": subject.what,
        "people": [{**one, "chosen": one["sign"] in chosen} for one in found[:SHOWN]],
        "count": len(people),
        "more": max(len(found) - SHOWN, 0),
        "sought": sought,
        "search": len(people) > SHOWN or bool(sought),
        "typed": typed,
        "field": refusal.field if refusal else "",
        "refusal": str(refusal) if refusal else "",
    }
    return render(request, "bureau/evidence_redact.html", context, status=422 if refusal and typed else 200)


def _fits(one: dict[str, str], sought: str) -> bool:
    return not sought or sought.upper() == one["sign"] or sought in one["name"] or sought in one["id_number"]
