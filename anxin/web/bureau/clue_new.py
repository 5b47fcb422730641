"""登记线索: one form for what comes by telephone, visit, police, grid or platform; and a warning that becomes a clue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.channels import issuing
from anxin.channels.issuing import Issued
from anxin.channels.own_word import own_number
from anxin.clues.access import visible_clues
from anxin.clues.intake import LONGEST_NUMBER, LONGEST_PLACE, LONGEST_TEXT, Voice
from anxin.clues.models import Clue
from anxin.clues.registering import CHANNELS, Hint, hints, received_on, register_clue
from anxin.kernel.refusal import Refused
from anxin.monitoring.access import may_on_warning
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import visible_warning
from anxin.monitoring.warning_clues import make_clue, number_of, of_wages
from anxin.registry.access import regions_within
from anxin.registry.models import Region
from anxin.web import clock
from anxin.web.bureau.clue_receipt import handed
from anxin.web.bureau.matter_forms import About, ChoosesAbout, about, chosen
from anxin.web.forms import CodeField, DateField, RegionField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: suggestions under the region field; beyond this the code is typed
_REGIONS = 1000


class ClueForm(ChoosesAbout):
    """What an officer hears, in the order of talk; the duplicates are asked about before it is saved."""

    channel = forms.ChoiceField(label="从哪里来", choices=[(str(one), one.label) for one in CHANNELS])
    kind = forms.ChoiceField(
        label="类别",
        choices=Clue.Kind.choices,
        help_text="投诉是本人的权益受损，要有姓名；举报是反映违法的事，可以不留姓名。",
    )
    text = forms.CharField(
        label="说了什么",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            attrs={
                "rows": 5,
                "placeholder": "谁、在哪里、给谁干活、欠多少人多少钱、欠了多久。照原话记，系统会判读。",
            }
        ),
    )
    about_text = forms.CharField(
        label="涉及的项目或用人单位",
        max_length=120,
        required=False,
        help_text="输入名称或编码的一部分；不清楚的留空，由系统按文字对应。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.CharField(
        label="地点", max_length=LONGEST_PLACE, required=False, help_text="工地或单位在哪里。"
    )
    region = RegionField(label="所在地区代码")
    name = forms.CharField(
        label="反映人姓名",
        max_length=60,
        required=False,
        help_text="密封保存；以后查看要说明目的并经另一人批准。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = CodeField(
        label="反映人电话",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    on = DateField(label="接收日期")
    sender_number = forms.CharField(
        label="来件编号",
        max_length=LONGEST_NUMBER,
        required=False,
        help_text="警情编号、工单编号、平台线索编号；没有的留空。",
    )

    receipt_for = forms.ChoiceField(
        label="回执发给谁",
        choices=[("", "不发"), ("worker", "劳动者本人"), ("helper", "帮忙的人")],
        required=False,
        help_text="凭回执号能查进度、看结果、说同意不同意。登记后显示一次，请读给他或者打印。",
    )
    receipt_helper = forms.CharField(
        label="帮忙的人的姓名",
        max_length=40,
        required=False,
        help_text="只在发给帮忙的人时填；他说的不算本人确认。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    receipt_own = CodeField(
        label="本人的手机号或身份证最后6位",
        max_length=20,
        required=False,
        help_text="只在发给帮忙的人时填；以后凭它认出是本人在确认。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.region_list: QuerySet[Region] = (
            regions_within(user, access.HANDLE) | regions_within(user, access.IMPORT)
        ).distinct()[:_REGIONS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Clue.Kind.COMPLAINT and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "投诉要写明投诉人的姓名；不愿留姓名的，请选“举报”。")
        if data.get("receipt_for") == "helper":
            if not (data.get("receipt_helper") or "").strip():
                self.add_error("receipt_helper", "请填写帮忙的人的姓名。")
            try:
                own_number(data.get("receipt_own") or "")
            except Refused as refusal:
                self.add_error("receipt_own", refusal.sentence)
        return data

    def receipt(self, clue: Clue, *, by: User, now: dt.datetime) -> Issued | None:
        """The receipt for whoever told it, where one is wanted. In the transaction of the clue. Raises :class:`Refused`."""
        data = self.cleaned_data
        if not data["receipt_for"]:
            return None
        helped = data["receipt_for"] == "helper"
        helper, own = (data["receipt_helper"], data["receipt_own"]) if helped else ("", "")
        return issuing.issue(clue, by=by, now=now, helper=helper, own=own)

    def voice(self, now: dt.datetime) -> Voice:
        """What was said, ready to be taken in."""
        data = self.cleaned_data
        return Voice(
            channel=data["channel"],
            kind=data["kind"],
            region=data["region"].code,
            received_at=received_on(data["on"], now),
            text=data["text"].strip(),
            place=data["place"].strip(),
            name=data["name"].strip(),
            phone=data["phone"],
            sender_number=data["sender_number"].strip(),
            project=self.project,
            employer=self.employer,
        )


@page(access.HANDLE, access.IMPORT, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Saved at once where nothing like it is known; else the officer says first that it is another matter."""
    user, now = user_of(request), clock.now()
    if request.method != "POST":
        form = ClueForm(initial=initial(request, user), user=user)
        return _show(request, form, [])
    form = ClueForm(request.POST, user=user)
    found: list[Hint] = []
    if form.is_valid():
        voice = form.voice(now)
        found = unseen(request, hints(voice, user, now=now))
        if not found:
            try:
                with transaction.atomic():
                    clue = register_clue(voice, by=user, now=now)
                    made = form.receipt(clue, by=user, now=now)
            except Refused as refusal:
                form.refuse(str(refusal), refusal.field or None)
            else:
                messages.success(request, f"已登记，编号{clue.number}；几秒钟内判读完毕。")
                return handed(request, made) if made else redirect("clue", pk=clue.pk)
    return _show(request, form, found)


