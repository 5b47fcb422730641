"""The whole run: what the parts of the city share, and the order in which they write."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simulation import universe
from simulation.calendar import Month, month_of
from simulation.profiles import Profile
from simulation.report import Report
from simulation.seeds import Streams
from simulation.writing import Deliveries, Watcher


@dataclass(frozen=True)
class Collapse:
    """A contractor without money, and what its sites owe: the sites' part finds it, the employers' part tells of it."""

    #: number in the universe
    employer: int
    #: number of the first month whose wages were not paid, and its pay day
    month: int
    start: dt.date
    people: int
    fen: int
    months: int


@dataclass(frozen=True)
class City:
    """What every part is given: size, seed, months, all employers, and where to write."""

    profile: Profile
    streams: Streams
    employers: universe.Universe
    out: Deliveries
    #: tells the person waiting what is going on
    say: Callable[[str], None]
    #: what the report counts and no table says
    tally: Counter[str] = field(default_factory=Counter)
    #: filled by the sites' part, which runs first
    collapses: list[Collapse] = field(default_factory=list)

    @property
    def months(self) -> list[Month]:
        """The months of the window, oldest first; the last one holds ``profile.until``."""
        last = month_of(self.profile.until)
        return [last.plus(-back) for back in range(self.profile.months - 1, -1, -1)]

    @property
    def opening(self) -> dt.date:
        """The first day: what had been known before is delivered on it."""
        return self.months[0].first


#: a part of the city writes its own deliveries and truth
Part = Callable[[City], None]


def parts() -> list[tuple[str, Part]]:
    """The parts in order, with the words that tell of them."""
    # Parts know the city; they are named here, at the last moment.
    from simulation.construction import run as construction
    from simulation.employers import part as employers

    return [("建筑工地", construction.write), ("用人单位", employers.write)]


def simulate(
    profile: Profile,
    seed: int,
    root: Path,
    say: Callable[[str], None],
    watchers: Sequence[Watcher] = (),
) -> dict[str, object]:
    """Write the city below ``root`` and return what the manifest says of it. ``watchers`` see every table."""
    streams = Streams(seed)
    out = Deliveries(root, profile.until)
    report = Report(profile)
    out.watchers += [report.see, *watchers]
    city = City(profile, streams, universe.universe(profile, streams), out, say, report.tally)
    universe.write_register(city.employers, out, city.opening)
    for title, write in parts():
        say(f"{title}……")
        write(city)
    about: dict[str, object] = {
        "profile": profile.name,
        "seed": seed,
        "first_day": city.opening.isoformat(),
        "last_day": profile.until.isoformat(),
        "districts": [{"code": place.code, "name": place.name} for place in profile.districts],
    }
    out.close(about)
    report.write(root, about)
    return about
