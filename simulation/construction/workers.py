"""Teams and workers: who is on which site from when to when, for what pay, with which card and phone.

One place in the arrays of :class:`Workers` is one enrolment. A person who is on two sites has two.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa

from simulation import columns, identifiers, names
from simulation.city import City
from simulation.construction.projects import FAR, Projects

TRADES = [
    "木工",
    "钢筋工",
    "混凝土工",
    "砌筑工",
    "架子工",
    "水电安装工",
    "抹灰工",
    "装修工",
    "普工",
    "塔吊司机",
    "运输司机",
    "保卫保洁",
]
#: yuan a day, before the person's own skill
_DAY_RATE = np.array([340, 330, 300, 310, 340, 320, 300, 320, 220, 360, 310, 180])
_SHARES = np.array([0.17, 0.16, 0.11, 0.10, 0.08, 0.11, 0.07, 0.08, 0.12, 0.0, 0.0, 0.0])
INDOOR = np.isin(np.arange(len(TRADES)), [5, 6, 7])
CRANE, DRIVER, WATCH = 9, 10, 11
BRANCHES = [
    f"{bank}{place}支行"
    for bank in ("建设银行", "农业银行", "工商银行", "邮储银行")
    for place in ("新港", "东郊", "临江", "城北", "开发区")
]


@dataclass
class Teams:
    """One place a team, sorted by project."""

    project: np.ndarray
    sub: np.ndarray  # employer number
    trade: np.ndarray
    entry: np.ndarray
    exit: np.ndarray
    size: np.ndarray
    absconds: np.ndarray  # month number from which its leader keeps the money; -1 if never


@dataclass
class Workers:
    """One place an enrolment, sorted by project and team."""

    project: np.ndarray
    team: np.ndarray
    person: np.ndarray
    trade: np.ndarray
    rate_fen: np.ndarray
    entry: np.ndarray
    exit: np.ndarray
    signed: np.ndarray  # labour contract; NaT where there is none
    card: np.ndarray  # number in the table of cards
    phone: np.ndarray  # number of the phone
    collector: np.ndarray  # person who is declared to collect for this one; -1
    real: np.ndarray  # works here in truth
    fixed_pay: np.ndarray
    habit: np.ndarray  # share of days on which this one comes
    gateless: np.ndarray  # works behind another gate; days are kept by hand

    def __len__(self) -> int:
        return len(self.project)


@dataclass
class People:
    """Persons and their cards, by number. ``cards`` is longer where somebody has a second one."""

    id_letters: np.ndarray
    name: pa.Array
    card_letters: np.ndarray
    card_opened: np.ndarray
    card_branch: np.ndarray

    def ids(self, which: np.ndarray) -> pa.Array:
        return columns.fixed(self.id_letters[which])

    def names(self, which: np.ndarray) -> pa.Array:
        return self.name.take(pa.array(which))

    def cards(self, which: np.ndarray) -> pa.Array:
        return columns.fixed(self.card_letters[which])


def gather(rows: Workers, order: np.ndarray) -> Workers:
    """The same rows in another order, or some of them."""
    return Workers(**{field.name: getattr(rows, field.name)[order] for field in fields(rows)})


def join(one: Workers, other: Workers) -> Workers:
    """Both, one after the other."""
    return Workers(
        **{
            field.name: np.concatenate([getattr(one, field.name), getattr(other, field.name)])
            for field in fields(one)
        }
    )


def like(rows: Workers, pattern: np.ndarray, **changed: Any) -> Workers:
    """New rows like those at ``pattern``, but for what is changed."""
    return replace(gather(rows, pattern), **changed)


def make_teams(city: City, projects: Projects) -> Teams:
    """Teams of about two dozen, each of one trade, coming and going with the work."""
    rng = city.streams.rng("teams")
    count = np.maximum(2, np.round(projects.people / 24).astype(np.int64))
    project = np.repeat(np.arange(len(projects)), count)
    first, until = np.datetime64(city.opening), np.datetime64(city.profile.until)
    begin = projects.start[project]
    finish = np.minimum(projects.end[project], until + 30)
    span = (finish - np.maximum(begin, first)).astype(np.int64).clip(20)
    # A third is there when the window opens, as far as the site is; the rest come one after another.
    entry = np.maximum(begin, first) + (rng.random(len(project)) * (span - 15)).astype(np.int64)
    there = (rng.random(len(project)) < 0.33) & (begin < first)
    entry = np.where(there, np.maximum(begin, first - rng.integers(1, 150, len(project))), entry)
    stay = rng.lognormal(np.log(190), 0.45, len(project)).astype(np.int64).clip(30, 420)
    leave = np.where(there, np.maximum(entry, first) + stay * 2 // 3, entry + stay)
    share = rng.gamma(6, 1, len(project))
    whole = np.bincount(project, share)
    size = np.maximum(3, np.floor(projects.people[project] * share / whole[project])).astype(np.int64)
    size[: max(0, city.profile.workers - int(size.sum()))] += 1
    pick = rng.integers(0, 3, len(project))
    subs = np.array([np.resize(subs, 3) for subs in projects.subcontractors])
    runs = rng.random(len(project)) < city.profile.causes["leader_absconds"] * len(projects) / len(project)
    return Teams(
        project=project,
        sub=subs[project, pick],
        trade=rng.choice(len(TRADES), len(project), p=_SHARES / _SHARES.sum()),
        entry=entry,
        exit=np.minimum(leave, projects.end[project]),
        size=size,
        absconds=np.where(
            runs,
            (
                (np.maximum(entry, first) - first).astype(np.int64) // 30 + rng.integers(0, 3, len(project))
            ).clip(0, len(city.months)),
            -1,
        ),
    )


def make_workers(city: City, projects: Projects, teams: Teams) -> Workers:
    """The honest workers; who is planted for a forgery joins later."""
    rng = city.streams.rng("workers")
    team = np.repeat(np.arange(len(teams.project)), teams.size)
    count, project = len(team), teams.project[team]
    late = np.where(rng.random(count) < 0.7, rng.integers(0, 4, count), rng.integers(0, 60, count))
    entry = np.minimum(teams.entry[team] + late, teams.exit[team])
    early = np.where(rng.random(count) < 0.75, 0, rng.integers(0, 90, count))
    leave = np.maximum(entry + 3, teams.exit[team] - early)
    leave = np.where(leave > np.datetime64(city.profile.until) + 40, FAR, leave)
    trade = teams.trade[team].copy()
    helper = rng.random(count)
    trade[helper < 0.06] = TRADES.index("普工")
    trade[helper > 0.985] = WATCH
    lacking = np.where(
        projects.bad_paperwork[project],
        city.profile.habits["no_contract_bad"],
        city.profile.habits["no_contract"],
    )
    signed = entry + rng.integers(-3, 12, count)
    signed = np.where(rng.random(count) < lacking, np.datetime64("NaT"), signed)
    return Workers(
        project=project,
        team=team,
        person=np.arange(count),
        trade=trade,
        rate_fen=(_DAY_RATE[trade] * rng.lognormal(0, 0.12, count) / 10).round().astype(np.int64) * 1000,
        entry=entry,
        exit=leave,
        signed=signed,
        card=np.arange(count),
        phone=np.arange(count),
        collector=np.full(count, -1),
        real=np.ones(count, bool),
        fixed_pay=np.zeros(count, bool),
        habit=rng.beta(22, 1.8, count).astype(np.float32),
        gateless=np.zeros(count, bool),
    )


def some_move_on(city: City, rows: Workers) -> None:
    """A few of those who came later had been on another site before: the same person, enrolled twice."""
    rng = city.streams.rng("moves")
    later = np.flatnonzero((rows.entry > np.datetime64(city.opening) + 60) & (rng.random(len(rows)) < 0.06))
    by_exit = np.argsort(rows.exit, kind="stable")
    gone = np.searchsorted(rows.exit[by_exit], rows.entry[later])
    later, gone = later[gone > 0], gone[gone > 0]
    before = by_exit[(rng.random(len(later)) * gone).astype(np.int64)]
    _, first = np.unique(before, return_index=True)
    later, before = later[first], before[first]
    free = ~np.isin(before, later) & (rows.project[before] != rows.project[later])
    for name in ("person", "card", "phone"):
        values = getattr(rows, name)
        values[later[free]] = values[before[free]]


def make_people(city: City, count: int, kin: dict[int, int]) -> People:
    """``count`` persons. ``kin`` maps a person to a relative: same surname, same home district in the ID number."""
    rng = city.streams.rng("people")
    area = 990101 + rng.integers(0, 9000, count)
    surname = rng.integers(0, len(names.SURNAMES), count)
    for one, other in kin.items():
        area[one], surname[one] = area[other], surname[other]
    # No two persons share sequence and birthday: of one sequence each thousand has its own day.
    block, sequence = np.divmod(np.arange(count), 1000)
    decade = np.minimum((rng.beta(1.6, 1.7, count) * 10).astype(np.int64), 9)
    born = np.datetime64("1966-01-01") + decade * 1400 + (block * 7919 + sequence * 31) % 1400
    product = rng.integers(0, len(identifiers.CARD_PRODUCTS), count)
    # Accounts of strangers lie far apart; neighbours are opened one after the other at one counter.
    serial = 20_000_000_000 + rng.permutation(count).astype(np.int64) * 100_003
    opened = np.datetime64(city.opening) - rng.gamma(1.5, 500, count).astype(np.int64).clip(3, 6000)
    return People(
        id_letters=identifiers.id_numbers(area, born, sequence),
        name=names.people(rng, count, surname),
        card_letters=identifiers.cards(identifiers.CARD_PRODUCTS[product], serial),
        card_opened=opened,
        card_branch=rng.integers(0, len(BRANCHES), count),
    )
