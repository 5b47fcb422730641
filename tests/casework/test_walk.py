"""Every step of every shipped procedure can be taken by somebody at some time."""

from __future__ import annotations

from itertools import product

import pytest

from anxin.casework.models import Deadline, Matter, OversightMark, Step, Task
from anxin.evidence.journal import verify
from anxin.law import load
from tests.casework.walking import Walker, regions

KEYS = [procedure.key for procedure in load().procedures()]


@pytest.mark.one_database
@pytest.mark.parametrize("key", KEYS)
def test_every_step_is_taken_once(world, key):
    procedure = world.law.procedure(key)
    wanted = {step.key for step in procedure.transitions}
    problems: dict[str, list[str]] = {}
    for region, slow in product(regions(procedure), (False, True)):
        if not wanted:
            break
        walker = Walker(world, procedure, slow=slow, region=region)
        walker.cover(wanted)
        wanted -= walker.taken
        for step, problem in walker.problems.items():
            problems.setdefault(step, []).append(problem)
    assert not wanted, {step: problems.get(step, "no way there") for step in sorted(wanted)}
    assert verify().intact
    consistent(procedure)


def consistent(procedure) -> None:
    """What must hold of every matter, however it was walked."""
    for matter in Matter.objects.filter(procedure=procedure.key):
        final = procedure.state(matter.state).final
        assert (matter.closed_on is not None) == final
        assert final or matter.tasks.filter(state=Task.State.OPEN).exists(), matter.state
        assert matter.version == Step.objects.filter(matter=matter).count()
        days = list(matter.steps.order_by("pk").values_list("on", flat=True))
        assert days == sorted(days)
    # a clock that has ended or was met keeps nobody waiting
    gone = Deadline.objects.exclude(met_on__isnull=True, ended_on__isnull=True)
    assert not Task.objects.filter(deadline__in=gone, state=Task.State.OPEN).exists()
    assert not gone.filter(paused_since__isnull=False).exists()
    assert not OversightMark.objects.filter(deadline__in=gone, settled_on__isnull=True).exists()
