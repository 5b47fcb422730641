"""Walks through a procedure as people would: attach what is asked for, wait where the law says wait."""

from __future__ import annotations

import datetime as dt
from collections import deque
from zoneinfo import ZoneInfo

from anxin.casework import flow, services
from anxin.casework.clockwork import Words
from anxin.casework.judging import Option, Reason, judge
from anxin.casework.models import Matter
from anxin.casework.situation import SYSTEM_ITSELF, Situation, situation, standpoint
from anxin.enforcement.hearing import HOLD, name_host
from anxin.kernel.refusal import Refused
from anxin.law.procedures import OPEN, Procedure, Transition
from tests.monitoring import factories as make
from tests.web.cases import name_two_inspectors

ONE_DAY = dt.timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: long enough for any procedure; a walk that goes round for ever is a fault of the walker
LONGEST = 400


class Walker:
    """Takes steps of one procedure, opening new matters as it goes; remembers what it has taken."""

    def __init__(self, world, procedure: Procedure, *, slow: bool, region: str = "") -> None:
        self.world = world
        self.region = make.region(f"{region}9901" if len(region) == 2 else region) if region else world.region
        self.law = world.law
        self.procedure = procedure
        #: slow: lets every limit go by before the next step; fast: the next step comes the next day
        self.slow = slow
        self.taken: set[str] = set()
        self.problems: dict[str, str] = {}
        self.matter = self.open()

    def open(self) -> Matter:
        region = self.region
        on = dt.date(2026, 3, 2)
        asked = services.opening_events(self.law, self.procedure.key, region.code)
        return services.open_matter(
            procedure=self.procedure.key, title="某项工作", region=region, lead=self.world.lead,
            industry="housing", by=self.world.leader, on=on, now=moment(on), law=self.law,
            at=moment(on), events={name: event_day(self.procedure, name, on) for name, _ in asked},
        )  # fmt: skip

    def cover(self, wanted: set[str]) -> None:
        """Take every wanted step once, walking to the nearest one that is left."""
        for _ in range(LONGEST):
            left = wanted - self.taken - set(self.problems)
            if not left:
                break
            path = nearest(self.procedure, self.matter.state, left) or nearest(
                self.procedure, self.procedure.initial.key, left
            )
            if not path:
                break
            if path[0].key not in {step.key for step in self.procedure.leaving(self.matter.state)}:
                self.matter = self.open()
            problem = self.step(path[0])
            if problem:
                self.problems[path[0].key] = problem
                self.matter = self.open()
        for key in sorted(set(self.problems) & wanted):
            self.straight(key)

    def straight(self, key: str) -> None:
        """The shortest way to a step through one that starts the clock it waits for, in a matter of its own."""
        self.matter = self.open()
        for step in self.way(key):
            if problem := self.step(step):
                self.problems[key] = problem
                return
        del self.problems[key]

    def way(self, key: str) -> list[Transition]:
        initial, step = self.procedure.initial.key, self.procedure.transition(key)
        starts = set(self.procedure.clock(step.automatic.clock).starts) - {OPEN} if step.automatic else set()
        first = nearest(self.procedure, initial, starts)
        return [*first, *nearest(self.procedure, first[-1].to if first else initial, {key})]

    def step(self, step: Transition) -> str:
        """Take one step, on the first day it may be taken; returns why not."""
        try:
            if step.automatic:
                self.by_itself(step)
            else:
                self.by_hand(step)
        except Refused as refusal:
            return str(refusal)
        self.taken.add(step.key)
        return ""

    def by_itself(self, step: Transition) -> None:
        found = situation(self.matter, self.law)
        run = found.running(step.automatic.clock)
        if run is None or run.deadline.due_on is None:
            problem = run.deadline.problem if run else "期限没有起算"
            raise Refused(f"“{step.name}”所等的期限：{problem}")
        option = judge(found, step, SYSTEM_ITSELF, run.deadline.due_on)
        assert not option.allowed or found.matter.stepped_on > run.deadline.due_on, (
            "not before the last day is over"
        )
        on = run.deadline.due_on + ONE_DAY
        flow.take_by_itself(
            self.matter.pk, step.key, on=on, now=moment(max(on, self.matter.stepped_on)), law=self.law
        )
        self.again()

    def by_hand(self, step: Transition) -> None:
        on = self.day(step)
        if self.option(step, on).reason is Reason.CONDITION:
            on = self.meet(step, on)
        self.take(step, on)

    def take(self, step: Transition, on: dt.date) -> None:
        """Take a step on that day with what it asks of papers and words. Raises :class:`Refused`."""
        option = self.option(step, on)
        for group in option.missing:
            self.attach(group[0], step, on)
        words = Words(
            at=moment(on),
            extension_amount=min((need.most or 1 for need in option.needs.extensions), default=None),
            extension_paper="批准第1号" if option.needs.extensions else "",
            pause_reason="等待鉴定意见" if option.needs.pauses else "",
            events={need.name: event_day(self.procedure, need.name, on) for need in option.needs.events},
        )
        flow.take(
            self.matter, step.key, by=self.world.leader, on=on, now=moment(on), law=self.law,
            expected_version=self.matter.version, words=words,
        )  # fmt: skip
        self.again()

    def again(self) -> None:
        self.matter = Matter.objects.select_related("lead", "region").get(pk=self.matter.pk)

    def meet(self, step: Transition, on: dt.date) -> dt.date:
        """What packages above ask of a step: two inspectors, or a hearing that was announced and has who presides.

        Returns the first day on which the step may be taken then.
        """
        if step.key != HOLD:
            name_two_inspectors(self.matter, by=self.world.leader, on=on, now=moment(on))
            return on
        name_host(self.matter, name="何某某", recorder="唐某某", by=self.world.leader, now=moment(on))
        for key in ("set_hearing", "schedule_hearing"):
            self.take(self.procedure.transition(key), on)
        return event_day(self.procedure, "听证日", on)

    def attach(self, kind: str, step: Transition, on: dt.date) -> None:
        services.attach(
            self.matter, kind=kind, data=f"{kind}{self.matter.pk}{on}{step.key}".encode(),
            filename="文书.pdf", by=self.world.leader, now=moment(on), law=self.law,
        )  # fmt: skip

    def day(self, step: Transition) -> dt.date:
        """The first day on which nothing but a paper is missing."""
        on = self.matter.stepped_on + ONE_DAY
        found = situation(self.matter, self.law)
        if self.slow:
            dues = [
                run.deadline.due_on for run in found.runs if run.deadline.due_on and not run.deadline.met_on
            ]
            on = on if barred(found, step) else max([on, *(due + ONE_DAY for due in dues)])
        for _ in range(20):
            option = self.option(step, on)
            if option.reason not in (Reason.WAITING, Reason.NOT_MISSED):
                return on
            later = [
                run.deadline.due_on + ONE_DAY
                for run in found.runs
                if run.deadline.due_on and run.deadline.due_on >= on and not run.deadline.met_on
            ]
            if not later:
                return on
            on = min(later)
        return on

    def option(self, step: Transition, on: dt.date) -> Option:
        return judge(situation(self.matter, self.law), step, standpoint(self.world.leader, self.matter), on)


def regions(procedure: Procedure) -> list[str]:
    """Everywhere, and the places for which the table has clocks of their own."""
    return ["", *sorted({region for clock in procedure.clocks for region in clock.regions})]


def barred(found: Situation, step: Transition) -> bool:
    return any(step.key in clock.bars for clock in found.procedure.clocks)


def event_day(procedure: Procedure, name: str, on: dt.date) -> dt.date:
    """Far ahead where the day is set in advance, else the day of the step."""
    return on + 40 * ONE_DAY if name in procedure.set_ahead() else on


def moment(on: dt.date) -> dt.datetime:
    return dt.datetime(on.year, on.month, on.day, 12, tzinfo=SHANGHAI)


def nearest(procedure: Procedure, state: str, wanted: set[str]) -> list[Transition]:
    """The shortest way from a state through a wanted step."""
    ahead: deque[tuple[str, list[Transition]]] = deque([(state, [])])
    seen = {state}
    while ahead:
        here, path = ahead.popleft()
        for step in procedure.leaving(here):
            if step.key in wanted:
                return [*path, step]
            if step.to not in seen:
                seen.add(step.to)
                ahead.append((step.to, [*path, step]))
    return []
