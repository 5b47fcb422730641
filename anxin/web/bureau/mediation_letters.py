"""起草 from a mediation's or an aid request's own page: one press begins the letter, with what is known filled in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from anxin.accounts import access
from anxin.kernel.refusal import Refused
from anxin.mediation import decisions
from anxin.mediation.access import visible_requests
from anxin.web import clock
from anxin.web.bureau.mediation_case import find_case, show
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_BEGUN = "已起草，事项里有的内容已经填好；签发、用印后，请到事项里登记这一步。"


@page(access.DRAFT, methods=("POST",))
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice that a mediation is not accepted."""
    case = find_case(request, pk)
    try:
        made = decisions.draft_refusal(case, by=user_of(request), now=clock.now())
    except Refused as problem:
        return show(request, case, refusal=problem, where="refusal")
    messages.success(request, _BEGUN)
    return redirect("letter", pk=made.pk)


@page(access.DRAFT, methods=("POST",))
def aid(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision on a request for legal aid."""
    found = or_404(visible_requests(user_of(request)).select_related("matter__lead").filter(pk=pk).first())
    try:
        made = decisions.draft_aid(found, request.POST.get("kind", ""), by=user_of(request), now=clock.now())
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("legal-aid")
    messages.success(request, _BEGUN)
    return redirect("letter", pk=made.pk)
