"""The form that opens a matter: which place and body, about which project or employer, from which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.services import opening_events
from anxin.law import Law
from anxin.law.procedures import OPEN, Procedure
from anxin.registry.access import regions_within
from anxin.registry.finding import find_employers, find_reachable
from anxin.registry.models import Employer, Organisation, Project, Region
from anxin.registry.queries import ProjectFilters, matching_projects, organisations
from anxin.web.forms import CodeField, ConsoleForm, DateField, RegionField, dress

#: suggestions under the region field; beyond this the code is typed
_REGIONS = 1000
_FOUND = 8
_KINDS = Organisation.Kind


@dataclass(frozen=True)
class About:
    """A project or an employer that a matter may be about. ``value`` is what the form sends."""

    value: str
    name: str
    detail: str
    #: the name is only like what was typed: a person says whether it is meant
    alike: bool = False


class ChoosesAbout(ConsoleForm):
    """A form with ``about_text``: a project or an employer, looked for by name, never picked from a long list."""

    def __init__(
        self, *args: Any, user: User, known: Sequence[Project | Employer] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        #: what the matter that this one goes on from is about: known already, wherever it is registered
        self.known = {about(one).value: one for one in known}
        self.project: Project | None = None
        self.employer: Employer | None = None
        #: what the text found, when it was not one thing alone
        self.found: list[About] = []

    def picked(self, value: str) -> tuple[Project | None, Employer | None]:
        """What ``project:12`` or ``employer:12`` means to this person in this form."""
        one = self.known.get(value)
        if one is None:
            return chosen(self.user, value)
        return (one, None) if isinstance(one, Project) else (None, one)

    def clean_about_text(self) -> str:
        """Resolve what was picked or typed; more than one hit asks, none refuses."""
        text: str = self.cleaned_data["about_text"].strip()
        if not text:
            return text
        self.project, self.employer = self.picked(str(self.data.get("about", "")))
        if self.project or self.employer:
            return text
        self.found = find_about(self.user, text)
        if not self.found:
            raise forms.ValidationError(
                f"辖区内没有找到“{text}”，请核对名称；还没有登记的，可以先留空，在文字里写明名称。"
            )
        if to_ask := must_choose(self.found):
            raise forms.ValidationError(to_ask)
        self.project, self.employer = chosen(self.user, self.found[0].value)
        return text


class OpenForm(ChoosesAbout):
    """A new matter."""

    title = forms.CharField(
        label="事项名称", max_length=200, help_text="一句话说明是什么事，例如：某某班组投诉拖欠9月工资。"
    )
    about_text = forms.CharField(
        label="涉及的项目或用人单位",
        max_length=120,
        required=False,
        help_text="输入名称或编码的一部分；不涉及的留空。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    region = RegionField(
        label="所在地区代码",
        help_text="输入或选择；期限按当地规定计算。",
    )
    lead = forms.ModelChoiceField(
        label="牵头单位", queryset=Organisation.objects.none(), empty_label="请选择"
    )
    on = DateField(label="开始日期", help_text="期限从这一天起算，可以是以前的日期。")
    supporting = forms.ModelMultipleChoiceField(
        label="协办单位",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    counterpart = CodeField(
        label="对方地区代码", max_length=12, required=False, help_text="两地之间的事（协查、移送）才填写。"
    )

    def __init__(self, *args: Any, user: User, law: Law, table: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.law, self.table = law, table
        self.region_list: QuerySet[Region] = regions_within(user, access.HANDLE)[:_REGIONS]
        bodies = organisations(_KINDS.BUREAU, _KINDS.INDUSTRY_AUTHORITY, _KINDS.TOWN)
        self.fields["lead"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["supporting"].queryset = bodies  # type: ignore[attr-defined]
        self.events: list[tuple[str, str]] = []
        region = str(self.data.get("region") or self.initial.get("region") or "")
        for number, (name, required) in enumerate(opening_events(law, table.key, region)):
            self._add(
                f"event_{number}", DateField(label=name, required=required, help_text="有关期限由该日起算。")
            )
            self.events.append((f"event_{number}", name))
        if any(law.parameter(one.parameter).unit == "小时" for one in table.started_by(OPEN)):
            self._add(
                "at",
                forms.TimeField(
                    label="开始时刻",
                    required=False,
                    help_text="本程序有按小时计算的期限；不填则从严自当日零时起算。",
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                ),
            )

    def _add(self, name: str, field: forms.Field) -> None:
        dress(field)
        self.fields[name] = field

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields in the order of talk, without those that are seldom needed."""
        order = ["title", "about_text", "region", "lead", "on"]
        order += [name for name in self.fields if name == "at" or name.startswith("event_")]
        return [self[name] for name in order]

    def values(self) -> dict[str, Any]:
        """The arguments of :func:`anxin.casework.services.open_matter`."""
        data = self.cleaned_data
        at = data.get("at")
        return {
            "title": data["title"],
            "region": data["region"],
            "lead": data["lead"],
            "on": data["on"],
            "supporting": list(data["supporting"]),
            "counterpart": data["counterpart"],
            "project": self.project,
            "employer": self.employer,
            "at": timezone.make_aware(dt.datetime.combine(data["on"], at)) if at else None,
            "events": {name: data[field] for field, name in self.events if data.get(field)},
        }


def find_about(user: User, text: str) -> list[About]:
    """Projects and employers within one's scope whose name or code holds the text."""
    text = text.strip()
    if not text:
        return []
    projects = [about(one) for one in matching_projects(user, ProjectFilters(text=text))[:_FOUND]]
    return projects + [about(one, text) for one in find_employers(user, text, _FOUND)]


def must_choose(found: Sequence[About]) -> str:
    """The sentence that asks which of these is meant; empty where there is no doubt."""
    if len(found) > 1:
        return "找到不止一个，请在下面选择。"
    return "没有完全相同的名称，下面这个相近，请核对后选择。" if found[0].alike else ""


def about(one: Project | Employer, text: str = "") -> About:
    """How the form offers a project or an employer; ``text`` is what it was found by."""
    if isinstance(one, Project):
        return About(f"project:{one.pk}", one.name, f"项目 {one.code} · {one.region}")
    place = f" · {one.region}" if one.region else ""
    alike = bool(text) and text.upper() not in one.name.upper() and text.upper() != one.uscc
    return About(f"employer:{one.pk}", one.name, f"用人单位 {one.uscc}{place}", alike)


def chosen(user: User, value: str) -> tuple[Project | None, Employer | None]:
    """The project or employer behind ``project:12``, within one's scope; nonsense is nothing."""
    kind, _, number = value.partition(":")
    if not number.isdecimal() or len(number) > 18:
        return None, None
    if kind == "project":
        return matching_projects(user, ProjectFilters()).filter(pk=int(number)).first(), None
    if kind == "employer":
        return None, find_reachable(user, int(number))
    return None, None
