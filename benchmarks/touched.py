"""After one accepted file: its project swept again; after one report about an employer: that employer graded again.

``python benchmarks/touched.py [--runs N]`` loads the demonstration city into a database of its own (SQLite in a
temporary folder; with ``DATABASE_URL`` a fresh one is expected there) and prints one JSON document. ``first`` is the
first in the process, compiling of the rules included, as a worker pays it once after its start; ``median`` and ``most``
are over ``--runs`` projects and employers after that, and ``processor_median`` is the time of the process alone, for a
machine that is busy with other work. Everything is counted: facts taken from the database, law laid
out, all rules about the subject, findings held against the warnings that stand, journal written.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def measure(runs: int) -> dict[str, object]:
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from anxin.cli import tables
    from anxin.demo.load import load
    from anxin.monitoring.employers import grade_employers
    from anxin.monitoring.models import Sweep
    from anxin.monitoring.rules import RULES
    from anxin.monitoring.services import sweep
    from anxin.registry.models import Employer, Project

    tables.bring_up()
    load(lambda sentence: print(sentence, file=sys.stderr), timezone.now())

    def swept(project: int) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        sweep(as_of=today, known_at=now, trigger=Sweep.Trigger.IMPORT, now=now, project_ids=[project])

    def graded(employer: int) -> None:
        now = timezone.now()
        grade_employers(as_of=timezone.localdate(now), now=now, employer_ids=[employer])

    projects = list(Project.objects.values_list("pk", flat=True))
    employers = list(Employer.objects.filter(region__isnull=False).values_list("pk", flat=True))
    return {
        "database": connection.vendor,
        "rules": len(RULES),
        "projects": len(projects),
        "employers": len(employers),
        "project_swept": _times(swept, projects, runs),
        "employer_graded": _times(graded, employers, runs),
    }


def _times(work: Callable[[int], None], subjects: list[int], runs: int) -> dict[str, float]:
    seconds, processor = [], []
    for subject in islice(cycle(subjects), runs + 1):
        started, busy = time.perf_counter(), time.process_time()
        work(subject)
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - busy)
    first, *rest = seconds
    figures = {"first": first, "median": statistics.median(rest), "most": max(rest)}
    figures["processor_median"] = statistics.median(processor[1:])
    return {name: round(value, 3) for name, value in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=10)
    args = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "anxin.config.settings"
    with tempfile.TemporaryDirectory(prefix="anxin-touched-") as home:
        os.environ["ANXIN_HOME"] = home
        json.dump(measure(args.runs), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
