"""法规与期限 · 工作日历: years that are known, importing a notice, and the year as a calendar to look at."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.law import DayKind
from anxin.local_law import overlay, queries, services
from anxin.local_law.calendars import marks_of
from anxin.local_law.models import CalendarYear
from anxin.local_law.notice_checks import checks, counts
from anxin.local_law.notice_table import OFF, Mark
from anxin.web import clock, lists
from anxin.web.bureau.law_settings_forms import CalendarForm
from anxin.web.policy import page, user_of

_TEMPLATE = (
    ("元旦", "1月1日", "1月3日", "放假"),
    ("元旦", "1月4日", "", "上班"),
    ("春节", "", "", "放假"),
    ("清明节", "", "", "放假"),
    ("劳动节", "", "", "放假"),
    ("端午节", "", "", "放假"),
    ("中秋节", "", "", "放假"),
    ("国庆节", "", "", "放假"),
)


@dataclass(frozen=True)
class Cell:
    """One day in a month's grid: ``style`` is ``off``, ``work``, ``rest`` (weekend) or empty."""

    number: int
    style: str
    title: str


@dataclass(frozen=True)
class MonthGrid:
    """A month in weeks that begin on Monday; ``None`` is a day of another month."""

    title: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Year:
    """One year of the list: from the files or from a record."""

    year: int
    notice: str
    days_off: int
    make_up: int
    record: CalendarYear | None


@page(access.VIEW, access.LAW, methods=("GET", "POST"))
def calendars(request: HttpRequest) -> HttpResponse:
    """The years that are known and those that wait; the form to bring a notice."""
    user, today = user_of(request), clock.today()
    may_import = access.may(user, access.LAW)
    form = CalendarForm(
        request.POST or None,
        request.FILES or None,
        initial={"year": queries.current().calendar.published_through.year + 1},
    )
    if request.method == "POST":
        if not may_import:
            raise PermissionDenied
        if form.is_valid() and (done := _import(request, form)):
            return done
    context = {
        "tab": "calendars",
        "form": form,
        "years": _years(),
        "records": list(queries.calendar_years()[:50]),
        "today": today,
        "waiting": queries.waiting(),
        "may_import": may_import,
        "published_through": queries.current().calendar.published_through,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/law_settings_calendars.html", context, status=status)


@page(access.VIEW, access.LAW)
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with the columns that are understood."""
    columns = (
        Column("节日", "text", 12),
        Column("起", "text", 14),
        Column("止", "text", 14),
        Column("放假或上班", "text", 14),
    )
    data = table_workbook(
        "放假安排", "每段放假一行，每个调休上班日一行；止日留空表示当天。", columns, _TEMPLATE
    )
    return lists.workbook_response(data, "放假安排模板", clock.today())


def _import(request: HttpRequest, form: CalendarForm) -> HttpResponse | None:
    upload = form.cleaned_data["file"]
    before = CalendarYear.objects.count()
    try:
        record = services.import_calendar(
            data=upload.data,
            filename=upload.name,
            year=form.cleaned_data["year"],
            notice=form.cleaned_data["notice"],
            actor=access.actor(user_of(request)),
            now=clock.now(),
        )
    except Refused as refusal:
        form.refuse(str(refusal), refusal.field)
        return None
    if CalendarYear.objects.count() == before:
        messages.info(request, "这份安排已经导入过，没有重复记录。")
    else:
        messages.success(request, "已读入，请另一位同事对照通知原文确认；确认之前不参与计算。")
    return redirect("law-settings-record", sort="calendars", pk=record.pk)


def preview(record: CalendarYear) -> dict[str, Any]:
    """A year to look at: its months, counts, what agrees and what does not, and what would change."""
    marks = marks_of(record)
    shipped = overlay.shipped().calendar
    held = {} if record.year not in shipped.years else _held(record.year)
    changed = [mark for mark in marks if mark.day.year == record.year and held.get(mark.day) != mark.kind]
    lost = [day for day in held if day not in {mark.day for mark in marks}]
    return {
        "months": month_grids(record.year, marks),
        "counts": counts(marks),
        "checks": checks(record.year, marks),
        "outside": [mark for mark in marks if mark.day.year != record.year],
        "known_year": record.year in shipped.years,
        "differences": len(changed) + len(lost) if held else 0,
    }


def month_grids(year: int, marks: Sequence[Mark]) -> list[MonthGrid]:
    """Twelve months with the days off and the make-up days marked."""
    marked = {mark.day: mark for mark in marks}
    weeks_of = calendar.Calendar(firstweekday=0)
    return [
        MonthGrid(
            f"{month}月",
            [
                [_cell(dt.date(year, month, number), marked) if number else None for number in week]
                for week in weeks_of.monthdayscalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _cell(day: dt.date, marked: dict[dt.date, Mark]) -> Cell:
    mark = marked.get(day)
    if mark is None:
        return Cell(day.day, "rest" if day.weekday() >= 5 else "", "")
    words = "放假" if mark.kind == OFF else "上班"
    return Cell(day.day, mark.kind, f"{mark.festival}{words}")


def _held(year: int) -> dict[dt.date, str]:
    """What the files say of a year, as far as it is not an ordinary weekday or weekend."""
    law_calendar = overlay.shipped().calendar
    first = dt.date(year, 1, 1)
    kinds = {DayKind.HOLIDAY: OFF, DayKind.MAKE_UP: "work"}
    days = [first + dt.timedelta(days=number) for number in range((dt.date(year, 12, 31) - first).days + 1)]
    return {day: kinds[kind] for day in days if (kind := law_calendar.kind(day)) in kinds}


def _years() -> list[Year]:
    """The last years that count now, the newest first."""
    law_calendar = queries.current().calendar
    in_force = {one.year: one for one in queries.calendar_years() if one.is_in_force}
    found = []
    for year in sorted(law_calendar.years, reverse=True)[:6]:
        days = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(366)]
        kinds = [law_calendar.kind(day) for day in days if day.year == year]
        found.append(
            Year(
                year,
                law_calendar.notice(year),
                kinds.count(DayKind.HOLIDAY),
                kinds.count(DayKind.MAKE_UP),
                in_force.get(year),
            )
        )
    return found
