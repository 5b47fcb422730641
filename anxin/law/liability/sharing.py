"""Sharing a sum that does not reach."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction


def share(pool: int, wants: Sequence[int]) -> list[int]:
    """Split ``pool`` fen over ``wants`` in proportion; never more than wanted, and no fen is lost.

    The law has no order among workers of several employers, so a sum that does not reach is shared in
    proportion. Odd fen go to the highest quotient want / (share + 1): with this rule nobody's share falls
    when the pool grows, which rounding by largest remainder does not promise.
    """
    total = sum(wants)
    if pool >= total:
        return list(wants)
    if pool <= 0:
        return [0] * len(wants)
    shares = [want * pool // total for want in wants]
    quotients = [
        (-Fraction(want, got + 1), place)
        for place, (want, got) in enumerate(zip(wants, shares, strict=True))
        if got < want
    ]
    heapq.heapify(quotients)
    for _ in range(pool - sum(shares)):
        _, place = heapq.heappop(quotients)
        shares[place] += 1
        if shares[place] < wants[place]:
            heapq.heappush(quotients, (-Fraction(wants[place], shares[place] + 1), place))
    return shares
