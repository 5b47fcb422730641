"""Complaints read, and names found in a register, against plainer ways of doing the same.

``python benchmarks/complaints.py [--names N] [--messages N] [--runs N]`` prints one JSON document.

- ``names``: one question to :class:`anxin.triage.names.NameIndex` over N invented firms, against a scan of the same names by
  Polars' ``contains``, by SQLite's ``LIKE`` and by :func:`difflib.get_close_matches`. Half of the questions are shortened
  names, half have one letter wrong; ``found`` is the share whose firm is among what came: five at most of the index.
- ``reading``: messages a second, against one regular expression for unpaid wages; and clusters over all of them, with peak memory.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import resource
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

_LETTERS = (
    "宏远恒盛金鑫华泰天成安达永兴顺通昌隆瑞祥中万和嘉德福源东方新世纪海龙腾飞跃旭日升辉煌博雅弘毅启明润泽"
)
_TRADES = (
    "建筑劳务",
    "装饰工程",
    "建设工程",
    "机电安装",
    "食品",
    "电子科技",
    "餐饮管理",
    "物业服务",
    "商贸",
    "物流",
    "服装",
)
_PLACES = ("云州市", "临江区", "青溪县", "石桥县", "")


def firms(count: int, dice: random.Random) -> list[str]:
    """Invented names, no two the same."""
    found: dict[str, None] = {}
    while len(found) < count:
        letters = "".join(dice.sample(_LETTERS, dice.choice((2, 3, 3, 4))))
        found[f"{dice.choice(_PLACES)}{letters}{dice.choice(_TRADES)}有限公司"] = None
    return list(found)


def questions(names: Sequence[str], count: int, dice: random.Random) -> list[tuple[str, str]]:
    """``(as written, as registered)``: shortened, or with one letter wrong."""
    from anxin.triage.names import core

    asked = []
    for name in dice.sample(names, count):
        said = core(name)
        place = dice.randrange(len(said))
        wrong = said[:place] + dice.choice("王李张刘") + said[place + 1 :]
        asked.append((said if len(asked) % 2 else wrong, name))
    return asked


def compare_names(count: int, runs: int) -> dict[str, Any]:
    import polars

    from anxin.triage.names import NameIndex

    dice = random.Random(7)
    names = firms(count, dice)
    asked = questions(names, runs, dice)
    started = time.perf_counter()
    index = NameIndex(enumerate(names))
    built = time.perf_counter() - started
    column = polars.Series(names)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE firm (name TEXT)")
    database.executemany("INSERT INTO firm VALUES (?)", ((name,) for name in names))
    ways: dict[str, Callable[[str], Sequence[str]]] = {
        "index": lambda said: [one.name for one in index.find(said)],
        "polars_contains": lambda said: column.filter(column.str.contains(said, literal=True)).to_list(),
        "sqlite_like": lambda said: [
            row[0] for row in database.execute("SELECT name FROM firm WHERE name LIKE ?", (f"%{said}%",))
        ],
    }
    found = {name: _asked(way, asked) for name, way in ways.items()}
    found["difflib"] = _asked(lambda said: difflib.get_close_matches(said, names, 1), asked[:3])
    return {"names": count, "build_seconds": round(built, 2), **found}


def _asked(way: Callable[[str], Sequence[str]], asked: Sequence[tuple[str, str]]) -> dict[str, float]:
    times, right = [], 0
    for said, name in asked:
        started = time.perf_counter()
        right += name in way(said)
        times.append(time.perf_counter() - started)
    return {"median_ms": round(1000 * statistics.median(times), 2), "found": round(right / len(asked), 3)}


def compare_reading(count: int) -> dict[str, Any]:
    import yaml

    from anxin.triage import clusters, read_messages

    cases = yaml.safe_load(
        (Path(__file__).parents[1] / "tests/triage/cases.yaml").read_text(encoding="utf-8")
    )
    rows = [
        (f"{n}", cases[n % len(cases)]["title"], cases[n % len(cases)]["text"] + f"（{n}）")
        for n in range(count)
    ]
    started = time.perf_counter()
    messages = read_messages(rows)
    read = time.perf_counter() - started
    plain = re.compile(
        "(拖欠|欠|未发|没发|克扣|讨).{0,15}(工资|薪|工钱)|(工资|薪|工钱).{0,15}(欠|未发|没发|克扣)"
    )
    started = time.perf_counter()
    for _, title, text in rows:
        plain.search(title + text)
    searched = time.perf_counter() - started
    started = time.perf_counter()
    clusters(messages)
    return {
        "messages": count,
        "messages_a_second": round(count / read),
        "ratio_vs_expression": round(read / searched, 1),
        "clusters_seconds": round(time.perf_counter() - started, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=350_000)
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=200)
    args = parser.parse_args()
    document = {"names": compare_names(args.names, args.runs), "reading": compare_reading(args.messages)}
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
