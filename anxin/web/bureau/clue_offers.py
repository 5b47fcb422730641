"""采用已有的证明: money that is proved somewhere in the matters of a clue, counted for it with one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.clues.models import Clue
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.access import seen_clue
from anxin.referral.callers_receipts import why_none
from anxin.referral.offers import Offer, offers
from anxin.referral.recovering import may_record
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: what an offer is about → the page that shows the proof
_PLACES = {
    "paper": "party-paper",
    "mediation": "mediation-case",
    "project": "project",
    "matter-paid": "matter-paid",
}
_COLUMNS = (
    Column("名单序号", "number", 10),
    Column("谁", "text", 10),
    Column("金额（元）", "yuan", 16),
    Column("到账", "date", 12),
    Column("凭什么", "text", 40),
)


@dataclass(frozen=True)
class OfferShown:
    """One payment; the name masked, with where its proof stands."""

    offer: Offer
    person: str
    link: str


@page(access.HANDLE, access.DECIDE)
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.DECIDE)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same rows as a workbook, masked."""
    clue, today = _find(request, pk), clock.today()
    rows = [
        [
            one.offer.claimant.number if one.offer.claimant else None, one.person, one.offer.amount_fen,
            one.offer.paid_on, one.offer.source,
        ]
        for one in _shown(clue)
    ]  # fmt: skip
    office = lists.office_of(user_of(request))
    subtitle = f"填报单位：{office}　线索：{clue.number}　导出日期：{today.isoformat()}"
    data = table_workbook("还没有计入的证明", subtitle, _COLUMNS, rows)
    return lists.workbook_response(data, f"还没有计入的证明_{clue.number}_", today)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Count one of them; a refusal is said above the list."""
    clue = _find(request, pk)
    try:
        services.adopt(clue, request.POST.get("offer", "")[:60], by=user_of(request), now=clock.now())
    except Refused as refusal:
        return _show(request, clue, refusal=str(refusal))
    messages.success(request, "已采用，这一笔已计入到账。")
    return redirect(reverse("clue-work", args=[pk]) + "#money")


def _show(request: HttpRequest, clue: Clue, *, refusal: str = "") -> HttpResponse:
    rows = _shown(clue)
    by_receipt = any(one.offer.receipt is not None for one in rows)
    context = {
        "clue": clue, "rows": rows, "why_no_receipt": "" if by_receipt else why_none(clue), "refusal": refusal
    }  # fmt: skip
    return render(request, "bureau/clue_offers.html", context, status=422 if refusal else 200)


def _shown(clue: Clue) -> list[OfferShown]:
    return [
        OfferShown(one, mask_name(one.person), reverse(_PLACES[one.about[0]], args=[one.about[1]]))
        for one in offers(clue)
    ]


def _find(request: HttpRequest, pk: int) -> Clue:
    """For whoever records money of the clue: the desk, and the bodies that deal or dealt with it."""
    user = user_of(request)
    clue = or_404(seen_clue(user, pk))
    if not may_record(user, clue):
        raise PermissionDenied
    return clue
