"""调解资源库: organisations of the four levels and their mediators, with load and results; both as workbooks."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column
from anxin.mediation import satisfaction
from anxin.mediation.access import visible_bodies, visible_mediators
from anxin.mediation.loads import loads_of_bodies, loads_of_mediators
from anxin.mediation.models import SKILLS, Level, MediationBody, Mediator
from anxin.mediation.results import Results, of_bodies, of_mediators
from anxin.mediation.satisfaction import Said
from anxin.web import lists
from anxin.web.policy import page, user_of

PAGE, EXPORTED = 40, 20_000
_NONE, _SILENT = Results(""), Said()


@page(access.VIEW)
def bodies(request: HttpRequest) -> HttpResponse:
    """Organisations by key, narrowed by level, brand studios and words."""
    after = lists.whole_number(request.GET.get("after"))
    found = _bodies(request).order_by("pk")
    rows = list((found.filter(pk__gt=after) if after else found)[: PAGE + 1])
    shown = rows[:PAGE]
    keys = [one.pk for one in shown]
    loads, came, said = loads_of_bodies(keys), of_bodies(keys), satisfaction.of_bodies(keys)
    levels = dict(
        visible_bodies(user_of(request)).order_by().values_list("level").annotate(number=Count("pk"))
    )
    context = {
        "rows": [
            (one, loads.get(one.pk, 0), came.get(one.pk, _NONE), said.get(one.pk, _SILENT)) for one in shown
        ],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "levels": Level.choices,
        "numbers": [(level, title, levels.get(level, 0)) for level, title in Level.choices],
        "filters": {name: request.GET.get(name, "") for name in ("level", "brand", "text")},
        "may_import": access.may(user_of(request), access.IMPORT),
    }
    return render(request, "bureau/mediation_bodies.html", context)


@page(access.VIEW)
def bodies_export(request: HttpRequest) -> HttpResponse:
    """The list as it may be imported again, with load and results behind."""
    columns = [
        Column("组织编号", "text", 14), Column("调解组织"), Column("层级", "text", 12), Column("区划代码", "text", 14),
        Column("村社区名称", "text", 16), Column("统一社会信用代码", "text", 22), Column("品牌工作室", "text", 16), Column("地址"),
        Column("电话", "text", 14), Column("停止接案日期", "date", 14), Column("在办", "number", 8), *_RESULTS,
    ]  # fmt: skip
    found = list(_bodies(request).order_by("pk")[:EXPORTED])
    keys = [one.pk for one in found]
    loads, came, said = loads_of_bodies(keys), of_bodies(keys), satisfaction.of_bodies(keys)
    rows = [
        [
            one.code, one.name, one.get_level_display(), one.region_id, one.place, one.employer.uscc if one.employer else "",
            one.brand, one.address, one.phone, one.closed_on, loads.get(one.pk, 0), *_results(came.get(one.pk, _NONE), said.get(one.pk, _SILENT)),
        ]
        for one in found
    ]  # fmt: skip
    return lists.table_response(request, "调解组织名册", columns, rows)


@page(access.VIEW)
def mediators(request: HttpRequest) -> HttpResponse:
    """Mediators by key, narrowed by skill, language and words."""
    after = lists.whole_number(request.GET.get("after"))
    found = _mediators(request).order_by("pk")
    rows = list((found.filter(pk__gt=after) if after else found)[: PAGE + 1])
    shown = rows[:PAGE]
    keys = [one.pk for one in shown]
    loads, came, said = loads_of_mediators(keys), of_mediators(keys), satisfaction.of_mediators(keys)
    context = {
        "rows": [
            (one, loads.get(one.pk, 0), came.get(one.pk, _NONE), said.get(one.pk, _SILENT)) for one in shown
        ],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "skills": [(one, one) for one in SKILLS],
        "filters": {name: request.GET.get(name, "") for name in ("skill", "language", "text", "body")},
        "number": _mediators(request).count(),
        "may_import": access.may(user_of(request), access.IMPORT),
    }
    return render(request, "bureau/mediation_mediators.html", context)


@page(access.VIEW)
def mediators_export(request: HttpRequest) -> HttpResponse:
    """The list as it may be imported again, with load and results behind."""
    columns = [
        Column("调解员编号", "text", 14), Column("姓名", "text", 12), Column("组织编号", "text", 14), Column("组织名称"),
        Column("专职", "text", 8), Column("擅长", "text", 24), Column("语言和方言", "text", 18), Column("账号", "text", 12),
        Column("离任日期", "date", 12), Column("在办", "number", 8), *_RESULTS,
    ]  # fmt: skip
    found = list(_mediators(request).order_by("pk")[:EXPORTED])
    keys = [one.pk for one in found]
    loads, came, said = loads_of_mediators(keys), of_mediators(keys), satisfaction.of_mediators(keys)
    rows = [
        [
            one.code, one.name, one.body.code, one.body.name, "是" if one.full_time else "否", one.skills, one.languages,
            one.user.username if one.user else "", one.left_on, loads.get(one.pk, 0), *_results(came.get(one.pk, _NONE), said.get(one.pk, _SILENT)),
        ]
        for one in found
    ]  # fmt: skip
    return lists.table_response(request, "调解员名册", columns, rows)


_RESULTS = (
    Column("已有结果", "number", 10), Column("达成协议", "number", 10), Column("付清", "number", 8),
    Column("达成协议合计天数", "number", 16), Column("评价人次", "number", 10), Column("满意", "number", 8),
    Column("基本满意", "number", 10), Column("不满意", "number", 8),
)  # fmt: skip


def _results(one: Results, said: Said) -> list[int]:
    return [one.ended, one.agreed, one.performed, one.days, said.all, said.content, said.fairly, said.not_]


def _bodies(request: HttpRequest) -> QuerySet[MediationBody]:
    rows = visible_bodies(user_of(request))
    level, text = request.GET.get("level", ""), request.GET.get("text", "").strip()
    if level in Level.values:
        rows = rows.filter(level=level)
    if request.GET.get("brand"):
        rows = rows.exclude(brand="")
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(brand__contains=text) | Q(place__contains=text))
    return rows


def _mediators(request: HttpRequest) -> QuerySet[Mediator]:
    rows = visible_mediators(user_of(request))
    skill, language = request.GET.get("skill", ""), request.GET.get("language", "").strip()
    text, body = request.GET.get("text", "").strip(), lists.whole_number(request.GET.get("body"))
    if skill in SKILLS:
        rows = rows.filter(skills__contains=skill)
    if language:
        rows = rows.filter(languages__contains=language)
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(body__name__contains=text))
    return rows.filter(body=body) if body is not None else rows
