"""The forms of an emergency: the call, and what is seen on the spot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.registry.access import regions_within
from anxin.registry.models import Employer, Project, Region
from anxin.web.bureau.matter_forms import About, chosen, find_about, must_choose
from anxin.web.forms import ConsoleForm, RegionField, YuanField

#: suggestions under the region field; beyond this the code is typed
_REGIONS = 1000


class CallForm(ConsoleForm):
    """What a caller says in a minute: where, how many, what. Everything else may come later."""

    place = forms.CharField(label="地点", max_length=200, help_text="到门牌、工地或者单位门口。")
    people = forms.IntegerField(label="大约多少人", min_value=1, max_value=1_000_000)
    what = forms.CharField(
        label="发生了什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "例如：在售楼部门口讨薪，没有堵路"}),
    )
    about_text = forms.CharField(
        label="涉及的项目或用人单位",
        max_length=120,
        required=False,
        help_text="不清楚的留空，以后再补。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    region = RegionField(label="所在地区代码")
    report_hours = forms.IntegerField(label="几小时后续报", min_value=1, max_value=168, required=False)
    drill = forms.BooleanField(
        label="这是演练",
        required=False,
        help_text="演练另行编号，不开立事项，不计入任何清单和统计。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.region_list: QuerySet[Region] = regions_within(user, access.HANDLE)[:_REGIONS]
        #: what the text found, when it was not one thing alone
        self.found: list[About] = []
        self.project: Project | None = None
        self.employer: Employer | None = None

    def clean_about_text(self) -> str:
        """Resolve what was picked or typed; more than one hit asks, none refuses."""
        text: str = self.cleaned_data["about_text"].strip()
        if not text:
            return text
        self.project, self.employer = chosen(self.user, str(self.data.get("about", "")))
        if self.project or self.employer:
            return text
        self.found = find_about(self.user, text)
        if not self.found:
            raise forms.ValidationError(f"辖区内没有找到“{text}”，请核对名称，不清楚的先留空。")
        if to_ask := must_choose(self.found):
            raise forms.ValidationError(to_ask)
        self.project, self.employer = chosen(self.user, self.found[0].value)
        return text


class EntryForm(ConsoleForm):
    """What is so on the spot now."""

    text = forms.CharField(
        label="情况",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "到场、谈了什么、答应了什么"}),
    )
    time = forms.TimeField(
        label="时刻（今天）",
        required=False,
        help_text="不填就是现在。",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    people = forms.IntegerField(label="现场人数", min_value=0, max_value=1_000_000, required=False)
    owed_fen = YuanField(label="涉及金额（元）", required=False)
    paid_fen = YuanField(label="已付金额（元）", required=False)
    report = forms.BooleanField(
        label="已按此向上级报告",
        required=False,
        help_text="勾选后重新计算下次续报时刻。",
    )

    def values(self, now: dt.datetime) -> dict[str, Any]:
        """The arguments of :func:`anxin.enforcement.emergencies.add_entry`."""
        data = dict(self.cleaned_data)
        time = data.pop("time")
        day = timezone.localdate(now)
        data["at"] = timezone.make_aware(dt.datetime.combine(day, time)) if time else None
        return data
