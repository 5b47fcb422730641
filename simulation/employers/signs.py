"""Counted for the report: who showed which signs in the window, and how many failures could have been seen coming."""

from __future__ import annotations

import numpy as np

from simulation.city import City
from simulation.employers.arrears import Owed
from simulation.employers.courses import DRAWN_IN, RECOVERING, Courses
from simulation.employers.events import ABNORMAL, ARBITRATION, DISHONESTY, ENFORCEMENT, TAX, Happenings
from simulation.employers.social import Moves
from simulation.employers.standing import Standing

_OF_EVENT = {ARBITRATION: 8, ENFORCEMENT: 16, ABNORMAL: 32, DISHONESTY: 64, TAX: 64}
#: a sign counts as seen when it was there so many days before the first missed pay day
_AHEAD = 15


class Signs:
    """One bit a kind of sign and employer."""

    def __init__(self, city: City, happened: Happenings) -> None:
        self.seen = np.zeros(len(city.employers), np.uint8)
        inside = happened.day >= np.datetime64(city.opening)
        for kind, bit in _OF_EVENT.items():
            self.seen[happened.who[inside & (happened.kind == kind)]] |= bit

    def month(self, now: Standing, courses: Courses, number: int, moves: Moves) -> None:
        """What the month showed."""
        before = now.insured - moves.hires + moves.leavers
        self.seen |= (now.arrears_months >= 2).astype(np.uint8)
        self.seen |= np.where((moves.leavers >= 5) & (moves.leavers >= 0.2 * before), 2, 0).astype(np.uint8)
        self.seen |= np.where((moves.claims >= 3) & (moves.claims >= 0.03 * before), 4, 0).astype(np.uint8)
        low = courses.who[(courses.activity[:, number] < 0.5) & now.meter[courses.who]]
        self.seen[low] |= 128

    def count(self, city: City, now: Standing) -> None:
        """Employers of two sizes by how many kinds of sign they showed."""
        kinds = np.unpackbits(self.seen[:, None], axis=1).sum(axis=1)
        for least in (50, 100):
            large = now.usual >= least
            city.tally[f"red_{least}"] = int((large & (kinds >= 2)).sum())
            city.tally[f"yellow_{least}"] = int((large & (kinds == 1)).sum())


def count_failures(
    city: City, now: Standing, courses: Courses, owed: Owed, happened: Happenings, complained: np.ndarray
) -> None:
    """How many failed in silence, and how many showed something before: nothing sees more than these."""
    inside = owed.here & (owed.start <= np.datetime64(city.profile.until))
    at = courses.failing
    told = courses.signs[at]
    shown = now.account[owed.who] & (told[:, 0] | told[:, 1]) | now.meter[owed.who] & told[:, 2]
    first = np.full(len(city.employers), np.datetime64("2999-01-01"))
    np.minimum.at(first, happened.who, happened.day)
    shown |= (owed.cause == DRAWN_IN) | (first[owed.who] <= owed.start - _AHEAD)
    silent = ~np.isin(owed.who, complained)
    city.tally["foreseeable"] = int((inside & shown).sum())
    city.tally["silent"] = int((inside & silent).sum())
    city.tally["recovering"] = int((courses.kind == RECOVERING).sum())
