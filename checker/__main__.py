"""``python -m checker [--json] FILE.jsonl|DIR``: every exported warning worked out again; exit 1 where one disagrees."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from checker.judging import judge
from checker.reading import Unreadable, read


def main(arguments: list[str]) -> int:
    as_json, places = "--json" in arguments, [one for one in arguments if one != "--json"]
    if len(places) != 1:
        print("用法：python -m checker [--json] 文件.jsonl 或 文件夹", file=sys.stderr)
        return 2
    place = Path(places[0])
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files or not all(path.is_file() for path in files):
        print(f"“{place}”不是预警导出文件，也不是含有导出文件的文件夹。", file=sys.stderr)
        return 2
    checked = wrong = 0
    faults = []
    try:
        for path in files:
            for verdict in judge(read(path)):
                checked += 1
                wrong += bool(verdict.faults)
                faults += [f"{path.name} {verdict.claim.name}：{fault}" for fault in verdict.faults]
    except Unreadable as problem:
        print(problem, file=sys.stderr)
        return 2
    if as_json:
        print(json.dumps({"checked": checked, "wrong": wrong, "faults": faults}, ensure_ascii=False))
    else:
        print(*faults, f"核对{checked}条预警，{checked - wrong}条与证据一致，{wrong}条不一致。", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
