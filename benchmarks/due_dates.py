"""Due dates for a million start days: one query on DuckDB, against numpy and against the scalar engine.

``python benchmarks/due_dates.py [--rows N] [--runs N] [--key KEY]`` prints one JSON document. All are measured
in one process, in turn, ``--runs`` times, and the medians are compared:

- ``query``: :func:`anxin.monitoring.rules.due_dates.due_dates` over a table in DuckDB, result fetched as Arrow
  (start, due, nominal, act_from and provisional per row);
- ``numpy``: ``numpy.busday_offset`` over an array, result an array of due dates. It knows no make-up days, so
  it is told that every day is a weekday and that each day off, weekends included, is a holiday;
- ``numpy_plain``: the same in its usual way, Monday to Friday without the published days off. It leaves out
  make-up days; ``numpy_plain_wrong`` is the share of rows that come out wrong for it;
- ``distinct``: the scalar engine once for each distinct start day, then a look-up for every row;
- ``scalar``: the scalar engine row by row, on a sample, scaled up to all rows.

All due dates are compared with numpy's, and those of all distinct start days with the scalar engine's; a
difference ends the run. ``numpy`` needs a key counted in working days forward; for others it is left out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import ibis
import numpy as np
import pyarrow as pa

from anxin.law import Law, load
from anxin.monitoring.rules.due_dates import DueRules, due_dates

FIRST, LAST = dt.date(2022, 1, 1), dt.date(2026, 12, 31)
SAMPLE = 5_000


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def start_days(rows: int) -> np.ndarray:
    """``rows`` random days, the same in every run."""
    days = (LAST - FIRST).days + 1
    return np.datetime64(FIRST) + np.random.default_rng(20261122).integers(0, days, rows).astype(
        "timedelta64[D]"
    )


def numpy_calendar(law: Law, weekmask: str) -> np.busdaycalendar:
    """Days off are holidays; with every day in the mask, weekends among them, so that make-up days count."""
    span = (LAST - FIRST).days + 400
    days = [FIRST + dt.timedelta(days=n - 60) for n in range(span)]
    rest = [day for day in days if not law.calendar.presumed_workday(day)]
    return np.busdaycalendar(weekmask=weekmask, holidays=np.array(rest, dtype="datetime64[D]"))


class Contest:
    """One key, one set of start days, and the ways to answer for all of them."""

    def __init__(self, rows: int, key: str) -> None:
        self.key, self.law, self.starts = key, load(), start_days(rows)
        self.days, self.which = np.unique(self.starts, return_inverse=True)
        self.connection = ibis.duckdb.connect()
        self.connection.create_table("starts", pa.table({"start": pa.array(self.starts, type=pa.date32())}))
        self.layout_seconds, rules = timed(lambda: DueRules.lay_out(self.law, [key], until=LAST))
        self.expression = due_dates(self.connection.table("starts"), "start", rules, key=key)
        counting = self.law.value(key, LAST).counting
        if counting is None:
            raise SystemExit(f"{key} is no length of time")
        self.numpy_can = counting.day_type == "working" and not counting.backward
        self.length = self.law.deadline(key, LAST).length
        self.calendar = numpy_calendar(self.law, "1111111")
        self.plain = numpy_calendar(self.law, "1111100")

    def query(self) -> pa.Table:
        return self.connection.to_pyarrow(self.expression)

    def numpy(self) -> np.ndarray:
        return np.busday_offset(self.starts, self.length, roll="backward", busdaycal=self.calendar)

    def numpy_plain(self) -> np.ndarray:
        return np.busday_offset(self.starts, self.length, roll="backward", busdaycal=self.plain)

    def distinct(self) -> np.ndarray:
        return self.scalar(self.days)[self.which]

    def sample(self) -> np.ndarray:
        return self.scalar(self.starts[:SAMPLE])

    def scalar(self, days: np.ndarray) -> np.ndarray:
        dues = [self.law.deadline(self.key, day).due_day for day in days.astype(object)]
        return np.array(dues, dtype="datetime64[D]")

    def wrong_share(self) -> float:
        """Share of rows for which the usual way without make-up days is wrong."""
        return round(float(np.mean(self.numpy_plain() != self.numpy())), 4)

    def compare(self) -> None:
        """All ways must agree on every row. The query may return the rows in any order."""
        answered = (
            self.query().select(["start", "due"]).sort_by([("start", "ascending"), ("due", "ascending")])
        )
        order = np.argsort(self.starts, kind="stable")
        rivals = {"distinct": self.distinct()} | ({"numpy": self.numpy()} if self.numpy_can else {})
        for name, dues in rivals.items():
            same = np.array_equal(answered["due"].to_numpy(), dues[order])
            if not same or not np.array_equal(answered["start"].to_numpy(), self.starts[order]):
                raise SystemExit(f"query and {name} differ")


def compare(rows: int, runs: int, key: str) -> dict[str, object]:
    contest = Contest(rows, key)
    contest.compare()
    ways = ["query", "distinct", "sample"] + (["numpy", "numpy_plain"] if contest.numpy_can else [])
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs):
        for way in ways:
            seconds[way].append(timed(getattr(contest, way))[0])
    scale = rows / min(rows, SAMPLE)
    median = {way: statistics.median(times) for way, times in seconds.items()}
    rivals = {name: median[name] for name in ("numpy", "numpy_plain", "distinct") if name in median}
    rivals["scalar"] = median["sample"] * scale
    return {
        "rows": rows,
        "runs": runs,
        "key": key,
        "distinct_start_days": len(contest.days),
        "layout_seconds": round(contest.layout_seconds, 3),
        "query_seconds": round(median["query"], 3),
        "query_seconds_min": round(min(seconds["query"]), 3),
        "query_seconds_max": round(max(seconds["query"]), 3),
        **{f"{name}_seconds": round(value, 3) for name, value in rivals.items()},
        **({"numpy_plain_wrong": contest.wrong_share()} if contest.numpy_can else {}),
        **{f"query_per_{name}": round(median["query"] / value, 4) for name, value in rivals.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--key", default="wage_deposit.deposit_days")
    args = parser.parse_args()
    print(json.dumps(compare(args.rows, args.runs, args.key)))


if __name__ == "__main__":
    main()
