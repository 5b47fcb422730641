"""How a clock stands on a day. Asked, never stored: a day that passes changes it without anybody's doing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from anxin.casework.models import Deadline
from anxin.law import WorkCalendar

_ONE_DAY = dt.timedelta(days=1)


class Standing(Enum):
    """``value`` is what people read."""

    RUNNING = "进行中"
    DUE_TODAY = "今日到期"
    OVERDUE = "已逾期"
    PAUSED = "已中止"
    MET = "按期完成"
    MET_LATE = "逾期完成"
    #: a right that can no longer be used
    LAPSED = "已过期"
    #: a minimum period that is over
    PASSED = "期满"
    #: no longer counted: begun anew, or nothing can meet it any more
    ENDED = "不再计算"
    #: the law could not answer; ``Deadline.problem`` says why
    UNKNOWN = "无法计算"


@dataclass(frozen=True)
class Status:
    """``working_days``: still left (running), or gone since the last day (overdue, met late); else 0."""

    standing: Standing
    working_days: int = 0

    @property
    def words(self) -> str:
        """``还剩3个工作日``, ``已逾期2个工作日``, or the name of the standing."""
        if self.standing is Standing.RUNNING:
            return f"还剩{self.working_days}个工作日"
        if self.standing in (Standing.OVERDUE, Standing.MET_LATE):
            return f"{self.standing.value}{self.working_days}个工作日"
        return self.standing.value


def status(
    deadline: Deadline, on: dt.date, calendar: WorkCalendar, *, at: dt.datetime | None = None
) -> Status:
    """How it stands on a day; with ``at`` a limit in hours is judged by the moment."""
    if deadline.met_on is not None:
        return _met(deadline, calendar)
    if deadline.ended_on is not None:
        return Status(Standing.ENDED)
    if deadline.paused_since is not None:
        return Status(Standing.PAUSED)
    if deadline.due_on is None:
        return Status(Standing.UNKNOWN)
    late = at > deadline.due_at if at and deadline.due_at else on > deadline.due_on
    if late:
        return _after(deadline, on, calendar)
    if on == deadline.due_on:
        return Status(Standing.DUE_TODAY)
    return Status(Standing.RUNNING, working_days_between(on, deadline.due_on, calendar))


def working_days_between(after: dt.date, through: dt.date, calendar: WorkCalendar) -> int:
    """Working days later than ``after``, up to and with ``through``; presumed in years not yet published."""
    days = range(1, (through - after).days + 1)
    return sum(calendar.presumed_workday(after + number * _ONE_DAY) for number in days)


def _met(deadline: Deadline, calendar: WorkCalendar) -> Status:
    if deadline.due_on is None or deadline.met_on is None:
        return Status(Standing.MET)
    by_moment = deadline.due_at is not None and deadline.met_at is not None
    late = deadline.met_at > deadline.due_at if by_moment else deadline.met_on > deadline.due_on  # type: ignore[operator]
    if not late:
        return Status(Standing.MET)
    return Status(Standing.MET_LATE, working_days_between(deadline.due_on, deadline.met_on, calendar))


def _after(deadline: Deadline, on: dt.date, calendar: WorkCalendar) -> Status:
    if deadline.nature == Deadline.Nature.WAITING:
        return Status(Standing.PASSED)
    if deadline.nature == Deadline.Nature.RIGHT:
        return Status(Standing.LAPSED)
    assert deadline.due_on is not None
    return Status(Standing.OVERDUE, working_days_between(deadline.due_on, on, calendar))
