"""未纳管工地: sites known from permits, bids or inspection that no registered project is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.registry.models import Project, Region
from anxin.signals import coverage, services
from anxin.signals.models import KnownSite
from anxin.web import clock, lists
from anxin.web.bureau.employers import region_choices
from anxin.web.forms import ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_PAGE = 30
_SHOWS = [("", "未纳管"), ("matched", "已纳管"), ("exempt", "不需纳管"), ("all", "全部")]
_SOURCES = dict(KnownSite.Source.choices)
_HOW = {coverage.BY_PERSON: "人工确认", coverage.BY_NUMBER: "编号相同", coverage.BY_NAME: "名称和地区相同"}


@dataclass(frozen=True)
class Row:
    """One site as the list shows it."""

    site: coverage.Site
    source: str
    region: str
    days: int


class MatchForm(ConsoleForm):
    """Which project it is."""

    project = forms.CharField(label="项目编码", max_length=40)


class ExemptForm(ConsoleForm):
    """Why it needs none."""

    reason = forms.CharField(label="不需纳入监管的理由", max_length=200)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = _rows(request, user)
    start = min(lists.whole_number(request.GET.get("after")) or 0, len(rows))
    context = {
        "money_tab": "coverage",
        "rows": rows[start : start + _PAGE],
        "next_key": start + _PAGE if len(rows) > start + _PAGE else None,
        "count": len(rows),
        "shows": _SHOWS[1:],
        "sources": KnownSite.Source.choices,
        "regions": region_choices(user),
        "filters": {name: request.GET.get(name, "") for name in ("show", "source", "region")},
        "narrowed": any(request.GET.get(name) for name in ("show", "source", "region")),
        "known": KnownSite.objects.filter(_here(user), superseded_at__isnull=True).exists(),
    }
    return render(request, "bureau/coverage.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("来源", "text", 10),
        Column("编号", "text", 20),
        Column("项目名称"),
        Column("地区", "text", 14),
        Column("日期", "date", 12),
        Column("至今天数", "number", 10),
        Column("建设单位"),
        Column("总包单位"),
        Column("合同价款（元）", "yuan", 18),
        Column("情况", "text", 14),
    )
    rows = [
        [
            row.source,
            row.site.number,
            row.site.name,
            row.region,
            row.site.on,
            row.days,
            row.site.owner_name,
            row.site.contractor_name,
            row.site.contract_fen,
            _HOW.get(row.site.how) or (f"不需纳管：{row.site.exempt}" if row.site.exempt else "未纳管"),
        ]
        for row in _rows(request, user)
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("未纳管工地清单", subtitle, columns, rows), "未纳管工地清单", today
    )


@page(access.VIEW, methods=("GET", "POST"))
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One site: near projects, and what a person decides about it."""
    user = user_of(request)
    known = KnownSite.objects.filter(_here(user), pk=pk, superseded_at__isnull=True).select_related("region")
    record = or_404(known.first())
    may_decide = access.may_on_employer(user, access.HANDLE, record)
    forms_ = {"match": MatchForm(), "exempt": ExemptForm()}
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        decided = _decide(request, user, record, forms_)
        if decided is not None:
            return decided
    (found,) = coverage.sites(as_of=max(clock.today(), record.on), where=Q(pk=pk))
    projects = visible_projects(user).values_list("pk", "code", "name", "region_id")
    context = {
        "money_tab": "coverage",
        "record": record,
        "site": found,
        "days": (clock.today() - record.on).days,
        "how": _HOW.get(found.how, ""),
        "project": visible_projects(user).filter(pk=found.project_id).first() if found.project_id else None,
        "proposals": coverage.proposals(found, projects) if found.missing else [],
        "may_decide": may_decide,
        "match_form": forms_["match"],
        "exempt_form": forms_["exempt"],
    }
    bound = any(form.is_bound for form in forms_.values())
    return render(request, "bureau/coverage_site.html", context, status=422 if bound else 200)


def _decide(
    request: HttpRequest, user: User, record: KnownSite, forms_: dict[str, Any]
) -> HttpResponse | None:
    """Do what the form asks; ``None`` where it must be shown again with what is wrong."""
    act, actor, now = request.POST.get("act", ""), access.actor(user), clock.now()
    form: ConsoleForm | None = None
    try:
        if act == "match":
            form = forms_["match"] = MatchForm(request.POST)
            if not form.is_valid():
                return None
            project = _project(user, form.cleaned_data["project"])
            services.match_site(record, project=project, actor=actor, now=now)
            messages.success(request, "已确认对应的项目。")
        elif act == "exempt":
            form = forms_["exempt"] = ExemptForm(request.POST)
            if not form.is_valid():
                return None
            services.exempt_site(record, reason=form.cleaned_data["reason"], actor=actor, now=now)
            messages.success(request, "已记为不需纳入监管。")
        else:
            services.take_back_decision(record, actor=actor, now=now)
            messages.success(request, "已撤回决定。")
    except Refused as refusal:
        if form is None:
            messages.error(request, refusal.sentence)
        else:
            form.refuse(refusal.sentence, refusal.field)
            return None
    return redirect("coverage-site", pk=record.pk)


def _project(user: User, code: str) -> Project:
    code = code.strip()
    project = visible_projects(user).filter(code=code).first()
    if project is None:
        raise Refused(f"辖区内没有编码为“{code}”的项目，请核对，或先登记项目。", field="project")
    return project


def _here(user: User) -> Q:
    """Sites of this person's places."""
    return access.within_employers(user, access.VIEW)


def _rows(request: HttpRequest, user: User) -> list[Row]:
    """The filtered sites, the longest known first."""
    today: dt.date = clock.today()
    where = _here(user)
    if request.GET.get("source") in _SOURCES:
        where &= Q(source=request.GET["source"])
    if request.GET.get("region"):
        where &= Q(region__code__startswith=request.GET["region"])
    show = request.GET.get("show", "")
    found = [one for one in coverage.sites(as_of=today, where=where) if _shown(one, show)]
    names = dict(Region.objects.filter(code__in={one.region_id for one in found}).values_list("code", "name"))
    return [Row(one, _SOURCES[one.source], names[one.region_id], (today - one.on).days) for one in found]


def _shown(one: coverage.Site, show: str) -> bool:
    if show == "all":
        return True
    if show == "matched":
        return one.project_id is not None
    return bool(one.exempt) if show == "exempt" else one.missing
