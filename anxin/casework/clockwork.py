"""What a step does to the clocks: worked out in memory first, so that a dry question and the step agree.

Order within one step: clocks that go on after a pause, are met, begin anew, are extended, paused, started;
then those that nothing can meet any more end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin.casework.computing import Run, refused_question, work_out
from anxin.casework.models import Deadline, Extension, Pause, Restart
from anxin.casework.situation import Situation, is_running, overdue
from anxin.kernel.refusal import Refused
from anxin.law.procedures import Clock, Procedure

_REASON = 200


@dataclass(frozen=True)
class Words:
    """What is given with a step besides its day. ``events``: day by the event's name."""

    note: str = ""
    at: dt.datetime | None = None
    body: str = ""
    extension_amount: int | None = None
    extension_paper: str = ""
    pause_reason: str = ""
    events: Mapping[str, dt.date] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """What happened to one clock: ``due`` now, ``was`` before."""

    clock: str
    name: str
    effect: str
    due: dt.date | None
    was: dt.date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "clock": self.clock,
            "name": self.name,
            "effect": self.effect,
            "due": self.due.isoformat() if self.due else None,
            "was": self.was.isoformat() if self.was else None,
        }


class Clockwork:
    """Moves the clocks of one situation; remembers what was touched and what happened."""

    def __init__(self, found: Situation, on: dt.date, words: Words) -> None:
        self.found = found
        self.on = on
        self.words = words
        self.effects: list[Effect] = []
        self.touched: list[Run] = []
        self._begun: set[int] = set()

    def take(self, transition: str, to_state: str) -> None:
        """All that a step does. Raises :class:`Refused` where the law does not allow what was asked."""
        clocks = self.found.procedure.clocks
        for clock in clocks:
            if transition in clock.resumed_by:
                self._resume(clock)
            if transition in clock.met_by:
                self._meet(clock)
            if transition in clock.restarted_by:
                self.restart(clock, self.found.procedure.transition(transition).name)
            if transition in clock.extended_by:
                self._extend(clock)
            if transition in clock.paused_by:
                self._pause(clock)
        self.start(transition)
        self.end_what_is_moot(to_state)

    def start(self, transition: str) -> None:
        """Start what begins with a step or with the opening."""
        for clock in self.found.procedure.started_by(transition):
            if clock.runs_in(self.found.matter.region_id):
                self._start(clock)

    def events_given(self) -> None:
        """Days of events became known or changed: the clocks that rest on them count from there."""
        for clock in self.found.procedure.clocks:
            name = clock.counts_back_from or clock.counts_from
            begun = not clock.starts or any(key in self.found.taken for key in clock.starts)
            if name not in self.words.events or not begun or not clock.runs_in(self.found.matter.region_id):
                continue
            latest = self.found.latest(clock.key)
            if latest is not None and latest.deadline.started_on == self.words.events[name]:
                continue
            if latest is None or is_running(latest.deadline):
                self._start(clock)

    def restart(self, clock: Clock, reason: str) -> None:
        """Count a clock anew from today; one that does not run any more begins again."""
        run = self.found.running(clock.key)
        if run is None:
            if self.found.latest(clock.key) is not None:
                self._start(clock)
            return
        was = run.deadline.due_on
        self._close_pause(run)
        run.restarts.append(Restart(on=self.on, reason=reason[:_REASON]))
        if refused_question(work_out(run, self.found.law)):
            run.restarts.pop()  # hours and periods counted back begin as a new run
            self._count(run)
            self._start(clock)
            return
        self._note(run, "restarted", was)

    def end_what_is_moot(self, state: str) -> None:
        """End what no later step can meet, so that nobody is reminded of it for ever."""
        ahead = reachable(self.found.procedure, state)
        for run in self.found.runs:
            deadline = run.deadline
            if not is_running(deadline) or id(run) in self._begun:
                continue
            waits_for = concerns(self.found.procedure, self.found.procedure.clock(deadline.clock))
            if waits_for and not waits_for & ahead:
                self._close_pause(run)
                deadline.ended_on = self.on
                self._note(run, "ended", deadline.due_on)

    def _start(self, clock: Clock) -> None:
        day = self._first_day(clock)
        if day is None:
            return
        old = self.found.running(clock.key)
        was = None
        if old is not None:
            was = old.deadline.due_on
            self._close_pause(old)
            old.deadline.ended_on = self.on
            self._touch(old)
        run = Run(self._new(clock, day))
        self.found.runs.append(run)
        self._count(run)
        self._note(run, "started", was)

    def _first_day(self, clock: Clock) -> dt.date | None:
        """The day it is counted from; ``None`` while that is not known."""
        name = clock.counts_back_from or clock.counts_from
        if not name:
            return self.on
        day = self.words.events.get(name) or self.found.events.get(name)
        if day is None and clock.counts_back_from and not clock.when_known:
            raise Refused(f"请填写“{name}”的日期，有关期限由该日向前倒数。", field="events")
        return day if day is not None or clock.when_known else self.on

    def _new(self, clock: Clock, day: dt.date) -> Deadline:
        matter = self.found.matter
        by_moment = self.words.at is not None and day == self.on
        return Deadline(
            matter=matter,
            clock=clock.key,
            name=self.found.law.parameter(clock.parameter).name[:120],
            nature=nature(self.found, clock),
            authority=is_authority(self.found, clock),
            parameter=clock.parameter,
            region_code=matter.region_id,
            counterpart=matter.counterpart,
            only_for=clock.only_for,
            part=clock.part,
            started_on=day,
            started_at=self.words.at if by_moment and self._in_hours(clock) else None,
        )

    def _in_hours(self, clock: Clock) -> bool:
        return self.found.law.parameter(clock.parameter).unit == "小时"

    def _meet(self, clock: Clock) -> None:
        run = self.found.running(clock.key)
        if run is None:
            return
        self._close_pause(run)
        run.deadline.met_on, run.deadline.met_at = self.on, self.words.at
        self._count(run)
        due = run.deadline.due_on
        self._note(run, "met_late" if due is not None and self.on > due else "met", due)

    def _resume(self, clock: Clock) -> None:
        run = self.found.running(clock.key)
        if run is None or run.open_pause is None:
            return
        was = run.deadline.due_on
        self._close_pause(run)
        self._count(run)
        self._note(run, "resumed", was)

    def _pause(self, clock: Clock) -> None:
        run = self.found.running(clock.key)
        if run is None or run.open_pause is not None:
            return
        due = run.deadline.due_on
        if due is not None and self.on > due:
            return  # it has run out: nothing is left that could stand still, and it stays overdue
        reason = self.words.pause_reason.strip() or self.words.note.strip()
        if not reason:
            raise Refused(f"请写明中止“{run.deadline.name}”的原因。", field="pause_reason")
        pause = Pause(first=self.on, resumed_on=self.on + dt.timedelta(days=1), reason=reason[:_REASON])
        run.pauses.append(pause)
        if refused_question(work_out(run, self.found.law)):
            run.pauses.pop()  # hours run through, and so do periods counted back
            self._count(run)
            return
        pause.resumed_on = None
        self._count(run)
        run.deadline.paused_since = self.on
        self._note(run, "paused", run.deadline.due_on)

    def _extend(self, clock: Clock) -> None:
        run = self.found.running(clock.key)
        if run is None:
            return
        amount, paper = self.words.extension_amount, self.words.extension_paper.strip()
        if amount is None or amount < 1:
            raise Refused(
                f"请填写“{run.deadline.name}”批准延长的长度，应为正整数。", field="extension_amount"
            )
        if not paper:
            raise Refused(f"请填写批准延长“{run.deadline.name}”的文书编号。", field="extension_paper")
        was = run.deadline.due_on
        run.extensions.append(Extension(amount=amount, approved_on=self.on, paper=paper[:120]))
        if sentence := refused_question(work_out(run, self.found.law)):
            raise Refused(sentence, field="extension_amount")
        self._note(run, "extended", was)

    def _close_pause(self, run: Run) -> None:
        pause = run.open_pause
        if pause is not None:
            pause.resumed_on = self.on
        run.deadline.paused_since = None

    def _count(self, run: Run) -> None:
        work_out(run, self.found.law)

    def _note(self, run: Run, effect: str, was: dt.date | None) -> None:
        self._touch(run)
        deadline = run.deadline
        if is_running(deadline) and not overdue(deadline, self.on):
            deadline.missed_on = None  # begun anew, or entered late: whether it is missed is looked at anew
        self.effects.append(Effect(deadline.clock, deadline.name, effect, deadline.due_on, was))
        if effect in ("started", "restarted"):
            self._begun.add(id(run))

    def _touch(self, run: Run) -> None:
        if not any(run is known for known in self.touched):
            self.touched.append(run)


