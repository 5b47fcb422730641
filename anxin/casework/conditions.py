"""What packages above ask of a step besides papers and clocks, by the parameter that the table names beside it.

A step's ``checks`` are parameters shown with it. Where a package above keeps the facts of one (who the inspectors of a case
are), it registers here what has to hold, and the step waits until it does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from anxin.casework.models import Matter
from anxin.law import Law

#: one sentence: what is missing and what to do; empty where it holds
Condition = Callable[[Matter, dt.date, Law], str]
_conditions: dict[str, Condition] = {}
#: the same for one step of one procedure, whatever parameters stand beside it
_of_steps: dict[tuple[str, str], Condition] = {}


def register(parameter: str, condition: Condition) -> None:
    """Let steps that name ``parameter`` among their checks wait for ``condition``."""
    _conditions[parameter] = condition


def register_step(procedure: str, step: str, condition: Condition) -> None:
    """Let one step of a procedure wait for ``condition``."""
    _of_steps[procedure, step] = condition


def unmet_of_step(step: str, matter: Matter, on: dt.date, law: Law) -> str:
    """What is asked of this very step and does not hold, in a sentence; empty where it does."""
    condition = _of_steps.get((matter.procedure, step))
    return condition(matter, on, law) if condition is not None else ""


def unmet(checks: tuple[str, ...], matter: Matter, on: dt.date, law: Law) -> str:
    """The first condition that does not hold, in a sentence; empty where all do."""
    found = (_conditions[key](matter, on, law) for key in checks if key in _conditions)
    return next((sentence for sentence in found if sentence), "")
