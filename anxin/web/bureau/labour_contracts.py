"""劳动合同签订率: how many of those on each site today have a contract, and one click away who has none."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anxin.accounts import access
from anxin.contracts.access import visible_contracts
from anxin.contracts.models import Contract
from anxin.contracts.queries import coverage, present, with_contract
from anxin.evidence.workbooks import Column, table_workbook
from anxin.registry.models import Project
from anxin.web import clock, lists
from anxin.web.bureau.projects import project_or_404
from anxin.web.contract_counter import counter_page
from anxin.web.policy import page, user_of
from anxin.workforce.models import Enrolment

_PAGE, _EXPORTED = 50, 20_000
_PARTS = (("", "没有合同"), ("here", "在这里签的"), ("all", "在场的全部"))


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    found = coverage(user_of(request), clock.today())
    start = min(lists.whole_number(request.GET.get("after")) or 0, len(found))
    people, held = sum(one.present for one in found), sum(one.on_file for one in found)
    context = {
        "rows": found[start : start + _PAGE],
        "next_key": start + _PAGE if len(found) > start + _PAGE else None,
        "people": people,
        "without": people - held,
        "here": sum(one.in_force for one in found),
        "share": held / people if people else None,
        "may_set_law": access.may(user_of(request), access.LAW),
    }
    return render(request, "bureau/labour_contracts.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("项目编码"), Column("项目名称"), Column("地区", "text", 14), Column("在场人数", "number", 10), Column("有合同", "number", 10),
        Column("其中电子合同", "number", 12), Column("没有合同", "number", 10), Column("签订率（%）", "number", 12), Column("没有合同的最早进场", "date", 14),
    )  # fmt: skip
    rows = [
        [
            one.project.code, one.project.name, one.project.region.name, one.present, one.on_file, one.in_force, one.without,
            round(100 * one.share, 1) if one.share is not None else None, one.first_without,
        ]
        for one in coverage(user_of(request), clock.today())
    ]  # fmt: skip
    return _workbook(request, "劳动合同签订率", columns, rows)


@page(access.VIEW)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """The people behind the share of one site, by key."""
    project = project_or_404(request, pk)
    part = _part(request)
    found = _people(project, part).order_by("pk")
    if (after := lists.whole_number(request.GET.get("after"))) is not None:
        found = found.filter(pk__gt=after)
    rows = list(found.select_related("worker", "employer")[: _PAGE + 1])
    (counted,) = coverage(user_of(request), clock.today(), [pk]) or (None,)
    context = {
        "project": project,
        "rows": _with_contracts(request, project, rows[:_PAGE]),
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
        "counted": counted,
        "part": part,
        "parts": _PARTS,
        "today": clock.today(),
    }
    return render(request, "bureau/labour_contracts_site.html", context)


@page(access.VIEW)
def site_export(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_or_404(request, pk)
    columns = (
        Column("姓名", "text", 12), Column("用人单位"), Column("班组", "text", 14), Column("工种", "text", 12), Column("进场", "date", 12),
        Column("合同编号", "text", 22), Column("合同起始", "date", 12), Column("合同终止", "date", 12), Column("电子合同", "text", 20),
    )  # fmt: skip
    found = list(
        _people(project, _part(request)).select_related("worker", "employer").order_by("pk")[:_EXPORTED]
    )
    rows = [
        [
            row.worker.name, row.employer.name if row.employer else row.employer_name, row.team, row.trade, row.entry,
            row.contract_number, row.contract_from, row.contract_until, one.standing(clock.today()) if one else "",
        ]
        for row, one in _with_contracts(request, project, found)
    ]  # fmt: skip
    return _workbook(request, f"{project.name}劳动合同", columns, rows)


@page(access.HANDLE, methods=("GET", "POST"))
def counter(request: HttpRequest, pk: int) -> HttpResponse:
    """当面签 at the bureau's window, for who cannot or will not sign at the employer's."""
    found = (
        visible_contracts(user_of(request), access.HANDLE)
        .select_related("worker", "project__responsible", "employer", "file")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return counter_page(request, found, back=reverse("labour-contracts-site", args=[found.project_id]))


def _part(request: HttpRequest) -> str:
    part = request.GET.get("part", "")
    return part if part in dict(_PARTS) else ""


def _people(project: Project, part: str) -> QuerySet[Any]:
    rows = with_contract(present(clock.today()).filter(project=project), clock.today())
    if part == "here":
        return rows.filter(here=True)
    return rows if part == "all" else rows.filter(held=0)


def _with_contracts(
    request: HttpRequest, project: Project, rows: list[Enrolment]
) -> list[tuple[Enrolment, Contract | None]]:
    """Each row with the latest contract that was made here."""
    made = visible_contracts(user_of(request)).filter(
        project=project, worker__in=[one.worker_id for one in rows]
    )
    latest = {one.worker_id: one for one in made.order_by("pk")}
    return [(row, latest.get(row.worker_id)) for row in rows]


def _workbook(request: HttpRequest, title: str, columns: Any, rows: Any) -> HttpResponse:
    user, today = user_of(request), clock.today()
    subtitle = f"填报单位：{lists.office_of(user)}　在场日期：{today}"
    return lists.workbook_response(table_workbook(title, subtitle, columns, rows), title, today)
