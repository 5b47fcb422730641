"""统计与台账: each number with its definition, cut-off and unit, its breakdown and its rows; the ledger as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.clues.models import Clue
from anxin.clues.queries import places
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.money import format_yuan
from anxin.referral import counting
from anxin.referral.counting import BY_KEY, DIMENSIONS, INDICATORS, Figure, Indicator, Span
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

_ROWS, _BARS, _STEPS = 40, 12, 20
#: beyond this a list is for a report, not for a person to read
_EXPORTED = 20_000
_ROW_COLUMNS = (
    Column("线索编号", "text", 28), Column("标题", "text", 40), Column("渠道", "text", 14), Column("所属地区", "text", 16),
    Column("办理状态", "text", 10), Column("牵头单位", "text", 26), Column("人数", "number", 8),
    Column("核定人数", "number", 10), Column("欠薪金额（元）", "yuan", 16), Column("证明到账（元）", "yuan", 16),
    Column("收到日期", "date", 12), Column("销号日期", "date", 12), Column("并入线索", "text", 28),
)  # fmt: skip
_OF = {"part": "分子的行", "base": "分母的行", "rest": "在分母、不在分子的行"}
_UNITS = {"share": "%", "days": "天", "people": "人", "fen": "元"}


@dataclass(frozen=True)
class Shown:
    """One number in words; ``bar`` in twentieths of its base."""

    indicator: Indicator
    figure: Figure
    words: str
    part: str
    base: str
    bar: int


@page(access.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """All numbers of the span, and one of them broken down."""
    user, span = user_of(request), span_of(request)
    indicator = BY_KEY.get(request.GET.get("show", ""), INDICATORS[0])
    by = request.GET.get("by", "")
    dimension = by if by in DIMENSIONS else "region"
    numbers = counting.figures(user, span)
    context = {
        **asked(request, span),
        "shown": [_shown(one, numbers[one.key]) for one in INDICATORS],
        "total": numbers["closure"].base,
        "indicator": indicator,
        "dimension": dimension,
        "dimensions": [(key, title) for key, (title, _) in DIMENSIONS.items()],
        "groups": _groups(counting.broken_down(user, span, indicator, dimension), indicator, dimension),
    }
    return render(request, "bureau/statistics.html", context)


@page(access.VIEW)
def rows(request: HttpRequest) -> HttpResponse:
    """The clues behind one number."""
    user, span = user_of(request), span_of(request)
    indicator, of, group = _behind(request)
    found = counting.counted(user, span, indicator, of=of, group=group).order_by("-pk")
    total, added = _sum(found, indicator, of)
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    items = list(found[: _ROWS + 1])
    names = _place_names([group[1]]) if group and group[0] == "region" else {}
    context = {
        **asked(request, span),
        "indicator": indicator,
        "of": of,
        "ofs": list(_OF.items()),
        "of_words": _OF[of],
        "group": _group_name(group, names) if group else "",
        "clues": items[:_ROWS],
        "total": total,
        "sum": added,
        "next_key": items[_ROWS - 1].pk if len(items) > _ROWS else None,
    }
    return render(request, "bureau/statistics_rows.html", context)


@page(access.VIEW)
def rows_export(request: HttpRequest) -> HttpResponse:
    """The clues behind one number as a workbook."""
    user, span, today = user_of(request), span_of(request), clock.today()
    indicator, of, group = _behind(request)
    found = counting.counted(user, span, indicator, of=of, group=group).order_by("-pk")
    table = [_exported(clue) for clue in found[:_EXPORTED]]
    names = _place_names([group[1]]) if group and group[0] == "region" else {}
    within = f"　{_group_name(group, names)}" if group else ""
    subtitle = (
        f"填报单位：{lists.office_of(user)}　{_OF[of]}{within}　收到日期：{span.first}至{span.last}　"
        f"统计截至：{span.as_of}　共{len(table)}条"
    )
    title = f"{indicator.title}的行"
    return lists.workbook_response(table_workbook(title, subtitle, _ROW_COLUMNS, table), title, today)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """All numbers as a workbook, each with its definition."""
    user, span, today = user_of(request), span_of(request), clock.today()
    numbers = counting.figures(user, span)
    columns = [
        Column("指标", "text", 16), Column("数值", "text", 18), Column("单位", "text", 8), Column("分子", "text", 16),
        Column("分母", "text", 16), Column("分子是什么", "text", 44), Column("分母是什么", "text", 44), Column("说明", "text", 36),
    ]  # fmt: skip
    table = []
    for one in INDICATORS:
        told = _shown(one, numbers[one.key])
        table.append(
            [one.title, told.words, _UNITS[one.unit], told.part, told.base, one.numerator, one.denominator, one.note]
        )  # fmt: skip
    subtitle = (
        f"填报单位：{lists.office_of(user)}　收到日期：{span.first}至{span.last}　统计截至：{span.as_of}"
    )
    return lists.workbook_response(
        table_workbook("欠薪线索办理统计", subtitle, columns, table), "欠薪线索办理统计", today
    )


def _exported(clue: Any) -> list[Any]:
    """A clue with what ``counting.rows`` knows of it, as a line of the workbook."""
    closed = clue.closed_moment
    return [
        clue.number, clue.title, clue.get_channel_display(), clue.region.name, clue.get_state_display(), clue.body,
        clue.people, clue.found_people, clue.amount_fen, clue.recovered_fen, clock.local(clue.received_at).date(),
        clock.local(closed).date() if closed else None, clue.dispute.number if clue.dispute else "",
    ]  # fmt: skip


def _sum(found: QuerySet[Clue], indicator: Indicator, of: str) -> tuple[int, str]:
    """How many rows, and what they add up to where the number is people or money: as the number itself adds them."""
    part = of == "part"
    column = {
        "people": "found_people" if part else "people",
        "fen": "recovered_fen" if part else "amount_fen",
    }.get(indicator.unit)
    if column is None:
        return found.order_by().count(), ""
    told = found.order_by().aggregate(rows=Count("pk"), added=Sum(column))
    added = told["added"] or 0
    return told["rows"], format_yuan(added) if indicator.unit == "fen" else f"{added}人"


def span_of(request: HttpRequest) -> Span:
    """The span asked for in the address; without one this year up to today."""
    today = clock.today()
    last = min(_day(request.GET.get("last"), today), today)
    first = min(_day(request.GET.get("first"), last.replace(month=1, day=1)), last)
    as_of = max(min(_day(request.GET.get("as_of"), today), today), first)
    region = request.GET.get("region", "")
    return Span(first, last, as_of, region if region.isdecimal() and len(region) <= 12 else "")


def asked(request: HttpRequest, span: Span) -> dict[str, Any]:
    """The span for its form and for addresses that keep it."""
    return {
        "span": span,
        "regions": places(user_of(request)),
        "span_query": f"first={span.first}&last={span.last}&as_of={span.as_of}&region={span.region}",
    }


def _behind(request: HttpRequest) -> tuple[Indicator, str, tuple[str, str] | None]:
    indicator, of = BY_KEY.get(request.GET.get("show", "")), request.GET.get("of", "part")
    if indicator is None or of not in _OF:
        raise Http404
    by, value = request.GET.get("by", ""), request.GET.get("group", "")
    return indicator, of, (by, value) if by in DIMENSIONS and value else None


def _shown(indicator: Indicator, figure: Figure) -> Shown:
    part, base = str(figure.part), str(figure.base)
    if indicator.unit == "fen":
        part, base = format_yuan(figure.part), format_yuan(figure.base)
    if indicator.unit == "share":
        words = "—" if figure.value is None else f"{figure.value * 100:.1f}%"
    elif indicator.unit == "days":
        words = "—" if figure.median is None else f"{figure.median} / {figure.ninetieth} 天"
    elif indicator.unit == "fen":
        words = part
    else:
        words = f"{figure.part} 人"
    share = figure.value or 0
    return Shown(indicator, figure, words, part, base, max(0, min(_STEPS, round(share * _STEPS))))


def _groups(
    found: Sequence[tuple[str, Figure]], indicator: Indicator, dimension: str
) -> list[tuple[str, str, Shown]]:
    """``(key, name, number)`` of each group."""
    names = _place_names([key for key, _ in found]) if dimension == "region" else {}
    return [(key, _group_name((dimension, key), names), _shown(indicator, figure)) for key, figure in found]


def _group_name(group: tuple[str, str], names: dict[str, str]) -> str:
    if group[0] == "channel":
        return str(dict(Clue.Channel.choices).get(group[1], group[1]))
    return names.get(group[1], group[1])


def _place_names(codes: Sequence[str]) -> dict[str, str]:
    return dict(Region.objects.filter(code__in=codes).values_list("code", "name"))


def _day(text: str | None, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return default
