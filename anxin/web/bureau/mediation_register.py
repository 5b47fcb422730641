"""文书登记: the numbers that mediation organisations gave, the latest first; each opens its case."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column
from anxin.mediation.access import visible_cases
from anxin.mediation.models import MediationPaper
from anxin.mediation.models_papers import PaperKind
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE, EXPORTED = 50, 20_000


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    found = _found(request)
    if (after := lists.whole_number(request.GET.get("after"))) is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "kind": request.GET.get("kind", ""),
        "kinds": PaperKind.choices,
    }
    return render(request, "bureau/mediation_register.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("文号", "text", 40), Column("文书", "text", 16), Column("调解组织", "text", 30), Column("年度", "number", 8),
        Column("顺序号", "number", 8), Column("调解编号", "text", 34), Column("用人单位", "text", 30),
        Column("当事人序号", "text", 10), Column("盖章日期", "date", 12), Column("盖章人", "text", 12), Column("纸质签名", "text", 10),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.get_kind_display(), one.body.name, one.year, one.serial, one.case.matter.number,
            one.case.employer_name, str(one.share.party) if one.share else "",
            clock.local(one.sealed_at).date() if one.sealed_at else None, one.sealed_by_name, "是" if one.scanned_at else "",
        ]
        for one in _found(request)[:EXPORTED]
    ]  # fmt: skip
    return lists.table_response(request, "调解文书登记簿", columns, rows)


def _found(request: HttpRequest) -> QuerySet[MediationPaper]:
    """The sealed papers of the cases in this person's sight."""
    cases = visible_cases(user_of(request)).order_by().values("pk")
    found = MediationPaper.objects.filter(case__in=cases, sealed_at__isnull=False)
    if (kind := request.GET.get("kind", "")) in PaperKind.values:
        found = found.filter(kind=kind)
    return found.select_related("case__matter", "body", "share__party").order_by("-pk")