def concerns(procedure: Procedure, clock: Clock) -> set[str]:
    """The steps that matter to a clock: that meet it, wait for it, are barred by it or follow from it."""
    steps = {*clock.met_by, *clock.bars, *clock.gates}
    if clock.missed and clock.missed.transition:
        steps.add(clock.missed.transition)
    steps |= {
        step.key for step in procedure.transitions if step.automatic and step.automatic.clock == clock.key
    }
    return steps


def reachable(procedure: Procedure, state: str) -> set[str]:
    """Every step that can still be taken from a state on."""
    seen, ahead, steps = {state}, [state], set()
    while ahead:
        for step in procedure.leaving(ahead.pop()):
            steps.add(step.key)
            if step.to not in seen:
                seen.add(step.to)
                ahead.append(step.to)
    return steps


def nature(found: Situation, clock: Clock) -> str:
    """A limit to keep, a right that goes by, or a period that has to pass."""
    counting = found.law.parameter(clock.parameter).counting
    if counting is not None and counting.bound == "min":
        return Deadline.Nature.WAITING
    barred = clock.missed is not None and clock.missed.effect == "barred"
    return Deadline.Nature.RIGHT if clock.bars or barred else Deadline.Nature.LIMIT


def is_authority(found: Situation, clock: Clock) -> bool:
    """Whether the bureau itself has to keep it: a step of its own meets it."""
    return any(
        body.side == "bureau"
        for key in clock.met_by
        for body in found.bodies(found.procedure.transition(key))
    )
