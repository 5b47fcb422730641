"""Profiles: how large a city is and how often things happen in it. Data in YAML, one file a profile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


class UnknownProfile(ValueError):
    """No profile of that name; the sentence names those there are."""


@dataclass(frozen=True)
class District:
    code: str
    name: str
    #: share of projects and employers
    weight: float


@dataclass(frozen=True)
class Planted:
    """How many projects carry each kind of forgery, and each honest look-alike."""

    rate: float
    lookalike_rate: float
    at_least: int


@dataclass(frozen=True)
class Profile:
    """One city. ``causes``, ``habits`` and ``economy`` are read by name; what they mean stands beside them in the YAML."""

    name: str
    title: str
    districts: tuple[District, ...]
    projects: int
    workers: int
    employers: int
    months: int
    until: dt.date
    #: digits of the district code that name a sender: 6 where each district delivers, 4 where each city does
    sender_digits: int
    planted: Planted
    causes: dict[str, float]
    habits: dict[str, float]
    #: how employers of every trade fare
    economy: dict[str, float]

    @property
    def last_month(self) -> tuple[int, int]:
        """Year and month of ``until``."""
        return self.until.year, self.until.month


def names() -> list[str]:
    """The profiles that can be asked for."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "world")


def load(name: str, *, months: int | None = None, until: dt.date | None = None) -> Profile:
    """The profile, laid over ``world.yaml``; ``months`` and ``until`` replace what it says."""
    if name not in names():
        raise UnknownProfile(f"没有“{name}”这个城市规模，可用：{'、'.join(names())}。")
    profile = _read({**_yaml("world"), **_yaml(name)}, name)
    return replace(profile, months=months or profile.months, until=until or profile.until)


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def _read(data: dict[str, Any], name: str) -> Profile:
    unknown = set(data) - {field.name for field in fields(Profile)}
    if unknown:
        raise ValueError(f"{name}.yaml: {sorted(unknown)}")
    districts = tuple(
        District(str(code), str(place["name"]), float(place.get("weight", 1)))
        for code, place in data["districts"].items()
    )
    return Profile(**{**data, "name": name, "districts": districts, "planted": Planted(**data["planted"])})
