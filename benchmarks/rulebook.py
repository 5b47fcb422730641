"""The rule book over one city, against the same rules as SQL written by hand: ``anxin bench sweep`` starts this.

``python -m benchmarks.rulebook --facts FOLDER [--scale X] [--runs N]`` prints one JSON document. Both sides run over
the same tables on the same engine in turn, ``--runs`` times after one run each that is not counted (so that neither
pays for compiling), and medians are compared:

- ``seconds`` and ``sql_seconds``: the queries of the rules in ``rules_compared``, tables they share included, to rows
  in memory. ``ratio_vs_sql`` is the one by the other. Their rows are equal in all columns; a rule for which the two
  sides differ is not compared, and ``rules_unequal`` names it with what differs.
- ``evaluate_seconds``: the same rules with everything a sweep does on top: law laid out, gaps, measures, grades.
- ``book_rules``, ``book_seconds``: all of that for every rule of the book.
- ``first_seconds``: the book for the first time in the process, compiling included.
- ``peak_mib``: the most memory this process ever held, loading of the folder (``load_peak_mib``) included.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def measure(folder: Path, times: float, runs: int) -> dict[str, Any]:
    from anxin.law import load
    from anxin.monitoring.folder import FolderFacts
    from anxin.monitoring.rules.facts import Facts
    from benchmarks.rivals.scaling import scale

    started = time.perf_counter()
    source = FolderFacts.open(folder)
    day = source.manifest.last_day
    facts = source.facts(day, dt.datetime.combine(day, dt.time.max))
    if times != 1:
        facts = Facts.from_arrow(scale(facts.engine, times))
    loaded = {"load_seconds": round(time.perf_counter() - started, 3), "load_peak_mib": peak_mib()}
    tell(f"{facts.total} facts on {day}; loaded in {loaded['load_seconds']} s")
    try:
        return compare(facts, load([]), day, runs) | loaded | {"as_of": day.isoformat(), "scale": times}
    finally:
        facts.close()
        source.close()


def compare(facts: Any, law: Any, day: dt.date, runs: int) -> dict[str, Any]:
    """Both sides in turn, after one run each that is not counted."""
    from anxin.monitoring.compiling import Run, plan_for
    from anxin.monitoring.engine import evaluate
    from anxin.monitoring.rules import RULES
    from benchmarks.rivals.sql_rules import HandWritten, codes

    first = timed(lambda: evaluate(facts, law, day))
    plan = plan_for(facts.engine.name, day, law, facts.regions)
    rules = {code: RULES[code] for code in RULES if code in codes()}
    compiled = {code: plan.rule(rule) for code, rule in rules.items()}
    by_hand = HandWritten(law, day)

    def ours() -> dict[str, Any]:
        run = Run(plan, facts.engine)
        return {code: run.fetch(compiled[code].rows) for code in equal}

    def theirs() -> dict[str, Any]:
        return by_hand.run(facts.engine, {code: compiled[code].rows.schema for code in equal})

    equal = list(rules)
    mine = ours()
    unequal = {code: n for code in rules if (n := _unequal(by_hand, facts.engine, code, mine[code]))}
    equal = [code for code in rules if code not in unequal]
    if not equal:
        raise SystemExit(f"the rules and the SQL written by hand differ everywhere: {unequal}")
    rows = {code: mine[code].num_rows for code in equal}
    rules = {code: rules[code] for code in equal}
    del mine
    measured: dict[str, list[float]] = {"ours": [], "theirs": [], "evaluate": [], "book": []}
    for nth in range(runs):
        # whoever comes second finds the caches warm: they take turns
        for name, work in (("ours", ours), ("theirs", theirs))[:: 1 if nth % 2 else -1]:
            measured[name].append(timed(work))
        measured["evaluate"].append(timed(lambda: evaluate(facts, law, day, rules)))
        measured["book"].append(timed(lambda: evaluate(facts, law, day)))
        tell(f"run {nth + 1}: " + ", ".join(f"{name} {times[-1]:.3f} s" for name, times in measured.items()))
    medians = {name: statistics.median(times) for name, times in measured.items()}
    return {
        "facts": facts.total,
        "seconds": round(medians["ours"], 3),
        "sql_seconds": round(medians["theirs"], 3),
        "ratio_vs_sql": round(medians["ours"] / medians["theirs"], 3),
        "peak_mib": peak_mib(),
        "rules_compared": list(rules),
        "rows_compared": rows,
        "rules_unequal": unequal,
        "evaluate_seconds": round(medians["evaluate"], 3),
        "book_rules": len(RULES),
        "book_seconds": round(medians["book"], 3),
        "first_seconds": round(first, 3),
        "runs": runs,
        "machine": f"{platform.system()} {platform.release()}, {platform.machine()}",
    }


def _unequal(by_hand: Any, engine: Any, code: str, mine: Any) -> int | str:
    """How many rows of a rule only one side has, or why they cannot be held against each other."""
    import pyarrow as pa

    from benchmarks.rivals.sql_rules import differences

    try:
        return differences(mine, by_hand.run(engine, {code: mine.schema})[code])
    except pa.ArrowInvalid as problem:
        return f"other columns: {problem}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--facts", type=Path, required=True, help="a folder that anxin simulate wrote")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the city, or several of them")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    json.dump(measure(args.facts, args.scale, args.runs), sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
