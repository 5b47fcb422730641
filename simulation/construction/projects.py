"""Projects: where, who builds, for how much, from when to when, and which trouble each is in for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation import columns, identifiers, names
from simulation.calendar import Month
from simulation.city import City

INDUSTRIES = ["住建", "交通", "水务", "其他"]
_KINDS = [
    "住宅楼",
    "厂房",
    "学校教学楼",
    "道路改造",
    "医院综合楼",
    "产业园",
    "人才公寓",
    "河道整治",
    "商业综合体",
    "变电站",
]
#: how an owner behaves in a month
GOOD, SLOW, SQUEEZED, FAILED = range(4)
FAR = np.datetime64("2100-01-01")


@dataclass
class Projects:
    """Parallel arrays, one place a project, sorted by district."""

    district: np.ndarray
    code: np.ndarray  # text
    title: pa.Array
    industry: np.ndarray
    owner: np.ndarray
    contractor: np.ndarray
    subcontractors: list[np.ndarray]
    price_fen: np.ndarray
    public: np.ndarray
    signed: np.ndarray
    permit: np.ndarray
    start: np.ndarray
    planned_end: np.ndarray
    end: np.ndarray  # FAR while it goes on
    pay_day: np.ndarray
    due_day: np.ndarray
    agreed_in_file: np.ndarray  # whether the monthly labour cost stands in the register
    people: np.ndarray  # workers over the whole window
    bad_paperwork: np.ndarray
    cards_told: np.ndarray  # the bank tells what leaves the wage cards
    owner_state: np.ndarray  # (project, month)
    contractor_failed: np.ndarray  # month number from which the contractor has no money; months if never
    weak: np.ndarray
    siphoned: np.ndarray  # month number in which money is taken out; -1 if never
    late_habit: np.ndarray
    pay_whole_teams: np.ndarray  # where money is short: some teams in full, or all in part

    def __len__(self) -> int:
        return len(self.district)

    def codes(self, which: np.ndarray) -> pa.Array:
        """Their codes as a column."""
        return pa.array(self.code).take(pa.array(which))

    def days_overlap(self, month: Month) -> np.ndarray:
        """Projects on which work goes on in the month."""
        return (self.start <= np.datetime64(month.last)) & (self.end >= np.datetime64(month.first))


def make(city: City) -> Projects:
    """The projects of the city."""
    rng = city.streams.rng("projects")
    profile, count, months = city.profile, city.profile.projects, len(city.months)
    weights = np.array([district.weight for district in profile.districts])
    district = np.sort(rng.choice(len(weights), count, p=weights / weights.sum()))
    start, planned, end = _periods(rng, city, count)
    people = _shares(rng, count, profile.workers, np.minimum(end, np.datetime64(profile.until)) - start)
    owner, contractor, subs = _builders(rng, city, count)
    causes, habits = profile.causes, profile.habits
    public = rng.random(count) < 0.4
    weak_firm = rng.random(len(city.employers)) < causes["contractor_weak"]
    failing = rng.random(len(city.employers)) < causes["contractor_failed"] * 1.5
    failed_from = np.where(failing, rng.integers(1, max(2, months), len(failing)), months)
    signed = start - rng.integers(15, 70, count)
    return Projects(
        district=district,
        code=_codes(city, district, start),
        title=titles(rng, count),
        industry=rng.choice(4, count, p=[0.68, 0.14, 0.10, 0.08]),
        owner=owner,
        contractor=contractor,
        subcontractors=subs,
        price_fen=(people * rng.lognormal(np.log(90_000), 0.35, count) * 100).astype(np.int64).clip(3 * 10**8)
        // 10**6
        * 10**6,
        public=public,
        signed=signed,
        permit=start - rng.integers(0, 25, count),
        start=start,
        planned_end=planned,
        end=end,
        pay_day=rng.choice([10, 15, 20, 25, 28], count, p=[0.15, 0.35, 0.25, 0.18, 0.07]),
        due_day=rng.choice([15, 20, 22, 25], count, p=[0.2, 0.35, 0.18, 0.27]),
        agreed_in_file=rng.random(count) < 0.65,
        people=people,
        bad_paperwork=rng.random(count) < habits["bad_paperwork"],
        cards_told=rng.random(count) < habits["bank_gives_cards"],
        owner_state=_owner_states(rng, city, count, public),
        contractor_failed=failed_from[contractor],
        weak=weak_firm[contractor],
        siphoned=np.where(
            rng.random(count) < causes["siphoned"], rng.integers(1, max(2, months - 2), count), -1
        ),
        late_habit=rng.random(count) < causes["late_habit"],
        pay_whole_teams=rng.random(count) < 0.6,
    )


def _periods(rng: np.random.Generator, city: City, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, planned end and true end: a good half runs when the window opens, the others start within it."""
    first, days = np.datetime64(city.opening), (city.profile.until - city.opening).days
    running = rng.random(count) < 0.6
    start = first + np.where(
        running, -rng.integers(20, 300, count), rng.integers(0, max(1, int(days * 0.65)), count)
    )
    length = rng.lognormal(np.log(500), 0.4, count).astype(np.int64).clip(150, 1000)
    planned = np.maximum(start + length, first + 75)
    end = planned + rng.integers(-20, 60, count)
    end[end > np.datetime64(city.profile.until)] = FAR
    return start, planned, end


