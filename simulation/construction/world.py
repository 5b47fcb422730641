"""Everything that is known of the building sites before the first month, and the month that is being lived."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation import columns, identifiers
from simulation.calendar import Month
from simulation.city import City
from simulation.construction import projects as project_list
from simulation.construction import site
from simulation.construction.projects import Projects
from simulation.construction.workers import (
    TRADES,
    People,
    Teams,
    Workers,
    make_people,
    make_teams,
    make_workers,
    some_move_on,
)
from simulation.forgeries.kinds import plant_all
from simulation.forgeries.plan import Plan, Plant


@dataclass
class World:
    """What the months share. The fields after ``plants`` belong to the month that :meth:`turn` has begun."""

    city: City
    projects: Projects
    teams: Teams
    workers: Workers
    people: People
    plants: list[Plant]
    officers: list[tuple[int, int, str]]
    standstills: site.Spells
    outages: site.Spells
    senders: list[str]
    sender_of: np.ndarray  # of each district
    gates: np.ndarray
    gate_opens: np.ndarray
    gate_closes: np.ndarray
    gate_late: np.ndarray
    has_account: np.ndarray
    #: persons registered with the builders who never set foot on a site
    outsiders: np.ndarray
    #: names of all employers
    titles: list[str]
    #: monthly labour cost as last told in the register
    told: np.ndarray
    rain: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    coming: np.ndarray = field(default_factory=lambda: np.zeros(0))
    still: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    broken: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    mended: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))

    def turn(self, month: Month) -> None:
        """Begin a month: its weather and festivals, which sites stand still, which gates are out of order."""
        count = len(self.projects)
        self.rain, self.coming = site.rain(self.city, month), site.coming(month)
        self.still = self.standstills.mask(month, count)
        self.broken = self.outages.mask(month, count)
        # Half of the short outages are filled in afterwards, the long ones never.
        rng = self.city.streams.rng("mended", month)
        short = self.broken.sum(axis=1) <= 3
        self.mended = self.broken & (short & (rng.random(count) < 0.5))[:, None]
        for plant in self.plants:
            if plant.how == "cut" and plant.covers(self.number(month)):
                self.mended[plant.project] |= month.days() == plant.more["day"]

    @cached_property
    def team_names(self) -> pa.Array:
        """Names of the teams."""
        trades = columns.words(self.teams.trade, TRADES)
        number = columns.fixed(identifiers.digits(np.arange(len(self.teams.project)), 6))
        return pc.binary_join_element_wise(trades, "班组", number, "")

    def phone_letters(self, phone: np.ndarray) -> np.ndarray:
        """Mobile numbers."""
        return identifiers.phones(phone)

    def number(self, month: Month) -> int:
        """The number of the month within the window."""
        first = self.city.months[0]
        return (month.year - first.year) * 12 + month.number - first.number

    def here(self, month: Month) -> np.ndarray:
        """Rows that are enrolled at some time of the month."""
        return np.flatnonzero(
            (self.workers.entry <= np.datetime64(month.last))
            & (self.workers.exit >= np.datetime64(month.first))
        )

    def planted(self, number: int, kind: str) -> list[Plant]:
        """The plants of a kind that are carried out in the month of that number."""
        return [plant for plant in self.plants if plant.kind == kind and plant.covers(number)]

    def deliver_by_sender(
        self,
        kind: str,
        table: pa.Table,
        on: np.ndarray,
        project: np.ndarray,
        *,
        tag: str,
        packed: bool = False,
    ) -> None:
        """Deliver rows of projects, each by the sender of its district."""
        sender = self.sender_of[self.projects.district[project]]
        self.city.out.deliver(kind, table, on, senders=self.senders, sender=sender, tag=tag, packed=packed)


def build(city: City) -> World:
    """The sites, their people and what is planted among them."""
    projects = project_list.make(city)
    teams = make_teams(city, projects)
    honest = make_workers(city, projects, teams)
    some_move_on(city, honest)
    plan = Plan(city, projects, teams, honest, city.streams.rng("plan"))
    plant_all(plan)
    workers = plan.everybody()
    found = city.employers.builders()
    firms = len(found["contractors"]) + len(found["subcontractors"])
    people = make_people(city, plan.persons + firms, plan.kin)
    _give_series(city, plan, workers, people)
    rng = city.streams.rng("gates")
    count = len(projects)
    prefixes = [place.code[: city.profile.sender_digits] for place in city.profile.districts]
    senders = sorted(set(prefixes))
    return World(
        city=city,
        projects=projects,
        teams=teams,
        workers=workers,
        people=people,
        plants=plan.plants,
        officers=plan.officers,
        standstills=site.standstills(city, projects).with_more(plan.standstills),
        outages=site.outages(city, projects).with_more(plan.outages),
        senders=senders,
        sender_of=np.array([senders.index(prefix) for prefix in prefixes]),
        gates=np.where(projects.people > 120, 3, np.where(projects.people > 40, 2, 1)),
        gate_opens=rng.integers(6 * 3600, 7 * 3600 + 1800, count),
        gate_closes=rng.integers(17 * 3600 + 1800, 18 * 3600 + 2700, count),
        gate_late=rng.random(count) < 0.05,
        has_account=rng.random(count) >= 0.02,
        outsiders=plan.persons + np.arange(firms),
        titles=city.employers.titles.to_pylist(),
        told=np.zeros(count, np.int64),
    )


def _give_series(city: City, plan: Plan, workers: Workers, people: People) -> None:
    """Cards opened one after the other at one counter on one day."""
    rng = city.streams.rng("series")
    for number, (rows, opened, branch) in enumerate(plan.series):
        cards = workers.card[rows]
        product = identifiers.CARD_PRODUCTS[rng.integers(0, len(identifiers.CARD_PRODUCTS))]
        start = 10_000_000_000 + number * 100_000 + int(rng.integers(0, 9000))
        people.card_letters[cards] = identifiers.cards(
            np.full(len(cards), product), start + np.arange(len(cards))
        )
        people.card_opened[cards] = opened
        people.card_branch[cards] = branch
