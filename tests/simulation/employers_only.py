"""A city of which only the employers' part is written, and its files read back as columns."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace

from simulation import profiles, universe
from simulation.city import City
from simulation.employers import part
from simulation.report import Report
from simulation.seeds import Streams
from simulation.writing import Deliveries


def write_city(root, seed, *, employers=4000, months=9, collapses=(), **economy):
    """Write the employers of a county below ``root``; returns the report that counted them. ``economy`` changes rates."""
    profile = profiles.load("county", months=months)
    profile = replace(profile, employers=employers, economy={**profile.economy, **economy})
    report, out = Report(profile), Deliveries(root, profile.until)
    out.watchers.append(report.see)
    streams = Streams(seed)
    everybody = universe.universe(profile, streams)
    city = City(profile, streams, everybody, out, lambda sentence: None, report.tally, list(collapses))
    universe.write_register(everybody, out, city.opening)
    part.write(city)
    about = {
        "profile": profile.name,
        "seed": seed,
        "first_day": str(city.opening),
        "last_day": str(profile.until),
    }
    out.close(about)
    report.write(root, about)
    return report


def rows(root, kind):
    """All rows of one kind, oldest delivery first; each knows the day on which it was delivered."""
    found = []
    for path in sorted((root / kind).glob("*.csv"), key=lambda path: path.stem[-10:]):
        with path.open(encoding="utf-8", newline="") as file:
            found += [{**row, "delivered": path.stem[-10:]} for row in csv.DictReader(file)]
    return found


def by(listed, column):
    """Rows by the value of one column."""
    groups = defaultdict(list)
    for row in listed:
        groups[row[column]].append(row)
    return groups
