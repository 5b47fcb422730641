"""监测总览: the districts as tiles, warnings week by week, and the wall view that a leader leaves open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anxin.accounts import access
from anxin.evidence.workbooks import Column, Sheet, sheets_workbook
from anxin.monitoring import overview
from anxin.monitoring.models import Warning
from anxin.monitoring.project_standing import UNPAID_RULES
from anxin.monitoring.queries_forecast import SHORT, short_of_money
from anxin.monitoring.sections import HINTS, SECTIONS
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

#: weeks of the trend that may be asked for
SPANS = ((13, "近一季度"), (26, "近半年"), (52, "近一年"))
_LEVELS = ("red", "orange", "yellow", "blue")
#: of the wall
_WALL_WEEKS = 26
_REFRESH_SECONDS = 120


@page(access.VIEW)
def overview_page(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    section, weeks = _section(request), _weeks(request)
    found = overview.districts(user)
    told = overview.trends(user, on=today, weeks=weeks)[section]
    elsewhere = found.elsewhere.get(section, 0)
    context = {
        "section": section,
        "sections": list(SECTIONS.items()),
        "section_title": SECTIONS[section],
        "hint": HINTS[section],
        "districts": found,
        "elsewhere": elsewhere,
        "open_total": sum(tile.parts[section].levels.all for tile in found.tiles) + elsewhere,
        "weeks": list(reversed(told)),
        "span": weeks,
        "spans": SPANS,
        "chart": chart_data(told),
        "finding": _finding(told),
        "pay_days": short_of_money(user),
        "today": today,
    }
    return render(request, "bureau/overview.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The tiles and the weeks of the part asked for, as two sheets."""
    user, today = user_of(request), clock.today()
    section, weeks = _section(request), _weeks(request)
    title = SECTIONS[section]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}　单位：条"
    numbers = [Column(name, "number", 10) for name in ("未消除", "红色", "橙色", "黄色", "蓝色")]
    places = Sheet(
        f"{title}分地区",
        subtitle,
        [Column("地区", "text", 20), Column("区划代码", "text", 12), *numbers],
        [
            [tile.name, tile.code, *_cells(tile.parts[section].levels)]
            for tile in overview.districts(user).tiles
        ],
        "分地区",
    )
    by_week = Sheet(
        f"{title}逐周",
        subtitle,
        [
            Column("周一", "date", 12),
            Column("截至", "date", 12),
            *numbers,
            Column("新发出", "number", 10),
            Column("消除", "number", 10),
        ],
        [
            [week.first, week.last, *_cells(week.open), week.opened, week.cleared]
            for week in overview.trends(user, on=today, weeks=weeks)[section]
        ],
        "逐周",
    )
    return lists.workbook_response(sheets_workbook([places, by_week]), f"监测总览{title}", today)


@page(access.VIEW)
def wall(request: HttpRequest) -> HttpResponse:
    """The 16:9 view: numbers and places only, each opening its list; asks for itself again now and then."""
    user, today = user_of(request), clock.today()
    numbers = overview.numbers(user, on=today)
    wages, paper, advice = numbers.parts
    told = overview.trends(user, on=today, weeks=_WALL_WEEKS)
    context = {
        "now": clock.now(),
        "parts": [(part, list(_levels_linked(part))) for part in (wages, paper)],
        "counters": _counters(numbers, short_of_money(user), today),
        "advice": advice,
        "advice_url": _list_url(family="advice", state="standing"),
        "districts": overview.districts(user),
        "charts": [(part, chart_data(told[part.key], dark=True)) for part in (wages, paper)],
        "refresh": _REFRESH_SECONDS,
    }
    return render(request, "bureau/wall.html", context)


def chart_data(weeks: Sequence[overview.Week], *, dark: bool = False) -> dict[str, Any]:
    """What the script draws: one stack a week."""
    return {
        "weeks": [f"{week.first:%m-%d}" for week in weeks],
        "levels": [
            {"name": title, "values": [getattr(week.open, name) for week in weeks]}
            for name, title in zip(_LEVELS, ("红色", "橙色", "黄色", "蓝色"), strict=True)
        ],
        "opened": [week.opened for week in weeks],
        "cleared": [week.cleared for week in weeks],
        "dark": dark,
    }


def _counters(
    numbers: overview.Numbers, short: dict[str, int], today: dt.date
) -> list[tuple[str, Any, str, str]]:
    """(title, number, kind, address of its list)."""
    month = today.replace(day=1).isoformat()
    unpaid = _list_url(family="wages", state="standing", rule=",".join(UNPAID_RULES), sort="amount")
    told: list[tuple[str, Any, str, str]] = [
        ("在建项目", numbers.sites, "count", reverse("projects") + "?state=in_progress"),
        ("工资未到手（人次）", numbers.unpaid_people, "count", unpaid),
        ("工资未到手（金额）", numbers.unpaid_fen, "money", unpaid),
        (
            "发薪日资金不足",
            short["pay_days"],
            "hot",
            f"{reverse('forecasts')}?standing={SHORT.key}",
        ),
    ]
    for part in numbers.parts[:2]:
        told.append(
            (
                f"{part.title}已超期",
                part.overdue,
                "hot",
                _list_url(family=part.key, due="overdue", sort="due"),
            )
        )
    for part in numbers.parts[:2]:
        address = _list_url(family=part.key, state=Warning.State.CLEARED, cleared_since=month, sort="newest")
        told.append((f"{part.title}本月消除", part.cleared_this_month, "good", address))
    return told


def _levels_linked(part: overview.Part) -> Iterator[tuple[str, str, int, str]]:
    """(name, word, number, address of its list), the gravest first."""
    for level, name, word in zip((4, 3, 2, 1), _LEVELS, ("红色", "橙色", "黄色", "蓝色"), strict=True):
        number = getattr(part.levels, name)
        yield name, word, number, _list_url(family=part.key, state="standing", level=level)


def _list_url(**query: Any) -> str:
    return f"{reverse('warnings')}?{urlencode(query)}"


def _section(request: HttpRequest) -> str:
    asked = request.GET.get("family", "")
    return asked if asked in SECTIONS else next(iter(SECTIONS))


def _weeks(request: HttpRequest) -> int:
    asked = lists.whole_number(request.GET.get("weeks"))
    return asked if asked in dict(SPANS) else SPANS[1][0]


def _finding(weeks: Sequence[overview.Week]) -> str:
    """The chart in one sentence."""
    then, now = weeks[0].open.all, weeks[-1].open.all
    change = "持平" if now == then else f"{'多' if now > then else '少'}{abs(now - then)}条"
    return f"现有未消除 {now} 条，比{weeks[0].last.isoformat()}{change}；期间新发出 {sum(w.opened for w in weeks)} 条，消除 {sum(w.cleared for w in weeks)} 条"


def _cells(levels: Any) -> list[int]:
    return [levels.all, levels.red, levels.orange, levels.yellow, levels.blue]
