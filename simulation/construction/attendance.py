"""Who worked on which day of a month, and what the gate saw of it. One district at a time, whole arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns, identifiers
from simulation.calendar import Month
from simulation.construction.site import HEAVY, STRONG
from simulation.construction.workers import INDOOR, WATCH
from simulation.construction.world import World

#: days a month of people with monthly pay
FIXED_DAYS = 20
SECOND = np.timedelta64(1, "s")


@dataclass
class Days:
    """The month of some rows (sorted): what they worked, what is claimed for them, what the gate shows."""

    rows: np.ndarray
    worked: np.ndarray  # (row, day) truly
    shown: np.ndarray  # (row, day) at the gate
    backfilled: np.ndarray  # (row, day) filled in afterwards
    due: np.ndarray  # days with pay, in truth
    claimed: np.ndarray  # days that stand on the sheet and the payroll

    def places(self, rows: np.ndarray) -> np.ndarray:
        """Where the rows stand; those not there are left out."""
        place = np.searchsorted(self.rows, rows).clip(0, max(0, len(self.rows) - 1))
        return place[self.rows[place] == rows] if len(self.rows) else place[:0]


@dataclass
class Punches:
    """One place a row and day at one device, sorted by row and day."""

    at: np.ndarray  # place of the row in ``Days.rows``
    day: np.ndarray  # number in the month
    first: np.ndarray  # seconds of the day
    last: np.ndarray
    device: np.ndarray  # number at the project
    face: np.ndarray  # a number; 0: no face was taken
    backfilled: np.ndarray

    def of(self, places: np.ndarray) -> np.ndarray:
        """The punches of some rows."""
        starts, ends = np.searchsorted(self.at, places), np.searchsorted(self.at, places, side="right")
        parts = [np.arange(start, end) for start, end in zip(starts, ends, strict=True)]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def days_of(world: World, month: Month, rows: np.ndarray, rng: np.random.Generator) -> Days:
    """Work of the rows in the month before any forgery, and the gate that sees most of it."""
    one, calendar = world.workers, month.days()
    project = one.project[rows]
    present = (one.entry[rows][:, None] <= calendar) & (one.exit[rows][:, None] >= calendar)
    share = one.habit[rows][:, None] * world.coming[None, :] * 0.95 * _weather(world, rows)
    still = world.still[project]
    watch = one.trade[rows] == WATCH
    share = np.where(still, np.where(watch, 0.9, 0.0)[:, None], share)
    fixed = one.fixed_pay[rows]
    worked = present & (rng.random(share.shape, dtype=np.float32) < share) & ~_ill(rng, share.shape)
    if fixed.any():
        # Monthly pay: the same days off for everybody of the list.
        pattern = (world.coming > 0.7) & (np.arange(len(calendar)) % 7 != 3)
        worked[fixed] = present[fixed] & pattern & (np.cumsum(pattern) <= FIXED_DAYS)
    worked &= one.real[rows][:, None]
    broken = world.broken[project]
    shown = worked & ~broken & ~one.gateless[rows][:, None]
    shown &= (
        rng.random(shown.shape, dtype=np.float32) >= world.city.profile.habits["punch_missing"]
    ) | fixed[:, None]
    mended = world.mended[project] & worked & broken & ~one.gateless[rows][:, None]
    due = worked.sum(axis=1).astype(np.float64)
    return Days(rows, worked, shown | mended, mended, due, due.copy())


def _weather(world: World, rows: np.ndarray) -> np.ndarray:
    """Share of work left on each day: little outdoors in strong rain, almost nothing in a storm."""
    rain = world.rain[world.projects.district[world.workers.project[rows]]]
    indoor = INDOOR[world.workers.trade[rows]][:, None]
    strong = np.where(indoor, 0.92, 0.55)
    return np.where(rain >= HEAVY, np.where(indoor, 0.6, 0.02), np.where(rain >= STRONG, strong, 1.0)).astype(
        np.float32
    )


def _ill(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """A few fall ill for some days or weeks."""
    count, days = shape
    ill = rng.random(count) < 0.03
    begin, long = rng.integers(0, days, count), rng.integers(3, 16, count)
    number = np.arange(days)
    return ill[:, None] & (number >= begin[:, None]) & (number < (begin + long)[:, None])


def punches_of(world: World, days: Days, rng: np.random.Generator) -> Punches:
    """First and last punch, device and face for every day that the gate shows."""
    at, day = np.nonzero(days.shown)
    rows = days.rows[at]
    project = world.workers.project[rows]
    count = len(at)
    first = world.gate_opens[project] + rng.normal(0, 420, count).astype(np.int64)
    last = world.gate_closes[project] + rng.normal(0, 600, count).astype(np.int64)
    home = rows % world.gates[project]
    stray = rng.random(count) < 0.15
    device = np.where(stray, rng.integers(0, 8, count) % world.gates[project], home)
    face = face_of(world.workers.person[rows])
    face[rng.random(count) < 0.02] = 0
    backfilled = days.backfilled[at, day]
    face[backfilled] = 0
    return Punches(at, day, first, last, device, face, backfilled)


def face_of(person: np.ndarray) -> np.ndarray:
    """The number that stands for somebody's face: always the same, never 0."""
    return (person.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)


