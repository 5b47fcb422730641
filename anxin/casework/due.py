"""What follows by itself when last days go by: once a day, and again without harm."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.models import Q

from anxin.casework.clockwork import Clockwork, Words
from anxin.casework.flow import locked, take_by_itself
from anxin.casework.models import Deadline, OversightMark, Step
from anxin.casework.notifying import Colleagues, tell_oversight
from anxin.casework.recording import Author, keep
from anxin.casework.situation import Situation, is_running, overdue, situation
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.procedures import Clock, Transition

_log = logging.getLogger("anxin.casework")
_ONE_DAY = dt.timedelta(days=1)
_SENTENCE = 500
#: steps that one day may set off one after another in one matter; a longer chain is a fault in a table
_CHAIN = 20


@dataclass(frozen=True)
class DueReport:
    """What one run did."""

    missed: int
    steps: int
    marks: int
    failed: int


def run_due(on: dt.date, *, now: dt.datetime, law: Law) -> DueReport:
    """Note every limit whose last day was before ``on``, put the bureau's own under oversight, take the
    steps that follow from clocks.

    Each matter is one transaction of its own: one that fails stops no other, and is tried again next day.
    A day that was left out is made up for: what follows bears the day after the last one.
    """
    past = Q(due_on__lt=on, met_on__isnull=True, ended_on__isnull=True, paused_since__isnull=True)
    waiting = Deadline.objects.filter(past)
    matters = sorted(
        set(waiting.filter(Q(missed_on__isnull=True) | _may_follow(law)).values_list("matter_id", flat=True))
    )
    missed = steps = failed = 0
    marks: list[OversightMark] = []
    for matter_id in matters:
        try:
            with transaction.atomic():
                found = situation(locked(matter_id), law)
                noted, raised = _note_missed(found, on, now)
                followed = _follow(found, on, now)
            missed, steps = missed + noted, steps + followed
            marks += raised
        except (Refused, ValueError, DatabaseError):
            failed += 1
            _log.exception("期限到期处理：事项 %s 没有完成，明日再试。", matter_id)
    tell_oversight(marks, now=now, colleagues=Colleagues())
    return DueReport(missed, steps, len(marks), failed)


def _may_follow(law: Law) -> Q:
    """Runs of clocks that steps follow from by themselves."""
    pairs = {
        (procedure.key, step.automatic.clock)
        for procedure in law.procedures()
        for step in procedure.transitions
        if step.automatic is not None
    }
    found = Q(pk__in=[])
    for procedure, clock in sorted(pairs):
        found |= Q(matter__procedure=procedure, clock=clock)
    return found


def _note_missed(found: Situation, on: dt.date, now: dt.datetime) -> tuple[int, list[OversightMark]]:
    """Write into the history that limits went by, and mark the bureau's own; returns what was new."""
    new = [
        run.deadline
        for run in found.runs
        if is_running(run.deadline) and run.deadline.missed_on is None and overdue(run.deadline, on)
    ]
    marks = []
    for deadline in new:
        assert deadline.due_on is not None
        deadline.missed_on = deadline.due_on + _ONE_DAY
        deadline.save(update_fields=["missed_on"])
        clock = found.procedure.clock(deadline.clock)
        if deadline.nature == Deadline.Nature.WAITING:
            continue
        _write_history(found, clock, deadline, now)
        if is_overseen(clock, deadline):
            marks.append(_mark(found, clock, deadline))
    return len(new), marks


def is_overseen(clock: Clock, deadline: Deadline) -> bool:
    """Whether missing it is put under oversight: the table says so, or it is the bureau's own limit."""
    if deadline.nature != Deadline.Nature.LIMIT:
        return False
    effect = clock.missed.effect if clock.missed else ""
    return effect in ("oversight", "escalate") or (deadline.authority and effect != "notice")


def _mark(found: Situation, clock: Clock, deadline: Deadline) -> OversightMark:
    assert deadline.missed_on is not None
    says = clock.missed.says if clock.missed else f"“{deadline.name}”逾期未办结。"
    mark, _ = OversightMark.objects.update_or_create(
        deadline=deadline,
        defaults={"settled_on": None},
        create_defaults={
            "matter": found.matter, "raised_on": deadline.missed_on, "sentence": says[:_SENTENCE],
        },
    )  # fmt: skip
    return mark


def _write_history(found: Situation, clock: Clock, deadline: Deadline, now: dt.datetime) -> None:
    """One entry in the history and the journal; the state stays."""
    assert deadline.missed_on is not None
    matter, missed, author = found.matter, clock.missed, Author.system()
    step = Step(
        matter=matter,
        kind=Step.Kind.MISSED,
        name=f"逾期：{deadline.name}"[:120],
        from_state=matter.state,
        to_state=matter.state,
        on=max(deadline.missed_on, matter.stepped_on),
        at=now,
        actor=author.actor.key,
        actor_name=author.actor.name,
        note=missed.says if missed else "",
        articles=[found.law.cite_reference(reference) for reference in missed.references] if missed else [],
    )
    keep(found, step, Clockwork(found, step.on, Words()), author=author, now=now, action="matter.missed")


def _follow(found: Situation, on: dt.date, now: dt.datetime) -> int:
    """Take the steps that follow from clocks, one after another; returns how many."""
    for taken in range(_CHAIN):
        due = next_automatic(found, on)
        if due is None:
            return taken
        step, day = due
        take_by_itself(found.matter.pk, step.key, on=day, now=now, law=found.law)
        found = situation(locked(found.matter.pk), found.law)
    raise Refused(f"程序“{found.procedure.name}”的自动步骤连续超过{_CHAIN}次，请检查程序表。")


def next_automatic(found: Situation, on: dt.date) -> tuple[Transition, dt.date] | None:
    """The first step that follows by itself on or before a day, with the day it bears."""
    ready = []
    for step in found.procedure.leaving(found.matter.state):
        run = found.running(step.automatic.clock) if step.automatic else None
        if run is None or not overdue(run.deadline, on):
            continue
        assert run.deadline.due_on is not None
        ready.append((run.deadline.due_on + _ONE_DAY, step.key, step))
    if not ready:
        return None
    day, _, step = min(ready, key=lambda item: item[:2])
    return step, day
