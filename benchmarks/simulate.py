"""Rows a second of the simulated city, against a bare pyarrow CSV writer given the very same tables in the same run.

``python benchmarks/simulate.py [--profile county] [--seed N] [--out DIR]`` prints one JSON document. Every table that the
city writes is written once more, bare, to a file beside it; the time of that is taken apart and not counted to the city.

- ``seconds``: everything from the seed to the last file: drawing, months, text, files, hashes, manifest, report.
- ``bare_seconds``: the CSV writer alone, without drawing, hashes or packing.
- ``ratio``: the first by the second. ``peak_mib``: the most memory the process ever held.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from pyarrow import csv

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulation import profiles
from simulation.city import simulate


class Bare:
    """Writes each table again, and knows how long only that took."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seconds = 0.0
        self.rows = self.files = self.bytes = 0

    def see(self, kind: str, on: object, table: pa.Table) -> None:
        started = time.perf_counter()
        path = self.root / f"{self.files}.csv"
        csv.write_csv(table, str(path), csv.WriteOptions(quoting_style="none", quoting_header="none"))
        self.seconds += time.perf_counter() - started
        self.rows += table.num_rows
        self.files += 1
        self.bytes += path.stat().st_size
        path.unlink()


def measure(profile: str, seed: int, folder: Path) -> dict[str, object]:
    (folder / "bare").mkdir()
    (folder / "city").mkdir()
    (folder / "first").mkdir()
    # The first tables of a process load libraries; neither side is charged with that.
    simulate(profiles.load("tiny"), seed, folder / "first", lambda sentence: None)
    bare = Bare(folder / "bare")
    started = time.perf_counter()
    simulate(profiles.load(profile), seed, folder / "city", lambda sentence: None, [bare.see])
    seconds = time.perf_counter() - started - bare.seconds
    return {
        "profile": profile,
        "seed": seed,
        "files": bare.files,
        "rows": bare.rows,
        "mib": round(bare.bytes / 2**20, 1),
        "seconds": round(seconds, 2),
        "rows_per_second": round(bare.rows / seconds),
        "bare_seconds": round(bare.seconds, 2),
        "bare_rows_per_second": round(bare.rows / bare.seconds),
        "ratio": round(seconds / bare.seconds, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", default="county", choices=profiles.names())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="a folder on the disk to measure; a temporary one otherwise")
    args = parser.parse_args()
    with TemporaryDirectory(dir=args.out) as folder:
        print(json.dumps(measure(args.profile, args.seed, Path(folder)), indent=1))


if __name__ == "__main__":
    main()
