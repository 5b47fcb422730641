"""发薪预测: coming pay days with need, balance and expected money; one project's, with what was forecast before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.monitoring import queries_forecast as queries
from anxin.monitoring.models import PayDayForecast
from anxin.web import clock, lists
from anxin.web.bureau.projects import project_or_404, render_part
from anxin.web.policy import page, user_of

_STEPS = 20


@dataclass(frozen=True)
class Row:
    """One pay day as pages show it; bars are twentieths of the need."""

    one: PayDayForecast
    standing: queries.Standing
    missing_fen: int | None
    balance_bar: int
    expected_bar: int


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    filters = {name: request.GET.get(name, "") for name in ("standing", "region", "announced")}
    sort = _sort(request)
    found = queries.page(_found(request), request.GET.get("after", ""), sort=sort)
    context = {
        "money_tab": "forecasts",
        "rows": [_row(one) for one in found.items],
        "next_key": found.next_after,
        "standings": [(one.key, one.title) for one in queries.STANDINGS],
        "sort": sort,
        "sorts": queries.SORTS,
        "told": [("1", "已提示可能发不足")],
        "regions": lists.region_choices(user),
        "filters": filters,
        "narrowed": any(filters.values()),
        "model": queries.latest_model(),
        "classes": queries.came_true(),
    }
    return render(request, "bureau/forecasts.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("发薪日", "date", 12),
        Column("距今天数", "number", 10),
        Column("项目编码", "text", 16),
        Column("项目名称"),
        Column("地区", "text", 14),
        Column("工资月份", "text", 10),
        Column("人数", "number", 8),
        Column("应发（元）", "yuan", 16),
        Column("可用余额（元）", "yuan", 16),
        Column("预计到账（元）", "yuan", 16),
        Column("尚缺（元）", "yuan", 16),
        Column("情况", "text", 12),
        Column("发不足的可能性（%）", "number", 12),
        Column("按上次推算（%）", "number", 12),
        Column("主要原因"),
    )
    rows = [
        [
            one.due,
            one.ahead,
            one.project.code,
            one.project.name,
            one.project.region.name,
            one.month,
            one.people,
            one.need_fen,
            one.free_fen,
            one.expected_fen,
            queries.missing_fen(one),
            queries.standing_of(one).title,
            _percent(one.chance),
            _percent(one.as_last),
            "；".join(one.reasons),
        ]
        for one in _found(request)
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("发薪预测", subtitle, columns, rows), "发薪预测", today)


@page(access.VIEW)
def of_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The coming pay days of one project and what was said of earlier ones."""
    project = project_or_404(request, pk)
    rows = [_row(one) for one in queries.of_project(project)]
    coming = [row for row in reversed(rows) if row.one.current]
    nights = queries.nights([row.one for row in coming])
    context = {
        "coming": [(row, f"nights-{row.one.month}", _drawn(nights[row.one.month])) for row in coming],
        "past": [row for row in rows if row.one.missed is not None],
        "model": queries.latest_model(),
    }
    return render_part(request, "bureau/project_forecast.html", project, "project-forecast", context)


def _drawn(nights: list[PayDayForecast]) -> dict[str, Any] | None:
    """What the chart shows of one pay day, night by night; one night makes no picture."""
    if len(nights) < 2:
        return None
    return {
        "nights": [f"{one.as_of:%m-%d}" for one in nights],
        "need": [_yuan(one.need_fen) for one in nights],
        "money": [_yuan(one.free_fen) for one in nights],
        "expected": [_yuan(one.expected_fen) for one in nights],
        "chance": [_percent(one.as_last if one.chance is None else one.chance) for one in nights],
    }


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def _percent(chance: float | None) -> int | None:
    return None if chance is None else round(chance * 100)


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in dict(queries.SORTS) else queries.LIKELIEST


def _found(request: HttpRequest) -> queries.QuerySet[PayDayForecast]:
    return queries.coming(
        user_of(request),
        standing=request.GET.get("standing", ""),
        region=request.GET.get("region", ""),
        announced=bool(request.GET.get("announced")),
        sort=_sort(request),
    )


def _row(one: PayDayForecast) -> Row:
    need = one.need_fen or 0
    balance = min(_STEPS, max(0, one.free_fen or 0) * _STEPS // need) if need else 0
    expected = min(_STEPS - balance, one.expected_fen * _STEPS // need) if need else 0
    return Row(one, queries.standing_of(one), queries.missing_fen(one), balance, expected)
