"""系统 · 上传平台 · 设置: whom we report to, with what account, which data; on and off. No code is needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.exchange.models import Kind, Platform
from anxin.exchange.uploads import services
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.forms import CodeField, ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


class PlatformForm(ConsoleForm):
    """What an administrator knows from the platform's letter."""

    name = forms.CharField(label="平台名称", max_length=80)
    code = CodeField(label="平台代码", max_length=20, help_text="本地自定，不重复即可，例如 SC-SMZ。")
    adapter = forms.ChoiceField(label="接口式样", choices=Platform.Adapter.choices)
    base_url = forms.CharField(
        label="平台地址", max_length=300, help_text="以 https:// 开头；内网地址可以用 http://。"
    )
    app_id = forms.CharField(label="接入账号", max_length=100)
    secret = forms.CharField(label="接入密钥", max_length=200, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))  # fmt: skip
    cipher = forms.ChoiceField(label="字段加密算法", choices=Platform.Cipher.choices)
    cipher_key = CodeField(
        label="字段加密密钥",
        max_length=64,
        required=False,
        help_text="十六进制：SM4 为32位，AES-256 为64位。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    region = CodeField(
        label="只报送这个地区的项目",
        max_length=12,
        required=False,
        help_text="地区代码；留空为全部。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    stall_minutes = forms.IntegerField(
        label="停滞多久提醒（分钟）", min_value=1, max_value=13, initial=10, help_text="1至13分钟。"
    )
    kinds = forms.MultipleChoiceField(
        label="报送哪些数据",
        choices=Kind.choices,
        initial=[str(kind) for kind in Kind],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )


@page(access.MANAGE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@page(access.MANAGE, methods=("GET", "POST"))
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _platform(pk))


@page(access.MANAGE, methods=("POST",))
def switch(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Start or stop reporting."""
    if action not in ("on", "off"):
        raise Http404
    try:
        platform = services.switch_platform(
            _platform(pk), on=action == "on", user=user_of(request), now=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = (
            "已开始报送，先从全部项目中找出要报送的记录。" if platform.enabled else "已停止报送，队列保留。"
        )
        messages.success(request, f"“{platform.name}”{words}")
    return redirect("uploads")


def _edit(request: HttpRequest, platform: Platform | None) -> HttpResponse:
    form = PlatformForm(request.POST or None, initial=_initial(platform))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.configure_platform(
                platform, **form.cleaned_data, user=user_of(request), now=clock.now()
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            words = "设置已保存。" if platform else "已设置，尚未启用；核对无误后请点“开始报送”。"
            messages.success(request, f"“{made.name}”{words}")
            return redirect("uploads")
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "platform": platform}
    return render(request, "bureau/upload_settings.html", context, status=status)


def _initial(platform: Platform | None) -> dict[str, Any]:
    if platform is None:
        return {}
    names = ("name", "code", "adapter", "base_url", "cipher", "region", "stall_minutes", "kinds")
    return {name: getattr(platform, name) for name in names} | {"app_id": services.account_of(platform)}


def _platform(pk: int) -> Platform:
    return or_404(Platform.objects.filter(pk=pk).first())
