"""Sign in, second factor, sign out, one's own account."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from anxin.accounts import second_factor
from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.web import clock
from anxin.web.forms import ConsoleForm
from anxin.web.grants import described_grants
from anxin.web.policy import page, user_of

_PENDING = "second_factor_pending"
#: how long the password stays good while the code is looked up on the phone
_PENDING_MINUTES = 5


class SignInForm(ConsoleForm):
    username = forms.CharField(
        label="账号",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )


class CodeForm(ConsoleForm):
    code = forms.CharField(
        label="验证码",
        max_length=16,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].replace(" ", "").lower()


class PasswordForm(ConsoleForm):
    old = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        help_text="至少10位，不要用纯数字或常见密码。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("现在的密码不对，请重新输入。")
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.refuse("两次输入的新密码不一样。", "again")
        return data


@sensitive_post_parameters("password")
@page(methods=("GET", "POST"), public=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user: Any = authenticate(request, **form.cleaned_data)
        if user is not None:
            return _password_accepted(request, user)
        if not getattr(request, "axes_locked_out", False):
            form.refuse("账号或密码不对。连续输错5次，该账号将暂停登录15分钟。")
    return render(
        request, "bureau/sign_in.html", {"form": form, "next": _next_given(request)}, status=_status(form)
    )


def _password_accepted(request: HttpRequest, user: User) -> HttpResponse:
    if not second_factor.enrolled(user):
        return _enter(request, user, _next(request))
    request.session.flush()
    request.session[_PENDING] = {
        "user": user.pk,
        "until": (clock.now() + dt.timedelta(minutes=_PENDING_MINUTES)).isoformat(),
        "next": _next(request),
    }
    return redirect("sign-in-code")


@page(methods=("GET", "POST"), public=True)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step; reached only with a password just accepted in this session."""
    pending = request.session.get(_PENDING)
    if not pending or dt.datetime.fromisoformat(pending["until"]) < clock.now():
        request.session.pop(_PENDING, None)
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.get(pk=pending["user"])
        device = second_factor.verify(user, form.cleaned_data["code"])
        if device is not None and user.is_active:
            response = _enter(request, user, pending["next"])
            django_otp.login(request, device)
            return response
        form.refuse("验证码不对，或刚才输错后还需稍等片刻。请等手机上出现新的验证码再试。", "code")
    return render(request, "bureau/sign_in_code.html", {"form": form}, status=_status(form))


def _enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    login(request, user, backend="anxin.accounts.backends.PeopleBackend")
    request.session.pop(_PENDING, None)
    journal.record(
        actor=actor(user),
        action="account.signed_in",
        object_type="user",
        object_id=user.pk,
        summary=f"{user}登录",
        now=clock.now(),
    )
    return redirect(target)


@page(methods=("POST",), public=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """Shown by django-axes instead of any page once an account is locked at this address."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    return render(request, "bureau/locked_out.html", {"minutes": minutes}, status=429)


@page(methods=("GET", "POST"))
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: what I may do and where, password, second factor."""
    user = user_of(request)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["new"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        journal.record(
            actor=actor(user),
            action="account.password_changed",
            object_type="user",
            object_id=user.pk,
            summary=f"{user}修改了登录密码",
            now=clock.now(),
        )
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        return redirect("account")
    context = {
        "form": form,
        "grants": described_grants(user.grants.all()),
        "second_factor": second_factor.enrolled(user),
        "recovery_left": second_factor.recovery_codes_left(user),
    }
    return render(request, "bureau/account.html", context, status=_status(form))


@page(methods=("GET", "POST"))
def enrol(request: HttpRequest) -> HttpResponse:
    """Switch the second factor on: scan, type the code, keep the recovery codes."""
    user = user_of(request)
    if second_factor.enrolled(user):
        return redirect("account")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.confirm(user=user, code=form.cleaned_data["code"], now=clock.now())
        if codes is not None:
            return render(request, "bureau/recovery_codes.html", {"codes": codes})
        form.refuse("验证码不对。请核对手机时间是否准确，等新的验证码出现后再试。", "code")
    device = second_factor.pending_device(user)
    context = {
        "form": form,
        "qr": segno.make(device.config_url, error="m").svg_inline(
            scale=5, border=2, svgclass="qr", lineclass="", title="二次验证二维码"
        ),
        "secret": _base32(device.bin_key),
    }
    return render(request, "bureau/enrol.html", context, status=_status(form))


@page(methods=("POST",))
def leave_second_factor(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not user.check_password(request.POST.get("password", "")):
        messages.error(request, "密码不对，二次验证没有停用。")
    else:
        second_factor.remove(user=user, by=user, now=clock.now())
        messages.success(request, "已停用二次验证。")
    return redirect("account")


def _base32(key: bytes) -> str:
    from base64 import b32encode

    text = b32encode(key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _next_given(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else ""


def _next(request: HttpRequest) -> str:
    return _next_given(request) or reverse(settings.LOGIN_REDIRECT_URL)


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200
