"""``anxin bench sweep``: the rule book over a city, against the same rules written by hand. A child measures it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from anxin.cli.commands.simulate import PROFILES
from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, say
from anxin.config.home import PROJECT_ROOT

NAME = "bench"
HELP = "测一测：全部规则跑一遍要多久，和手写 SQL 比如何"
NEEDS_DJANGO = False
_COUNTED = (
    "先写出（或读入）一座城市，再按最后一天把全部规则跑一遍。seconds 和 sql_seconds 只算查询：从事实表到内存中的全部"
    "违规行，含几条规则共用的中间表；两边在同一个数据库引擎、同一批表上轮流跑，各先跑一遍不计时，取中位数，"
    "逐行逐列核对，一致的规则才比（rules_compared，不一致的列在 rules_unequal）；evaluate_seconds 是这些规则连同分级和"
    "缺口，book_seconds 是整本规则。peak_mib 是整个进程用过的最多内存，含读入。"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    sweep = actions.add_parser("sweep", help="全部规则在一座城市上跑一遍", description=_COUNTED)
    sweep.add_argument("--profile", choices=PROFILES, help="城市规模：区县、地级市（珠海规模）或省")
    sweep.add_argument("--seed", type=_whole, default=7, metavar="N", help="种子，默认 7")
    sweep.add_argument(
        "--facts", type=Path, metavar="文件夹", help="已写好的城市（anxin simulate 的结果），不再另写"
    )
    sweep.add_argument(
        "--scale", type=_scale, default="1", metavar="X", help="城市的几倍：0.1 是十分之一，4 是四座"
    )
    sweep.add_argument("--runs", type=_runs, default=5, metavar="N", help="计时几遍，默认 5")
    sweep.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    if not args.profile and not args.facts:
        raise CommandError("请用 --profile 说明要多大的城市，或用 --facts 给出已写好的文件夹。")
    if args.facts and not args.facts.is_dir():
        raise CommandError(f"没有文件夹“{args.facts}”，请检查 --facts。")
    with tempfile.TemporaryDirectory(prefix="anxin-bench-") as work:
        folder = args.facts.expanduser().absolute() if args.facts else Path(work) / "city"
        if not args.facts:
            _child("simulation", "--profile", args.profile, "--seed", str(args.seed), "--out", str(folder))
        measured = _child(
            *("benchmarks.rulebook", "--facts", str(folder)),
            *("--scale", str(args.scale), "--runs", str(args.runs)),
        )
    document = json.loads(measured)
    if args.json:
        print_json(document)
        return DONE
    say(f"{document['facts']} 条事实，比对 {len(document['rules_compared'])} 条规则，逐行一致。")
    say(
        f"规则查询 {document['seconds']} 秒，手写 SQL {document['sql_seconds']} 秒，"
        f"比值 {document['ratio_vs_sql']}；最多用内存 {document['peak_mib']} MiB。"
    )
    say(f"整本 {document['book_rules']} 条规则连同分级和缺口：{document['book_seconds']} 秒。")
    return DONE


def _child(module: str, *arguments: str) -> str:
    """What a module beside the product prints; its progress goes to our standard error."""
    paths = [str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=2,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError("没有测成，原因见上面的输出。")
    return done.stdout


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}”不是 0 或更大的整数")
    return int(text)


def _runs(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= 50:
        raise argparse.ArgumentTypeError(f"“{text}”不在 1 至 50 之内")
    return number


def _scale(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not (0.01 <= number < 1 or number in range(1, 17)):
        raise argparse.ArgumentTypeError(f"“{text}”应为 0.01 至 1 的小数，或 1 至 16 的整数")
    return number
