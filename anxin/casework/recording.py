"""Writing down what was planned: the step, its clocks, the matter, its tasks, one journal entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anxin.accounts.access import actor as actor_of
from anxin.accounts.models import User
from anxin.casework.clockwork import Clockwork
from anxin.casework.computing import Run
from anxin.casework.models import (
    Deadline,
    Document,
    EventDate,
    Extension,
    Matter,
    OversightMark,
    Pause,
    Restart,
    Step,
)
from anxin.casework.situation import Situation, is_running
from anxin.casework.tasking import sync_tasks
from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM, Actor

_BASIS = 200
#: kinds after which no earlier day can be given. That a limit went by is none of them: what was done in time
#: and is entered late still counts as done in time
_MOVES = (Step.Kind.OPENED, Step.Kind.TAKEN, Step.Kind.AUTOMATIC, Step.Kind.TRANSFERRED)


@dataclass(frozen=True)
class Author:
    """Who leaves the entry."""

    actor: Actor
    user: User | None

    @property
    def is_system(self) -> bool:
        return self.user is None

    @classmethod
    def of(cls, user: User) -> Author:
        return cls(actor_of(user), user)

    @classmethod
    def system(cls) -> Author:
        return cls(SYSTEM, None)


def keep(
    found: Situation,
    step: Step,
    clockwork: Clockwork,
    *,
    author: Author,
    now: dt.datetime,
    papers: Sequence[Document] = (),
    action: str = "matter.step",
    moved: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
) -> Step:
    """Write a step of a matter that is locked by the caller's transaction; returns the saved step.

    ``moved``: what else changed with it, before and after, for the journal.
    """
    matter = found.matter
    before = {"state": matter.state, "version": matter.version, **moved[0]}
    step.effects = [effect.as_json() for effect in clockwork.effects]
    step.save(force_insert=True)
    step.documents.set(papers)
    for run in sorted(clockwork.touched, key=lambda run: run.deadline.pk or 10**18):
        _save_run(run, step)
    _save_events(matter, step, clockwork)
    _save_matter(found, step)
    sync_tasks(found, step=step, now=now)
    _settle_oversight(clockwork.touched, step.on)
    _journal(step, before, moved[1], author=author, now=now, papers=papers, action=action)
    return step


def next_due(runs: Sequence[Run]) -> dt.date | None:
    """The earliest due day of the limits that count now."""
    days = [
        run.deadline.due_on
        for run in runs
        if is_running(run.deadline)
        and run.deadline.nature == Deadline.Nature.LIMIT
        and run.deadline.paused_since is None
        and run.deadline.due_on is not None
    ]
    return min(days, default=None)


def _save_run(run: Run, step: Step) -> None:
    """One clock: what has ended is written before what begins, so that it runs once at any moment."""
    deadline = run.deadline
    if deadline.pk is None:
        deadline.matter, deadline.started_by = step.matter, step
    if deadline.met_on is not None and deadline.met_by_id is None:
        deadline.met_by = step
    deadline.save()
    parts: list[Pause | Extension | Restart] = [*run.pauses, *run.extensions, *run.restarts]
    for part in parts:
        if part.pk is None:
            part.deadline, part.step = deadline, step
            part.save(force_insert=True)
        elif isinstance(part, Pause):
            part.save(update_fields=["resumed_on"])


def _save_events(matter: Matter, step: Step, clockwork: Clockwork) -> None:
    for name, day in clockwork.words.events.items():
        EventDate.objects.update_or_create(matter=matter, name=name, defaults={"on": day, "step": step})


def _save_matter(found: Situation, step: Step) -> None:
    matter = found.matter
    matter.state = step.to_state
    final = found.procedure.state(step.to_state).final
    matter.closed_on = (matter.closed_on or step.on) if final else None
    if step.kind in _MOVES:
        matter.stepped_on = step.on
    matter.next_due_on = next_due(found.runs)
    if step.kind != Step.Kind.OPENED:
        matter.version += 1
    matter.save()


def _settle_oversight(runs: Sequence[Run], on: dt.date) -> None:
    """What was made up for, is no longer asked or counts anew needs no oversight any more; the mark stays."""
    done = [run.deadline.pk for run in runs if not is_running(run.deadline) or run.deadline.missed_on is None]
    OversightMark.objects.filter(deadline__in=done, settled_on__isnull=True).update(settled_on=on)


def _journal(
    step: Step,
    before: dict[str, Any],
    moved: dict[str, Any],
    *,
    author: Author,
    now: dt.datetime,
    papers: Sequence[Document],
    action: str,
) -> None:
    matter = step.matter
    after = {
        "state": matter.state,
        "version": matter.version,
        "step": step.pk,
        "transition": step.transition,
        "on": step.on.isoformat(),
        "body": step.body,
        "documents": [paper.kind for paper in papers],
        "deadlines": step.effects,
        **moved,
    }
    journal.record(
        actor=author.actor,
        action=action,
        object_type="matter",
        object_id=matter.pk,
        summary=f"{matter.number}：{step.name}",
        now=now,
        before=None if step.kind == Step.Kind.OPENED else before,
        after=after,
        basis="；".join(step.articles)[:_BASIS],
    )
