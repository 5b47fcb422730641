"""What the account should hold, against what the bank says it holds. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stretch:
    """From one balance that the bank stated to the next: what came in, what went out, what is left over.

    The first stretch begins with nothing on the day of opening; ``stated_fen`` is ``None`` in the last one where
    bookings follow the latest balance.
    """

    first: dt.date
    last: dt.date
    opening_fen: int
    in_fen: int
    out_fen: int
    stated_fen: int | None

    @property
    def computed_fen(self) -> int:
        return self.opening_fen + self.in_fen - self.out_fen

    @property
    def difference_fen(self) -> int:
        """Stated less computed; not nought means that bookings are missing or one too many was delivered."""
        return 0 if self.stated_fen is None else self.stated_fen - self.computed_fen


def reconcile(
    opened_on: dt.date,
    movements: Iterable[tuple[dt.date, int, int]],
    stated: Iterable[tuple[dt.date, int]],
) -> list[Stretch]:
    """The stretches of an account's life, oldest first.

    ``movements`` are (day, in, out) in any order, ``stated`` the bank's (day, balance at the end of that day).
    Each stretch starts from what the bank stated, so that a gap shows where it arose and only there.
    """
    moves = sorted(movements)
    stretches: list[Stretch] = []
    first, opening, place = opened_on, 0, 0
    for day, balance in sorted(stated):
        place, came, went = _through(moves, place, day)
        stretches.append(Stretch(first, day, opening, came, went, balance))
        first, opening = day + dt.timedelta(days=1), balance
    if place < len(moves):
        last = moves[-1][0]
        _, came, went = _through(moves, place, last)
        stretches.append(Stretch(first, last, opening, came, went, None))
    return stretches


def _through(moves: Sequence[tuple[dt.date, int, int]], place: int, day: dt.date) -> tuple[int, int, int]:
    came = went = 0
    while place < len(moves) and moves[place][0] <= day:
        came += moves[place][1]
        went += moves[place][2]
        place += 1
    return place, came, went
