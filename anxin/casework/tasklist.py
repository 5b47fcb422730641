"""我的待办: everything with a due day that waits for one person, overdue first, in one list.

Tasks of matters and warnings come from two tables; each is read by key, one page of it, and the pages are
merged. Whatever has no due day comes last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from anxin.accounts.access import DECIDE, HANDLE
from anxin.accounts.models import User
from anxin.casework.access import given_to, visible_matters
from anxin.casework.models import Task
from anxin.casework.statuses import working_days_between
from anxin.law import Law
from anxin.monitoring import queries as warnings
from anxin.monitoring.models import Warning
from anxin.monitoring.sections import SECTIONS, section_of

PAGE = 50
_FAR = dt.date(9999, 12, 31)
#: what a row is, in words: the kinds of tasks of matters, and warnings
KINDS: dict[str, str] = {**{kind.value: kind.label for kind in Task.Kind}, "warning": "预警处置"}
_WEEK = dt.timedelta(days=7)
#: order of the sources where due days are equal
_MATTER, _WARNING = "1", "2"


@dataclass(frozen=True)
class TaskRow:
    """One line of the list. ``link_kind`` is ``matter`` or ``warning``, ``link_id`` its key.

    ``overdue_days`` are working days. ``steps_ref`` is the deadline whose steps show how the day was reached;
    ``None`` for warnings, which keep theirs in their explanation.
    """

    kind: str
    title: str
    link_kind: str
    link_id: int
    due: dt.date | None
    overdue_days: int
    clock: str
    citation: str
    steps_ref: int | None
    provisional: bool = False
    #: its clock stands still: nobody knows the due day yet
    paused: bool = False
    not_before: dt.date | None = None
    number: str = ""
    #: the matter's title
    about: str = ""
    where: str = ""
    #: of a warning: 工资风险, 制度缺失 or 造假线索, which nobody should have to tell apart by the sentence
    family: str = ""
    #: whether it is mine by name, or my body's
    mine: bool = True
    #: a sign to look into: its day is a suggestion, and never gone by
    advice: bool = False


@dataclass(frozen=True)
class TaskFilters:
    """What the list shows. Empty means "all"; the names are those of the address bar."""

    #: ``mine``: by name; ``office``: of my body, and nobody has taken it
    whose: str = ""
    #: ``overdue``, ``today``, or ``week``: within seven days from now, overdue left out
    due: str = ""
    #: a key of :data:`KINDS`
    kind: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> TaskFilters:
        """From the address; what makes no sense there counts as empty."""
        known = {"whose": ("mine", "office"), "due": ("overdue", "today", "week"), "kind": tuple(KINDS)}
        return cls(**{name: query.get(name, "") for name in known if query.get(name, "") in known[name]})


@dataclass(frozen=True)
class TaskPage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last."""

    items: list[TaskRow]
    next_after: str | None


@dataclass(frozen=True)
class TaskCounts:
    """The numbers beside 我的待办."""

    all: int
    overdue: int
    due_today: int


@dataclass(frozen=True)
class _Found:
    """A row with the key it is sorted by."""

    due: dt.date
    source: str
    pk: int
    make: Callable[[], TaskRow]

    @property
    def key(self) -> tuple[dt.date, str, int]:
        return self.due, self.source, self.pk


def my_tasks(
    user: User,
    on: dt.date,
    *,
    law: Law,
    filters: TaskFilters = TaskFilters(),
    after: str = "",
    limit: int = PAGE,
) -> TaskPage:
    """One page of what waits for this person, soonest due first; four queries however long the list."""
    start = _cursor(after)
    tasks, below = _filtered(_tasks(user), _warnings(user, on), filters, on)
    found = [
        *_page(tasks, "due_on", _MATTER, start, limit, lambda task: _task_row(task, on, law)),
        *_page(below, "act_by", _WARNING, start, limit, lambda row: _warning_row(row, on, law)),
    ]
    found.sort(key=lambda row: row.key)
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    cursor = f"{last.due.isoformat()}_{last.source}_{last.pk}" if last else None
    return TaskPage([row.make() for row in shown], cursor)


def task_counts(user: User, on: dt.date) -> TaskCounts:
    """How much waits for this person; two queries."""
    mine, below = _tasks(user), _warnings(user, on)
    numbers = [
        rows.aggregate(
            all=_count(Q()),
            overdue=_count(Q(**{f"{field}__lt": on}) & late),
            due_today=_count(Q(**{field: on}) & late),
        )
        for rows, field, late in ((mine, "due_on", Q()), (below, "act_by", Q(advice=False)))
    ]
    return TaskCounts(
        **{name: sum(part[name] for part in numbers) for name in ("all", "overdue", "due_today")}
    )


def _filtered(
    tasks: QuerySet[Task], below: QuerySet[Warning], filters: TaskFilters, on: dt.date
) -> tuple[QuerySet[Task], QuerySet[Warning]]:
    """Both sources narrowed. A warning in the list is always mine by name."""
    tasks = tasks.filter(_due(filters.due, "due_on", on))
    below = below.filter(_due(filters.due, "act_by", on) & _may_be_late(filters.due))
    if filters.whose:
        by_name = Q(for_user__is_active=True)
        tasks = tasks.filter(by_name if filters.whose == "mine" else ~by_name)
    if filters.whose == "office" or filters.kind not in ("", "warning"):
        below = below.none()
    if filters.kind:
        tasks = tasks.filter(kind=filters.kind)
    return tasks, below


