"""``anxin forecast``: how good the forecast of missed pay days is, month by month on a past it had not seen."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import CommandError
from anxin.cli.output import print_json, say, table

if TYPE_CHECKING:
    from anxin.monitoring.backtest.running import Progress

NAME = "forecast"
HELP = "检验发薪预测：按月滚动，用以前的数据学，拿没见过的月份考，并与两种最简单的猜法相比"
#: days between two looks
WEEK = 7
#: the first weeks of a city say little about a coming pay day
WARM_UP = 45


def NEEDS_DJANGO(args: argparse.Namespace) -> bool:
    """A folder needs no database."""
    return args.facts is None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--facts",
        type=Path,
        metavar="文件夹",
        help="anxin simulate 写出的文件夹；不写则用本系统每夜留存的预测和事后的结果",
    )
    parser.add_argument(
        "--truth", type=Path, metavar="文件夹", help="真实答案，默认用 --facts 文件夹里的 truth"
    )
    parser.add_argument("--every", type=int, metavar="天", help="和 --facts 一起用：每隔几天看一次，默认 7")
    parser.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.kernel.refusal import Refused

    if args.facts is None and (args.truth or args.every):
        raise CommandError("--truth 和 --every 只能和 --facts 一起用；本系统的预测按事后实际到账判断。")
    if args.facts is not None and not args.facts.is_dir():
        raise CommandError(f"没有文件夹“{args.facts}”，请检查 --facts。")
    if args.every is not None and not 1 <= args.every <= 31:
        raise CommandError("--every 应在 1 至 31 天之间。")
    try:
        told = _score(args) if args.facts else _own_score()
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    if args.json:
        print_json(told)
    else:
        _show(told)
    return 0


def _own_score() -> dict[str, Any]:
    from django.utils import timezone

    from anxin.monitoring.forecasting import own_trial

    worth = own_trial(as_of=timezone.localdate())
    missed = worth.missed.values()
    return {
        "pay_days": len(missed),
        "missed": sum(missed),
        "known_in_records": len(missed),
        **worth.as_json(),
    }


def _score(args: argparse.Namespace) -> dict[str, Any]:
    from anxin.law import load
    from anxin.monitoring.backtest.running import days_between
    from anxin.monitoring.backtest.truth_folder import read_pay_days
    from anxin.monitoring.folder import FolderFacts
    from anxin.monitoring.forecast import collecting, outcomes, rolling

    law = load()
    source = FolderFacts.open(args.facts)
    try:
        judged = read_pay_days(args.truth or args.facts / "truth", source.ids)
        first = source.manifest.first_day + dt.timedelta(days=WARM_UP)
        days = days_between(first, source.manifest.last_day, args.every or WEEK)
        collected = collecting.collect(source, law, days, tell=_tell)
    finally:
        source.close()
    limit = law.value(outcomes.KEY, on=days[-1]).value["false_alarm_percent"] / 100
    worth = rolling.roll(collected.samples, collected.ended, false_alarms=limit, judged=judged)
    return {
        "pay_days": len(judged),
        "missed": sum(judged.values()),
        "known_in_records": len(collected.ended),
        **worth.as_json(),
    }


def _show(told: dict[str, Any]) -> None:
    if not told["samples"]:
        say("可学习的发薪日太少，没有做出预测。请用大一些的城市或更长的时间。")
        return
    rows = [
        ("预测模型", told["brier"]),
        ("和上次一样", told["brier_as_last"]),
        ("一律按平均", told["brier_base_rate"]),
    ]
    table(("方法", "误差（Brier，越小越好）"), [(name, f"{value:.4f}") for name, value in rows])
    early = told["early"]
    say(
        f"提前15天以上：{early['missed']}个没有按时发足的发薪日中，预告了{early['announced']}个"
        f"（{_share(early['share'])}）；{early['alarms']}次预告中误报{early['false_alarms']}次"
        f"（{_share(early['false_share'])}）。"
    )


def _share(share: float | None) -> str:
    return "无" if share is None else f"{share:.0%}"


def _tell(progress: Progress) -> None:
    print(f"{progress.day}：{progress.done}/{progress.of}", file=sys.stderr, flush=True)
