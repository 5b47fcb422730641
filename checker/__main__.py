"""``python -m checker FILE.jsonl|DIR``: every exported warning worked out again; exit 1 where one disagrees."""

from __future__ import annotations

import sys
from pathlib import Path

from checker.judging import judge
from checker.reading import Unreadable, read


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("用法：python -m checker 文件.jsonl 或 文件夹", file=sys.stderr)
        return 2
    place = Path(arguments[0])
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files or not all(path.is_file() for path in files):
        print(f"“{place}”不是预警导出文件，也不是含有导出文件的文件夹。", file=sys.stderr)
        return 2
    checked = wrong = 0
    try:
        for path in files:
            for verdict in judge(read(path)):
                checked += 1
                wrong += bool(verdict.faults)
                for fault in verdict.faults:
                    print(f"{path.name} {verdict.claim.name}：{fault}")
    except Unreadable as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"核对{checked}条预警，{checked - wrong}条与证据一致，{wrong}条不一致。")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