def _due(due: str, field: str, on: dt.date) -> Q:
    conditions = {
        "overdue": Q(**{f"{field}__lt": on}),
        "today": Q(**{field: on}),
        "week": Q(**{f"{field}__gte": on, f"{field}__lte": on + _WEEK}),
    }
    return conditions.get(due, Q())


def _may_be_late(due: str) -> Q:
    """Signs have no day to miss: they are in the whole list and among those of the week only."""
    return Q(advice=False) if due in ("overdue", "today") else Q()


def _count(condition: Q) -> Any:
    return Count("pk", filter=condition) if condition else Count("pk")


def _tasks(user: User) -> QuerySet[Task]:
    """Mine by name, and those of my body that nobody has (or that only a closed account has); a leader's
    own only for leaders; what was given to a body, for whoever works there."""
    handled, decided = visible_matters(user, HANDLE), visible_matters(user, DECIDE)
    by_name = Q(for_user=user, for_leader=False) & Q(matter__in=handled.values("pk"))
    nobody = Q(for_user__isnull=True) | Q(for_user__is_active=False)
    of_body = nobody & Q(for_leader=False, matter__in=handled.values("pk"))
    of_leader = Q(for_leader=True, matter__in=decided.values("pk"))
    of_procedure = (by_name | of_body | of_leader) & ~Q(kind=Task.Kind.DECISION)
    return Task.objects.filter(of_procedure | given_to(user, HANDLE), state=Task.State.OPEN).select_related(
        "matter__region", "deadline", "for_user"
    )


def _warnings(user: User, on: dt.date) -> QuerySet[Warning]:
    """Warnings assigned to me that are neither cleared nor muted."""
    return (
        warnings.visible(user)
        .filter(warnings.awake(on), assigned_to=user)
        .exclude(state=Warning.State.CLEARED)
        .select_related("project__region", "employer__region")
    )


def _page(
    rows: QuerySet[Any],
    field: str,
    source: str,
    start: tuple[dt.date, str, int] | None,
    limit: int,
    make: Callable[[Any], TaskRow],
) -> list[_Found]:
    rows = rows.annotate(due_key=Coalesce(F(field), Value(_FAR)))
    if start is not None:
        day, last_source, pk = start
        same_day = Q(due_key=day)
        if source == last_source:
            rows = rows.filter(Q(due_key__gt=day) | (same_day & Q(pk__gt=pk)))
        elif source > last_source:
            rows = rows.filter(due_key__gte=day)
        else:
            rows = rows.filter(due_key__gt=day)
    found = rows.order_by("due_key", "pk")[: limit + 1]
    return [_Found(row.due_key, source, row.pk, lambda row=row: make(row)) for row in found]  # type: ignore[misc]


def _task_row(task: Task, on: dt.date, law: Law) -> TaskRow:
    deadline = task.deadline
    return TaskRow(
        kind=task.kind,
        title=task.title,
        link_kind="matter",
        link_id=task.matter_id,
        due=task.due_on,
        overdue_days=_overdue(task.due_on, on, law),
        clock=deadline.name if deadline else "",
        citation=deadline.basis if deadline else "",
        steps_ref=deadline.pk if deadline else None,
        provisional=deadline.provisional if deadline and task.due_on else False,
        paused=deadline is not None and deadline.paused_since is not None,
        not_before=task.not_before,
        number=task.matter.number,
        about=task.matter.title,
        where=task.matter.region.name,
        mine=task.for_user is not None and task.for_user.is_active,
    )


def _warning_row(warning: Warning, on: dt.date, law: Law) -> TaskRow:
    reference = (warning.explanation or {}).get("act_by", {}).get("reference", "")
    return TaskRow(
        kind="warning",
        title=warning.sentence,
        link_kind="warning",
        link_id=warning.pk,
        due=warning.act_by,
        overdue_days=0 if warning.advice else _overdue(warning.act_by, on, law),
        clock="建议核实日期" if warning.advice else "预警处置期限",
        citation=reference,
        steps_ref=None,
        provisional=warning.act_by_provisional,
        number=str(warning.pk),
        where=warning.region.name if warning.region else "",
        family=SECTIONS[section_of(warning)],
        advice=warning.advice,
    )


def _overdue(due: dt.date | None, on: dt.date, law: Law) -> int:
    """Working days since the last day; one at least where the day itself has gone by."""
    if due is None or due >= on:
        return 0
    return max(working_days_between(due, on, law.calendar), 1)


def _cursor(after: str) -> tuple[dt.date, str, int] | None:
    """``2026-11-20_1_123``; nonsense counts as "from the beginning"."""
    parts = after.split("_")
    try:
        day, source, pk = parts
        return dt.date.fromisoformat(day), source, int(pk)
    except ValueError:
        return None
