"""系统 · 接口密钥: which programs may call us, and with what. Only for who manages accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from anxin.accounts import access
from anxin.connections import services
from anxin.connections.models import ApiKey
from anxin.connections.queries_keys import ENDING, LIVE, CallFilters, calls, key_rows, keys
from anxin.connections.scopes import HOTLINE_SCOPES, INSTITUTION_SCOPES, SCOPES, VENDOR_SCOPES
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation
from anxin.web import clock, lists
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 50
EXPORT_LIMIT = 20_000
RECENT = 10
#: scopes under the holders that they are for
_SCOPE_GROUPS = (
    ("银行、保险机构、担保公司", INSTITUTION_SCOPES),
    ("12345热线", HOTLINE_SCOPES),
    ("闸机厂商", VENDOR_SCOPES),
)


class KeyForm(ConsoleForm):
    title = forms.CharField(label="用途", max_length=80, help_text="例如：虚构银行生产环境。")
    organisation = forms.ModelChoiceField(
        label="机构",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="不是机构，是闸机厂商",
        to_field_name="code",
        help_text="银行、保险机构、担保公司或12345热线；没有的先在“单位”里登记。",
    )
    vendor = forms.CharField(
        label="闸机厂商", max_length=80, required=False, help_text="机构和厂商只填一项。"
    )
    scopes = forms.MultipleChoiceField(
        label="权限",
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    sandbox = forms.BooleanField(label="沙箱密钥：照常核对和答复，不保存任何数据", required=False)
    calls_per_minute = forms.IntegerField(label="每分钟至多调用次数", initial=300)
    expires_on = DateField(label="最后有效日", required=False, help_text="留空为长期有效。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Organisation.objects.filter(kind__in=list(services.SCOPES_OF)).order_by("kind", "name")
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]

    @property
    def scope_groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes under the holders that they are for; a key takes those of its own holder."""
        boxes = {box.data["value"]: box for box in self["scopes"]}
        return [(title, [boxes[scope] for scope in scopes]) for title, scopes in _SCOPE_GROUPS]


class FollowForm(ConsoleForm):
    overlap_days = forms.IntegerField(
        label="旧密钥再用几天",
        initial=7,
        help_text="在这几天里新旧密钥都有效，便于对方切换；填0立即停用旧密钥。",
    )


@page(access.MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    found = keys()
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "rows": key_rows(shown, now=clock.now()),
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "shown": len(shown),
    }
    return render(request, "bureau/api_keys.html", context)


@page(access.MANAGE)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("用途"),
        Column("持有人"),
        Column("密钥编号", "text", 24),
        Column("权限", "text", 40),
        Column("环境", "text", 8),
        Column("状态", "text", 10),
        Column("发放人", "text", 12),
        Column("发放时间", "time", 18),
        Column("最近使用", "time", 18),
        Column("到期时间", "time", 18),
        Column("停用时间", "time", 18),
    )
    rows = [
        [
            row.key.title,
            row.holder,
            row.key.key_id,
            "、".join(row.scopes),
            "沙箱" if row.key.sandbox else "生产",
            row.state_word,
            row.key.issued_by_name,
            *(
                clock.local(moment) if moment else None
                for moment in (
                    row.key.issued_at,
                    row.key.last_used_at,
                    row.key.expires_at,
                    row.key.withdrawn_at,
                )
            ),
        ]
        for row in key_rows(list(keys()[:EXPORT_LIMIT]), now=clock.now())
    ]
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(table_workbook("接口密钥", subtitle, columns, rows), "接口密钥", today)


@page(access.MANAGE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Issue a key; its secret is made up and shown once."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        day = given.pop("expires_on")
        try:
            key, secret = services.issue_key(
                **given, expires_at=_end_of(day), actor=access.actor(user_of(request)), now=clock.now()
            )
        except Refused as refusal:
            form.refuse(str(refusal), "expires_on" if refusal.field == "expires_at" else refusal.field)
        else:
            return _shown_once(request, key, secret)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/api_key_new.html", {"form": form}, status=status)


@page(access.MANAGE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(pk), FollowForm())


@page(access.MANAGE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """``follow``: another secret beside the old one. ``withdraw``: not taken from now on."""
    key = _find(pk)
    if action == "withdraw":
        services.withdraw_key(key, actor=access.actor(user_of(request)), now=clock.now())
        messages.success(request, "密钥已停用，调用记录保留。")
        return redirect("api-key", pk=key.pk)
    if action != "follow":
        raise Http404
    form = FollowForm(request.POST)
    if form.is_valid():
        try:
            new_key, secret = services.follow_key(
                key, **form.cleaned_data, actor=access.actor(user_of(request)), now=clock.now()
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            return _shown_once(request, new_key, secret)
    return _show(request, key, form, status=422)


def _find(pk: int) -> ApiKey:
    return or_404(keys().filter(pk=pk).first())


def _show(request: HttpRequest, key: ApiKey, form: FollowForm, status: int = 200) -> HttpResponse:
    (row,) = key_rows([key], now=clock.now())
    context = {
        "row": row,
        "form": form,
        "recent": calls(CallFilters(key=key.pk))[:RECENT],
        "followed_by": key.followers.order_by("pk").first(),
        "usable": row.state in (LIVE, ENDING),
    }
    return render(request, "bureau/api_key.html", context, status=status)


def _shown_once(request: HttpRequest, key: ApiKey, secret: str) -> HttpResponse:
    return render(request, "bureau/api_key_once.html", {"key": key, "secret": secret})


def _end_of(day: dt.date | None) -> dt.datetime | None:
    """The first moment after the last day that counts."""
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
