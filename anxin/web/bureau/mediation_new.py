"""申请调解: from a clue with its people, or for somebody at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues.access import visible_clue
from anxin.clues.models import Clue
from anxin.clues.queries_claimants import group_of
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.mediation import applying
from anxin.mediation.access import places
from anxin.mediation.applying import Application
from anxin.mediation.models import SKILLS
from anxin.reception.typed import people_of
from anxin.registry.models import Employer, Region
from anxin.web import clock, lists
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_AREA = forms.Textarea(attrs={"rows": 3})


class ApplicationForm(ConsoleForm):
    """What an application says; the people of a clue's list come along by themselves."""

    region = forms.ChoiceField(label="地区")
    place = forms.CharField(
        label="村（社区）", max_length=60, required=False, help_text="有村社调解站的填写，能就近调解。"
    )
    applied_on = DateField(label="申请日期")
    oral = forms.BooleanField(label="口头申请，由我当场记录", required=False)
    employer_name = forms.CharField(label="用人单位", max_length=120)
    employer_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    employer_address = forms.CharField(label="单位住所", max_length=200, required=False)
    employer_head = forms.CharField(label="法定代表人或负责人", max_length=60, required=False)
    employer_phone = forms.CharField(label="单位电话", max_length=40, required=False)
    people_list = forms.CharField(
        label="申请人", required=False, widget=forms.Textarea(attrs={"rows": 4, "placeholder": "赵某某 身份证号 13900000000 12000.50"}),
        help_text="每行一人：姓名、身份证号、电话、请求多少元，用空格隔开。",
    )  # fmt: skip
    claims = forms.CharField(label="请求什么", max_length=500, widget=_AREA)
    facts = forms.CharField(label="事实和理由", max_length=1000, widget=_AREA)
    skill = forms.ChoiceField(
        label="争议类型", required=False, choices=[("", "没有特别"), *((one, one) for one in SKILLS)]
    )
    language = forms.CharField(
        label="需要的语言或方言",
        max_length=20,
        required=False,
        help_text="例如：苗语、四川话；普通话不用填。",
    )

    def __init__(self, *args: Any, user: User, clue: Clue | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name) for one in _regions(user, clue)
        ]
        if clue is not None and group_of(clue).people:
            del self.fields["people_list"]


@page(access.HANDLE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    user, clue = user_of(request), _clue(request)
    if clue is not None and (standing := clue.mediations.first()) is not None:
        return redirect("mediation-case", pk=standing.pk)
    form = ApplicationForm(request.POST or None, user=user, clue=clue, initial=_known(clue))
    if request.method == "POST" and form.is_valid():
        try:
            made = applying.apply(_asked(form, clue), by=user, now=clock.now(), law=local_law.current())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field or None)
        else:
            messages.success(request, "已登记调解申请，请在下面指派调解组织和调解员。")
            return redirect("mediation-case", pk=made.pk)
    context = {
        "form": form,
        "clue": clue,
        "listed": group_of(clue).people if clue is not None else 0,
        "today": clock.today(),
    }
    return render(
        request, "bureau/mediation_new.html", context, status=422 if request.method == "POST" else 200
    )


def _asked(form: ApplicationForm, clue: Clue | None) -> Application:
    said = dict(form.cleaned_data)
    region = Region.objects.get(pk=said.pop("region"))
    lead = applying.lead_for(region)
    if lead is None:
        raise Refused("这个地区没有登记人社部门，不能受理调解，请联系系统管理员。", field="region")
    people = people_of(said.pop("people_list", ""))
    code = said["employer_code"].strip().upper()
    employer = Employer.objects.filter(uscc=code).first() if code else None
    if clue is not None and clue.employer is not None and clue.employer.name == said["employer_name"].strip():
        employer = clue.employer
    said["employer_code"] = employer.uscc if employer is not None else code
    return Application(region=region, lead=lead, people=people, clue=clue, employer=employer, **said)


def _clue(request: HttpRequest) -> Clue | None:
    number = lists.whole_number(request.GET.get("clue"))
    if number is None:
        return None
    return or_404(visible_clue(user_of(request), number, access.HANDLE))


def _known(clue: Clue | None) -> dict[str, Any]:
    if clue is None:
        return {"applied_on": clock.today()}
    return {
        "applied_on": clock.today(),
        "region": clue.region_id,
        "employer_name": clue.employer.name if clue.employer else clue.debtor,
        "employer_code": clue.employer.uscc if clue.employer else "",
        "skill": SKILLS[0] if clue.of_construction else "",
        "claims": "支付拖欠的工资" + (f"（{clue.months}个月）" if clue.months else ""),
    }


def _regions(user: User, clue: Clue | None) -> list[Region]:
    """Districts and towns within this person's places, and the clue's own."""
    codes = places(user, access.HANDLE)
    found = [
        one
        for one in Region.objects.order_by("code")
        if len(one.code) >= 6 and any(one.code.startswith(code) for code in codes)
    ]
    if clue is not None and clue.region not in found:
        found.append(clue.region)
    return found
