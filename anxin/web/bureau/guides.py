"""扫码知: the guides as workers read them, a draft and its second person, and which are opened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.channels import guide_writing as services
from anxin.channels import queries_guides as queries
from anxin.channels.guide_writing import LONGEST
from anxin.channels.models import GuideVersion
from anxin.channels.queries_guides import Guide
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: how far back openings are counted on the page
LOOK_BACK = dt.timedelta(days=30)
_COLUMNS = (
    Column("篇目"),
    Column("现行版本", "text", 18),
    Column("开始日期", "date", 12),
    Column("来源"),
    Column("近30天打开（次）", "number", 14),
)


class GuideForm(ConsoleForm):
    title = forms.CharField(label="标题", max_length=60)
    summary = forms.CharField(label="一句话说明", max_length=200)
    body = forms.CharField(label="正文", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 24}))
    source = forms.CharField(label="来源", max_length=200, help_text="依据的法规、文件或通知，读者看得到。")
    valid_from = DateField(label="开始日期", help_text="从这一天起工人看到新版；旧版仍可查看。")


@page(access.VIEW, access.LAW)
def listing(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    by_guide, by_site = queries.opens(user, since=today - LOOK_BACK)
    drafts = queries.drafts()
    context = {
        "rows": [
            (guide, drafts.get(guide.key), by_guide.get(guide.key, 0)) for guide in queries.all_current(today)
        ],
        "by_site": by_site,
        "may_draft": _may_draft(request),
        "may_places": access.may(user, access.IMPORT),
    }
    return render(request, "bureau/guides.html", context)


@page(access.VIEW, access.LAW)
def export(request: HttpRequest) -> HttpResponse:
    """Which guides there are and how often each was opened."""
    user, today = user_of(request), clock.today()
    by_guide, _ = queries.opens(user, since=today - LOOK_BACK)
    rows = [
        [one.title, one.name, one.valid_from, one.source, by_guide.get(one.key, 0)]
        for one in queries.all_current(today)
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("扫码知篇目", subtitle, _COLUMNS, rows), "扫码知篇目", today
    )


@page(access.VIEW, access.LAW)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    return _show(request, key)


@page(access.HANDLE, access.LAW, methods=("GET", "POST"))
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Write the next version; what is asked for first is what holds now, or the draft that waits."""
    guide = _guide_or_404(key)
    waiting = queries.drafts().get(key)
    form = GuideForm(request.POST or None, initial=_initial(guide, waiting))
    if request.method == "POST" and form.is_valid():
        try:
            services.draft_guide(
                key, **form.cleaned_data, actor=access.actor(user_of(request)), now=clock.now()
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, "已存为待发布的一版，请另一人核对后发布。")
            return redirect("guide", key=key)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/guide_draft.html", {"form": form, "guide": guide}, status=status)


@page(access.HANDLE, access.LAW, access.CONFIRM_LAW, methods=("POST",))
def act(request: HttpRequest, key: str, action: str) -> HttpResponse:
    """Publish the draft, or send it back."""
    _guide_or_404(key)
    waiting = queries.drafts().get(key)
    if action not in ("publish", "refuse") or waiting is None:
        raise Http404
    actor, now = access.actor(user_of(request)), clock.now()
    own = waiting.drafted_by == actor.key
    if not access.may(user_of(request), access.CONFIRM_LAW) and not (own and action == "refuse"):
        raise PermissionDenied
    try:
        if action == "publish":
            services.publish_guide(waiting, actor=actor, now=now)
            messages.success(request, f"已发布，{waiting.valid_from}起工人看到这一版。")
        else:
            services.refuse_guide(waiting, why=request.POST.get("why", ""), actor=actor, now=now)
            messages.success(request, "已退回，工人看到的仍是原来一版。")
    except Refused as refusal:
        return _show(request, key, str(refusal))
    return redirect("guide", key=key)


def _show(request: HttpRequest, key: str, refusal: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    guide, waiting = _guide_or_404(key), queries.drafts().get(key)
    law, home = local_law.current(), queries.home_region()
    context: dict[str, Any] = {
        "guide": guide,
        "parts": guide.read(law=law, on=today, region=home),
        "waiting": waiting,
        "waiting_parts": _as_guide(waiting).read(law=law, on=today, region=home) if waiting else [],
        "history": queries.history(key),
        "published": {one.number: one for one in queries.versions(key)},
        "opens": queries.opens(user, since=today - LOOK_BACK)[0].get(key, 0),
        "may_draft": _may_draft(request),
        "may_publish": access.may(user, access.CONFIRM_LAW),
        "own": waiting is not None and waiting.drafted_by == access.actor(user).key,
        "refusal": refusal,
    }
    return render(request, "bureau/guide.html", context, status=422 if refusal else 200)


def _guide_or_404(key: str) -> Guide:
    return or_404(queries.current(key, clock.today()))


def _as_guide(row: GuideVersion) -> Guide:
    return Guide(row.key, row.number, row.title, row.summary, row.body, row.source, row.valid_from)


def _initial(guide: Guide, waiting: GuideVersion | None) -> dict[str, Any]:
    text: Any = waiting or guide
    found = {name: getattr(text, name) for name in ("title", "summary", "body", "source")}
    return {**found, "valid_from": waiting.valid_from if waiting else clock.today()}


def _may_draft(request: HttpRequest) -> bool:
    user = user_of(request)
    return access.may(user, access.HANDLE) or access.may(user, access.LAW)
