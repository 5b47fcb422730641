"""日调度: what the task force looks at this morning, by body. Asked for a day, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence, Sized
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE
from anxin.accounts.models import User
from anxin.casework.access import given_to, visible_matters
from anxin.casework.models import Matter, OversightMark, Task
from anxin.casework.statuses import working_days_between
from anxin.enforcement.marks import MARKED, with_marks
from anxin.enforcement.models import Emergency, Mark
from anxin.enforcement.queries import emergencies
from anxin.law import Law
from anxin.monitoring import queries as warnings
from anxin.monitoring.models import Level, Warning, WarningEvent
from anxin.registry.models import Organisation

#: so many rows of each part on the page; the workbook has more
SHOWN = 200
#: red since so many days counts as new, so that nothing of the night before is lost
_NEW = dt.timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A task due today or gone by. ``late`` are working days, one at least where the day itself has gone by."""

    task: Task
    late: int


@dataclass(frozen=True)
class OfBody:
    """What waits for one body."""

    body: Organisation
    late: Sequence[Due]
    today: Sequence[Due]

    @property
    def rows(self) -> list[Due]:
        """What is late first."""
        return [*self.late, *self.today]


@dataclass(frozen=True)
class DayList:
    """The list of one day, as one person may see it."""

    on: dt.date
    emergencies: Sequence[Emergency]
    red: Sequence[Warning]
    bodies: Sequence[OfBody]
    key: Sequence[tuple[Matter, Sequence[str]]]
    #: parts of which there is more than is shown
    cut: Sequence[str]

    @property
    def late(self) -> int:
        return sum(len(one.late) for one in self.bodies)

    @property
    def today(self) -> int:
        return sum(len(one.today) for one in self.bodies)

    @property
    def nothing(self) -> bool:
        return not (self.emergencies or self.red or self.bodies or self.key)


def day_list(user: User, on: dt.date, *, law: Law, limit: int = SHOWN) -> DayList:
    """What is due, late, newly red, under a mark or going on; who helps sees what was given to them."""
    tasks = list(_tasks(user).filter(due_on__lte=on).order_by("due_on", "pk")[: limit + 1])
    red = list(_red(user, on)[: limit + 1])
    key = list(_key(user)[: limit + 1])
    going_on = list(emergencies(user).order_by("-pk")[: limit + 1])
    parts: dict[str, Sized] = {"待办": tasks, "红色预警": red, "重点事项": key, "紧急事件": going_on}
    return DayList(
        on=on,
        emergencies=going_on[:limit],
        red=red[:limit],
        bodies=_by_body(tasks[:limit], on, law),
        key=[(matter, reasons(matter)) for matter in key[:limit]],
        cut=[name for name, rows in parts.items() if len(rows) > limit],
    )


def reasons(matter: Matter) -> list[str]:
    """Why a matter of :func:`day_list` is a key one, in words."""
    found = []
    for name, title in MARKED.items():
        if who := getattr(matter, name, None):
            found.append(f"{title}（{who}）")
    if getattr(matter, "overseen", False):
        found.append("期限逾期督办")
    if getattr(matter, "discussed", False):
        found.append("会议议定")
    return found


def _tasks(user: User) -> QuerySet[Task]:
    """Of matters this person works on all but what only waits for others; of the rest what was given to
    their body."""
    handled, decided = (visible_matters(user, one).values("pk") for one in (HANDLE, DECIDE))
    mine = Q(matter__in=handled) | Q(matter__in=decided) | given_to(user, HANDLE)
    rows = Task.objects.filter(mine, state=Task.State.OPEN).exclude(kind=Task.Kind.WATCH)
    return rows.select_related("matter__region", "for_organisation", "for_user")


def _red(user: User, on: dt.date) -> QuerySet[Warning]:
    since = timezone.make_aware(dt.datetime.combine(on - _NEW, dt.time()))
    worsened = WarningEvent.objects.filter(
        warning=OuterRef("pk"), kind=WarningEvent.Kind.WORSENED, at__gte=since
    )
    rows = warnings.visible(user).filter(warnings.awake(on), level=Level.RED, advice=False)
    rows = rows.filter(Q(opened_on__range=(on - _NEW, on)) | Exists(worsened))
    rows = rows.exclude(state=Warning.State.CLEARED).select_related(
        "project__region", "project__responsible", "employer__region"
    )
    return rows.order_by("-opened_on", "-pk")


def _key(user: User) -> QuerySet[Matter]:
    """Open matters that somebody above looks at."""
    late = OversightMark.objects.filter(matter=OuterRef("pk"), settled_on__isnull=True)
    decided = Task.objects.filter(matter=OuterRef("pk"), kind=Task.Kind.DECISION, state=Task.State.OPEN)
    rows = visible_matters(user).filter(closed_on__isnull=True)
    rows = with_marks(rows).annotate(overseen=Exists(late), discussed=Exists(decided))
    marked = Mark.objects.filter(matter=OuterRef("pk"), ended_on__isnull=True)
    return rows.filter(Exists(marked) | Q(overseen=True) | Q(discussed=True)).order_by("next_due_on", "pk")


def _by_body(tasks: Sequence[Task], on: dt.date, law: Law) -> list[OfBody]:
    rows: dict[Organisation, tuple[list[Due], list[Due]]] = {}
    for task in tasks:
        late, today = rows.setdefault(task.for_organisation, ([], []))
        due = task.due_on or on
        if due < on:
            late.append(Due(task, max(working_days_between(due, on, law.calendar), 1)))
        else:
            today.append(Due(task, 0))
    return [OfBody(body, *rows[body]) for body in sorted(rows, key=lambda one: (one.name, one.pk))]
