"""Due dates with the way they were reached.

A :class:`Question` is counted in this order: the start (or the last restart), the length and its pauses,
the extensions from the nominal end, then the end day itself: moved to the next working day where the law
rolls over, left where it is read strictly.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from anxin.law.counting_rules import DAY_TYPES, Counting
from anxin.law.errors import BadQuestion, LawError
from anxin.law.wording import length_text
from anxin.law.words import word

#: nobody asks for a later day but by a slip of the keyboard; counting there would only take long
LAST_YEAR = 2100

if TYPE_CHECKING:
    from anxin.law.calendar import WorkCalendar
    from anxin.law.law import Law, Value


@dataclass(frozen=True)
class Pause:
    """A closed interval of days that are not counted."""

    first: dt.date
    last: dt.date
    reason: str = ""


@dataclass(frozen=True)
class Extension:
    """More time, in the unit of the extending provision."""

    amount: int
    approved_on: dt.date | None = None
    paper: str = ""


@dataclass(frozen=True)
class Restart:
    """The count begins anew from this day: papers completed, matter received from another body."""

    on: dt.date
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the way, as a Chinese sentence with the day it led to and its articles."""

    kind: str
    text: str
    on: dt.date | None = None
    basis: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked: a period, the day of the event that starts it, and what happened since."""

    key: str
    start: dt.date | dt.datetime
    region: str = ""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    restarts: tuple[Restart, ...] = ()
    #: which of several lengths, where a provision has more than one: its name or the word for it
    part: str = ""
    only_for: str = ""
    counterpart: str = ""

    @property
    def start_day(self) -> dt.date:
        return self.start.date() if isinstance(self.start, dt.datetime) else self.start


@dataclass(frozen=True)
class Deadline:
    """A due date that shows how it was reached.

    ``due`` is the last day (of a least period: its last day, after which ``act_from`` opens the next step);
    a moment only where hours were counted from a moment. ``nominal`` is the end before it was rolled over.
    """

    key: str
    name: str
    region: str
    start: dt.date | dt.datetime
    due: dt.date | dt.datetime
    nominal: dt.date
    unit: str
    length: int
    day_type: str
    bound: str
    backward: bool
    act_from: dt.date | None
    provisional: bool
    needs_check: bool
    steps: tuple[Step, ...]
    basis: tuple[str, ...]

    @property
    def due_day(self) -> dt.date:
        return self.due.date() if isinstance(self.due, dt.datetime) else self.due


@dataclass(frozen=True)
class Frame:
    """A question with what the law says about it."""

    question: Question
    value: Value
    counting: Counting
    length: int
    calendar: WorkCalendar
    pauses: tuple[tuple[dt.date, dt.date], ...]
    extending: Value | None

    @property
    def start(self) -> dt.date:
        restarts = self.question.restarts
        return max((restart.on for restart in restarts), default=self.question.start_day)


def frame(law: Law, question: Question) -> Frame:
    """Look up what the question needs. Raises a :class:`LawError` with a sentence for every misfit."""
    value = law.value(
        question.key,
        question.start_day,
        question.region,
        only_for=question.only_for,
        counterpart=question.counterpart,
    )
    counting = value.counting
    if counting is None or counting.bound == "range":
        raise BadQuestion(f"“{value.name}”不是可以计算到期日的期限，请核对键名。")
    _check_times(question, counting, value.name)
    return Frame(
        question=question,
        value=value,
        counting=counting,
        length=_length(value, question.part),
        calendar=law.calendar,
        pauses=tuple((pause.first, pause.last) for pause in question.pauses),
        extending=_extending(law, question, value, counting) if question.extensions else None,
    )


def parts_of(content: Any) -> dict[str, int]:
    """The lengths of a provision that has several, by name; empty where it has one."""
    if not isinstance(content, dict):
        return {}
    return {name: n for name, n in content.items() if isinstance(n, int) and not isinstance(n, bool)}


def _length(value: Value, part: str) -> int:
    content = value.value
    if isinstance(content, dict):
        parts = parts_of(content)
        part = next((name for name in parts if word(name) == part), part)
        if part not in parts:
            said = "、".join(word(name) for name in parts)
            raise BadQuestion(f"“{value.name}”分几种情形，请指明其中一种：{said}。")
        return parts[part]
    if part:
        raise BadQuestion(f"“{value.name}”只有一个期限，不分情形，请去掉“{word(part)}”。")
    if isinstance(content, bool) or not isinstance(content, int):
        raise BadQuestion(f"“{value.name}”不是可以计算到期日的期限，请核对键名。")
    return content


def refuse_far_days(question: Question) -> None:
    """Raises :class:`BadQuestion` for a day of a year that can only be a slip."""
    pauses = [day for pause in question.pauses for day in (pause.first, pause.last)]
    restarts = [restart.on for restart in question.restarts]
    for day in (question.start_day, *pauses, *restarts):
        if day.year > LAST_YEAR:
            raise BadQuestion(f"日期{day}太远，只计算到{LAST_YEAR}年，请核对年份。")


def _check_times(question: Question, counting: Counting, name: str) -> None:
    for pause in question.pauses:
        if pause.last < pause.first:
            raise BadQuestion(f"中止的结束日{pause.last}早于开始日{pause.first}，请核对。")
    ordered = sorted(question.pauses, key=lambda pause: pause.first)
    for earlier, later in pairwise(ordered):
        if later.first <= earlier.last:
            raise BadQuestion(
                f"两段中止重叠：{earlier.first}至{earlier.last}，{later.first}至{later.last}，请合并。"
            )
    if question.pauses and (counting.backward or counting.measure == "hour"):
        raise BadQuestion(f"“{name}”{'向前倒数' if counting.backward else '按小时连续计算'}，不能中止。")
    for restart in question.restarts:
        if restart.on < question.start_day:
            raise BadQuestion(f"重新起算日{restart.on}早于起算日{question.start_day}，请核对。")
    if question.restarts and counting.backward:
        raise BadQuestion(f"“{name}”向前倒数，不能重新起算。")
    if question.restarts and counting.measure == "hour" and isinstance(question.start, dt.datetime):
        raise BadQuestion(f"“{name}”按小时计算，重新起算的请直接填写新的起算时刻。")


def _extending(law: Law, question: Question, value: Value, counting: Counting) -> Value:
    """The provision that allows the extension; refuses more than it allows."""
    key = law.extension_of(question.key)
    if not key:
        raise BadQuestion(f"“{value.name}”没有可以延长的规定，不能延长。")
    extending = law.value(
        key,
        question.start_day,
        question.region,
        only_for=question.only_for,
        counterpart=question.counterpart,
    )
    rule = extending.counting
    if rule is None or not isinstance(extending.value, int):
        raise BadQuestion(f"“{extending.name}”没有可以计算的天数，不能延长。")
    allowed = extending.value
    if rule.mode == "total":
        if (rule.measure, rule.day_type) != (counting.measure, counting.day_type):
            raise BadQuestion(f"“{extending.name}”与原期限的单位不同，请人工核对后记录。")
        allowed -= _length(value, question.part)
    asked = sum(extension.amount for extension in question.extensions)
    if any(extension.amount < 1 for extension in question.extensions):
        raise BadQuestion("延长的长度应为正整数，请核对。")
    if asked > allowed:
        raise BadQuestion(
            f"“{value.name}”最多可延长{length_text(allowed, extending.unit)}（{extending.reference}），"
            f"不能延长{length_text(asked, extending.unit)}。"
        )
    return extending


def rule_reference(law: Law, key: str, on: dt.date) -> str:
    """The articles behind a general counting rule on a day; empty before it is recorded."""
    try:
        return law.value(f"period_counting.{key}", on).reference
    except LawError:
        return ""


def place_of(value: Value) -> str:
    """Where the number was found, for the reader: the province's own rule or the nation's."""
    return f"{value.region_name or value.region}规定" if value.region else "全国规定"


def unit_text(value: Value, counting: Counting) -> str:
    """``5日（按工作日计）`` needs saying only where the unit does not say it itself."""
    if value.unit == "日":
        return f"（按{DAY_TYPES[counting.day_type]}计）"
    return ""
