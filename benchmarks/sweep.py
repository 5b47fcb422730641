"""Six heavy rules over one city in one run: the product, SQL by hand, Polars, pandas, and a row-at-a-time engine.

``python benchmarks/sweep.py --facts FOLDER [--scales 0.1,1,4] [--runs N] [--without rows]`` prints one JSON document.
``FOLDER`` is one that ``anxin simulate`` wrote. Every rival gets the same tables in its own form before the clock runs
and must give as many rows, the same sum of money and of days for each rule, or the run ends with 1. Rivals other than
SQL leave the detail columns out, which favours them. Each is run once uncounted, then ``--runs`` times in turn; medians
are compared. ``ratios`` is the product by the rival: below 1 the product is faster. ``growth`` is seconds by facts,
against the first scale (1 is linear), and ``facts`` counts the tables that the six read. ``peak_mib`` of each rival is measured in a process of its own, loading included.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rivals.six import CODES, FACTS, Numbers, Totals
from benchmarks.rulebook import peak_mib, tell, timed

RIVALS = ("product", "sql", "polars", "pandas", "rows")
Side = tuple[Callable[[], Any], Callable[[Any], dict[str, Totals]]]


def columns_needed(name: str, table: Any) -> Any:
    wide = {
        "employer_months": ["employer_id", "month", "insured"],
        "attendance": ["project_id", "worker_key", "month", "days"],
    }
    return table.select(wide.get(name, table.column_names))


def sides(facts: Any, law: Any, day: dt.date, names: tuple[str, ...]) -> dict[str, Side]:
    """Name → what runs, and how its answer is added up."""
    from importlib import import_module

    import pyarrow.compute as pc

    from anxin.monitoring.compiling import Run, plan_for
    from anxin.monitoring.engine import evaluate
    from anxin.monitoring.rules import RULES
    from anxin.monitoring.rules.law_tables import LawTables
    from benchmarks.rivals.sql_rules import HandWritten

    rules = {code: RULES[code] for code in CODES}
    evaluate(facts, law, day, rules)  # lays the law out and compiles
    plan = plan_for(facts.engine.name, day, law, facts.regions)
    compiled = {code: plan.rule(rule) for code, rule in rules.items()}
    by_hand = HandWritten(law, day)

    def product() -> dict[str, Any]:
        run = Run(plan, facts.engine)
        return {code: run.fetch(pair.rows) for code, pair in compiled.items()}

    def of_arrow(tables: dict[str, Any]) -> dict[str, Totals]:
        sums = ("amount_fen", "days")
        return {
            code: Totals(table.num_rows, *(pc.sum(table[name]).as_py() or 0 for name in sums))
            for code, table in tables.items()
        }

    schemas = {code: pair.rows.schema for code, pair in compiled.items()}
    made: dict[str, Side] = {
        "product": (product, of_arrow),
        "sql": (lambda: by_hand.run(facts.engine, schemas), of_arrow),
    }
    numbers = _numbers(law, day)
    law_tables = LawTables.named()
    given = {name: columns_needed(name, facts.fetch(getattr(facts, name))) for name in FACTS}
    given |= {
        f"law_{name}": facts.fetch(getattr(law_tables, name))
        for name in ("months", "month_days", "parameters")
    }
    for name in names:
        if name not in made:
            module = import_module(f"benchmarks.rivals.{'row' if name == 'rows' else name}_rules")
            prepared = module.prepare(given)
            made[name] = _side(module, prepared, day, numbers)
    return {name: made[name] for name in names}


def _side(module: Any, prepared: Any, day: dt.date, numbers: Numbers) -> Side:
    return (
        lambda: module.run(prepared, day, numbers),
        lambda found: {code: module.totals(found[code]) for code in CODES if code in found},
    )


def _numbers(law: Any, day: dt.date) -> Numbers:
    from anxin.kernel.months import Month
    from anxin.monitoring.rules.law_tables import month_index

    values = (law.value(f"employer_signs.{key}", on=day).value for key in ("fresh_months", "least_staff"))
    return Numbers(month_index(Month.of(day)), *(int(value) for value in values))


def measure(facts: Any, law: Any, day: dt.date, names: tuple[str, ...], runs: int) -> dict[str, Any]:
    made = sides(facts, law, day, names)
    answers = {name: add_up(work()) for name, (work, add_up) in made.items()}
    nothing = Totals(0, 0, 0)
    for name, answer in answers.items():
        for code in CODES:
            expected = answers["product"].get(code, nothing)
            if answer.get(code, nothing) != expected:
                raise SystemExit(f"{name} differs in {code}: {answer.get(code)} where {expected} is right")
    seconds: dict[str, list[float]] = {name: [] for name in made}
    for nth in range(runs):
        for name, (work, _) in list(made.items())[:: 1 if nth % 2 else -1]:
            seconds[name].append(timed(work))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    return {
        "facts": facts.total,
        "rows": {code: totals.rows for code, totals in answers["product"].items()},
        "seconds": {name: round(value, 3) for name, value in medians.items()},
        "ratios": {name: round(medians["product"] / value, 3) for name, value in medians.items()},
    }


def over_scales(folder: Path, scales: list[float], names: tuple[str, ...], runs: int) -> list[dict[str, Any]]:
    from anxin.law import load
    from anxin.monitoring.folder import FolderFacts
    from anxin.monitoring.rules.facts import Facts
    from benchmarks.rivals.scaling import scale

    source = FolderFacts.open(folder)
    day = source.manifest.last_day
    whole = source.facts(day, dt.datetime.combine(day, dt.time.max))
    tell(f"{whole.total} facts on {day}")
    law = load([])
    found: list[dict[str, Any]] = []
    for times in scales:
        facts = Facts.from_arrow(scale(whole.engine, times, FACTS))
        found.append({"scale": times} | measure(facts, law, day, names, runs))
        first = found[0]
        more = found[-1]["facts"] / first["facts"]
        found[-1]["growth"] = {
            name: round(value / first["seconds"][name] / more, 2)
            for name, value in found[-1]["seconds"].items()
        }
        tell(json.dumps(found[-1]))
        facts.close()
    whole.close()
    source.close()
    return found


def peak_of(folder: Path, name: str) -> int:
    """The most memory of a process that loads the folder and runs one rival once, beside the product."""
    call = [sys.executable, __file__, "--facts", str(folder), "--peak-of", name]
    return int(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--scales", default="1")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without", default="", help="rivals to leave out, by comma")
    parser.add_argument(
        "--memory", action="store_true", help="also the memory of each rival, each in its own process"
    )
    parser.add_argument("--peak-of", choices=RIVALS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peak_of:
        print(_peak(args.facts, args.peak_of))
        return
    names = tuple(name for name in RIVALS if name not in args.without.split(","))
    scales = [float(text) for text in args.scales.split(",")]
    document: dict[str, Any] = {"rules": CODES, "scales": over_scales(args.facts, scales, names, args.runs)}
    if args.memory:
        document["peak_mib"] = {name: peak_of(args.facts, name) for name in names}
    json.dump(document, sys.stdout, indent=2)
    print()


def _peak(folder: Path, name: str) -> int:
    from anxin.law import load
    from anxin.monitoring.folder import FolderFacts

    source = FolderFacts.open(folder)
    day = source.manifest.last_day
    facts = source.facts(day, dt.datetime.combine(day, dt.time.max))
    work, _ = sides(facts, load([]), day, (name,))[name]
    work()
    facts.close()
    source.close()
    return peak_mib()


if __name__ == "__main__":
    main()
