"""``truth/forgeries`` and ``truth/lookalikes``: one row a plant and month in which it was carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.construction.payroll import Lines
from simulation.construction.world import World
from simulation.forgeries.plan import Plant

#: kinds that live on the pay list; the others are noted where they are carried out
_ON_LISTS = ("F01", "F03", "F08", "F09", "F10", "F11")

#: so many of the planted must stand on a list for it to be one: two on a card are a couple
_LEAST = {"F01": 3}

#: kind, project, month, persons, first day, note
Row = tuple[str, int, int, str, dt.date, str]


def note_lists(world: World, number: int, lines: Lines) -> None:
    """What is planted on a list has been done once there is a list with these people on it."""
    for plant in world.plants:
        listed = plant.covers(number) and (plant.kind in _ON_LISTS or plant.how == "payroll")
        if listed and np.isin(plant.rows, lines.row).sum() >= _LEAST.get(plant.kind, 1):
            plant.done.add(number)


def write_plants(world: World) -> None:
    """Both files, at the end of the window."""
    plants = sorted(world.plants, key=lambda plant: (plant.kind, plant.project))
    for kind, forged in (("truth/forgeries", True), ("truth/lookalikes", False)):
        rows = [row for plant in plants if plant.forged == forged for row in _rows(world, plant)]
        if not rows:
            continue
        kinds, projects, months, people, since, notes = (list(part) for part in zip(*rows, strict=True))
        data = {
            "种类": pa.array(kinds),
            "项目编码": world.projects.codes(np.array(projects)),
            "月份": columns.words(np.array(months), [str(month) for month in world.city.months]),
            "身份证号": pa.array(people),
            "起": pa.array(since),
        }
        if not forged:
            data["说明"] = pa.array(notes)
        world.city.out.write(kind, world.city.profile.until, pa.table(data), sender="construction")


def _rows(world: World, plant: Plant) -> Iterator[Row]:
    since, last = world.city.months[plant.first].first, min(plant.last, len(world.city.months) - 1)
    for month in range(plant.first, last + 1):
        # Honest cases stand in the truth for all their months: they must not be accused in any.
        if plant.forged and month not in plant.done:
            continue
        yield plant.kind, plant.project, month, _names(world, plant.rows, month), since, plant.note
    if plant.more.get("how") == "two_sites":
        for month in sorted(plant.done):
            yield plant.kind, plant.more["other"], month, _names(world, plant.rows, month), since, plant.note
    for kind, month, rows in plant.also:
        if month in plant.done and len(rows):
            yield kind, plant.project, month, _names(world, rows, month), since, plant.note


def _names(world: World, rows: np.ndarray, month: int) -> str:
    """ID numbers of those who are enrolled in the month."""
    one, when = world.workers, world.city.months[month]
    there = (one.entry[rows] <= np.datetime64(when.last)) & (one.exit[rows] >= np.datetime64(when.first))
    persons = np.unique(one.person[rows[there]])
    return ";".join(bytes(world.people.id_letters[person]).decode() for person in persons)
