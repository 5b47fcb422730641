"""发回执: a receipt for whoever told an officer, on a slip that is shown once; and many at a time for what came in lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.channels import issuing, receipts
from anxin.channels.issuing import AT_ONCE, Issued
from anxin.channels.tasks_receipts import text_receipts_task
from anxin.clues.access import visible_clue
from anxin.clues.models import Clue
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.notices import outside
from anxin.reception.access import visible_visits
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address, qr_svg

PAGE = 40
EXPORT_LIMIT = 20_000
#: a slip is fetched at once by the page that asked for it, and not kept
_SALT, _SECONDS = "clue-receipt", 300
CHANNELS = [(str(one), one.label) for one in Clue.Channel if one not in (Clue.Channel.QR, Clue.Channel.SWEEP)]
_COLUMNS = (
    Column("线索编号"),
    Column("来件编号", "text", 20),
    Column("渠道", "text", 12),
    Column("地区", "text", 14),
    Column("接收时间", "time", 18),
    Column("有没有手机号", "text", 12),
)


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one out, or give it anew with the reason; the number waits on the slip."""
    user, post = user_of(request), request.POST
    clue = or_404(visible_clue(user, pk))
    try:
        if post.get("whom") not in ("worker", "helper"):
            raise Refused("请选择回执发给本人还是帮忙的人。", field="whom")
        helper = _helper(post.get("helper", "")) if post["whom"] == "helper" else ""
        own = post.get("own", "") if helper else ""
        made = issuing.issue(clue, by=user, now=clock.now(), helper=helper, own=own, why=post.get("why", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("clue", pk=pk)
    return handed(request, made, by_text=bool(post.get("text")))


@page(access.HANDLE, access.IMPORT)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip with the number, once; afterwards only how to give another one."""
    clue = or_404(visible_clue(user_of(request), pk))
    number = request.get_signed_cookie(_cookie(pk), default="", salt=_SALT, max_age=_SECONDS)
    address = public_address(request, "public:receipt")
    context = {
        "clue": clue,
        "receipt": receipts.shown(number) if number else "",
        "address": address,
        "qr": qr_svg(address, "扫码查进度") if number else "",
        "office": lists.office_of(user_of(request)),
        "today": clock.today(),
        # who came is still there: the talk goes on
        "visit": visible_visits(user_of(request)).filter(clue=clue).order_by("-pk").first(),
    }
    response = render(request, "bureau/clue_receipt.html", context)
    response.delete_cookie(_cookie(pk), path=request.path)
    response["Cache-Control"] = "no-store"
    return response


def handed(request: HttpRequest, made: Issued, *, by_text: bool = False) -> HttpResponse:
    """To the slip: the number goes along in the officer's own browser, signed, for the one page that shows it."""
    if by_text:
        try:
            issuing.text(made, address=public_address(request, "public:receipt"), now=clock.now())
            messages.success(request, "回执号已按登记的手机号发出短信。")
        except Refused as refusal:
            messages.error(request, refusal.sentence)
    response = redirect("clue-receipt", pk=made.clue.pk)
    response.set_signed_cookie(
        _cookie(made.clue.pk), made.receipt, salt=_SALT, max_age=_SECONDS, path=response["Location"],
        httponly=True, samesite="Strict", secure=request.is_secure(),
    )  # fmt: skip
    return response


@page(access.HANDLE)
def many(request: HttpRequest) -> HttpResponse:
    """Open clues without a receipt, and how many of them have a telephone."""
    user = user_of(request)
    found = _found(request, user)
    after = lists.whole_number(request.GET.get("after"))
    rows = list((found.filter(pk__lt=after) if after is not None else found)[: PAGE + 1])
    shown = rows[:PAGE]
    context: dict[str, Any] = {
        "rows": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "channels": CHANNELS,
        "channel": _channel(request),
        "all": found.count(),
        "phones": issuing.with_phone(found).count(),
        "texts": outside.reaches("phone"),
        "most": AT_ONCE,
    }
    return render(request, "bureau/clue_receipts.html", context)


@page(access.HANDLE)
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, without any number."""
    user, today = user_of(request), clock.today()
    table = [_cells(one) for one in _found(request, user)[:EXPORT_LIMIT]]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    data = table_workbook("没有回执的线索", subtitle, _COLUMNS, table)
    return lists.workbook_response(data, "没有回执的线索", today)


@page(access.HANDLE, methods=("POST",))
def issue_many(request: HttpRequest) -> HttpResponse:
    """The numbers of up to :data:`AT_ONCE` clues in one workbook, once; or each by text to its own telephone."""
    user, today = user_of(request), clock.today()
    found = _found(request, user)
    if request.POST.get("way") == "text":
        if not outside.reaches("phone"):
            messages.error(request, "没有设置短信网关，请下载回执号，交给来件单位告知反映人。")
            return redirect("clue-receipts")
        keys = list(issuing.with_phone(found).values_list("pk", flat=True)[:AT_ONCE])
        text_receipts_task.enqueue(user.pk, keys, public_address(request, "public:receipt"))
        messages.success(request, f"正在给{len(keys)}位反映人发回执短信；没有发出的仍在这里。")
        return redirect("clue-receipts")
    made = issuing.issue_many(list(found[:AT_ONCE]), by=user, now=clock.now())
    if not made:
        messages.info(request, "没有要发回执的线索。")
        return redirect("clue-receipts")
    where = public_address(request, "public:receipt")
    table = [[one.clue.number, one.clue.sender_number, receipts.shown(one.receipt), where] for one in made]
    columns = (
        Column("线索编号"),
        Column("来件编号", "text", 20),
        Column("回执号", "text", 24),
        Column("在哪里查", "text", 40),
    )
    subtitle = f"填报单位：{lists.office_of(user)}　只生成这一次，请转交反映人后删除"
    response = lists.workbook_response(table_workbook("回执号", subtitle, columns, table), "回执号", today)
    response["Cache-Control"] = "no-store"
    return response


def _cookie(pk: int) -> str:
    return f"anxin-receipt-{pk}"


def _helper(name: str) -> str:
    if not name.strip():
        raise Refused("请填写帮忙的人的姓名。", field="helper")
    return name.strip()


def _channel(request: HttpRequest) -> str:
    asked = request.POST.get("channel") or request.GET.get("channel", "")
    return asked if asked in dict(CHANNELS) else ""


def _found(request: HttpRequest, user: User) -> QuerySet[Clue]:
    rows = issuing.without_receipt(user).order_by("-pk")
    channel = _channel(request)
    return rows.filter(channel=channel) if channel else rows


def _cells(clue: Clue) -> list[str | dt.datetime]:
    phone: bool = clue.has_phone  # type: ignore[attr-defined]
    return [clue.number, clue.sender_number, clue.get_channel_display(), clue.region.name,
            clock.local(clue.received_at), "有" if phone else "没有"]  # fmt: skip
