"""Working a question out, sentence by sentence. See :mod:`anxin.law.deadlines` for the order of steps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from anxin.law import counting as count
from anxin.law.deadlines import (
    Deadline,
    Frame,
    Pause,
    Question,
    Step,
    frame,
    place_of,
    refuse_far_days,
    rule_reference,
    unit_text,
)
from anxin.law.errors import BadQuestion
from anxin.law.wording import day_text, length_text, passed_over, why_not_worked

if TYPE_CHECKING:
    from anxin.law.counting_rules import Counting
    from anxin.law.law import Law, Value

_ONE_DAY = dt.timedelta(days=1)
#: the rule of a pay day: not a length, but a day moved earlier (支付条例 art. 14)
PAY_DAY = "advance_to_previous_working_day"


def reckon(law: Law, question: Question) -> Deadline:
    """The due date of a question, with its steps. Raises a :class:`LawError` that says what to do."""
    refuse_far_days(question)
    pay_rule = _pay_day_rule(law, question)
    if pay_rule is not None:
        return _pay_day(law, question, pay_rule)
    return _Reckoning(law, frame(law, question)).deadline()


class _Reckoning:
    """One question being worked out; collects the sentences and remembers whether it became provisional."""

    def __init__(self, law: Law, asked: Frame) -> None:
        self.law = law
        self.asked = asked
        self.value = asked.value
        self.counting = asked.counting
        self.steps: list[Step] = []
        self.provisional = False

    def deadline(self) -> Deadline:
        self.say_start()
        due: dt.date | dt.datetime
        if self.counting.measure == "hour":
            due = self.hours()
            nominal = due.date() if isinstance(due, dt.datetime) else due
        elif self.counting.backward:
            due = nominal = self.backward()
        else:
            end = self.end_of_length()
            nominal = self.extended(end)
            self.say_later_pauses(end, nominal)
            due = self.rolled(nominal)
        return self.answer(due, nominal)

    def say(self, kind: str, text: str, on: dt.date | None = None, basis: str = "") -> None:
        self.steps.append(Step(kind, text, on, basis))

    # the start

    def say_start(self) -> None:
        question, counting = self.asked.question, self.counting
        event = f"“{counting.starts_on}”" if counting.starts_on else ""
        if counting.backward:
            text = f"{event or '事件'}为{day_text(question.start_day)}，当日不计入，向前倒数。"
        elif counting.start_day_counted:
            text = f"起算日{event}为{day_text(question.start_day)}，当日计入。"
        elif counting.measure == "hour":
            text = f"起算{event}为{_moment(question.start)}，连续计算，夜间和休息日照算。"
        else:
            text = f"起算日{event}为{day_text(question.start_day)}，当日不计入。"
        on = question.start_day
        self.say("start", text, on, self.counting_basis(on))
        for restart in sorted(question.restarts, key=lambda item: item.on):
            why = restart.reason or "重新计算事由"
            self.say(
                "restart", f"因{why}，自{day_text(restart.on)}起重新计算，此前的日子不再计入。", restart.on
            )

    def counting_basis(self, on: dt.date) -> str:
        if self.counting.measure == "hour":
            return rule_reference(self.law, "hours_run_from", on)
        if self.counting.start_day_counted:
            return self.value.reference
        return rule_reference(self.law, "first_day_excluded", on)

    # the length

    def end_of_length(self) -> dt.date:
        length, counting = self.asked.length, self.counting
        # The n-th day of a count that takes in its first day is the n-th after the day before.
        before = self.asked.start - _ONE_DAY if counting.start_day_counted and length else self.asked.start
        if counting.measure in ("month", "year"):
            end = self.months(self.asked.start, before, length * (12 if counting.measure == "year" else 1))
        else:
            end = self.days(before, length, counting.day_type)
        self.say("count", self.count_text(before, end), end, self.value.reference)
        self.say_month_end(self.asked.start, end)
        self.say_pauses(before, end)
        return end

    def months(self, start: dt.date, before: dt.date, number: int) -> dt.date:
        """``number`` months from ``start``, which belongs to them where ``before`` is the day before it."""
        end = count.months(start, number) if before == start else count.months_with_start(start, number)
        return count.make_up(before, end, self.asked.pauses)

    def days(self, before: dt.date, number: int, day_type: str) -> dt.date:
        """The ``number``-th day of its kind after ``before``."""
        if day_type == "natural":
            return count.natural_days(before, number, self.asked.pauses)
        if number > count.LONGEST_WORKING_DAYS:
            raise BadQuestion(f"“{self.value.name}”的长度超出可以计算的范围。")
        counted = count.working_days(self.asked.calendar, before, number, self.asked.pauses)
        self.provisional = self.provisional or counted.provisional
        return counted.day

    def count_text(self, start: dt.date, end: dt.date) -> str:
        value, counting = self.value, self.counting
        length = length_text(self.asked.length, value.unit) + unit_text(value, counting)
        shortest = "最短期间" if counting.bound == "min" else "期限"
        text = f"{place_of(value)}{shortest}为{length}"
        if not self.asked.length:
            return f"{text}，即当日{day_text(end)}。"
        if counting.day_type != "working":
            return f"{text}，数到{day_text(end)}。"
        first = count.working_days(self.asked.calendar, start, 1, self.asked.pauses).day
        between = passed_over(self.asked.calendar, start + _ONE_DAY, end, self.asked.pauses)
        return (
            f"{text}：第1个工作日是{day_text(first)}，第{self.asked.length}个工作日是{day_text(end)}"
            + (f"（{between}）" if between else "")
            + "。"
        )

    def say_month_end(self, start: dt.date, end: dt.date) -> None:
        if self.counting.measure not in ("month", "year") or self.asked.pauses:
            return
        basis = rule_reference(self.law, "month_year_end_rule", start)
        if self.counting.start_day_counted:
            self.say("month_end", "起算日计入，到期月对应日的前一日期满。", end, basis)
        elif end.day == start.day:
            self.say("month_end", "按月、年计算的，到期月的对应日为最后一日。", end, basis)
        else:
            self.say("month_end", f"到期月没有{start.day}日，以月末日为最后一日。", end, basis)

    def say_pauses(self, before: dt.date, end: dt.date) -> None:
        """Which pauses the length meets; those after it are told once it is known what was extended."""
        for pause in self.paused():
            if pause.last <= before:
                self.say("pause", f"{_span(pause)}在起算之前，不影响到期日。", pause.first)
            elif pause.first <= end:
                self.say("pause", f"{_span(pause)}，其间不计入期限。", pause.first)

    def say_later_pauses(self, end: dt.date, last: dt.date) -> None:
        """The pauses after the length's own ``end``: inside what was added, up to ``last``, or after all."""
        for pause in self.paused():
            if end < pause.first <= last:
                self.say("pause", f"{_span(pause)}，其间不计入延长的时间。", pause.first)
            elif pause.first > last:
                self.say("pause", f"{_span(pause)}在届满之后，不影响到期日。", pause.first)

    def paused(self) -> list[Pause]:
        return sorted(self.asked.question.pauses, key=lambda item: item.first)

    # extensions

    def extended(self, end: dt.date) -> dt.date:
        extending = self.asked.extending
        if extending is None or extending.counting is None:
            return end
        last_day = self.rolled(end, silent=True)
        for extension in self.asked.question.extensions:
            if extension.approved_on and extension.approved_on > last_day:
                raise BadQuestion(
                    f"延长须在原期限届满（{last_day}）之前批准，{extension.approved_on}批准已经过期。"
                )
            end = self.added(end, extension.amount, extending.counting)
            last_day = self.rolled(end, silent=True)
            self.say("extend", _extension_text(extension.amount, extension.paper, extending, end), end,
                     extending.reference)  # fmt: skip
        return end

    def added(self, end: dt.date, amount: int, rule: Counting) -> dt.date:
        """More time after a nominal end, which is not counted a second time."""
        if rule.measure in ("month", "year"):
            return self.months(end, end, amount * (12 if rule.measure == "year" else 1))
        return self.days(end, amount, rule.day_type)

    # the end

    def rolled(self, nominal: dt.date, *, silent: bool = False) -> dt.date:
        counting = self.counting
        if counting.day_type != "natural" or not self.asked.length:
            return nominal
        if not counting.rolls:
            if not silent:
                self.say_not_rolled(nominal)
            return nominal
        answer = count.roll_forward(self.asked.calendar, nominal)
        if silent:
            return answer.day
        self.provisional = self.provisional or answer.provisional
        if answer.day != nominal:
            why = why_not_worked(self.asked.calendar, nominal)
            text = f"最后一日{day_text(nominal)}是{why}，顺延到其后第一个工作日{day_text(answer.day)}。"
            basis = rule_reference(self.law, "last_day_rolls_forward", nominal)
            self.say("roll", text, answer.day, basis)
        return answer.day

    def say_not_rolled(self, nominal: dt.date) -> None:
        if self.counting.strict:
            self.say("strict", "本期限从严掌握，末日是休息日也不顺延，宜提前办理。", nominal)
        elif self.counting.bound == "max" and not self.presumably_worked(nominal):
            self.say("strict", "本期限末日是休息日也不顺延。", nominal)

    def presumably_worked(self, day: dt.date) -> bool:
        calendar = self.asked.calendar
        return day < calendar.published_from or calendar.presumed_workday(day)

    # hours, and backwards

    def hours(self) -> dt.date | dt.datetime:
        start, length = self.asked.question.start, self.asked.length
        if isinstance(start, dt.datetime):
            end = start + dt.timedelta(hours=length)
            self.say("count", f"{place_of(self.value)}期限为{length}小时，到{_moment(end)}。", end.date(),
                     self.value.reference)  # fmt: skip
            return end
        midnight = dt.datetime.combine(self.asked.start, dt.time())
        end_day = (midnight + dt.timedelta(hours=length)).date()
        text = (
            f"{place_of(self.value)}期限为{length}小时；没有写明起算的时刻，只能定到日，为{day_text(end_day)}，"
            "写明时刻可以定到时。"
        )
        self.say("count", text, end_day, self.value.reference)
        return end_day

    def backward(self) -> dt.date:
        event, length, counting = self.asked.start, self.asked.length, self.counting
        if counting.measure in ("month", "year"):
            day = count.months(event, -length * (12 if counting.measure == "year" else 1))
        elif counting.day_type == "natural":
            day = event - length * _ONE_DAY
        else:
            answer = count.working_days(self.asked.calendar, event, length, step=-1)
            self.provisional = self.provisional or answer.provisional
            day = answer.day
        text = (
            f"{place_of(self.value)}为{length_text(length, self.value.unit)}{unit_text(self.value, counting)}"
        )
        if counting.day_type == "working":
            between = passed_over(self.asked.calendar, day, event - _ONE_DAY)
            text += f"，向前第{length}个工作日是{day_text(day)}" + (f"（{between}）" if between else "")
        else:
            text += f"，向前数到{day_text(day)}"
        last = "，为最迟日" if self.value.parameter_type == "deadline" else "，自该日起计"
        self.say("count", f"{text}{last}。", day, self.value.reference)
        return day

    # the answer

    def answer(self, due: dt.date | dt.datetime, nominal: dt.date) -> Deadline:
        act_from = None
        if self.counting.bound == "min" and not self.counting.backward and not isinstance(due, dt.datetime):
            act_from = due + _ONE_DAY
            self.say("act_from", f"期间届满后，自{day_text(act_from)}起方可进行下一步。", act_from)
        if self.provisional:
            self.say("provisional", _provisional_text(self.asked.calendar.published_through.year))
        if self.value.needs_check:
            self.say("needs_check", "该数值待核，经本单位确认前不得作为法律依据，日期仅供参考。")
        return _answer(self.asked, tuple(self.steps), due, nominal, act_from, self.provisional)


