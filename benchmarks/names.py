"""The names of the register as a process keeps them: laid out, brought up to date, asked, and a delivery of clues matched.

``python benchmarks/names.py [--names N] [--sites N] [--messages N] [--runs N]`` writes N invented employers and sites into a
database of its own (SQLite in a temporary folder) and prints one JSON document.

- ``laid_out``: the names read from the database and laid out, once in a process, with what it takes of memory.
- ``refreshed``: ten employers renamed by a delivery; brought up to date by the journal, against laying out anew.
- ``asked``: one question, half shortened and half with one letter wrong, against RapidFuzz's ``process.extract`` over all
  names where it is installed (``pip install rapidfuzz``; it is no part of the product) and :func:`difflib.get_close_matches`.
- ``delivery``: names and sites of N messages matched with names that are kept, against names laid out for this delivery,
  as it was done before they were kept.

All times are of the processor, not of the clock, so that a busy machine tells the same.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.complaints import firms, questions

_RENAMED = 10
#: questions to a rival that reads through all names for each
_FEW = 10


def measure(employers: int, sites: int, messages: int, runs: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.utils import timezone

    from anxin.cli import tables
    from anxin.clues.matching import match_employers, match_projects
    from anxin.evidence import bulk
    from anxin.evidence.journal import SYSTEM
    from anxin.registry import names
    from anxin.registry.employers import take_in_employers
    from anxin.registry.models import Employer, Project, Region

    tables.bring_up()
    dice, now = random.Random(7), timezone.now()
    Region.objects.get_or_create(code="99", defaults={"name": "演示省"})
    called = firms(employers, dice)
    bulk.insert(
        Employer, ("uscc", "name", "region_id"), [(f"{n:018d}", name, "99") for n, name in enumerate(called)]
    )
    places = [f"{name[:-6]}花园{n % 9 + 1}期工程" for n, name in enumerate(firms(sites, dice))]
    Project.objects.bulk_create(
        [Project(code=f"P{n}", name=name, region_id="99", industry="housing", recorded_at=now) for n, name in enumerate(places)],
        batch_size=500,
    )  # fmt: skip
    before = _resident()
    laid_out = _seconds(names.employers.index)
    document: dict[str, Any] = {
        "employers": employers,
        "sites": sites,
        "laid_out": {
            "seconds": round(laid_out, 2),
            "resident_mib": _resident() - before,
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
    }

    renamed = [
        (f"{n:018d}", f"{called[n][:-4]}新材料有限公司", "99")
        for n in dice.sample(range(employers), _RENAMED)
    ]
    take_in_employers(renamed, source="更名", actor=SYSTEM, now=now)
    refreshed = _seconds(names.employers.index)
    unchanged = statistics.median(_seconds(names.employers.index) for _ in range(20))
    anew = _seconds(lambda: _anew(names.employers.index))
    document["refreshed"] = {
        "ms": round(1000 * refreshed, 1), "unchanged_ms": round(1000 * unchanged, 2),
        "anew_seconds": round(anew, 2), "ratio_of_anew": round(anew / refreshed),
    }  # fmt: skip

    asked = questions(called, runs, dice)
    index = names.employers.index()
    document["asked"] = {
        "index": _asked(lambda said: [one.name for one in index.find(said)], asked),
        **_rivals(called, asked),
    }

    said = [(name, "99") for name, _ in questions(called, messages, dice)]
    at = [(name, "99") for name, _ in questions(places, min(messages, sites), dice)]

    def delivery() -> None:
        match_employers(said)
        match_projects(at)

    delivery()
    kept = statistics.median(_seconds(delivery) for _ in range(3))
    fresh = statistics.median(_seconds(lambda: _anew(delivery)) for _ in range(3))
    document["delivery"] = {
        "messages": messages, "kept_seconds": round(kept, 2), "anew_seconds": round(fresh, 2),
        "ratio": round(fresh / kept, 2),
    }  # fmt: skip
    one = statistics.median(_seconds(lambda: match_employers(said[:1])) for _ in range(20))
    one_anew = _seconds(lambda: _anew(lambda: match_employers(said[:1])))
    document["one_clue"] = {
        "kept_ms": round(1000 * one, 1),
        "anew_seconds": round(one_anew, 2),
        "ratio": round(one_anew / one),
    }
    return document


def _rivals(called: Sequence[str], asked: Sequence[tuple[str, str]]) -> dict[str, Any]:
    ways: dict[str, Callable[[str], Sequence[str]]] = {
        "difflib": lambda said: difflib.get_close_matches(said, called, 5, 0.5)
    }
    try:
        from rapidfuzz import process
    except ImportError:
        pass
    else:
        ways["rapidfuzz"] = lambda said: [one[0] for one in process.extract(said, called, limit=5)]
    return {name: _asked(way, asked[: _FEW if name == "rapidfuzz" else 2]) for name, way in ways.items()}


def _asked(way: Callable[[str], Sequence[str]], asked: Sequence[tuple[str, str]]) -> dict[str, float]:
    times, right = [], 0
    for said, name in asked:
        started = time.process_time()
        right += name in way(said)
        times.append(1000 * (time.process_time() - started))
    times.sort()
    return {
        "questions": len(asked), "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[int(0.99 * (len(times) - 1))], 2), "found": round(right / len(asked), 3),
    }  # fmt: skip


def _anew(work: Callable[[], object]) -> None:
    """As in a process that has kept nothing yet."""
    from anxin.registry import names

    names.forget()
    work()


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _resident() -> int:
    """MiB of memory that the process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--names", type=int, default=350_000)
    parser.add_argument("--sites", type=int, default=12_000)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--runs", type=int, default=400)
    args = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "anxin.config.settings"
    with tempfile.TemporaryDirectory(prefix="anxin-names-") as home:
        os.environ["ANXIN_HOME"] = home
        json.dump(measure(args.names, args.sites, args.messages, args.runs), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
