"""逐人到账: what each person of a clue's list is owed and got, and a list of payments taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues.access import visible_clue
from anxin.clues.models import Clue
from anxin.evidence.imports import ImportRefused, open_batch
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.access import seen_clue
from anxin.referral.imports_payments import KIND
from anxin.referral.models import ListedPayment
from anxin.referral.paid import PARTS, paid_page, paid_workbook
from anxin.referral.recovering import may_record
from anxin.web import clock, lists, receiving
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_Act = Callable[[HttpRequest, Clue, User, dt.datetime], HttpResponse | None]


@page(access.VIEW)
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same people as a workbook, masked."""
    clue, today = _find(request, pk), clock.today()
    data = paid_workbook(
        clue, part=lists.chosen_part(request, PARTS), on=today, office=lists.office_of(user_of(request))
    )
    return lists.workbook_response(data, f"逐人到账_{clue.number}_", today)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Take in a list of payments, give money recorded before the list its persons, or take a listed row back."""
    clue, user = _find(request, pk), user_of(request)
    if what not in _ACTS:
        raise Http404
    try:
        answer = _ACTS[what](request, clue, user, clock.now())
    except (Refused, ImportRefused) as refusal:
        return _show(request, clue, refusal=str(refusal), where=what)
    return answer or redirect("claimants-paid", pk=pk)


def _upload(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> HttpResponse:
    if not may_record(user, clue):
        raise Refused("您没有处理这条线索的权限，付款清单请由承办人导入。")
    sent = receiving.chosen(request, "file", receiving.tables(), "请选择付款清单（Excel 表）。")
    batch = open_batch(
        kind=KIND, data=sent.data, filename=sent.name, actor=access.actor(user), now=now,
        project_code=clue.number,
    )  # fmt: skip
    if batch.already_accepted:
        when = clock.local(batch.accepted_at)
        messages.warning(request, f"该文件已于{when:%Y-%m-%d %H:%M}接收过，未作任何改动。")
    return redirect("import", pk=batch.pk)


def _assign(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    done, left = services.assign_all(clue, by=user, now=now)
    words = f"已对应{done}笔。"
    if left:
        words += f"还有{left}笔名单里没有这个名字、有同名或者超过应得的，请在办理页“拿到的钱”里逐笔选择。"
    (messages.warning if left else messages.success)(request, words)


def _unlist(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    number = lists.whole_number(request.POST.get("payment"))
    found = (
        ListedPayment.objects.select_related("clue").filter(pk=number, clue=clue).first() if number else None
    )
    if found is None:
        raise Refused("清单上没有这一笔，请刷新页面。")
    services.withdraw_listed(found, why=request.POST.get("why", ""), by=user, now=now)
    messages.success(request, "清单上的这一笔已撤下。")


_ACTS: dict[str, _Act] = {"upload": _upload, "assign": _assign, "unlist": _unlist}


def _show(request: HttpRequest, clue: Clue, *, refusal: str = "", where: str = "") -> HttpResponse:
    user, part = user_of(request), lists.chosen_part(request, PARTS)
    told = paid_page(clue, part=part, after=lists.whole_number(request.GET.get("after")) or 0)
    records = may_record(user, clue)
    context = {
        "clue": clue,
        "rows": told.items,
        "totals": told.totals,
        "next_key": told.next_after,
        "part": part,
        "parts": [(key, title, told.counts[key]) for key, title in PARTS.items()],
        "records": records,
        "imports": records and access.may(user, access.IMPORT),
        "desk": visible_clue(user, clue.pk) is not None,
        "refusal": refusal,
        "where": where,
    }
    return render(request, "bureau/clue_paid.html", context, status=422 if refusal else 200)


def _find(request: HttpRequest, pk: int) -> Clue:
    """The clue as whoever works it sees it: the desk of its place, and the bodies that were asked."""
    return or_404(seen_clue(user_of(request), pk))
