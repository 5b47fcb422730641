"""Whatever people do in whatever order: what must hold of every matter holds."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.due import run_due
from anxin.casework.models import Deadline, Matter, Task
from anxin.casework.queries import deadline_steps
from anxin.casework.recomputing import recompute
from anxin.casework.recording import next_due
from anxin.casework.situation import is_running, situation
from tests.casework.conftest import OPENED
from tests.casework.walking import moment

#: a choice among the steps that are open, days that go by before it, and whether the nights have been run
STEPS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 90), st.booleans()), min_size=1, max_size=9)


@pytest.mark.one_database
@settings(max_examples=40)
@given(choices=STEPS)
def test_any_walk_keeps_what_must_hold(world, choices):
    matter, on = world.matter(), OPENED
    for choice, gap, nights in choices:
        on += dt.timedelta(days=gap)
        if nights:
            assert run_due(on, now=moment(on), law=world.law).failed == 0
        matter = Matter.objects.select_related("lead").get(pk=matter.pk)
        allowed = step_allowed(world, matter, on, choice)
        if allowed is None:
            continue
        flow.take(
            matter, allowed, by=world.leader, on=on, now=moment(on), law=world.law,
            expected_version=matter.version, words=words(world, matter, allowed, on),
        )  # fmt: skip
    holds(world, Matter.objects.select_related("lead").get(pk=matter.pk))


def step_allowed(world, matter, on, choice) -> str | None:
    """One of the open steps, its papers attached."""
    found = [
        option
        for option in flow.options(matter, world.leader, on, world.law)
        if option.allowed or option.missing
    ]
    if not found:
        return None
    option = found[choice % len(found)]
    for group in option.missing:
        world.paper(matter, group[0], text=f"{matter.pk}{on}{choice}", by=world.leader)
    if option.needs.extensions and (not option.needs.extensions[0].most or late(matter, on)):
        return None
    return option.transition.key


def late(matter, on) -> bool:
    return matter.deadlines.filter(clock="investigate", met_on=None, ended_on=None, due_on__lt=on).exists()


def words(world, matter, step, on) -> Words:
    extends = step == "extend"
    return Words(
        pause_reason="鉴定",
        extension_amount=1 if extends else None,
        extension_paper="批1号" if extends else "",
    )


def holds(world, matter: Matter) -> None:
    found = situation(matter, world.law)
    running = [run.deadline.clock for run in found.runs if is_running(run.deadline)]
    assert len(running) == len(set(running))
    assert matter.next_due_on == next_due(found.runs)
    for run in found.runs:
        assert run.deadline.due_on == deadline_steps(run.deadline, world.law).due_day
        pauses = [(pause.first, pause.resumed_on) for pause in run.pauses]
        assert all(end is None or start <= end for start, end in pauses)
        assert all(end is not None and end <= start for (_, end), (start, _) in pairwise(pauses))
    for task in Task.objects.filter(matter=matter, state=Task.State.OPEN, deadline__isnull=False):
        clock: Deadline = task.deadline
        assert is_running(clock)
        assert task.due_on == (None if clock.paused_since else clock.due_on)
    assert matter.closed_on is not None or matter.tasks.filter(state=Task.State.OPEN).exists()
    assert recompute("无变动", law=world.law, now=moment(dt.date(2030, 1, 1))) == []
