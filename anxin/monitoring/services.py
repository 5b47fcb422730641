"""The front door for writes: sweeps, and what people do with warnings."""

from anxin.kernel.refusal import Refused
from anxin.monitoring.handling import (
    acknowledge,
    acknowledge_many,
    ask_clearing,
    assign,
    assign_many,
    attach,
    decide_clearing,
    note,
    reopen,
)
from anxin.monitoring.sweeping import sweep

__all__ = [
    "Refused",
    "acknowledge",
    "acknowledge_many",
    "ask_clearing",
    "assign",
    "assign_many",
    "attach",
    "decide_clearing",
    "note",
    "reopen",
    "sweep",
]