@page(access.HANDLE, methods=("POST",))
def from_warning(request: HttpRequest, pk: int) -> HttpResponse:
    """A warning of unpaid wages becomes a clue, once."""
    user, now = user_of(request), clock.now()
    warning = or_404(visible_warning(user, pk))
    if not may_on_warning(user, access.HANDLE, warning):
        raise PermissionDenied
    made = visible_clues(user).filter(channel=Clue.Channel.SWEEP, sender_number=number_of(warning)).first()
    if made is not None:
        messages.info(request, f"这条预警已转为线索{made.number}。")
        return redirect("clue", pk=made.pk)
    try:
        clue = make_clue(warning, by=user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("warning", pk=pk)
    messages.success(request, f"预警已转为线索{clue.number}。")
    return redirect("clue", pk=clue.pk)


def panel(request: HttpRequest, warning: Warning) -> dict[str, Any]:
    """Whether a warning may become a clue; which it has become is looked up when it is asked for."""
    standing = of_wages(warning) and warning.state != Warning.State.CLEARED
    return {"becomes_clue": standing and may_on_warning(user_of(request), access.HANDLE, warning)}


def unseen(request: HttpRequest, found: list[Hint]) -> list[Hint]:
    """The hints, unless the officer has been shown all of them and says that it is another matter."""
    seen = set(request.POST.getlist("seen"))
    return [] if {str(one.clue.pk) for one in found} <= seen else found


def initial(request: HttpRequest, user: User) -> dict[str, Any]:
    """Today, and one's own place where it is one county or less."""
    scopes = [*access.scopes(user, access.HANDLE), *access.scopes(user, access.IMPORT)]
    region = max((one.region for one in scopes), key=len, default="")
    channel = request.GET.get("channel", Clue.Channel.TELEPHONE)
    # who telephones or comes is there to be given it; what a body passes on may have nobody
    there = channel in (Clue.Channel.TELEPHONE, Clue.Channel.VISIT)
    return {
        "on": clock.today(),
        "region": region,
        "channel": channel,
        "receipt_for": "worker" if there else "",
    }


def picked(form: ClueForm) -> list[About]:
    """The project or employer that stands in the form already."""
    value = str(form.data.get("about") or "")
    return form.found or [about(one) for one in chosen(form.user, value) if one is not None]


def _show(request: HttpRequest, form: ClueForm, found: list[Hint]) -> HttpResponse:
    at_hand = picked(form)
    context = {
        "form": form,
        "hints": found,
        "regions": form.region_list,
        "found": at_hand,
        "about": request.POST.get("about") or (at_hand[0].value if len(at_hand) == 1 else ""),
    }
    return render(request, "bureau/clue_new.html", context, status=422 if request.method == "POST" else 200)
