"""回传办理结果: what became of the tickets of a hotline's or a platform's list, as a workbook for its sender."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.clues.models import Clue
from anxin.evidence.files import FileDamaged
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.referral import given_back
from anxin.referral.models import TITLES, GivenBackRow
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000
#: tickets looked at for the page, and shown on it; making the workbook looks at all
_LOOK_AT, _SHOWN = 400, 20
_COLUMNS = (
    Column("渠道", "text", 16),
    Column("第几份", "number", 10),
    Column("生成时间", "time", 18),
    Column("生成人", "text", 14),
    Column("序号", "number", 8),
    Column("工单编号", "text", 24),
    Column("线索编号", "text", 30),
    Column("当时的状态", "text", 24),
    Column("是否最近一次", "text", 14),
)


def _sender(channel: str | None, of_list: str | None) -> given_back.Sender:
    """To whom; nonsense counts as the hotline."""
    sender = given_back.Sender(channel if channel in TITLES else Clue.Channel.HOTLINE)
    return replace(sender, of_list=lists.whole_number(of_list)) if sender.by_list else sender


@page(access.HANDLE)
def listing(request: HttpRequest) -> HttpResponse:
    """What waits to be given back, and the workbooks made so far, the latest first."""
    user = user_of(request)
    sender = _sender(request.GET.get("channel"), request.GET.get("list"))
    after = lists.whole_number(request.GET.get("after"))
    found = (
        given_back.visible(user)
        .filter(channel=sender.channel)
        .select_related("region", "of_list")
        .order_by("-pk")
    )
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    choices = given_back.lists(user, sender.channel) if sender.by_list else []
    if choices and all(one.key != sender.of_list for one in choices):
        sender = replace(sender, of_list=choices[0].key)
    # a channel answered list by list has nothing to look at before one is chosen
    ready = not sender.by_list or bool(choices)
    new = given_back.waiting(user, sender, look_at=_LOOK_AT) if ready else given_back.Waiting()
    context = {
        "sender": sender,
        "lists": choices,
        "channels": [(key, Clue.Channel(key).label) for key in TITLES],
        "rows": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "changes": new.changes[:_SHOWN],
        "waiting": len(new.changes),
        "more": new.more,
    }
    return render(request, "bureau/given_back.html", context)


@page(access.HANDLE, methods=("POST",))
def make(request: HttpRequest) -> HttpResponse:
    """The workbook of what is new; it waits on the page to be fetched."""
    user = user_of(request)
    sender = _sender(request.POST.get("channel"), request.POST.get("list"))
    try:
        made = given_back.give_back(by=user, office=lists.office_of(user), now=clock.now(), sender=sender)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        whom = "发来清单的平台" if sender.by_list else "热线"
        messages.success(request, f"已生成{made}，共{made.rows}张工单，请下载后交给{whom}导入。")
    chosen = f"&list={sender.of_list}" if sender.of_list is not None else ""
    return redirect(f"{reverse('given-back')}?channel={sender.channel}{chosen}")


@page(access.HANDLE)
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook as it was made."""
    user = user_of(request)
    given = or_404(given_back.visible(user).select_related("file").filter(pk=pk).first())
    try:
        data = given_back.fetch(given, by=user, now=clock.now())
    except FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("given-back")
    return lists.workbook_response(data, given.filename, clock.local(given.at).date())


@page(access.HANDLE)
def export(request: HttpRequest) -> HttpResponse:
    """Which ticket was given back when, by whom and how it stood."""
    mine = given_back.visible(user_of(request))
    found = GivenBackRow.objects.filter(given__in=mine).select_related("given", "clue")
    table = [
        [one.given.get_channel_display(), one.given_id, clock.local(one.given.at), one.given.by_name, one.position, one.clue.sender_number,
         one.clue.number, one.state, "是" if one.latest else ""]
        for one in found.order_by("-given", "position")[:EXPORT_LIMIT]
    ]  # fmt: skip
    return lists.table_response(request, "回传记录", _COLUMNS, table)
