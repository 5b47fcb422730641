"""The load of the days before Spring Festival, worked out from a mean week: ten times as much.

``python benchmarks/festival.py --mean-week N`` or ``--list FILE`` (a hotline's list: its rows over the days from the first
to the last) prints how far 200 forms a second for a minute lie above it; ``public_form.py`` takes the same two options
and puts it beside what it measured. ``--rate`` and ``--seconds`` are those of the trial. Nothing is sent.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

#: the week before the festival against a mean week
TIMES = 10
#: people send forms from six in the morning to ten at night
_HOURS_A_DAY, _DAYS = 16, 7
_SECONDS_AN_HOUR = 3600


def festival(mean_week: float, *, rate: float, seconds: float) -> dict[str, float]:
    """What the trial (``rate`` forms a second for so many ``seconds``) is against ten times this mean week.

    ``per_s``: that week's forms spread over the hours in which people send them. ``per_s_in_one_hour``: if all of them
    came within one single hour. ``times``: how many times the rate of the trial is the first.
    """
    if mean_week <= 0:
        raise ValueError("a mean week has at least something in it")
    week = mean_week * TIMES
    per_s = week / (_DAYS * _HOURS_A_DAY * _SECONDS_AN_HOUR)
    return {
        "mean_week": round(mean_week, 1),
        "week": round(week, 1),
        "per_s": round(per_s, 6),
        "per_s_in_one_hour": round(week / _SECONDS_AN_HOUR, 3),
        "times": round(rate / per_s),
        "weeks_offered": round(rate * seconds / week, 2),
    }


def mean_week_of(path: Path) -> float:
    """Rows a week of a hotline's list, over the days from its first to its last. Raises ``SheetRefused``."""
    from anxin.sheets import SIGNALS, read_workbook, recognise_register

    found = recognise_register(read_workbook(path.read_bytes(), path.name), SIGNALS["hotline"])
    days = [row.values["received_at"].date() for row in found.rows]
    return len(days) / ((max(days) - min(days)).days + 1) * _DAYS


def add_options(parser: argparse.ArgumentParser) -> None:
    """``--mean-week`` and ``--list``: where the mean week comes from."""
    parser.add_argument("--mean-week", type=float, help="clues of a mean week")
    parser.add_argument("--list", type=Path, help="a hotline's list, from which the mean week is counted")


def asked(arguments: argparse.Namespace) -> float | None:
    """The mean week that was asked about; ``None`` where nobody asked."""
    return mean_week_of(arguments.list) if arguments.list else arguments.mean_week


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    week = asked(arguments)
    if week is None:
        parser.error("give --mean-week or --list")
    print(json.dumps(festival(week, rate=arguments.rate, seconds=arguments.seconds), indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