def _shares(rng: np.random.Generator, count: int, total: int, length: np.ndarray) -> np.ndarray:
    """How many of all workers each project sees: a few large sites, many small ones."""
    weight = rng.lognormal(0, 0.75, count) * np.sqrt(length.astype(np.int64).clip(60, 400))
    share = np.maximum(12, np.floor(total * weight / weight.sum())).astype(np.int64)
    share[np.argmax(share)] += max(0, total - share.sum())
    return share


def _builders(
    rng: np.random.Generator, city: City, count: int
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    found = city.employers.builders()
    subs = [
        rng.choice(found["subcontractors"], min(3, len(found["subcontractors"])), replace=False)
        for _ in range(count)
    ]
    return rng.choice(found["owners"], count), rng.choice(found["contractors"], count), subs


def _codes(city: City, district: np.ndarray, start: np.ndarray) -> np.ndarray:
    """District, year of the start, running number."""
    place = np.array([int(one.code) for one in city.profile.districts])[district]
    year = start.astype("datetime64[Y]").astype(np.int64) + 1970
    whole = (place * 100 + year % 100) * 100_000 + np.arange(len(district)) + 1
    return identifiers.digits(whole, 13).view("S13")[:, 0].astype("U13")


def titles(rng: np.random.Generator, count: int) -> pa.Array:
    """Names of building projects."""
    brand = names.brands(rng, count)
    kind = columns.words(rng.integers(0, len(_KINDS), count), _KINDS)
    part = columns.words(rng.integers(0, 4, count), ["一期", "二期", "三期", ""])
    return pc.binary_join_element_wise(brand, kind, part, "工程", "")


def _owner_states(rng: np.random.Generator, city: City, count: int, public: np.ndarray) -> np.ndarray:
    """How each owner behaves month by month: slow by habit, or worse from some month on, until it recovers."""
    causes, months = city.profile.causes, len(city.months)
    states = np.zeros((count, months), np.int8)
    states[rng.random(count) < causes["owner_slow"]] = SLOW
    luck = rng.random(count) * np.where(public, 1.8, 1.0)
    worse = np.where(
        luck < causes["owner_failed"],
        FAILED,
        np.where(luck < causes["owner_failed"] + causes["owner_squeezed"], SQUEEZED, GOOD),
    )
    since = rng.integers(0, max(1, months - 1), count)
    for month in range(months):
        hit = (worse > GOOD) & (month >= since)
        # Before it stops altogether an owner pays less for a month or two.
        sinking = (worse == FAILED) & (month <= since + (since + np.arange(count)) % 2)
        states[hit, month] = np.where(sinking, SQUEEZED, worse)[hit]
        # A squeezed owner may fail for good; either may come back to paying.
        turn = rng.random(count)
        worse = np.where(hit & (worse == SQUEEZED) & (turn > 0.93), FAILED, worse)
        worse = np.where(hit & (turn < causes["owner_recovers"]), GOOD, worse)
    return states
