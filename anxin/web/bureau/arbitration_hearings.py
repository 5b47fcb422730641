"""The tribunal and the hearings of one arbitration: the second page of a case, beside its claims and awards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.arbitration import scheduling, stepping, tribunals
from anxin.arbitration.access import handles, works
from anxin.arbitration.models import ArbitrationCase, Arbitrator, CircuitDay, Hearing, Room, Seat
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.bureau.arbitration_case import find_case
from anxin.web.bureau.matter_acts import day_of
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_GONE = "这一条已经不在了，请刷新页面。"


@page(access.VIEW, access.ARBITRATE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sits and when it is heard."""
    return _show(request, find_case(request, pk))


@page(access.HANDLE, access.DECIDE, access.ARBITRATE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on the tribunal or a hearing, and back to the page; a refusal keeps what was typed."""
    case, user = find_case(request, pk), user_of(request)
    known = or_404(_ACTS.get(action))
    what, done = known
    try:
        said = what(request, case, user, clock.now(), local_law.current())
    except Refused as refusal:
        where = f"{action}-{request.POST.get('row', '')}".rstrip("-")
        return _show(request, case, refusal=refusal, where=where)
    messages.success(request, said or done)
    return redirect("arbitration-hearings", pk=pk)


def _shown(
    request: HttpRequest, case: ArbitrationCase, *, refusal: Refused | None = None, where: str = ""
) -> dict[str, Any]:
    """The context of the page; what its forms may do starts with ``hear_``."""
    user, now = user_of(request), clock.now()
    tribunal = scheduling.tribunal_of(case)
    rows = list(tribunal.seats.select_related("arbitrator").order_by("pk")) if tribunal else []
    sitting = [one for one in rows if one.left_on is None]
    working, leading = works(user, case), handles(user, case)
    roster = _roster(case) if leading else []
    hearings = list(case.hearings.select_related("room", "circuit", "record").order_by("-begins_at"))
    open_ = case.matter.closed_on is None
    return {
        "case": case,
        "tribunal": tribunal,
        "seats": sorted(sitting, key=lambda one: (one.part == "secretary", one.part == "member", one.pk)),
        "past_seats": [one for one in rows if one.left_on is not None],
        "hear_works": working,
        "hear_leads": leading,
        "hear_open": open_,
        "arbitrators": [one for one in roster if one[2] == Arbitrator.Kind.ARBITRATOR],
        "secretaries": [one for one in roster if one[2] == Arbitrator.Kind.SECRETARY],
        "hear_forms": tribunals.forms(case),
        "left_kinds": Seat.Left.choices,
        "hearings": [(one, one.state == Hearing.State.SET and one.begins_at > now) for one in hearings],
        "may_set": working and open_ and bool(sitting) and not any(
            one.state == Hearing.State.SET and one.begins_at > now for one in hearings
        ),
        **(_places(case, now) if working else {}),
        "simple": case.matter.procedure == "arbitration_simple",
        "hear_refusal": refusal,
        "hear_where": where,
        "hear_typed": request.POST if refusal else {},
    }  # fmt: skip


def _roster(case: ArbitrationCase) -> list[tuple[int, str, str]]:
    """Who may be named: the commission's own, with the cases each has, the least first."""
    found = list(
        Arbitrator.objects.filter(body=case.matter.lead_id, left_on__isnull=True).order_by("pk")[:400]
    )
    loads = tribunals.loads([one.pk for one in found])
    found.sort(key=lambda one: (loads.get(one.pk, 0), one.pk))
    return [(one.pk, f"{one}（在办{loads.get(one.pk, 0)}件）", one.kind) for one in found]


def _places(case: ArbitrationCase, now: dt.datetime) -> dict[str, Any]:
    days = CircuitDay.objects.filter(
        body=case.matter.lead_id, on__gte=timezone.localdate(now), cancelled_why=""
    )
    return {
        "rooms": [(one.pk, one.name) for one in Room.objects.filter(body=case.matter.lead_id, closed_on__isnull=True)],
        "circuits": [(one.pk, str(one)) for one in days.order_by("on", "pk")[:60]],
        "ways": Hearing.Way.choices,
    }  # fmt: skip


def _show(
    request: HttpRequest, case: ArbitrationCase, *, refusal: Refused | None = None, where: str = ""
) -> HttpResponse:
    views = access.may(user_of(request), access.VIEW)
    context = {"views": views, **_shown(request, case, refusal=refusal, where=where)}
    return render(request, "bureau/arbitration_hearings.html", context, status=422 if refusal else 200)


def _form(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    named = [lists.whole_number(text) or 0 for text in request.POST.getlist("member") if text]
    people = Arbitrator.objects.in_bulk(named)
    members = [people[pk] for pk in named if pk in people]
    secretary = Arbitrator.objects.filter(pk=lists.whole_number(request.POST.get("secretary")) or 0).first()
    if secretary is None:
        raise Refused("请选择书记员。", field="secretary")
    by = request.POST.get("proposed_by", "")
    tribunals.form(case, tribunals.Named(members, secretary, by), by=user, now=now)


def _replace(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    seat = (
        Seat.objects.filter(pk=_row(request), tribunal__case=case)
        .select_related("tribunal__case", "arbitrator")
        .first()
    )
    follower = Arbitrator.objects.filter(pk=lists.whole_number(request.POST.get("follower")) or 0).first()
    if seat is None:
        raise Refused(_GONE)
    if follower is None:
        raise Refused("请选择由谁接替。", field="follower")
    said = request.POST
    asked = day_of(said["asked_on"], "申请日期", "asked_on") if said.get("asked_on") else None
    left = tribunals.Withdrawal(said.get("kind", ""), said.get("why", ""), said.get("decided_by", ""), asked)
    return tribunals.replace(seat, left, follower=follower, by=user, now=now, law=law)


def _set(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    said = request.POST
    wanted = scheduling.Wanted(
        moment_of(said.get("begins_at", "")), lists.whole_number(said.get("minutes")) or 0, said.get("way", ""),
        room=Room.objects.filter(pk=lists.whole_number(said.get("room")) or 0).first(),
        circuit=CircuitDay.objects.filter(pk=lists.whole_number(said.get("circuit")) or 0).first(),
        meeting=said.get("meeting", ""), identity_check=said.get("identity_check", ""), shorter_why=said.get("shorter_why", ""),
    )  # fmt: skip
    made = scheduling.set_hearing(case, wanted, by=user, now=now, law=law)
    return f"已排期。{made.notice_words}{stepping.standing(case, law)}"


def _off(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    said = request.POST
    hearing = case.hearings.filter(pk=_row(request)).first()
    if hearing is None:
        raise Refused(_GONE)
    scheduling.call_off(
        hearing, state=said.get("state", ""), why=said.get("why", ""), asked_by=said.get("asked_by", ""), by=user, now=now, law=law
    )  # fmt: skip
    return f"已登记，庭室和人员的时间已经空出，请通知当事人。{stepping.standing(case, law)}"


def _row(request: HttpRequest) -> int:
    return lists.whole_number(request.POST.get("row")) or 0


def moment_of(text: str) -> dt.datetime:
    """A local date and time as a browser sends it. Raises :class:`Refused`."""
    try:
        return timezone.make_aware(dt.datetime.fromisoformat(text).replace(tzinfo=None))
    except ValueError:
        raise Refused("请填写开庭的日期和时间，例如 2026-12-10 09:30。", field="begins_at") from None


_ACTS: dict[str, tuple[Callable[[HttpRequest, ArbitrationCase, User, dt.datetime, Law], str | None], str]] = {
    "form": (_form, "仲裁庭已组成，请书面通知当事人。"),
    "replace": (_replace, ""),
    "set": (_set, ""),
    "off": (_off, ""),
}
