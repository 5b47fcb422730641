"""Which incoming row of a person replaces which current one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

C = TypeVar("C")
R = TypeVar("R")


def pair(
    current: Sequence[C],
    incoming: Sequence[R],
    *likenesses: Callable[[C, R], bool],
) -> list[tuple[R, C | None]]:
    """Pair one person's incoming rows with that person's current ones; ``None`` marks a new one.

    ``likenesses`` are tried from the closest to the loosest; each current row is used once. The order of
    ``current`` and ``incoming`` decides between equals, so the result does not depend on chance.
    """
    free = list(current)
    partner: dict[int, C] = {}
    for alike in likenesses:
        for index, row in enumerate(incoming):
            if index in partner:
                continue
            match = next((old for old in free if alike(old, row)), None)
            if match is not None:
                partner[index] = match
                free.remove(match)
    return [(row, partner.get(index)) for index, row in enumerate(incoming)]
