"""``anxin journal verify``: recompute the hash chain of the journal."""

from __future__ import annotations

import argparse
import time

from anxin.cli.errors import DONE, FAILED
from anxin.cli.output import print_json, say

NAME = "journal"
HELP = "核对操作日志"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True)
    verify = actions.add_parser("verify", help="重新计算日志链，找出被改动、删去、插入或调换的条目")
    verify.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def run(args: argparse.Namespace) -> int:
    from anxin.evidence.journal import verify

    started = time.monotonic()
    report = verify()
    if args.json:
        print_json(
            {
                "intact": report.intact,
                "entries": report.entries,
                "broken_at": report.broken_at,
                "problem": report.problem,
                "seconds": round(time.monotonic() - started, 3),
            }
        )
    else:
        say(f"日志完整，共{report.entries}条。" if report.intact else report.problem)
    return DONE if report.intact else FAILED
