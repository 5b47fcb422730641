"""From which chance on a pay day is announced: learnt from forecasts of what had not been seen, never from training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

#: an announcement counts where it comes so many days before the pay day
EARLY_DAYS = 15
#: announced is nothing further ahead: the owner's money for the month is not due yet
ANNOUNCE_DAYS = 24
#: nothing less likely is announced, and everything likelier is, whatever luck a past of few cases had
LEAST_CHANCE, SURE_CHANCE = 0.35, 0.55
#: the chances themselves say as much as so many tried pay days what share of announcements would be false
_PRIOR = 30


@dataclass(frozen=True)
class Tried:
    """One pay day that was forecast before its end was known: the highest early chance, and how it went."""

    chance: float
    missed: bool


def threshold(tried: Sequence[Tried], false_alarms: float) -> float:
    """The lowest chance from which on no more than ``false_alarms`` of what would be announced turned out well.

    Counted by pay day. What happened is pooled with what the chances expect, which weighs as much as ``_PRIOR`` pay
    days: a handful of cases can neither silence the forecast nor make it shout.
    """
    lowest, seen, missed, expected = SURE_CHANCE, 0, 0, 0.0
    likeliest = sorted((one for one in tried if one.chance >= LEAST_CHANCE), key=lambda one: -one.chance)
    for chance, group in groupby(likeliest, key=lambda one: one.chance):
        alike = list(group)
        seen += len(alike)
        missed += sum(one.missed for one in alike)
        expected += chance * len(alike)
        right = (missed + _PRIOR * expected / seen) / (seen + _PRIOR)
        if right >= 1 - false_alarms:
            lowest = min(lowest, chance)
    return lowest
