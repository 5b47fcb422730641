"""What people do with clues. Reading stands in ``triaging``, corrections in ``correcting``, merges in ``disputes``,
the sealed identity in ``opening``.
"""

from __future__ import annotations

from anxin.clues.correcting import confirm, correct
from anxin.clues.disputes import merge, merge_by_hand, refuse, unmerge
from anxin.clues.learning import ask_training, put_in_use, take_out_of_use
from anxin.clues.nicknames import remember
from anxin.clues.opening import (
    approve_opening,
    ask_opening,
    decline_opening,
    open_sealed,
    withdraw_opening,
)
from anxin.clues.triaging import triage_new

__all__ = [
    "approve_opening",
    "ask_opening",
    "ask_training",
    "confirm",
    "correct",
    "decline_opening",
    "merge",
    "merge_by_hand",
    "open_sealed",
    "put_in_use",
    "refuse",
    "remember",
    "take_out_of_use",
    "triage_new",
    "unmerge",
    "withdraw_opening",
]
