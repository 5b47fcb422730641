"""What packages above do in the day's run, after due days and reminders. Each may be run again on the same day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from anxin.law import Law

#: the day, the moment, the law in force
Daily = Callable[[dt.date, dt.datetime, Law], None]
_runs: dict[str, Daily] = {}


def register(name: str, run: Daily) -> None:
    """Let ``run`` take part in the day's run. The same name again replaces it."""
    _runs[name] = run


def run_all(on: dt.date, now: dt.datetime, law: Law) -> None:
    """Every registered part, in the order of registration."""
    for run in _runs.values():
        run(on, now, law)
