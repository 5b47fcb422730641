"""What happens to a site besides work: rain, standstills, gates out of order, power, inspections of its board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month, festival
from simulation.city import City
from simulation.construction.projects import Projects

REASONS = ["环保管控停工", "安全隐患停工整改", "建设单位通知停工", "台风停工"]
HEAVY, STRONG = 50.0, 25.0  # millimetres in a day: storm, strong rain


@dataclass
class Spells:
    """Stretches of days at a project, both ends included."""

    project: np.ndarray
    first: np.ndarray
    last: np.ndarray

    def mask(self, month: Month, count: int) -> np.ndarray:
        """``(count, days)``: whether a day of the month lies in a stretch at the project."""
        days = month.days()
        hit = np.zeros((count, len(days)), bool)
        near = (self.first <= days[-1]) & (self.last >= days[0])
        for project, first, last in zip(self.project[near], self.first[near], self.last[near], strict=True):
            hit[project] |= (days >= first) & (days <= last)
        return hit

    def with_more(self, more: list[tuple[int, np.datetime64, np.datetime64]]) -> Spells:
        """These and more stretches."""
        if not more:
            return self
        project, first, last = (list(part) for part in zip(*more, strict=True))
        return Spells(
            np.r_[self.project, np.array(project, np.int64)],
            np.r_[self.first, np.array(first, "datetime64[D]")],
            np.r_[self.last, np.array(last, "datetime64[D]")],
        )


def standstills(city: City, projects: Projects) -> Spells:
    """Honest standstills: one in eight sites a year, ten days to six weeks."""
    return _spells(city, projects, "standstills", 0.12, 10, 40)


def outages(city: City, projects: Projects) -> Spells:
    """Gates out of order: mostly a day or two."""
    return _spells(city, projects, "outages", 1.1, 1, 3)


def _spells(city: City, projects: Projects, name: str, yearly: float, shortest: int, longest: int) -> Spells:
    rng = city.streams.rng(name)
    often = rng.poisson(yearly * len(city.months) / 12, len(projects))
    project = np.repeat(np.arange(len(projects)), often)
    first = np.datetime64(city.opening) + rng.integers(0, len(city.months) * 30, len(project))
    return Spells(project, first, first + rng.integers(shortest, longest + 1, len(project)) - 1)


def rain(city: City, month: Month) -> np.ndarray:
    """``(districts, days)`` in millimetres: wet from April to September, neighbours share most of it."""
    rng = city.streams.rng("rain", month)
    wet = 4 <= month.number <= 9
    days, places = month.length, len(city.profile.districts)
    falls = rng.random(days) < (0.42 if wet else 0.2)
    amount = np.where(falls, rng.gamma(0.7, 22 if wet else 9, days), 0)
    return np.round(amount * rng.uniform(0.7, 1.3, (places, days)), 1)


def coming(month: Month) -> np.ndarray:
    """Share of workers who come on each day, for the festivals: nobody at the Spring Festival, few at the others."""
    share = np.ones(month.length)
    for number, day in enumerate(month.days()):
        name = festival(day.item())
        if name == "春节":
            share[number] = 0.02
        elif name:
            share[number] = 0.35 if name.startswith(("国庆", "劳动")) else 0.75
        else:
            share[number] = min([1.0] + [0.12 * gap for gap in range(1, 9) if _spring_festival(day, gap)])
    return share


def _date(day: np.datetime64) -> dt.date:
    found = day.item()
    assert isinstance(found, dt.date)
    return found


def _spring_festival(day: np.datetime64, gap: int) -> bool:
    return any(festival(_date(day + step)) == "春节" for step in (gap, -gap))


def write_weather(city: City, month: Month, millimetres: np.ndarray) -> None:
    """Rainfall of the month, delivered at its end by the weather service."""
    codes = [place.code for place in city.profile.districts]
    place, day = (grid.ravel() for grid in np.indices(millimetres.shape))
    table = pa.table(
        {
            "区划代码": columns.words(place, codes),
            "日期": columns.day(month.days()[day]),
            "降雨量": columns.number(millimetres.ravel()),
        }
    )
    city.out.write("site/weather", month.plus(1).first, table, sender="weather")


def write_power(city: City, month: Month, projects: Projects, present: np.ndarray) -> None:
    """Power of each site and day: a base and something for each worker who is there. ``present`` is (project, day)."""
    rng = city.streams.rng("power", month)
    live = np.flatnonzero(projects.days_overlap(month))
    used = (40 + 6.5 * present[live] * rng.uniform(0.8, 1.2, present[live].shape)).round(1)
    row, day = (grid.ravel() for grid in np.indices(used.shape))
    table = pa.table(
        {
            "项目编码": projects.codes(live[row]),
            "日期": columns.day(month.days()[day]),
            "用电量": columns.number(used.ravel()),
        }
    )
    city.out.write("site/power", month.plus(1).day(3), table, sender="grid")


def write_standstills(city: City, projects: Projects, spells: Spells, reasons: np.ndarray) -> None:
    """Each order to stand still, delivered on the day after it begins and again with its end."""
    order = np.argsort(spells.first, kind="stable")
    project, first, last = spells.project[order], spells.first[order], spells.last[order]
    reason = columns.words(reasons[order], REASONS)
    for tag, end, on in (
        ("begin", np.full(len(last), "NaT", "datetime64[D]"), first + 1),
        ("end", last, last + 1),
    ):
        table = pa.table(
            {
                "项目编码": projects.codes(project),
                "起": columns.day(first),
                "止": columns.day(end),
                "原因": reason,
            }
        )
        city.out.deliver("site/standstills", table, on, senders=["housing"], tag=tag)


def write_boards(city: City, month: Month, projects: Projects) -> None:
    """Visits to a part of the sites: is the board up, how many items lack, and was it mended in time."""
    rng = city.streams.rng("boards", month)
    live = np.flatnonzero(projects.days_overlap(month))
    seen = live[rng.random(len(live)) < 0.2]
    bad = projects.bad_paperwork[seen]
    up = rng.random(len(seen)) > np.where(bad, 0.15, 0.015)
    lacking = np.where(up, rng.poisson(np.where(bad, 1.6, 0.12)), 12).clip(0, 12)
    checked = np.datetime64(month.first) + rng.integers(1, month.length, len(seen))
    due = np.where(lacking > 0, checked + 10, np.datetime64("NaT"))
    mended = np.where(
        (lacking > 0) & (rng.random(len(seen)) < 0.8),
        checked + rng.integers(2, 25, len(seen)),
        np.datetime64("NaT"),
    )
    base = {
        "项目编码": projects.codes(seen),
        "检查日期": columns.day(checked),
        "是否设立": columns.yes_no(up),
        "缺项数": columns.number(lacking),
        "限改日期": columns.day(due),
    }
    first = pa.table({**base, "改正日期": columns.day(np.full(len(seen), "NaT", "datetime64[D]"))})
    city.out.deliver("site/boards", first, checked + 1, senders=["inspection"], tag=f"visit-{month}")
    done = np.flatnonzero(~np.isnat(mended))
    later = pa.table({**base, "改正日期": columns.day(mended)}).take(pa.array(done))
    city.out.deliver("site/boards", later, mended[done] + 1, senders=["inspection"], tag=f"mended-{month}")
