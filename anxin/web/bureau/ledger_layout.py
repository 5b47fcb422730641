"""台账版式 on a page: which columns, in which order, under which headings; looked at, tried in Excel, proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.referral import signing, tables
from anxin.referral.ledger_layout import BLANKS, PAPERS, Layout, read_layout
from anxin.referral.models import SignedTable
from anxin.referral.routing import TableProblem
from anxin.referral.tables import Held
from anxin.web import clock
from anxin.web.bureau import ledger_layout_form as form
from anxin.web.bureau.ledger_shown import place_of, shown, workbook
from anxin.web.bureau.referral_tables import day_of, own_regions
from anxin.web.bureau.statistics import span_of
from anxin.web.policy import page, user_of

SORT = SignedTable.Sort.LEDGER.value


@page(access.LAW, methods=("GET", "POST"))
def edit(request: HttpRequest) -> HttpResponse:
    """Start from the layout that holds; what is typed is looked at, tried, or proposed, and never lost."""
    user = user_of(request)
    held = tables.held_for(user, SORT, request.GET.get("region", ""), clock.today())
    if request.method != "POST":
        return _page(request, held, form.of_entries(held.entries))
    typed, wanted = form.of_post(request.POST), request.POST.get("do", "")
    try:
        entries = typed.entries
        layout = _read(entries)
        if wanted == "propose":
            return _propose(request, entries)
        if wanted == "try":
            note = "　还没有签署的版式，只供试看"
            return workbook(request, layout, place_of(user, span_of(request).region), note=note)
    except Refused as refusal:
        return _page(request, held, typed, refusal=str(refusal))
    return _page(request, held, form.of_entries(entries), layout=layout)


def _read(entries: list[dict[str, Any]]) -> Layout:
    try:
        return read_layout(entries)
    except TableProblem as problem:
        raise Refused(problem.sentence) from None


def _propose(request: HttpRequest, entries: list[dict[str, Any]]) -> HttpResponse:
    post = request.POST
    record = signing.propose_table(
        sort=SORT,
        region=post.get("region", ""),
        valid_from=day_of(post.get("valid_from", "")),
        entries=entries,
        source_title=post.get("source_title", ""),
        source_number=post.get("source_number", ""),
        note=post.get("note", ""),
        by=user_of(request),
        now=clock.now(),
        law=local_law.current(),
    )
    messages.success(request, "已提出，等另一位同事签署后按它导出。")
    return redirect("referral-version", sort=SORT, pk=record.pk)


def _page(
    request: HttpRequest, held: Held, typed: form.Typed, *, layout: Layout | None = None, refusal: str = ""
) -> HttpResponse:
    post: Mapping[str, Any] = request.POST
    context = {
        "tab": "layout",
        "held": held,
        "form": typed,
        "papers": list(PAPERS),
        "blanks": "、".join(f"〔{name}〕" for name in BLANKS),
        "own": own_regions(user_of(request)),
        "typed": post,
        "today": clock.today(),
        "refusal": refusal,
        "preview": None if refusal else shown(request, layout or held.layout),
        "changed": layout is not None,
    }
    return render(request, "bureau/ledger_layout.html", context, status=422 if refusal else 200)
