"""From the inputs kept on a deadline to its due day, by the law's engine; the stored result is a copy for lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from anxin import law as engine
from anxin.casework.models import Deadline, Extension, Pause, Restart
from anxin.law import BadQuestion, Law, LawError

#: the fields of a deadline that :func:`work_out` writes
WORKED_OUT = (
    "due_on", "due_at", "act_from", "provisional", "needs_check", "unit", "basis", "problem",
)  # fmt: skip
_CUT = 500


@dataclass
class Run:
    """A deadline with all it is counted from, in memory. New parts have no key yet."""

    deadline: Deadline
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    restarts: list[Restart] = field(default_factory=list)

    @property
    def open_pause(self) -> Pause | None:
        return next((pause for pause in self.pauses if pause.resumed_on is None), None)


def loaded(deadline: Deadline) -> Run:
    """The run of a stored deadline; prefetch its three parts where many are loaded, or say which are empty."""
    return Run(
        deadline,
        sorted(_part(deadline, "pauses"), key=lambda pause: (pause.first, pause.pk)),
        sorted(_part(deadline, "extensions"), key=lambda extension: extension.pk),
        sorted(_part(deadline, "restarts"), key=lambda restart: (restart.on, restart.pk)),
    )


def _part(deadline: Deadline, name: str) -> list[Any]:
    return list(getattr(deadline, name).all()) if getattr(deadline, f"has_{name}", True) else []


def answer(run: Run, law: Law) -> engine.Deadline:
    """The due day with its steps. Raises a :class:`LawError` with a sentence.

    A pause that still lasts counts for nothing yet: until it ends, nobody knows the due day.
    """
    deadline = run.deadline
    start: dt.date | dt.datetime = deadline.started_on
    if deadline.started_at is not None:
        start = timezone.localtime(deadline.started_at)
    return law.deadline(
        deadline.parameter,
        start,
        deadline.region_code,
        pauses=_pauses(run),
        extensions=tuple(
            engine.Extension(item.amount, item.approved_on, item.paper) for item in run.extensions
        ),
        restarts=tuple(engine.Restart(item.on, item.reason) for item in run.restarts),
        part=deadline.part,
        only_for=deadline.only_for,
        counterpart=deadline.counterpart,
    )


def work_out(run: Run, law: Law) -> LawError | None:
    """Write the due day on the deadline, or the sentence why there is none; returns what stood in the way."""
    deadline = run.deadline
    try:
        found = answer(run, law)
    except LawError as problem:
        _forget(deadline)
        deadline.problem = str(problem)[:_CUT]
        return problem
    deadline.due_on = found.due_day
    deadline.due_at = found.due if isinstance(found.due, dt.datetime) else None
    deadline.act_from = found.act_from
    deadline.provisional = found.provisional
    deadline.needs_check = found.needs_check
    deadline.unit = found.unit
    deadline.basis = _article(found)[:_CUT]
    deadline.problem = ""
    return None


def refused_question(problem: LawError | None) -> str:
    """The sentence where the question itself was wrong (an extension not allowed), else empty."""
    return str(problem) if isinstance(problem, BadQuestion) else ""


def _pauses(run: Run) -> tuple[engine.Pause, ...]:
    closed = [
        engine.Pause(pause.first, pause.resumed_on - dt.timedelta(days=1), pause.reason)
        for pause in run.pauses
        if pause.resumed_on is not None and pause.resumed_on > pause.first
    ]
    return tuple(closed)


def _forget(deadline: Deadline) -> None:
    deadline.due_on = deadline.due_at = deadline.act_from = None
    deadline.provisional = deadline.needs_check = False


def _article(found: engine.Deadline) -> str:
    """The provision that gives the length; the counting rules stand in the steps."""
    lengths = [step.basis for step in found.steps if step.kind in ("count", "advance") and step.basis]
    return (lengths or list(found.basis) or [""])[0]
