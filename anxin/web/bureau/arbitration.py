"""仲裁: the list of cases with what is claimed and awarded, and the matters whose case nobody filled in yet."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.arbitration.access import visible_cases, waiting_matters
from anxin.arbitration.models import PROCEDURES, Applicant, ArbitrationCase, Claim, Finding
from anxin.evidence.workbooks import Column, table_workbook
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE, EXPORTED = 40, 5000
_SHOWN = 20
PARTS = {"": "全部", "open": "在办", "awarded": "已有裁决", "part": "先行裁决", "closed": "办结"}


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """The cases, the latest first, by key."""
    user, law = user_of(request), local_law.current()
    after = lists.whole_number(request.GET.get("after"))
    found = _found(request)
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    waiting = list(waiting_matters(user).order_by("pk")[: _SHOWN + 1]) if not after else []
    context = {
        "rows": [
            (one, law.procedure(one.matter.procedure).state(one.matter.state).name) for one in rows[:PAGE]
        ],
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "today": clock.today(),
        "part": lists.chosen_part(request, PARTS),
        "parts": list(PARTS.items()),
        "procedure": _procedure(request),
        "procedures": [(key, law.procedure(key).name) for key in PROCEDURES],
        "q": request.GET.get("q", "").strip(),
        "waiting": waiting[:_SHOWN],
        "more_waiting": len(waiting) > _SHOWN,
        "may_open": access.may(user, access.HANDLE),
    }
    return render(request, "bureau/arbitration.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    law, today = local_law.current(), clock.today()
    columns = [
        Column("编号", "text", 30), Column("程序", "text", 20), Column("被申请人"), Column("案由", "text", 20),
        Column("申请日期", "date", 12), Column("申请人数", "number", 10), Column("请求金额", "yuan", 16),
        Column("裁决金额", "yuan", 16), Column("现在", "text", 14), Column("最近的期限", "date", 12),
    ]  # fmt: skip
    rows = [
        [
            one.matter.number, law.procedure(one.matter.procedure).name, one.employer_name, one.cause, one.applied_on,
            one.people, one.claimed_fen, one.awarded_fen,  # type: ignore[attr-defined]
            law.procedure(one.matter.procedure).state(one.matter.state).name, one.matter.next_due_on,
        ]
        for one in _found(request)[:EXPORTED]
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("仲裁案件清单", subtitle, columns, rows), "仲裁案件清单", today
    )


def _procedure(request: HttpRequest) -> str:
    key = request.GET.get("procedure", "")
    return key if key in PROCEDURES else ""


def _found(request: HttpRequest) -> QuerySet[ArbitrationCase]:
    rows = visible_cases(user_of(request))
    part, text = lists.chosen_part(request, PARTS), request.GET.get("q", "").strip()[:60]
    if procedure := _procedure(request):
        rows = rows.filter(matter__procedure=procedure)
    if part == "open":
        rows = rows.filter(matter__closed_on__isnull=True)
    elif part == "closed":
        rows = rows.filter(matter__closed_on__isnull=False)
    elif part:
        awards = {"awards__part": True} if part == "part" else {"awards__isnull": False}
        rows = rows.filter(pk__in=ArbitrationCase.objects.filter(**awards).values("pk"))
    if text:
        rows = rows.filter(Q(employer_name__icontains=text) | Q(matter__number__icontains=text))
    return rows.annotate(
        people=_total(Applicant.objects.filter(case=OuterRef("pk")), "case", None),
        claimed_fen=_total(
            Claim.objects.filter(applicant__case=OuterRef("pk")), "applicant__case", "owed_fen"
        ),
        awarded_fen=_total(
            Finding.objects.filter(claim__applicant__case=OuterRef("pk"), award__isnull=False),
            "claim__applicant__case",
            "owed_fen",
        ),
    ).order_by("-pk")


def _total(rows: Any, by: str, field: str | None) -> Coalesce:
    """A sum, or a count without a field, of the rows of one case."""
    what = Sum(field) if field else Count("pk")
    found = rows.order_by().values(by).annotate(total=what).values("total")
    return Coalesce(Subquery(found, output_field=BigIntegerField()), 0, output_field=BigIntegerField())
