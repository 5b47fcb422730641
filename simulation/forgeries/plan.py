"""Who is planted where: each kind on some projects, its honest look-alike on others, no worker in two of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulation.city import City
from simulation.construction.projects import Projects
from simulation.construction.site import coming
from simulation.construction.workers import Teams, Workers, join, like

KINDS = [f"F{number:02d}" for number in range(1, 14)]


@dataclass
class Plant:
    """One forgery or look-alike at one project over some months (numbers within the window, both included)."""

    kind: str
    forged: bool
    project: int
    first: int
    last: int
    rows: np.ndarray
    note: str = ""
    #: the variant of the kind, and numbers it needs
    how: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    #: months in which it really came to be seen: no list, no money, no forgery on it
    done: set[int] = field(default_factory=set)
    #: what it is as well, by the meaning of the other kind: (kind, month, rows)
    also: list[tuple[str, int, np.ndarray]] = field(default_factory=list)

    def covers(self, month: int) -> bool:
        return self.first <= month <= self.last


@dataclass
class Plan:
    """What is planted, and the hands that plant: each kind takes rows, adds ghosts, declares kin and new cards."""

    city: City
    projects: Projects
    teams: Teams
    workers: Workers
    rng: np.random.Generator
    plants: list[Plant] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)  # rows in use
    kin: dict[int, int] = field(default_factory=dict)
    #: rows whose card is one of a series: (rows, opened, branch)
    series: list[tuple[np.ndarray, np.datetime64, int]] = field(default_factory=list)
    standstills: list[tuple[int, np.datetime64, np.datetime64]] = field(default_factory=list)
    outages: list[tuple[int, np.datetime64, np.datetime64]] = field(default_factory=list)
    #: persons registered with a firm: (row, employer, office)
    officers: list[tuple[int, int, str]] = field(default_factory=list)
    _ghosts: list[Workers] = field(default_factory=list)
    _count: int = 0
    persons: int = 0

    def __post_init__(self) -> None:
        self._count, self.persons = len(self.workers), len(self.workers)
        self._starts = np.searchsorted(self.workers.project, np.arange(len(self.projects) + 1))

    def month_start(self, number: int) -> np.datetime64:
        return np.datetime64(self.city.months[0].plus(number).first)

    def months_of(self, project: int) -> tuple[int, int]:
        """First and last month of the window in which the project works the whole month, as far as can be."""
        opening = self.city.months[0]
        begin, end = self.projects.start[project].item(), self.projects.end[project].item()
        low = max(0, (begin.year - opening.year) * 12 + begin.month - opening.number + 1)
        high = min(len(self.city.months) - 2, (end.year - opening.year) * 12 + end.month - opening.number - 1)
        return low, high

    def span(self, project: int, shortest: int, longest: int) -> tuple[int, int] | None:
        """Some months of the project, or nothing where it is too short."""
        low, high = self.months_of(project)
        if high - low + 1 < shortest:
            return None
        length = int(self.rng.integers(shortest, min(longest, high - low + 1) + 1))
        first = int(self.rng.integers(low, high - length + 2))
        return first, first + length - 1

    def ordinary(self, first: int, last: int) -> bool:
        """Whether no festival empties the sites in these months."""
        return all(coming(self.city.months[number]).sum() >= 24 for number in range(first, last + 1))

    def crew(self, project: int, first: int, last: int, fewest: int, most: int) -> np.ndarray | None:
        """Rows of one team not used yet who are there through the months, and used from now on."""
        rows = np.arange(self._starts[project], self._starts[project + 1])
        one = self.workers
        begin, end = self.month_start(first) + 3, self.month_start(last + 1) - 4
        here = rows[(one.entry[rows] <= begin) & (one.exit[rows] >= end) & ~one.gateless[rows]]
        here = here[~np.isin(here, list(self.taken))]
        teams, sizes = np.unique(one.team[here], return_counts=True)
        teams = teams[sizes >= fewest]
        if not len(teams):
            return None
        fit = here[one.team[here] == self.rng.choice(teams)]
        chosen = np.sort(self.rng.permutation(fit)[: int(self.rng.integers(fewest, most + 1))])
        self.taken.update(chosen.tolist())
        return chosen

    def ghosts(self, pattern: np.ndarray, first: int, last: int) -> np.ndarray:
        """New rows of people who do not work here, like those of the pattern; numbers they will have until sorted."""
        count = len(pattern)
        person = self.persons + np.arange(count)
        entry = self.month_start(first) - self.rng.integers(1, 6, count)
        leave = self.month_start(last + 1) + self.rng.integers(0, 5, count)
        rows = like(
            self.workers, pattern, person=person, card=person.copy(), phone=person.copy(), entry=entry, exit=leave,
            signed=entry + 2, real=np.zeros(count, bool),
        )  # fmt: skip
        return self._add(rows)

    def again(
        self, pattern: np.ndarray, project: int, team: int, first: int, last: int, real: bool
    ) -> np.ndarray:
        """The same people enrolled on another project too."""
        count = len(pattern)
        rows = like(
            self.workers, pattern, project=np.full(count, project), team=np.full(count, team),
            entry=np.full(count, self.month_start(first)), exit=np.full(count, self.month_start(last + 1) - 1),
            real=np.full(count, real),
        )  # fmt: skip
        return self._add(rows)

    def ghost_rows(self, numbers: np.ndarray) -> Workers:
        """The planted rows of these numbers, to be changed in place: they were added last."""
        rows = self._ghosts[-1]
        if len(rows) != len(numbers) or int(numbers[-1]) != self._count - 1:
            raise ValueError("only the rows added last can be changed")
        return rows

    def _add(self, rows: Workers) -> np.ndarray:
        numbers = self._count + np.arange(len(rows))
        self._ghosts.append(rows)
        self._count += len(rows)
        self.persons = max(self.persons, int(rows.person.max()) + 1)
        return numbers

    def everybody(self) -> Workers:
        """Honest and planted rows, sorted by project and team; the plants' rows are renumbered."""
        rows = self.workers
        for more in self._ghosts:
            rows = join(rows, more)
        order = np.lexsort((np.arange(len(rows)), rows.team, rows.project))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        for plant in self.plants:
            plant.rows = np.sort(place[plant.rows]) if plant.how != "kept" else place[plant.rows]
        self.series = [(place[group], opened, branch) for group, opened, branch in self.series]
        self.officers = [(int(place[row]), firm, office) for row, firm, office in self.officers]
        return like(rows, order)


def spread(plan: Plan, plant_one: Any, kind: str, forged: bool) -> None:
    """Plant a kind on as many projects as the profile says, one each."""
    planted = plan.city.profile.planted
    share = planted.rate if forged else planted.lookalike_rate
    wanted = max(planted.at_least, round(share * len(plan.projects)))
    others = {plant.project for plant in plan.plants if plant.kind == kind}
    for project in plan.rng.permutation(len(plan.projects)):
        if not wanted:
            return
        if int(project) in others:
            continue
        found = plant_one(plan, int(project), forged)
        if found is not None:
            plan.plants.append(found)
            wanted -= 1
