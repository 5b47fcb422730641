"""承诺单: what was promised by a day and a person, printed for those who came, and whether it was kept."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.sealing import Sealed
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.reception import queries, services
from anxin.reception.access import visible_promises, works_at
from anxin.reception.models import Promise
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

EXPORT_LIMIT = 20_000
PARTS = {"": "未兑现", "overdue": "已逾期", "kept": "已兑现"}
_COLUMNS = (
    Column("承诺单", "number", 8),
    Column("来访日期", "date", 12),
    Column("排队号", "number", 8),
    Column("地区", "text", 14),
    Column("承诺事项", "text", 40),
    Column("期限", "date", 12),
    Column("责任人", "text", 12),
    Column("责任单位", "text", 20),
    Column("兑现日期", "date", 12),
    Column("兑现情况", "text", 40),
    Column("线索编号", "text", 24),
)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, today, part = user_of(request), clock.today(), lists.chosen_part(request, PARTS)
    items, after = queries.promise_page(user, part, today=today, after=request.GET.get("after", ""))
    numbers = queries.promise_counts(user, today=today)
    context = {
        "promises": [(one, works_at(user, one.region_id)) for one in items],
        "next_key": after,
        "part": part,
        "parts": [(key, title, numbers[key or "open"]) for key, title in PARTS.items()],
        "today": today,
        "counts": numbers,
    }
    return render(request, "bureau/promises.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    user, today, part = user_of(request), clock.today(), lists.chosen_part(request, PARTS)
    rows = [
        [
            one.pk,
            one.visit.on,
            one.visit.number,
            one.region.name,
            one.what,
            one.due_on,
            one.responsible,
            one.office,
            one.kept_on,
            one.kept_words,
            one.visit.clue.number if one.visit.clue else "",
        ]
        for one in queries.promises_of(user, part, today=today)[:EXPORT_LIMIT]
    ]
    title = f"承诺单清单（{PARTS[part]}）"
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook(title, subtitle, _COLUMNS, rows), "承诺单清单", today)


@page(access.VIEW)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip as it is printed and handed over."""
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """What was promised is done."""
    made, user = _find(request, pk), user_of(request)
    if not works_at(user, made.region_id):
        raise PermissionDenied
    try:
        services.keep_promise(
            made,
            words=request.POST.get("words", ""),
            on=_day(request.POST.get("on", "")),
            by=user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, made, refusal=str(refusal))
    messages.success(request, f"{made}已记为兑现。")
    return redirect("promise", pk=pk)


def _show(request: HttpRequest, made: Promise, *, refusal: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    speaker = made.visit.speaker
    context = {
        "made": made,
        "speaker": mask_name(speaker.open()) if isinstance(speaker, Sealed) else "",
        "works": works_at(user, made.region_id),
        "overdue": made.kept_on is None and made.due_on < today,
        "today": today,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/promise.html", context, status=422 if refusal else 200)


def _find(request: HttpRequest, pk: int) -> Promise:
    return or_404(visible_promises(user_of(request)).filter(pk=pk).first())


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused("请按 2026-11-21 的样子填写兑现日期。", field="on") from None
