"""What people read about joint work: meetings, and what was given to whom. A constant number of queries each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from anxin.accounts.access import DECIDE, HANDLE
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matters, works_for
from anxin.casework.models import Matter, OversightMark, Task
from anxin.enforcement.access import may_lead, visible_meeting, visible_meetings
from anxin.enforcement.marks import with_marks
from anxin.enforcement.models import AgendaItem, Decision, Meeting
from anxin.kernel.paging import day_cursor

__all__ = [
    "BESIDE",
    "Given",
    "MeetingPage",
    "MeetingTold",
    "given",
    "meeting_page",
    "meeting_told",
    "offered",
    "to_come",
    "visible_meeting",
    "with_joint_case",
]

PAGE = 40
#: matters offered for an agenda
_OFFERED = 40
#: what is read with the tasks of a matter
BESIDE = ("decision__meeting",)


@dataclass(frozen=True)
class MeetingPage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last."""

    items: list[Meeting]
    next_after: str | None


@dataclass(frozen=True)
class MeetingTold:
    """A meeting as one person may see it: of the agenda only the matters within reach."""

    meeting: Meeting
    agenda: Sequence[AgendaItem]
    decisions: Sequence[Decision]
    #: whether all of its agenda is within reach; the minutes may speak of any of it
    whole: bool
    leads: bool


@dataclass(frozen=True)
class Given:
    """A task given to a body, as one person sees it."""

    task: Task
    #: the meeting it was decided in, where it was
    meeting: Meeting | None
    may_finish: bool


def meeting_page(user: User, *, after: str = "", limit: int = PAGE) -> MeetingPage:
    """One page of the meetings this person sees, the latest first."""
    rows = visible_meetings(user)
    start = day_cursor(after)
    if start is not None:
        on, pk = start
        rows = rows.filter(Q(on__lt=on) | Q(on=on, pk__lt=pk))
    items = list(rows.order_by("-on", "-pk")[: limit + 1])
    last = items[limit - 1] if len(items) > limit else None
    return MeetingPage(items[:limit], f"{last.on.isoformat()}_{last.pk}" if last else None)


def meeting_told(user: User, meeting: Meeting) -> MeetingTold:
    """The meeting's page; the caller has found it within this person's scope."""
    seen = set(visible_matters(user).filter(agenda_items__meeting=meeting).values_list("pk", flat=True))
    items = list(meeting.agenda.select_related("matter__lead", "matter__region").order_by("pk"))
    decisions = meeting.decisions.select_related("matter", "task__for_organisation").order_by("pk")
    leads = may_lead(user, meeting)
    return MeetingTold(
        meeting=meeting,
        agenda=[item for item in items if item.matter_id in seen],
        decisions=[one for one in decisions if one.matter_id in seen],
        whole=all(item.matter_id in seen for item in items),
        leads=leads,
    )


def offered(user: User, meeting: Meeting, text: str = "") -> list[Matter]:
    """Open matters for the agenda: those under oversight and those soonest due first, or those that hold the text."""
    rows = visible_matters(user).filter(closed_on__isnull=True).exclude(agenda_items__meeting=meeting)
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(project__name__icontains=text)
        )
    overseen = OversightMark.objects.filter(settled_on__isnull=True).values("matter")
    rows = rows.annotate(overseen=Q(pk__in=overseen))
    return list(rows.order_by("-overseen", F("next_due_on").asc(nulls_last=True), "-pk")[:_OFFERED])


def with_joint_case(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters with what their page shows of joint work, in the same query: the emergency each was opened for,
    the meeting it waits for (``meeting_id``, ``meeting_title``, ``meeting_on``), and its marks."""
    item = AgendaItem.objects.filter(matter=OuterRef("pk"), meeting__held_at__isnull=True)
    item = item.order_by("meeting__on", "pk")
    return (
        with_marks(rows)
        .select_related("emergency")
        .annotate(
            meeting_id=Subquery(item.values("meeting")[:1]),
            meeting_title=Subquery(item.values("meeting__title")[:1]),
            meeting_on=Subquery(item.values("meeting__on")[:1]),
        )
    )


def given(user: User, matter: Matter, tasks: Sequence[Task]) -> list[Given]:
    """The tasks given in a matter, read with :data:`BESIDE`; no query."""
    leads = any(acts_on(user, one, matter) for one in (HANDLE, DECIDE))
    return [
        Given(task, _meeting(task), leads or works_for(user, HANDLE, task.for_organisation, matter))
        for task in tasks
    ]


def to_come(user: User, matter: Matter) -> list[Meeting]:
    """The planned meetings that a matter may be put before: those this person's own body called."""
    planned = visible_meetings(user).filter(held_at__isnull=True).exclude(agenda__matter=matter)
    return [one for one in planned.order_by("on", "pk")[:_OFFERED] if may_lead(user, one)]


def _meeting(task: Task) -> Meeting | None:
    decision: Decision | None = getattr(task, "decision", None)
    return decision.meeting if decision else None
