"""``python -m simulation --profile county --seed 7 --out DIR``; people start it as ``anxin simulate``."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

from simulation import profiles
from simulation.city import simulate


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 the call is wrong; one sentence on standard error says why. Progress goes to standard output."""
    args = _parser().parse_args(arguments)
    started = time.monotonic()

    def say(sentence: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} 秒] {sentence}", flush=True)

    try:
        profile = profiles.load(args.profile, months=args.months, until=args.until)
        _prepare(args.out)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    simulate(profile, args.seed, args.out, say)
    say(f"写好了：{args.out}")
    return 0


def _prepare(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"“{out}”已有内容，不会覆盖；请换一个空的或不存在的文件夹。")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ValueError(f"“{out}”建不起来：{problem.strerror}。") from problem


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulation", allow_abbrev=False)
    parser.add_argument("--profile", required=True, choices=profiles.names())
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--months", type=int)
    parser.add_argument("--until", type=dt.date.fromisoformat)
    return parser


if __name__ == "__main__":
    sys.exit(main())
