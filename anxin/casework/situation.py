"""Everything a question about one matter needs, read once in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Exists, F, Model, OuterRef, prefetch_related_objects

from anxin.accounts.access import DECIDE
from anxin.accounts.models import User
from anxin.casework.access import acts_on, may_see, works_on
from anxin.casework.computing import Run, loaded
from anxin.casework.models import Deadline, Document, Extension, Matter, Pause, Restart, Step
from anxin.law import Law
from anxin.law.catalogues import Body
from anxin.law.procedures import Clock, Procedure, Transition


@dataclass
class Situation:
    """One matter as it stands, with its procedure. Judged and planned on without touching the database."""

    matter: Matter
    procedure: Procedure
    law: Law
    #: papers at hand by kind
    papers: dict[str, list[Document]]
    #: papers that earlier takings of a step already rested on, by step
    spent: dict[str, set[int]]
    #: every run of every clock, oldest first
    runs: list[Run] = field(default_factory=list)
    #: days of events that clocks count from
    events: dict[str, dt.date] = field(default_factory=dict)
    #: steps taken so far, the opening among them, with the day each was last taken
    taken: dict[str, dt.date] = field(default_factory=dict)
    #: the whole history in order, and the papers each entry rests on by its key
    steps: list[Step] = field(default_factory=list)
    papers_of: dict[int, list[Document]] = field(default_factory=dict)

    def running(self, clock: str) -> Run | None:
        """The run of a clock that has neither been met nor ended."""
        return next(
            (run for run in self.runs if run.deadline.clock == clock and is_running(run.deadline)), None
        )

    def latest(self, clock: str) -> Run | None:
        """The last run of a clock, running or not."""
        found = [run for run in self.runs if run.deadline.clock == clock]
        return found[-1] if found else None

    def bodies(self, transition: Transition) -> tuple[Body, ...]:
        return tuple(self.law.body(key) for key in transition.by)

    def fresh_papers(self, transition: Transition, kind: str) -> list[Document]:
        """Papers of a kind that no earlier taking of the same step rested on: a second round needs its own."""
        spent = self.spent.get(transition.key, set())
        return [paper for paper in self.papers.get(kind, []) if paper.pk not in spent]

    def clocks_opening(self, transition: str) -> list[Clock]:
        """Clocks whose being missed opens this step."""
        return [
            clock
            for clock in self.procedure.clocks
            if clock.missed is not None and clock.missed.transition == transition
        ]


def is_running(deadline: Deadline) -> bool:
    return deadline.met_on is None and deadline.ended_on is None


def overdue(deadline: Deadline, on: dt.date) -> bool:
    """Whether its last day went by while it counted, whether or not the step was made up for later."""
    if deadline.due_on is None or deadline.paused_since is not None:
        return False
    until = deadline.met_on or deadline.ended_on or on
    return min(until, on) > deadline.due_on


def situation(matter: Matter, law: Law) -> Situation:
    """Read what hangs on the matter. ``matter`` comes with ``lead`` at hand."""
    steps = list(matter.steps.order_by("pk"))
    papers, papers_of = _papers(matter)
    spent: dict[str, set[int]] = {}
    for step in steps:
        spent.setdefault(step.transition, set()).update(paper.pk for paper in papers_of.get(step.pk, ()))
    return Situation(
        matter=matter,
        procedure=law.procedure(matter.procedure),
        law=law,
        papers=papers,
        spent=spent,
        runs=[loaded(row) for row in _deadlines(matter)],
        events=dict(matter.event_dates.values_list("name", "on")),
        taken={step.transition: step.on for step in steps if step.transition},
        steps=steps,
        papers_of=papers_of,
    )


def _deadlines(matter: Matter) -> list[Deadline]:
    """The clocks with their pauses, extensions and restarts; most have none, and what nobody has is not asked for."""
    parts: dict[str, type[Model]] = {"pauses": Pause, "extensions": Extension, "restarts": Restart}
    there = {
        f"has_{part}": Exists(model._default_manager.filter(deadline=OuterRef("pk")))
        for part, model in parts.items()
    }
    rows = list(matter.deadlines.select_related("oversight_mark").annotate(**there).order_by("pk"))
    for part in parts:
        having = [row for row in rows if getattr(row, f"has_{part}")]
        prefetch_related_objects(having, part)
    return rows


def _papers(matter: Matter) -> tuple[dict[str, list[Document]], dict[int, list[Document]]]:
    """The papers at hand by kind, and those that each entry of the history rests on; one query."""
    by_key: dict[int, Document] = {}
    papers_of: dict[int, list[Document]] = {}
    rows = matter.documents.select_related("file", "attached_by").annotate(step=F("steps__pk"))
    for row in rows.order_by("pk", "step"):
        paper = by_key.setdefault(row.pk, row)
        if row.step is not None:
            papers_of.setdefault(row.step, []).append(paper)
    papers: dict[str, list[Document]] = {}
    for paper in by_key.values():
        if paper.withdrawn_at is None:
            papers.setdefault(paper.kind, []).append(paper)
    return papers, papers_of


@dataclass(frozen=True)
class Standpoint:
    """Who asks: what this person may do for the matter's lead body. The system itself has no user."""

    user: User | None
    handles: bool
    decides: bool
    sees: bool

    @property
    def is_system(self) -> bool:
        return self.user is None

    def stands_for(self, body: Body) -> bool:
        """Whether this person may take or record a step of that body."""
        if body.side == "bureau" and body.level == "head":
            return self.decides
        return self.handles


SYSTEM_ITSELF = Standpoint(None, handles=False, decides=False, sees=True)


def standpoint(user: User, matter: Matter) -> Standpoint:
    return Standpoint(
        user,
        handles=works_on(user, matter),
        decides=acts_on(user, DECIDE, matter),
        sees=may_see(user, matter),
    )
