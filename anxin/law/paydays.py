"""When wages of a month are due: the agreed day, moved earlier where it is a day off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.kernel.days import day_words
from anxin.kernel.months import Month
from anxin.law.calendar import WorkCalendar
from anxin.law.wording import why_not_worked


@dataclass(frozen=True)
class DueDate:
    """The due day with the way it was reached."""

    due: dt.date
    nominal: dt.date
    moved: bool
    provisional: bool
    steps: tuple[str, ...]
    #: the first of the steps: which day the agreement means in that month
    agreement: tuple[str, ...] = ()


def pay_day(month: Month, day_of_month: int, offset: int, calendar: WorkCalendar) -> DueDate:
    """When wages of ``month`` are due: ``day_of_month`` of the month ``offset`` months later.

    A month without that day takes its last day. A day off moves the due day to the last working day
    before it (保障农民工工资支付条例 art. 14). Raises ``ValueError`` for a day outside 1 to 31.
    """
    if not 1 <= day_of_month <= 31:
        raise ValueError(f"发薪日“{day_of_month}”不对，应为1至31。")
    payable = month.plus(offset)
    nominal = payable.day(day_of_month)
    steps = [f"约定发薪日为{_when(offset)}{day_of_month}日，{month.chinese()}工资对应{day_words(nominal)}。"]
    if nominal.day != day_of_month:
        steps.append(f"{payable.chinese()}没有{day_of_month}日，取当月最后一日。")
    agreement = tuple(steps)
    answer = calendar.previous_workday_on_or_before(nominal)
    if answer.day != nominal:
        steps.append(
            f"{day_words(nominal)}是{why_not_worked(calendar, nominal)}，提前到之前最近的工作日{day_words(answer.day)}。"
        )
    if answer.provisional:
        steps.append(f"{nominal.year}年放假安排尚未公布，日期按周末和固定节日暂定，公布后以公布为准。")
    return DueDate(answer.day, nominal, answer.day != nominal, answer.provisional, tuple(steps), agreement)


def _when(offset: int) -> str:
    return {0: "当月", 1: "次月"}.get(offset, f"{offset}个月后")
