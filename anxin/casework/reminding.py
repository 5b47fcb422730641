"""The reminder ladder: before, on and after the last day, each rung once to each person.

The rungs are working days from the parameter ``casework.reminder_ladder``. Whoever has to do the task is
told; once it is overdue, so is the leader. A rung that fell on a day without a run is made up for by the
next one, because what counts is the rung that has been reached, not the one of today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.accounts.models import User
from anxin.casework.models import Task
from anxin.casework.notifying import Colleagues, messages
from anxin.casework.statuses import working_days_between
from anxin.law import Law
from anxin.law.wording import day_text
from anxin.notices.services import Message, send_many

LADDER = "casework.reminder_ladder"
#: reminders look so far ahead at most; longer rungs make no sense as reminders
_FAR = dt.timedelta(days=60)
_BATCH = 1000


@dataclass(frozen=True)
class Ladder:
    """Working days before and after the last day; ``leader_after``: from when on leaders are told too."""

    before: tuple[int, ...]
    on_day: bool
    after: tuple[int, ...]
    leader_after: int

    @classmethod
    def of(cls, law: Law, on: dt.date, region: str) -> Ladder:
        value = law.value(LADDER, on, region).value
        return cls(
            tuple(sorted(value["before"])),
            bool(value["on_day"]),
            tuple(sorted(value["after"])),
            int(value["leader_after"]),
        )

    def rung(self, left: int, late: int) -> str:
        """The rung reached with so many working days left or gone: ``before3``, ``day``, ``after1``, or none."""
        if late:
            reached = [step for step in self.after if step <= late]
            return f"after{reached[-1]}" if reached else ""
        if not left:
            return "day" if self.on_day else ""
        reached = [step for step in self.before if step >= left]
        return f"before{reached[0]}" if reached else ""


def remind(on: dt.date, *, now: dt.datetime, law: Law) -> int:
    """Tell everybody what is due soon, today or over; returns how many notices were new."""
    tasks = (
        Task.objects.filter(state=Task.State.OPEN, due_on__lte=on + _FAR)
        .select_related(
            "matter__lead", "matter__handler", "matter__region", "deadline", "for_user", "for_organisation"
        )
        .order_by("pk")
    )
    colleagues, ladders = Colleagues(), _Ladders(law, on)
    told = 0
    batch: list[Message] = []
    for task in tasks.iterator(chunk_size=_BATCH):
        batch += _messages(task, on, law, ladders.of(task.matter.region_id), colleagues)
        if len(batch) >= _BATCH:
            told += len(send_many(batch, now=now))
            batch = []
    return told + len(send_many(batch, now=now))


class _Ladders:
    """One ladder per place, asked once."""

    def __init__(self, law: Law, on: dt.date) -> None:
        self._law, self._on = law, on
        self._known: dict[str, Ladder] = {}

    def of(self, region: str) -> Ladder:
        if region not in self._known:
            self._known[region] = Ladder.of(self._law, self._on, region)
        return self._known[region]


def _messages(task: Task, on: dt.date, law: Law, ladder: Ladder, colleagues: Colleagues) -> Sequence[Message]:
    due = task.due_on
    assert due is not None
    left = working_days_between(on, due, law.calendar) if due > on else 0
    late = max(working_days_between(due, on, law.calendar), 1) if due < on else 0
    if due > on and not left:
        left = 1  # only days off lie between: there is no working day to lose
    rung = ladder.rung(left, late)
    if not rung:
        return []
    people = {person.pk: person for person in colleagues.doing(task)}
    told = _say(task, list(people.values()), rung, left, late)
    if late and late >= ladder.leader_after:
        leaders = [person for person in colleagues.leading(task.matter) if person.pk not in people]
        told += _say(task, leaders, rung, left, late)
    return told


def _say(task: Task, people: Sequence[User], rung: str, left: int, late: int) -> list[Message]:
    assert task.due_on is not None
    matter = task.matter
    when = _standing(left, late)
    name = task.deadline.name if task.deadline else task.get_kind_display()
    basis = f"依据{task.deadline.basis}。" if task.deadline and task.deadline.basis else ""
    provisional = "（放假安排公布前暂定）" if task.deadline and task.deadline.provisional else ""
    return messages(
        people, matter, kind="task_overdue" if late else "task_due",
        title=f"{matter.number}{when}：{name}",
        body=f"{task.title}。期限至{day_text(task.due_on)}{provisional}，{when}。{basis}",
        once_key=f"task:{task.pk}:{task.due_on.isoformat()}:{rung}",
    )  # fmt: skip


def _standing(left: int, late: int) -> str:
    if late:
        return f"已逾期{late}个工作日"
    return f"还剩{left}个工作日" if left else "今日到期"
