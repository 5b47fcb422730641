"""趋势: what came in, was struck off and stayed open month by month, drawn and as figures that open their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.clues.queries import places
from anxin.evidence.workbooks import Column, table_workbook
from anxin.referral.trend import DEFINITIONS, MonthFigures, trend
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

#: of the drawing, in its own units
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 720, 250, 40, 16, 44
_STEPS = 4


@dataclass(frozen=True)
class Drawn:
    """One month of the drawing: two bars and a point, from the top left corner."""

    told: MonthFigures
    middle: float
    came_x: float
    came_y: float
    came_height: float
    settled_x: float
    settled_y: float
    settled_height: float
    open_y: float
    bar: float
    label: str
    #: under the first month and each January
    year: str


@page(access.VIEW)
def show(request: HttpRequest) -> HttpResponse:
    user, region, today = user_of(request), _region(request), clock.today()
    found = trend(user, as_of=today, region=region)
    columns, ticks = _drawn(found)
    context = {
        "months": list(reversed(found)),
        "columns": columns,
        "ticks": ticks,
        "line": " ".join(f"{one.middle},{one.open_y}" for one in columns),
        "width": _WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "floor": _HEIGHT - _BOTTOM,
        "finding": _finding(found),
        "definitions": DEFINITIONS,
        "regions": places(user),
        "region": region,
        "today": today,
        "any": any(one.came or one.open or one.settled for one in found),
    }
    return render(request, "bureau/trend.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The figures as a workbook, with what each counts."""
    user, today = user_of(request), clock.today()
    found = trend(user, as_of=today, region=_region(request))
    columns = [
        Column("月份", "text", 12), Column("截止日", "date", 12), Column("收到（条）", "number", 12),
        Column("销号（条）", "number", 12), Column("月末未销号（条）", "number", 18), Column("办结用时中位数（天）", "number", 22),
    ]  # fmt: skip
    rows = [[str(one.month), one.until, one.came, one.settled, one.open, one.median] for one in found]
    told = "；".join(f"{title}：{words}" for title, words in DEFINITIONS)
    subtitle = f"填报单位：{lists.office_of(user)}　统计截至：{today}　{told}"
    return lists.workbook_response(
        table_workbook("欠薪线索办理趋势", subtitle, columns, rows), "欠薪线索办理趋势", today
    )


def _drawn(found: Sequence[MonthFigures]) -> tuple[list[Drawn], list[tuple[float, int]]]:
    """The months as bars and a line, and the marks of the axis as ``(y, value)``."""
    most = max([1, *(max(one.came, one.settled, one.open) for one in found)])
    step = max(-(-most // _STEPS), 1)
    top = step * _STEPS
    floor, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    slot = (_WIDTH - _LEFT) / max(len(found), 1)
    bar = round(slot * 0.32, 1)

    def high(value: int) -> float:
        return round(value / top * room, 1)

    columns = []
    for at, one in enumerate(found):
        middle = round(_LEFT + slot * (at + 0.5), 1)
        columns.append(
            Drawn(
                one, middle, round(middle - bar, 1), floor - high(one.came), high(one.came), middle,
                floor - high(one.settled), high(one.settled), floor - high(one.open), bar,
                f"{one.month.number}月",
                f"{one.month.year}年" if not at or one.month.number == 1 else "",
            )
        )  # fmt: skip
    return columns, [(floor - high(step * mark), step * mark) for mark in range(_STEPS + 1)]


def _finding(found: Sequence[MonthFigures]) -> str:
    """The drawing in one sentence."""
    came, settled = sum(one.came for one in found), sum(one.settled for one in found)
    last, before = found[-1], found[-2]
    moved = last.open - before.open
    way = f"比上月末{'多' if moved > 0 else '少'}{abs(moved)}条" if moved else "与上月末相同"
    return f"十二个月收到{came}条，销号{settled}条；现在还有{last.open}条没有销号，{way}"


def _region(request: HttpRequest) -> str:
    region = request.GET.get("region", "")
    return region if region.isdecimal() and len(region) <= 12 else ""
