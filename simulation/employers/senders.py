"""Which office delivers for which employer, and what never came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.city import City


@dataclass(frozen=True)
class Offices:
    """Offices by the first digits of the district: one a district in a city, one a city in a province."""

    names: list[str]
    #: number of its office for each employer
    of: np.ndarray

    def called(self, what: str) -> list[str]:
        """The names as senders of one kind of delivery."""
        return [f"{what}-{name}" for name in self.names]


def offices(city: City) -> Offices:
    """The offices of the city's districts."""
    codes = [place.code[: city.profile.sender_digits] for place in city.profile.districts]
    names = sorted(set(codes))
    return Offices(names, np.array([names.index(code) for code in codes], np.int16)[city.employers.district])


@dataclass(frozen=True)
class Missing:
    """Districts × months for which a source was never delivered."""

    social: np.ndarray
    claims: np.ndarray
    water: np.ndarray
    power: np.ndarray


def missing(city: City) -> Missing:
    """Draw what never came. Some grids deliver nothing at all, others now and then forget a month."""
    rng = city.streams.rng("employers", "missing")
    economy = city.profile.economy
    shape = (len(city.profile.districts), len(city.months))
    grids = {
        source: rng.random(shape) < economy[f"{source}_missing"]
        for source in ("social", "claims", "water", "power")
    }
    silent = rng.permutation(shape[0])[: round(economy["power_none"] * shape[0])]
    grids["power"][silent] = True
    return Missing(**grids)
