"""Chinese sentences about days: how a due date is told to a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from anxin.law.calendar import DayKind, WorkCalendar

_WEEKDAYS = "一二三四五六日"
_ONE_DAY = dt.timedelta(days=1)


def day_text(day: dt.date) -> str:
    """``2026年10月9日（星期五）``."""
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def short_day(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def length_text(length: int, unit: str) -> str:
    """``5个工作日``, ``45日``, ``6个月``, ``2年``, ``24小时``."""
    return f"{length}{unit if unit in ('日', '小时', '个月', '年') else '个' + unit}"


def why_not_worked(calendar: WorkCalendar, day: dt.date) -> str:
    """``国庆节放假（国办发明电〔2025〕7号）`` or ``周末``."""
    if calendar.kind(day) is DayKind.HOLIDAY:
        notice = calendar.notice(day.year)
        return f"{calendar.festival(day)}放假" + (f"（{notice}）" if notice else "")
    return "周末" if day.weekday() >= 5 else "法定节假日"


def passed_over(
    calendar: WorkCalendar, first: dt.date, last: dt.date, pauses: Sequence[tuple[dt.date, dt.date]] = ()
) -> str:
    """What lies between two days that is no ordinary week: festivals left out, make-up days counted."""
    days = [day for day in _days(first, last) if not any(begin <= day <= end for begin, end in pauses)]
    parts = [f"{festival}放假{_range(start, end)}不计" for festival, start, end in _festivals(calendar, days)]
    made_up = [short_day(day) for day in days if calendar.kind(day) is DayKind.MAKE_UP]
    if made_up:
        parts.append(f"{'、'.join(made_up)}调休上班计入")
    if any(calendar.kind(day) is DayKind.WEEKEND for day in days):
        parts.append("周末不计")
    return "；".join(parts)


def _festivals(calendar: WorkCalendar, days: Sequence[dt.date]) -> list[tuple[str, dt.date, dt.date]]:
    runs: list[tuple[str, dt.date, dt.date]] = []
    for day in days:
        if calendar.kind(day) is not DayKind.HOLIDAY:
            continue
        festival = calendar.festival(day)
        if runs and runs[-1][0] == festival and runs[-1][2] == day - _ONE_DAY:
            runs[-1] = (festival, runs[-1][1], day)
        else:
            runs.append((festival, day, day))
    return runs


def _range(first: dt.date, last: dt.date) -> str:
    return short_day(first) if first == last else f"{short_day(first)}至{short_day(last)}"


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + n * _ONE_DAY for n in range((last - first).days + 1)]
