"""How the days by which a warning is to be dealt with were reached: one due date with its steps per line of the
table ``warning.act_within``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.law import Deadline, Law, LawError, Step, Value
from anxin.law.wording import day_text, passed_over, why_not_worked
from anxin.monitoring.models import Level, Warning

_KEY = "warning.act_within"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ActBy:
    """The due dates of one warning, the last of them its 处置期限. ``problem``: why they cannot be shown."""

    deadlines: tuple[Deadline, ...]
    reference: str
    #: it once stood at a day that the table would not give any more, and is never put off
    kept_earlier: bool
    problem: str = ""


def act_by(law: Law, warning: Warning) -> ActBy:
    """The steps of a warning's due dates, counted as when they were set. ``warning`` comes with its subject."""
    kept: Mapping[str, Any] = warning.explanation.get("act_by", {})
    start = dt.date.fromisoformat(kept["from"]) if kept.get("from") else warning.opened_on
    level = kept.get("level") or Level(warning.level).name.lower()
    region = warning.subject.region_id or ""
    try:
        table = law.value(_KEY, on=start, region=region)
    except LawError as problem:
        return ActBy((), "", False, str(problem))
    found = tuple(_deadline(law, table, entry, start) for entry in table.value[level])
    return ActBy(found, table.reference, bool(found) and found[-1].due_day != warning.act_by)


def _deadline(law: Law, table: Value, entry: Mapping[str, Any], start: dt.date) -> Deadline:
    """One line of the table. The day of the warning is not counted; natural days are not moved (as in grading)."""
    working = "working_days" in entry
    length = entry["working_days" if working else "natural_days"]
    if working:
        answer = law.calendar.add_working_days(start, length)
        due, provisional = answer.day, answer.provisional
    else:
        due, provisional = start + dt.timedelta(days=length), False
    steps = [
        Step("start", f"预警于{day_text(start)}发出（或者变重），当日不计入。", start),
        Step("count", _count_text(law, entry["what"], start, due, length, working), due, table.reference),
    ]
    if provisional:
        steps.append(Step("provisional", f"{due.year}年放假安排尚未公布，日期按周末和固定节日暂定。"))
    return Deadline(
        key=_KEY, name=entry["what"], region=table.region, start=start, due=due, nominal=due,
        unit="工作日" if working else "日", length=length, day_type="working" if working else "natural",
        bound="max", backward=False, act_from=None, provisional=provisional, needs_check=False,
        steps=tuple(steps), basis=(table.reference,),
    )  # fmt: skip


def _count_text(law: Law, what: str, start: dt.date, due: dt.date, length: int, working: bool) -> str:
    if working:
        between = passed_over(law.calendar, start + _ONE_DAY, due)
        tail = f"（{between}）" if between else ""
        return f"“{what}”限{length}个工作日：第{length}个工作日是{day_text(due)}{tail}。"
    rest = not law.calendar.presumed_workday(due)
    tail = f"（{why_not_worked(law.calendar, due)}，不顺延）" if rest else ""
    return f"“{what}”限{length}日，休息日计入，数到{day_text(due)}{tail}。"
