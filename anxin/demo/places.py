"""Where the invented sites are: out at sea, where no city is, so that the invented city lies on no real one.

Towns keep the distances of a real district: a street's sites lie within some two kilometres, the counties some ten away.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TypedDict

#: town → degrees of its middle (WGS 84); a district without a town of its own here takes its first town's
_MIDDLES = {
    "990101001": (20.500, 130.300),
    "990101002": (20.512, 130.322),
    "990102001": (20.535, 130.295),
    "990102002": (20.560, 130.270),
    "990103001": (20.420, 130.200),
    "990103002": (20.380, 130.160),
    "990104001": (20.470, 130.440),
    "990104002": (20.440, 130.500),
}
#: degrees between neighbours of one town, and the turn from one to the next, which never brings two together
_APART, _TURN = 0.004, math.radians(137.5)
_FIVE = Decimal("0.00001")


class SitePlace(TypedDict):
    """Degrees (WGS 84), as ``register_project`` takes them."""

    latitude: Decimal
    longitude: Decimal


def site_place(region: str, number: int) -> SitePlace:
    """Where the site with this running number of the city is, in its town or district."""
    middle = next(at for town, at in _MIDDLES.items() if town.startswith(region))
    far, turned = _APART * math.sqrt(number), _TURN * number
    there = (middle[0] + far * math.cos(turned), middle[1] + far * math.sin(turned))
    latitude, longitude = (Decimal(one).quantize(_FIVE) for one in there)
    return {"latitude": latitude, "longitude": longitude}
