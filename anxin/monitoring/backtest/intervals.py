"""How sure a share is: with few cases little is known, and the screen says so."""

from __future__ import annotations

from math import sqrt

#: two-sided 95 %
_Z = 1.959963984540054


def wilson(hits: int, cases: int) -> tuple[float, float] | None:
    """95 % interval of a share by Wilson's score (1927); empty without cases.

    Raises :class:`ValueError` for more hits than cases.
    """
    if not 0 <= hits <= cases:
        raise ValueError(f"{hits} of {cases} is not a share")
    if cases == 0:
        return None
    share, spread = hits / cases, _Z * _Z / cases
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(share * (1 - share) / cases + spread / (4 * cases))
    # At the ends the bounds are 0 and 1 exactly; computed, they miss by a rounding.
    return centre - half if hits else 0.0, centre + half if hits < cases else 1.0