def _answer(
    asked: Frame,
    steps: tuple[Step, ...],
    due: dt.date | dt.datetime,
    nominal: dt.date,
    act_from: dt.date | None,
    provisional: bool,
) -> Deadline:
    extending = asked.extending
    return Deadline(
        key=asked.value.key,
        name=asked.value.name,
        region=asked.value.region,
        start=asked.question.start,
        due=due,
        nominal=nominal,
        unit=asked.value.unit,
        length=asked.length,
        day_type=asked.counting.day_type,
        bound=asked.counting.bound,
        backward=asked.counting.backward,
        act_from=act_from,
        provisional=provisional,
        needs_check=asked.value.needs_check or (extending is not None and extending.needs_check),
        steps=steps,
        basis=tuple(dict.fromkeys(step.basis for step in steps if step.basis)),
    )


def _pay_day_rule(law: Law, question: Question) -> Value | None:
    value = law.value(
        question.key,
        question.start_day,
        question.region,
        only_for=question.only_for,
        counterpart=question.counterpart,
    )
    return value if value.value == PAY_DAY else None


def _pay_day(law: Law, question: Question, value: Value) -> Deadline:
    """A pay day moves earlier, to the last working day before the days off."""
    if question.pauses or question.extensions or question.restarts:
        raise BadQuestion("发薪日不能中止、延长或重新起算，请去掉这些内容。")
    start = question.start_day
    if start < law.calendar.published_from:
        law.calendar.is_workday(start)
    answer = law.calendar.previous_workday_on_or_before(start)
    steps = [Step("start", f"约定发薪日为{day_text(start)}。", start)]
    if answer.day == start:
        steps.append(Step("count", "当日是工作日，按时发放。", start, value.reference))
    else:
        why = why_not_worked(law.calendar, start)
        text = f"当日是{why}，提前到之前最近的工作日{day_text(answer.day)}发放。"
        steps.append(Step("advance", text, answer.day, value.reference))
    if answer.provisional:
        steps.append(Step("provisional", _provisional_text(law.calendar.published_through.year)))
    return Deadline(
        key=value.key, name=value.name, region=value.region, start=question.start, due=answer.day,
        nominal=start, unit=value.unit, length=0, day_type="working", bound="max", backward=False,
        act_from=None, provisional=answer.provisional, needs_check=value.needs_check, steps=tuple(steps),
        basis=(value.reference,),
    )  # fmt: skip


def _span(pause: Pause) -> str:
    why = f"（{pause.reason}）" if pause.reason else ""
    return f"{day_text(pause.first)}至{day_text(pause.last)}中止{why}"


def _extension_text(amount: int, paper: str, extending: Value, end: dt.date) -> str:
    by = f"（{paper}）" if paper else ""
    return f"经批准{by}延长{length_text(amount, extending.unit)}，从原期限的最后一日（顺延之前）接着数，到{day_text(end)}。"


def _provisional_text(year: int) -> str:
    return f"{year + 1}年及以后的放假安排尚未公布，日期按周末和固定日期的节日暂定，没有计入春节、清明、端午、中秋，公布后自动重算。"


def _moment(moment: dt.date | dt.datetime) -> str:
    if isinstance(moment, dt.datetime):
        return f"{day_text(moment.date())}{moment:%H:%M}"
    return day_text(moment)
