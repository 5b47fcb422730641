"""``anxin demo``: load the invented city; ``anxin demo files``: sample spreadsheets to try."""

from __future__ import annotations

import argparse
from pathlib import Path

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, progress, say

NAME = "demo"
HELP = "装入演示城市（虚构数据），或写出可供练习的表格"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    actions = parser.add_subparsers(title="操作", metavar="操作", dest="action")
    files = actions.add_parser("files", help="写出练习用的花名册、考勤、工资表和银行结果，附正确答案")
    files.add_argument("--out", required=True, metavar="文件夹", help="写到哪个文件夹（没有则新建）")
    # Suppressed default: without it the sub-command would reset a --json given before its name.
    files.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="以 JSON 输出结果")


def run(args: argparse.Namespace) -> int:
    return _files(args) if args.action == "files" else _load(args)


def _load(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.demo.load import load
    from anxin.demo.people import SIGN_INS
    from anxin.kernel.refusal import Refused

    try:
        loaded = load(progress, timezone.now())
    except Refused as refusal:
        raise CommandError(str(refusal)) from refusal
    if args.json:
        print_json(
            {
                "already_loaded": loaded.already,
                "today": loaded.today.isoformat(),
                **loaded.counts,
                "seconds": loaded.seconds,
                "sign_ins": [
                    {"username": name, "password": word, "who": who} for name, word, who in SIGN_INS
                ],
            }
        )
        return DONE
    counts = loaded.counts
    say("演示城市此前已装入，没有改动。" if loaded.already else "演示城市“云州市”已装入。")
    say(
        f"{counts['projects']}个项目，{counts['workers']}名工人，{counts['batches']}次导入，"
        f"{counts['warnings_open']}条未消除预警，{counts['warnings_cleared']}条已消除，{counts['gaps']}项资料缺失。"
    )
    for name, word, who in SIGN_INS:
        say(f"  {name}  {word}  {who}")
    return DONE


def _files(args: argparse.Namespace) -> int:
    from anxin.demo.load import calendar_of_city, loaded_on
    from anxin.demo.samples import write
    from anxin.demo.world import build

    today = loaded_on()
    if today is None:
        raise CommandError("演示城市还没有装入，请先运行 anxin demo。")
    try:
        paths = write(build(today, calendar_of_city()), Path(args.out).expanduser())
    except OSError as error:
        raise CommandError(f"无法写入文件夹“{args.out}”：{error.strerror}。") from error
    if args.json:
        print_json({"files": [str(path) for path in paths]})
        return DONE
    for path in paths:
        say(str(path))
    return DONE
