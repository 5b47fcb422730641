"""``anxin simulate``: write an invented city with known truth into a folder. It runs beside the product, as a child."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from anxin.cli.errors import DONE, FAILED, WRONG_CALL, CommandError
from anxin.cli.output import print_json, say
from anxin.config.home import PROJECT_ROOT

NAME = "simulate"
HELP = "写出一座虚构城市的全部数据和真实答案，用来检验预警准不准"
NEEDS_DJANGO = False
PROFILES = ("county", "zhuhai", "province")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile", required=True, choices=PROFILES, help="城市规模：区县、地级市（珠海规模）或省"
    )
    parser.add_argument(
        "--seed", type=_whole, required=True, metavar="N", help="种子：同一个数写出同一座城市"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="文件夹", help="写到哪里：空的或不存在的文件夹"
    )
    parser.add_argument("--months", type=_months, metavar="N", help="写几个月，默认 12")
    parser.add_argument("--until", type=_day, metavar="日期", help="最后一天，如 2026-10-31")
    parser.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    out = args.out.expanduser().absolute()
    command = [sys.executable, "-m", "simulation", "--profile", args.profile, "--seed", str(args.seed)]
    command += ["--out", str(out)]
    if args.months:
        command += ["--months", str(args.months)]
    if args.until:
        command += ["--until", args.until.isoformat()]
    paths = [str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # The child tells its progress on standard output, which here is no place for it: 2 is our standard error.
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=2,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["原因不明"]
        raise CommandError(lines[-1], exit_code=WRONG_CALL if done.returncode == WRONG_CALL else FAILED)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    if args.json:
        print_json({key: value for key, value in manifest.items() if key != "files"} | _counted(manifest))
    else:
        counted = _counted(manifest)
        say(
            f"写好了{manifest['first_day']}至{manifest['last_day']}的数据：{counted['files']} 个文件、{counted['rows']} 行。"
        )
        say(f"真实答案在 {out / 'truth'}；文件清单和校验值在 {out / 'manifest.json'}。")
        say(f"和公开数字的比较在 {out / 'report.md'}。")
    return DONE


def _counted(manifest: dict[str, Any]) -> dict[str, int]:
    files = manifest["files"]
    return {"files": len(files), "rows": sum(file["rows"] for file in files)}


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}”不是 0 或更大的整数")
    return int(text)


def _months(text: str) -> int:
    number = _whole(text)
    if not 4 <= number <= 36:
        raise argparse.ArgumentTypeError(f"“{text}”不在 4 至 36 个月之内")
    return number


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是有效日期，应形如 2026-10-31") from None
