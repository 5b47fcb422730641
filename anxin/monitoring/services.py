"""The front door for writes: sweeps, and what people do with warnings."""

from anxin.kernel.refusal import Refused
from anxin.monitoring.handling import (
    acknowledge,
    acknowledge_many,
    ask_clearing,
    assign,
    assign_many,
    attach,
    conclude,
    decide_clearing,
    note,
    reopen,
)
from anxin.monitoring.muting import ask_mute, decide_mute, unmute
from anxin.monitoring.stages import RuleMeasures, confirm_stage, demote_below_floor, propose_stage
from anxin.monitoring.sweeping import make_ready, sweep

__all__ = [
    "Refused",
    "RuleMeasures",
    "acknowledge",
    "acknowledge_many",
    "ask_clearing",
    "ask_mute",
    "assign",
    "assign_many",
    "attach",
    "conclude",
    "confirm_stage",
    "decide_clearing",
    "decide_mute",
    "demote_below_floor",
    "make_ready",
    "note",
    "propose_stage",
    "reopen",
    "sweep",
    "unmute",
]
