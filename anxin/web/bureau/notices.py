"""通知: one's own notices behind the bell, and by which channels they come. Nobody sees anybody else's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.services import AccountRefused, set_email
from anxin.evidence.workbooks import Column, table_workbook
from anxin.notices import channels, kinds, preferences, queries, services
from anxin.notices.models import ChannelName, Notice
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

EXPORT_LIMIT = 20_000


@page()
def listing(request: HttpRequest) -> HttpResponse:
    unread, kind = _filters(request)
    after = lists.whole_number(request.GET.get("after"))
    found = queries.notice_page(user_of(request), unread=unread, kind=kind, after=after)
    context = {
        "notices": [(notice, kinds.title(notice.kind)) for notice in found.items],
        "next_key": found.next_after,
        "kinds": [(one.key, one.title) for one in kinds.kinds()],
        "unread": unread,
        "kind": kind,
    }
    return render(request, "bureau/notices.html", context)


@page()
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    unread, kind = _filters(request)
    columns = (
        Column("时间", "time", 18),
        Column("类别", "text", 14),
        Column("标题", "text", 44),
        Column("内容", "text", 60),
        Column("已读时间", "time", 18),
        Column("其他渠道", "text", 30),
    )
    found = queries.own(user, unread=unread, kind=kind).prefetch_related(queries.deliveries_of())
    rows = (_row(notice) for notice in found[:EXPORT_LIMIT])
    subtitle = f"填报单位：{lists.office_of(user)}　收件人：{user}　导出日期：{today}"
    return lists.workbook_response(table_workbook("通知", subtitle, columns, rows), "通知", today)


@page(methods=("POST",))
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that it was read and go to what it is about."""
    user = user_of(request)
    notice = or_404(queries.find(user, pk))
    services.mark_read(user, ids=[notice.pk], now=clock.now())
    return redirect(notice.link or reverse("notices"))


@page(methods=("POST",))
def read(request: HttpRequest) -> HttpResponse:
    """The picked notices, or all of them, are read."""
    picked = [lists.whole_number(value) for value in request.POST.getlist("ids")]
    ids = [one for one in picked if one is not None]
    everything = "all" in request.POST
    if not ids and not everything:
        messages.error(request, "请先勾选要标为已读的通知。")
    else:
        number = services.mark_read(user_of(request), ids=None if everything else ids, now=clock.now())
        messages.success(request, f"已将{number}条通知标为已读。" if number else "没有未读的通知。")
    # The filters stand in the address of this form too.
    kept = request.GET.urlencode()
    return redirect(reverse("notices") + (f"?{kept}" if kept else ""))


@page(methods=("GET", "POST"))
def settings(request: HttpRequest) -> HttpResponse:
    """Which kinds reach me by which channels, and my e-mail address."""
    user = user_of(request)
    if request.method == "GET":
        return _settings_page(request, {"address": user.email})
    address = request.POST.get("address", "")
    try:
        set_email(user=user, email=address, actor=actor(user), now=clock.now())
    except AccountRefused as refusal:
        return _settings_page(request, {"address": address, "refusal": str(refusal)}, status=422)
    preferences.choose(
        user,
        {
            kind.key: [name for name in preferences.CHOOSABLE if kind.key in request.POST.getlist(name)]
            for kind in kinds.kinds()
        },
    )
    messages.success(request, "接收方式已保存。")
    return redirect("notice-settings")


def _settings_page(request: HttpRequest, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    offered = [
        (name, ChannelName(name).label, channels.by_name(name).ready()) for name in preferences.CHOOSABLE
    ]
    rows = [
        (choice.kind, [(name, label, name in choice.channels) for name, label, _ in offered])
        for choice in preferences.choices(user_of(request))
    ]
    context = {
        "offered": offered,
        "rows": rows,
        "missing": [label for _, label, ready in offered if not ready],
    }
    return render(request, "bureau/notice_settings.html", context | more, status=status)


def _filters(request: HttpRequest) -> tuple[bool, str]:
    known = {one.key for one in kinds.kinds()}
    kind = request.GET.get("kind", "")
    return request.GET.get("unread") == "1", kind if kind in known else ""


def _row(notice: Notice) -> list[Any]:
    sent_out = "；".join(
        f"{delivery.get_channel_display()}{delivery.get_state_display()}"
        + (f"（{delivery.sentence.rstrip('。')}）" if delivery.sentence else "")
        for delivery in notice.sent_out  # type: ignore[attr-defined]
    )
    read_at = timezone.localtime(notice.read_at) if notice.read_at else None
    return [
        timezone.localtime(notice.created_at),
        kinds.title(notice.kind),
        notice.title,
        notice.body,
        read_at,
        sent_out,
    ]
