"""台账 on the screen: filtered, by key, each row with its 销号 and what is missing for it; and the same as a workbook."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from anxin.accounts import access
from anxin.clues.models import Clue
from anxin.evidence.files import FileDamaged
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.referral import services, tables
from anxin.referral.access import seen_clue
from anxin.referral.counting import Span
from anxin.referral.ledger_page import LedgerFilters, ledger_page
from anxin.referral.models import SignedTable
from anxin.web import clock, lists
from anxin.web.bureau.ledger_shown import place_of, workbook
from anxin.web.bureau.statistics import asked, span_of
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

LAYOUT = SignedTable.Sort.LEDGER.value
_MONTHS = 24
_STRUCK = [("no", "未销号"), ("yes", "已销号")]


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, span, filters = user_of(request), _span(request), _filters(request)
    after = lists.whole_number(request.GET.get("after")) or 0
    law = local_law.current() if span.as_of == clock.today() else None
    told = ledger_page(user, span, filters, law, after=after)
    context: dict[str, Any] = {
        **asked(request, span),
        "told": told,
        "next_key": told.next_after,
        "filters": filters,
        "month": request.GET.get("month", ""),
        "months": _months(),
        "bodies": [(name, name) for name in told.bodies],
        "kinds": Clue.Kind.choices,
        "states": Clue.State.choices,
        "strucks": _STRUCK,
        "narrowed": bool(request.GET),
        "strikes": access.may(user, access.HANDLE) or access.may(user, access.DECIDE),
        "today": clock.today(),
    }
    return render(request, "bureau/ledger.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The same rows in the layout that holds for the place, or in one version of it to look at."""
    user, span = user_of(request), _span(request)
    number = lists.whole_number(request.GET.get("layout"))
    if number:
        record = or_404(SignedTable.objects.filter(sort=LAYOUT, pk=number).first())
        held, note = tables.of_record(record), f"　按第{record.pk}号版式（{record.get_state_display()}）"
    else:
        held, note = tables.held_for(user, LAYOUT, span.region, clock.today()), ""
    place = place_of(user, span.region)
    try:
        pattern = held.pattern
    except FileDamaged as problem:
        messages.error(request, f"{problem}请在“台账版式”里重新上传表样。")
        return redirect("ledger")
    more = {"span": span, "filters": _filters(request), "pattern": pattern}
    return workbook(request, held.layout, place, note=note, **more)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """销号; what is not met is said, and nothing changes."""
    clue = seen_clue(user_of(request), pk)
    if clue is None:
        messages.error(request, "没有这条线索，请从台账中重新打开。")
        return redirect("ledger")
    try:
        made = services.strike(clue, by=user_of(request), now=clock.now(), law=local_law.current())
        messages.success(request, f"{clue.number}已销号，依据：{made.get_how_display()}。")
    except Refused as refusal:
        messages.error(request, f"{clue.number}：{refusal}")
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe and back.startswith("/") else reverse("ledger"))


def _span(request: HttpRequest) -> Span:
    """A month of receipt goes before the days."""
    span, month = span_of(request), _month(request.GET.get("month"))
    if month is None:
        return span
    return Span(month.first_day, month.last_day, max(span.as_of, month.first_day), span.region)


def _filters(request: HttpRequest) -> LedgerFilters:
    said = request.GET
    return LedgerFilters(
        closed=_month(said.get("closed")),
        body=said.get("body", "")[:120],
        kind=_one_of(said.get("kind"), Clue.Kind.values),
        state=_one_of(said.get("state"), Clue.State.values),
        struck=_one_of(said.get("struck"), [key for key, _ in _STRUCK]),
        overdue=said.get("overdue") == "1",
    )


def _one_of(text: str | None, known: list[str]) -> str:
    return text if text in known else ""


def _month(text: str | None) -> Month | None:
    try:
        return Month.parse(text or "")
    except ValueError:
        return None


def _months() -> list[tuple[str, str]]:
    today = clock.today()
    last = Month.of(dt.date(today.year, today.month, 1))
    return [(str(month), month.chinese()) for month in (last.plus(-back) for back in range(_MONTHS))]
