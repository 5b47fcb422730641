"""``truth/forgeries`` and ``truth/lookalikes``: one row a plant and month in which it was carried out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.construction.world import World


def write_plants(world: World) -> None:
    """Both files, at the end of the window."""
    ids = world.people.id_letters
    month_names = [str(month) for month in world.city.months]
    for kind, forged in (("truth/forgeries", True), ("truth/lookalikes", False)):
        rows = [
            (
                plant.kind,
                plant.project,
                month,
                _names(ids, np.unique(world.workers.person[plant.rows])),
                world.city.months[plant.first].first,
                plant.note,
            )
            for plant in sorted(world.plants, key=lambda plant: (plant.kind, plant.project))
            if plant.forged == forged
            for month in range(plant.first, min(plant.last, len(month_names) - 1) + 1)
        ]
        if not rows:
            continue
        kinds, projects, months, people, since, notes = (list(part) for part in zip(*rows, strict=True))
        data = {
            "种类": pa.array(kinds),
            "项目编码": world.projects.codes(np.array(projects)),
            "月份": columns.words(np.array(months), month_names),
            "身份证号": pa.array(people),
            "起": pa.array(since),
        }
        if not forged:
            data["说明"] = pa.array(notes)
        world.city.out.write(kind, world.city.profile.until, pa.table(data), sender="construction")


def _names(ids: np.ndarray, persons: np.ndarray) -> str:
    return ";".join(bytes(ids[person]).decode() for person in persons)
