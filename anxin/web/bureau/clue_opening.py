"""反映人: what is sealed of a clue, asked for by one person, decided on by another, opened once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues import opening as services
from anxin.clues.access import reaches, visible_clue
from anxin.clues.models import Clue, Opening
from anxin.clues.opening import SEALED, deciding, runs_out_at, visible_openings
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000
#: requests shown on a clue's own page
_SHOWN = 5
PARTS = {"": "等我批准", "mine": "我的申请", "all": "全部"}
_ANSWERS = ("approve", "decline", "withdraw", "open")
_COLUMNS = (
    Column("线索编号"),
    Column("地区", "text", 14),
    Column("查看什么", "text", 16),
    Column("目的", "text", 40),
    Column("申请人", "text", 12),
    Column("申请时间", "time", 18),
    Column("状态", "text", 12),
    Column("批准人", "text", 12),
    Column("批准时间", "time", 18),
    Column("理由", "text", 30),
    Column("查看时间", "time", 18),
)


def panel(request: HttpRequest, clue: Clue) -> dict[str, Any]:
    """What the card 反映人 on a clue's page needs; the requests only for those who may ask or decide."""
    user = user_of(request)
    may = reaches(user, access.UNMASK, clue)
    found = list(clue.openings.order_by("-pk")[:_SHOWN]) if may else []
    return {
        "may_unmask": may,
        "openings": [(one, *_standing(one, user)) for one in found],
        "opening_asked": any(one.asked_by_id == user.pk and _open(one) for one in found),
    }


@page(access.UNMASK)
def listing(request: HttpRequest) -> HttpResponse:
    """Requests that wait for this person, their own, or all they may see."""
    user, part = user_of(request), lists.chosen_part(request, PARTS)
    after = lists.whole_number(request.GET.get("after"))
    found = _found(user, part)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "rows": [(one, *_standing(one, user)) for one in shown],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "part": part,
        "parts": list(PARTS.items()),
        "waiting": deciding(user).count(),
    }
    return render(request, "bureau/openings.html", context)


@page(access.UNMASK)
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook; it says who looked at what and why, never the values."""
    user, today, part = user_of(request), clock.today(), lists.chosen_part(request, PARTS)
    rows = [
        [
            one.clue.number,
            one.clue.region.name,
            _titles(one),
            one.why,
            one.asked_by_name,
            clock.local(one.asked_at),
            _standing(one, user)[0],
            one.decided_by_name,
            clock.local(one.decided_at) if one.decided_at else None,
            one.decided_why,
            clock.local(one.opened_at) if one.opened_at else None,
        ]
        for one in _found(user, part)[:EXPORT_LIMIT]
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    title = "查看反映人申请清单"
    return lists.workbook_response(table_workbook(title, subtitle, _COLUMNS, rows), title, today)


@page(access.UNMASK, methods=("POST",))
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to see parts of who told us."""
    user = user_of(request)
    clue = or_404(visible_clue(user, pk, access.UNMASK))
    try:
        fields, why = request.POST.getlist("fields"), request.POST.get("why", "")
        services.ask_opening(clue, fields, why=why, by=user, now=clock.now())
        messages.success(request, "已提出申请，已通知可以批准的同事。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("clue", pk=pk)


@page(access.UNMASK, methods=("POST",))
def decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Say yes or no to somebody's request; take back or open one's own."""
    user, now = user_of(request), clock.now()
    found = visible_openings(user).filter(pk=pk).first()
    if found is None or answer not in _ANSWERS:
        raise Http404
    why = request.POST.get("why", "")
    try:
        if answer == "open":
            shown = services.open_sealed(found, by=user, now=now)
            values = [(SEALED[name], value) for name, value in shown.items()]
            return render(request, "bureau/opening_shown.html", {"opening": found, "values": values})
        if answer == "approve":
            services.approve_opening(found, why=why, by=user, now=now)
            messages.success(request, "已批准，申请人可在24小时内查看一次。")
        elif answer == "decline":
            services.decline_opening(found, why=why, by=user, now=now)
            messages.success(request, "已记下不批准和理由，已告知申请人。")
        else:
            services.withdraw_opening(found, by=user, now=now)
            messages.success(request, "已撤回申请。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("back") == "list":
        return redirect("openings")
    return redirect("clue", pk=found.clue_id)


def _found(user: User, part: str) -> Any:
    if part == "":
        return deciding(user).order_by("-pk")
    found = visible_openings(user).order_by("-pk")
    return found.filter(asked_by=user) if part == "mine" else found


def _open(opening: Opening) -> bool:
    """Whether it still waits or may still be used."""
    until = runs_out_at(opening)
    return opening.state == Opening.State.WAITING or (until is not None and clock.now() < until)


def _standing(opening: Opening, user: User) -> tuple[str, str, str, str]:
    """``(state in words, what this person may do, its colour, what was asked for)``."""
    own, until = opening.asked_by_id == user.pk, runs_out_at(opening)
    titles, label = _titles(opening), str(opening.get_state_display())
    if opening.state == Opening.State.WAITING:
        return label, "withdraw" if own else "decide", "mark-wait", titles
    if until is not None and clock.now() >= until:
        return "批准已过期", "", "", titles
    if until is not None:
        return (
            f"{label}，{clock.local(until):%m-%d %H:%M}前可查看一次",
            "open" if own else "",
            "mark-good",
            titles,
        )
    return label, "", "mark-bad" if opening.state == Opening.State.DECLINED else "", titles


def _titles(opening: Opening) -> str:
    return "、".join(SEALED[name] for name in opening.fields)
