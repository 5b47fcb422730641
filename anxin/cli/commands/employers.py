"""``anxin employers``: grade every employer, the greatest expected harm first; try the list on a past day."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from anxin.cli.engines import add_engine_arguments, elsewhere
from anxin.cli.errors import CommandError
from anxin.cli.output import print_json, say, table

NAME = "employers"
HELP = "用人单位风险评级"
_SHOWN = 20


def NEEDS_DJANGO(args: argparse.Namespace) -> bool:
    """A folder needs no database."""
    return bool(args.action == "grade")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    grade = actions.add_parser("grade", help="评定全部用人单位，按可能造成的损害排序")
    grade.add_argument("--as-of", metavar="日期", help="按哪一天评定，如 2026-10-31，默认今天")
    grade.add_argument("--json", action="store_true", help="只输出一份 JSON")
    rank = actions.add_parser("rank", help="用虚构城市检验排序：排在最前面的有多少家后来真的欠薪")
    rank.add_argument(
        "--facts", type=Path, required=True, metavar="文件夹", help="anxin simulate 写出的文件夹"
    )
    rank.add_argument("--as-of", required=True, metavar="日期", help="按哪一天排，如 2026-06-30")
    rank.add_argument("--top", type=int, default=100, metavar="N", help="看前几家，默认 100")
    add_engine_arguments(rank)
    rank.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    return _rank(args) if args.action == "rank" else _grade(args)


def _rank(args: argparse.Namespace) -> int:
    from anxin.kernel.refusal import Refused
    from anxin.law import load
    from anxin.monitoring.backtest.ranking import WITHIN, rank
    from anxin.monitoring.backtest.truth_folder import read_truth
    from anxin.monitoring.engines import EngineError
    from anxin.monitoring.folder import FolderFacts

    engine = elsewhere(args)
    day = _day(args.as_of)
    if not args.facts.is_dir():
        raise CommandError(f"没有文件夹“{args.facts}”，请检查 --facts。")
    if args.top < 1:
        raise CommandError("--top 应是 1 或更大的数。")
    try:
        source = FolderFacts.open(args.facts)
        try:
            failures = read_truth(args.facts / "truth", source.ids).failures
            ranked = rank(source, load(), day, failures, top=args.top, elsewhere=engine)
        finally:
            source.close()
    except (Refused, EngineError) as refusal:
        raise CommandError(str(getattr(refusal, "sentence", refusal))) from refusal
    if args.json:
        print_json(ranked.as_json())
        return 0
    say(
        f"{ranked.employers}家单位中有{ranked.failing}家在其后{WITHIN}天内欠薪；排在最前的{ranked.top}家里有{ranked.hits}家"
        + (f"，是平均的{ranked.lift:.0f}倍。" if ranked.lift is not None else "。")
    )
    return 0


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}”不是日期，请写成 2026-10-31 这样的形式。") from None


def _grade(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.kernel.refusal import Refused
    from anxin.monitoring.employers import grade_employers
    from anxin.monitoring.models import EmployerGrade
    from anxin.monitoring.rules import SEVERITY

    now = timezone.now()
    day = _day(args.as_of) if args.as_of else timezone.localdate(now)
    try:
        done = grade_employers(as_of=day, now=now, actor=operator())
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    first = EmployerGrade.objects.filter(month=done.month, harm__gt=0).select_related("employer")
    first = first.order_by("-harm", "employer")[:_SHOWN]
    names = {0: "none", **{number: name for name, number in SEVERITY.items()}}
    if args.json:
        print_json(
            {
                "month": done.month,
                "as_of": day,
                "employers": done.employers,
                "by_level": {names[level]: count for level, count in done.by_level.items()},
                "findings": done.findings,
                "skipped": done.skipped,
                "seconds": round(done.seconds, 3),
                "first": [
                    {
                        "uscc": one.employer.uscc,
                        "name": one.employer.name,
                        "level": names[one.level],
                        "people": one.people,
                        "months": one.months,
                        "inability": one.inability,
                        "harm": one.harm / 100,
                    }
                    for one in first
                ],
            }
        )
        return 0
    say(f"已评定{done.month}的{done.employers}家用人单位，用时{done.seconds:.1f}秒。")
    table(
        ["单位", "级别", "人数", "月数", "付不出工资的程度"],
        [
            [one.employer.name, names[one.level], "不明" if one.people is None else str(one.people), str(one.months), f"{one.inability}%"]
            for one in first
        ],
    )  # fmt: skip
    for code, reason in done.skipped.items():
        say(f"{code}没有执行：{reason}")
    return 0
