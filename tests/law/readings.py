"""Vocabulary for reading procedure tables: steps are named by the states they join, not by their keys."""

from __future__ import annotations

import datetime as dt
from functools import cache

from anxin.law import load
from anxin.law.procedures import Clock, Procedure

LAW = load()


@cache
def table(key: str) -> Procedure:
    return LAW.procedure(key)


def clocks(procedure: str, parameter: str) -> list[Clock]:
    return [clock for clock in table(procedure).clocks if clock.parameter == parameter]


def clock(procedure: str, parameter: str) -> Clock:
    """The one clock of a procedure that rests on a parameter."""
    found = clocks(procedure, parameter)
    assert len(found) == 1, f"{procedure} should have one clock for {parameter}, has {len(found)}"
    return found[0]


def into(procedure: str, *states: str) -> set[str]:
    """The steps that lead to any of the states from another one."""
    steps = {
        step.key
        for step in table(procedure).transitions
        if step.to in states and set(step.from_) != {step.to}
    }
    assert steps, f"nothing leads to {states} in {procedure}"
    return steps


def between(procedure: str, origin: str, *states: str) -> set[str]:
    """The steps from one state to any of the others."""
    steps = {step.key for step in table(procedure).leaving(origin) if step.to in states}
    assert steps, f"{procedure} has no step from {origin} to {states}"
    return steps


def decided_by_leader(procedure: str, step: str) -> bool:
    return all(LAW.body(body).level == "head" for body in table(procedure).transition(step).by)


def length(kept: Clock, on: dt.date, region: str = "") -> tuple[int, str]:
    answer = LAW.deadline(kept.parameter, on, region, part=kept.part, only_for=kept.only_for)
    return answer.length, answer.unit