def write_punches(
    world: World, month: Month, place: int, days: Days, seen: Punches, rng: np.random.Generator
) -> None:
    """Deliver the month of a district in two halves; gates that send late come some days after."""
    rows = days.rows[seen.at]
    project = world.workers.project[rows]
    midnight = month.days()[seen.day].astype("datetime64[s]")
    codes = world.projects.codes(project)
    device = pa.compute.binary_join_element_wise(
        codes, columns.words(seen.device, [f"{number:02d}" for number in range(1, 9)]), "-"
    )
    table = pa.table(
        {
            "设备编号": device,
            "项目编码": codes,
            "身份证号": world.people.ids(world.workers.person[rows]),
            "日期": columns.day(month.days()[seen.day]),
            "首次打卡": columns.moment(midnight + seen.first * SECOND),
            "末次打卡": columns.moment(midnight + np.maximum(seen.last, seen.first + 60) * SECOND),
            "打卡次数": columns.number(rng.choice([2, 4, 3, 6], len(rows), p=[0.55, 0.35, 0.06, 0.04])),
            "人脸特征": columns.fixed(identifiers.hexes(seen.face), seen.face == 0),
            "补传": columns.yes_no(seen.backfilled),
        }
    )
    half = np.where(seen.day < 15, np.datetime64(month.day(16)), np.datetime64(month.plus(1).first))
    late = world.gate_late[project]
    world.city.out.deliver(
        "gates",
        table,
        half + np.where(late, 6, 0) + np.where(seen.backfilled, 2, 0),
        senders=[world.city.profile.districts[place].code],
        tag=str(month),
        packed=True,
    )


def write_sheets(world: World, month: Month, rows: np.ndarray, claimed: np.ndarray) -> None:
    """The contractors' own attendance sheets: a few slips of the pen, a few never delivered."""
    rng = world.city.streams.rng("sheets", month)
    habits, projects = world.city.profile.habits, world.projects
    missing = rng.random(len(projects)) < habits["sheet_missing"]
    on = (
        np.datetime64(month.plus(1).first)
        + rng.integers(1, 8, len(projects))
        + np.where(rng.random(len(projects)) < 0.1, 12, 0)
    )
    kept = np.flatnonzero((claimed > 0) & ~missing[world.workers.project[rows]])
    rows, days = rows[kept], claimed[kept].copy()
    slip = rng.random(len(rows)) < habits["sheet_error"]
    days[slip] = (days[slip] + rng.choice([-2.0, -1.0, 1.0], slip.sum())).clip(0.5, month.length)
    project = world.workers.project[rows]
    table = pa.table(
        {
            "项目编码": projects.codes(project),
            "工资月份": columns.same(str(month), len(rows)),
            "身份证号": world.people.ids(world.workers.person[rows]),
            "出勤天数": columns.number(days),
        }
    )
    world.deliver_by_sender("attendance", table, on[project], project, tag=str(month))
