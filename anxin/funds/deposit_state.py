"""What a wage deposit amounts to after its events. Pure: no database, no clock.

A use is made good by what is topped up after it, the oldest use first; each keeps what is still open, because
the days for topping up run from each use on its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

USE_ORDERED, USED, TOPPED_UP = "use_ordered", "used", "topped_up"


@dataclass(frozen=True)
class Happened:
    """One event as far as money is concerned. ``key`` names it; events of a day stand in the order of keys."""

    key: int
    kind: str
    on: dt.date
    amount_fen: int


@dataclass(frozen=True)
class Use:
    """Money taken from the deposit, and what of it has not been made good."""

    key: int
    on: dt.date
    amount_fen: int
    open_fen: int


@dataclass(frozen=True)
class DepositState:
    """What the deposit holds, what was ordered to be paid and is not yet, and its uses."""

    held_fen: int
    ordered_fen: int
    uses: tuple[Use, ...]

    @property
    def open_fen(self) -> int:
        """What still has to be topped up."""
        return sum(use.open_fen for use in self.uses)


def state_of(amount_fen: int, events: Iterable[Happened]) -> DepositState:
    """The deposit after these events; ``amount_fen`` is what it was for when it was given."""
    ordered = sorted(events, key=lambda event: (event.on, event.key))
    uses: list[Use] = []
    called = paid = added = 0
    for event in ordered:
        if event.kind == USE_ORDERED:
            called += event.amount_fen
        elif event.kind == USED:
            paid += event.amount_fen
            uses.append(Use(event.key, event.on, event.amount_fen, event.amount_fen))
        elif event.kind == TOPPED_UP:
            added += event.amount_fen
            uses = _made_good(uses, event.amount_fen)
    return DepositState(amount_fen - paid + added, max(called - paid, 0), tuple(uses))


def _made_good(uses: list[Use], amount_fen: int) -> list[Use]:
    left = amount_fen
    covered = []
    for use in uses:
        part = min(use.open_fen, left)
        left -= part
        covered.append(replace(use, open_fen=use.open_fen - part))
    return covered
