"""How long matching 10,000 bank rows takes, against one bare pass over the same file.

``python benchmarks/matching.py [--rows N] [--runs N] [--noise N]`` prints one JSON document. The bare pass is
``python-calamine`` reading the workbook of the bank's rows into Python lists and one loop that adds up its amounts.
Matching is the pure functions of :mod:`anxin.funds` over lines and receipts that are in memory. Both are measured in
turn in one process; the ratio is median by median. The same runs also say how many true pairs were found.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:
    from tests.support.paid_months import World

_HEADER = ["姓名", "账号", "身份证号", "金额", "交易日期", "工资月份", "流水号", "状态"]


def write_file(path: Path, world: World) -> None:
    """The bank's rows as a workbook."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet("回执")
    sheet.write_row(0, 0, _HEADER)
    for number, one in enumerate([*world.receipts, *world.reversals], 1):
        status = "成功" if number <= len(world.receipts) else "冲正"
        name = world.written.get(one.id, one.name)
        day = str(one.paid_on)
        sheet.write_row(
            number,
            0,
            [name, one.card_hash, one.id_hash, one.amount_fen / 100, day, one.month, one.reference, status],
        )
    workbook.close()


def bare_pass(path: Path) -> float:
    """Seconds of reading the workbook and looping once over its rows."""
    from python_calamine import CalamineWorkbook

    start = time.perf_counter()
    total = 0.0
    for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]:
        total += float(row[3])
    assert total > 0
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--noise", type=float, default=1.0)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANXIN_HOME"] = folder
        import django

        django.setup()
        print(json.dumps(measure(options, Path(folder)), ensure_ascii=False, indent=2))


def measure(options: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Run both in turn over one file for each seed."""
    from tests.support.paid_months import make_world, match_world

    bare, matching, scores = [], [], []
    for seed in range(1, options.runs + 1):
        world = make_world(options.rows, seed=seed, noise=options.noise)
        path = folder / f"{seed}.xlsx"
        write_file(path, world)
        gc.collect()
        bare.append(bare_pass(path))
        gc.collect()
        start = time.perf_counter()
        scores.append(match_world(world))
        matching.append(time.perf_counter() - start)
    once, match_seconds = statistics.median(bare), statistics.median(matching)
    return {
        "rows": options.rows,
        "runs": options.runs,
        "noise": options.noise,
        "bare_pass_seconds": round(once, 4),
        "matching_seconds": round(match_seconds, 4),
        "ratio": round(match_seconds / once, 2),
        "found_percent": [round(100 * one.found / one.true_pairs, 3) for one in scores],
        "wrong": [one.wrong for one in scores],
    }


if __name__ == "__main__":
    main()
