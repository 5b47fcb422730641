"""系统 · 账号: who signs in, what they may do and where. Only for who manages accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access, second_factor, services
from anxin.accounts.models import Role, User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.registry.models import Employer, Industry, Organisation
from anxin.web import clock, lists
from anxin.web.forms import CodeField, ConsoleForm, RegionField
from anxin.web.found import or_404
from anxin.web.grants import described_grants
from anxin.web.policy import page, user_of

PAGE = 50


class PersonForm(ConsoleForm):
    username = forms.CharField(label="用户名", max_length=30, help_text="小写字母开头，用于登录。")
    display_name = forms.CharField(label="姓名", max_length=40)
    office = forms.CharField(label="单位", max_length=80, required=False)


class GrantForm(ConsoleForm):
    role = forms.ChoiceField(label="角色", choices=Role.choices)
    region = RegionField(
        label="地区代码",
        required=False,
        listed=False,
        help_text="留空为全部地区；990101 包含其下镇街。",
    )
    industry = forms.ChoiceField(label="行业", choices=[("", "全部行业"), *Industry.choices], required=False)
    organisation = forms.ModelChoiceField(
        label="主管单位",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="不限",
        to_field_name="code",
    )
    employer = CodeField(
        label="用人单位（统一社会信用代码）",
        max_length=18,
        required=False,
        help_text="只用于劳资专管员：本人所在的总包、分包或劳务公司。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    institution = forms.ModelChoiceField(
        label="金融机构",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="不限",
        to_field_name="code",
        help_text="只用于银行经办：本人所在的银行、保险机构或担保公司。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Organisation.Kind
        bodies = Organisation.objects.filter(kind__in=[kinds.BUREAU, kinds.INDUSTRY_AUTHORITY, kinds.TOWN])
        self.fields["organisation"].queryset = bodies.order_by("name")  # type: ignore[attr-defined]
        institutions = Organisation.objects.filter(kind__in=[kinds.BANK, kinds.INSURER, kinds.GUARANTOR])
        self.fields["institution"].queryset = institutions.order_by("name")  # type: ignore[attr-defined]

    def clean_employer(self) -> str:
        code = self.cleaned_data["employer"].upper()
        if code and not Employer.objects.filter(uscc=code).exists():
            raise forms.ValidationError("没有登记过这个单位，请先在项目的参建单位中登记，或核对代码。")
        return code


@page(access.MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("text", "").strip()
    found = User.objects.prefetch_related("grants").order_by("pk")
    if text:
        found = found.filter(
            Q(username__icontains=text) | Q(display_name__icontains=text) | Q(office__icontains=text)
        )
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__gt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    roles = dict(Role.choices)
    context = {
        "people": [
            (one, "、".join(dict.fromkeys(str(roles[g.role]) for g in one.grants.all()))) for one in shown
        ],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "text": text,
        "shown": len(shown),
    }
    return render(request, "bureau/people.html", context)


@page(access.MANAGE)
def export(request: HttpRequest) -> HttpResponse:
    """Accounts with their roles and scopes, one row per grant."""
    columns = (
        Column("用户名"),
        Column("姓名"),
        Column("单位"),
        Column("状态", "text", 8),
        Column("角色", "text", 12),
        Column("范围"),
        Column("最近登录", "time", 18),
    )
    rows = []
    found = list(User.objects.prefetch_related("grants").order_by("pk"))
    shown = {one.pk: one for one in described_grants(g for person in found for g in person.grants.all())}
    for person in found:
        grants = [shown[grant.pk] for grant in person.grants.all()]
        for role, where in [(grant.role, grant.where) for grant in grants] or [("未授权", "")]:
            last = clock.local(person.last_login) if person.last_login else None
            state = "在用" if person.is_active else "已停用"
            rows.append([person.username, person.display_name, person.office, state, role, where, last])
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(table_workbook("账号清单", subtitle, columns, rows), "账号清单", today)


@page(access.MANAGE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is made up and shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = services.new_password()
        try:
            user = services.add_user(
                **form.cleaned_data,
                password=password,
                actor=access.actor(user_of(request)),
                now=clock.now(),
            )
        except services.AccountRefused as refusal:
            form.refuse(str(refusal), "username" if "用户名" in str(refusal) else "display_name")
        else:
            return render(
                request, "bureau/password_once.html", {"person": user, "password": password, "new": True}
            )
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/person_new.html", {"form": form}, status=status)


@page(access.MANAGE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(pk), GrantForm())


@page(access.MANAGE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One change to one account; each is one journal entry."""
    person = _find(pk)
    if action == "grant":
        return _grant(request, person)
    if action not in _ACTIONS:
        raise Http404
    return _ACTIONS[action](request, person)


def _grant(request: HttpRequest, person: User) -> HttpResponse:
    form = GrantForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.grant_role(
                user=person,
                role=data["role"],
                region=data["region"].code if data["region"] else "",
                industry=data["industry"],
                organisation=data["organisation"].code if data["organisation"] else "",
                employer=data["employer"],
                institution=data["institution"].code if data["institution"] else "",
                actor=access.actor(user_of(request)),
                now=clock.now(),
            )
        except services.AccountRefused as refusal:
            form.refuse(str(refusal), "role")
        else:
            messages.success(request, "已授权。")
            return redirect("person", pk=person.pk)
    return _show(request, person, form, status=422)


def _withdraw(request: HttpRequest, person: User) -> HttpResponse:
    grant = or_404(person.grants.filter(pk=lists.whole_number(request.POST.get("grant")) or 0).first())
    if person.pk == user_of(request).pk and grant.role == Role.ADMIN:
        messages.error(request, "不能收回自己的管理权限，请由另一位管理员操作。")
    else:
        services.withdraw_grant(grant=grant, actor=access.actor(user_of(request)), now=clock.now())
        messages.success(request, "已收回授权。")
    return redirect("person", pk=person.pk)


def _close(request: HttpRequest, person: User) -> HttpResponse:
    if person.pk == user_of(request).pk:
        messages.error(request, "不能停用自己的账号，请由另一位管理员操作。")
    else:
        _set_active(request, person, active=False)
        messages.success(request, "账号已停用，历史记录保留。")
    return redirect("person", pk=person.pk)


def _reopen(request: HttpRequest, person: User) -> HttpResponse:
    _set_active(request, person, active=True)
    messages.success(request, "账号已恢复。")
    return redirect("person", pk=person.pk)


def _set_active(request: HttpRequest, person: User, *, active: bool) -> None:
    services.set_active(user=person, active=active, actor=access.actor(user_of(request)), now=clock.now())


def _password(request: HttpRequest, person: User) -> HttpResponse:
    password = services.new_password()
    services.set_password(
        user=person, password=password, actor=access.actor(user_of(request)), now=clock.now()
    )
    return render(request, "bureau/password_once.html", {"person": person, "password": password})


def _second_factor(request: HttpRequest, person: User) -> HttpResponse:
    second_factor.remove(user=person, by=user_of(request), now=clock.now())
    messages.success(request, "已停用该账号的二次验证，请提醒本人重新启用。")
    return redirect("person", pk=person.pk)


_ACTIONS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "withdraw": _withdraw,
    "close": _close,
    "reopen": _reopen,
    "password": _password,
    "second-factor": _second_factor,
}


def _find(pk: int) -> User:
    return or_404(User.objects.filter(pk=pk).first())


def _show(request: HttpRequest, person: User, form: GrantForm, status: int = 200) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "grants": described_grants(person.grants.order_by("pk")),
        "second_factor": second_factor.enrolled(person),
    }
    return render(request, "bureau/person.html", context, status=status)
