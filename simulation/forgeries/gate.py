"""What forgers do at the gate and on the sheets: days that nobody worked, punches that nobody made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulation.calendar import Month
from simulation.construction.attendance import Days, Punches, face_of
from simulation.construction.world import World
from simulation.forgeries.plan import Plant


def forge_days(world: World, month: Month, days: Days, rng: np.random.Generator) -> None:
    """Change claimed days and what the gate shows, for what is planted in the month. In place."""
    number = world.number(month)
    for plant in world.plants:
        if plant.covers(number):
            places = days.places(plant.rows)
            if len(places) and (change := _DAYS.get((plant.kind, plant.forged))):
                change(world, month, plant, days, places, rng)


def _claim_ghosts(
    world: World, month: Month, days: Days, places: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Claim most days of the month for people who do not exist here; the days on which they are said to have come."""
    open_days = (world.coming > 0.5) & ~world.still[world.workers.project[days.rows[places]]]
    calendar = month.days()
    rows = days.rows[places]
    within = (world.workers.entry[rows][:, None] <= calendar) & (
        world.workers.exit[rows][:, None] >= calendar
    )
    came = open_days & within & (rng.random(open_days.shape) < 0.92)
    days.claimed[places] = came.sum(axis=1)
    return came


def _ghosts_unseen(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    ghosts = places[~world.workers.real[days.rows[places]]]
    _claim_ghosts(world, month, days, ghosts, rng)


def _ghosts_rarely(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    came = _claim_ghosts(world, month, days, places, rng)
    days.shown[places] = came & (rng.random(came.shape) < 0.05)
    never = ~days.shown[places].any(axis=1)
    number = world.number(month)
    plant.also.append(("F03", number, days.rows[places[never]]))
    plant.also.append(("F13", number, days.rows[places[~never]]))


def _ghosts_shown(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    days.shown[places] = _claim_ghosts(world, month, days, places, rng)


def _person_less(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    if plant.how == "backfilled":
        days.shown[places] = days.backfilled[places] = _claim_ghosts(world, month, days, places, rng)
    elif plant.more.get("how") == "two_sites":
        second = places[~world.workers.real[days.rows[places]]]
        days.shown[second] = _claim_ghosts(world, month, days, second, rng)


def _half_days(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    """Mornings at one site, afternoons at the other, on a few days; half a day is paid at each."""
    half = plant.more.get("half")
    if not half:
        return
    chosen = np.flatnonzero(world.coming > 0.9)[3:15:2]
    first, second = days.places(plant.rows[:half]), days.places(plant.rows[half:])
    if len(first) != half or len(second) != half:
        return
    days.worked[second] = days.shown[second] = False
    for places_of_one in (first, second):
        days.worked[np.ix_(places_of_one, chosen)] = days.shown[np.ix_(places_of_one, chosen)] = True
        days.backfilled[np.ix_(places_of_one, chosen)] = False
    days.due[first] = days.worked[first].sum(axis=1) - len(chosen) / 2
    days.due[second] = len(chosen) / 2
    days.claimed[places] = days.due[places]


def _standing(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    calendar = month.days()
    still = (calendar >= plant.more["begin"]) & (calendar <= plant.more["end"])
    made_up = still[None, :] & (rng.random((len(places), len(calendar))) < 0.85)
    days.shown[places] |= made_up
    days.claimed[places] += made_up.sum(axis=1)


def _indoors(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    """They work through the wettest days, which uses power as on any other."""
    rain = world.rain[world.projects.district[plant.project]]
    wet = np.argsort(-rain)[:3]
    days.worked[np.ix_(places, wet)] = days.shown[np.ix_(places, wet)] = True
    days.due[places] = days.claimed[places] = days.worked[places].sum(axis=1)


def _series(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    came = _claim_ghosts(world, month, days, places, rng)
    days.shown[places] = came if plant.how == "moved_on" else False
    if plant.how == "absent":
        plant.also.append(("F03", world.number(month), days.rows[places]))


def _twins(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    """The second name is claimed for about the days that the first one worked."""
    half = plant.more["half"]
    first, second = days.places(plant.rows[:half]), days.places(plant.rows[half:])
    if len(first) != len(second):
        return
    days.claimed[second] = np.maximum(0, days.due[first] - rng.integers(0, 4, len(first)))
    shown = days.shown[first] & (rng.random(days.shown[first].shape) < 0.94)
    days.shown[second] = shown


def _more_than_worked(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    if plant.how == "payroll":
        days.claimed[places] = np.round(days.due[places] * rng.uniform(1.45, 2.0, len(places))).clip(
            0, month.length
        )
        few = days.due[places] > 19
        # Claims end at the month; where people really come every day there is nothing left to add.
        cut = days.worked[places] & (
            rng.random((len(places), month.length)) < np.where(few, 0.35, 0.0)[:, None]
        )
        days.worked[places] &= ~cut
        days.shown[places] &= ~cut
        days.due[places] = days.worked[places].sum(axis=1)


def _overtime(
    world: World, month: Month, plant: Plant, days: Days, places: np.ndarray, rng: np.random.Generator
) -> None:
    more = np.floor(days.due[places] * rng.uniform(0.04, 0.13, len(places)) * 2) / 2
    days.due[places] += more
    days.claimed[places] = days.due[places]


_DAYS = {
    ("F03", True): _ghosts_unseen,
    ("F04", True): _person_less,
    ("F04", False): _half_days,
    ("F05", True): _ghosts_shown,
    ("F06", True): _ghosts_shown,
    ("F07", True): _standing,
    ("F07", False): lambda world, month, plant, days, places, rng: (
        _indoors(world, month, plant, days, places, rng) if plant.how == "indoor" else None
    ),
    ("F09", True): _series,
    ("F10", True): _twins,
    ("F11", True): _ghosts_rarely,
    ("F13", True): _more_than_worked,
    ("F13", False): _overtime,
}


def forge_punches(world: World, month: Month, days: Days, seen: Punches, rng: np.random.Generator) -> Punches:
    """Change minutes, devices and faces for what is planted in the month."""
    number = world.number(month)
    for plant in world.plants:
        change = plant.covers(number) and _PUNCHES.get(plant.kind)
        if not change:
            continue
        places = days.places(plant.rows)
        if len(places):
            change(world, plant, days, seen, places, rng)
            if len(seen.of(places)):
                plant.done.add(number)
    return replace(seen, last=np.minimum(np.maximum(seen.last, seen.first + 60), 86_390))


def _at_two_sites(
    world: World, plant: Plant, days: Days, seen: Punches, places: np.ndarray, rng: np.random.Generator
) -> None:
    half = plant.more.get("half")
    if plant.more.get("how") != "noon" or not half:
        return
    second = days.places(plant.rows[half:])
    afternoon = seen.of(second)
    seen.first[afternoon] = 13 * 3600 + 1200 + rng.integers(0, 1500, len(afternoon))
    morning = seen.of(days.places(plant.rows[:half]))
    shared = np.isin(seen.day[morning], np.unique(seen.day[afternoon]))
    seen.last[morning[shared]] = 11 * 3600 + 900 + rng.integers(0, 1500, int(shared.sum()))


def _same_minutes(
    world: World, plant: Plant, days: Days, seen: Punches, places: np.ndarray, rng: np.random.Generator
) -> None:
    which = seen.of(places)
    own = np.searchsorted(places, seen.at[which])
    if plant.how == "same_minutes":
        seen.first[which] = (6 * 3600 + 1800 + rng.integers(0, 3000, len(places)))[own]
        seen.last[which] = (17 * 3600 + 1800 + rng.integers(0, 3000, len(places)))[own]
    elif plant.how == "copied":
        by_day = rng.integers(0, 3000, 31)
        seen.first[which] = 6 * 3600 + 1800 + by_day[seen.day[which]]
        seen.last[which] = 17 * 3600 + 1800 + rng.integers(0, 3000, 31)[seen.day[which]]
    else:
        seen.first[which] = 6 * 3600 + 3000 + rng.normal(0, 110, len(which)).astype(np.int64)
        seen.last[which] = 17 * 3600 + 3000 + rng.normal(0, 130, len(which)).astype(np.int64)


def _masks(
    world: World, plant: Plant, days: Days, seen: Punches, places: np.ndarray, rng: np.random.Generator
) -> None:
    which = seen.of(places)
    if plant.how == "twins":
        seen.face[which] = np.where(
            seen.face[which] == 0, 0, face_of(world.workers.person[plant.rows[:1]])[0]
        )
        return
    own = np.searchsorted(places, seen.at[which])
    gap = 2 if plant.forged else 7
    start = 6 * 3600 + 2400 + rng.integers(0, 1500, 31)
    end = 17 * 3600 + 2400 + rng.integers(0, 1500, 31)
    seen.first[which] = start[seen.day[which]] + own * gap + rng.integers(0, gap, len(which))
    if not plant.forged:
        return
    seen.last[which] = end[seen.day[which]] + own * gap + rng.integers(0, gap, len(which))
    seen.device[which] = 0
    seen.face[which] = face_of(world.workers.person[days.rows[places]])[own - own % 4]


def _as_it_is(
    world: World, plant: Plant, days: Days, seen: Punches, places: np.ndarray, rng: np.random.Generator
) -> None:
    """The punches need no other change than the days."""


_PUNCHES = {"F04": _at_two_sites, "F05": _same_minutes, "F06": _masks, "F07": _as_it_is}
