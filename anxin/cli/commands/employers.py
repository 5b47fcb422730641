"""``anxin employers grade``: grade every employer, the greatest expected harm first."""

from __future__ import annotations

import argparse
import datetime as dt

from anxin.cli.errors import CommandError
from anxin.cli.output import print_json, say, table

NAME = "employers"
HELP = "用人单位风险评级"
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    grade = actions.add_parser("grade", help="评定全部用人单位，按可能造成的损害排序")
    grade.add_argument("--as-of", metavar="日期", help="按哪一天评定，如 2026-10-31，默认今天")
    grade.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.kernel.refusal import Refused
    from anxin.monitoring.employers import grade_employers
    from anxin.monitoring.models import EmployerGrade
    from anxin.monitoring.rules import SEVERITY

    now = timezone.now()
    try:
        day = dt.date.fromisoformat(args.as_of) if args.as_of else timezone.localdate(now)
    except ValueError:
        raise CommandError(f"“{args.as_of}”不是日期，请写成 2026-10-31 这样的形式。") from None
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
