"""``anxin warnings``: list warnings, and let one explain itself. The operator sees all projects."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import CommandError
from anxin.cli.output import print_json, say, table

if TYPE_CHECKING:
    from anxin.monitoring.models import Warning

NAME = "warnings"
HELP = "列出预警，或说明一条预警的依据和证据"

_LEVELS = {"blue": 1, "yellow": 2, "orange": 3, "red": 4, "蓝": 1, "黄": 2, "橙": 3, "红": 4}
_STATES = ("uncleared", "open", "all", "acknowledged", "assigned", "clearing", "cleared")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="warnings_action")
    listing = actions.add_parser("list", help="列出预警，最严重的在前")
    listing.add_argument(
        "--level", choices=list(_LEVELS), metavar="级别", help="red、orange、yellow、blue 之一"
    )
    listing.add_argument("--project", default="", metavar="编码", help="只看一个项目")
    listing.add_argument("--employer", default="", metavar="代码", help="只看一个单位（统一社会信用代码）")
    listing.add_argument(
        "--family",
        choices=("wages", "paper", "advice"),
        default="",
        metavar="类别",
        help="wages（工资风险）、paper（制度缺失）、advice（造假线索）",
    )
    listing.add_argument(
        "--state",
        choices=_STATES,
        default="uncleared",
        metavar="状态",
        help="uncleared（未消除，默认）、all、open（待处置）、acknowledged、assigned、clearing、cleared",
    )
    listing.add_argument("--limit", type=int, default=1000, metavar="条数", help="最多列出多少条，默认1000")
    listing.add_argument("--json", action="store_true", help="只输出一份 JSON")
    one = actions.add_parser("explain", help="说明一条预警：条款、门槛、证据、缺什么、谁在何时前处置")
    one.add_argument("id", metavar="编号", help="预警编号（见 anxin warnings list）")
    one.add_argument("--json", action="store_true", help="只输出一份 JSON")
    file = actions.add_parser("export", help="导出仍成立的预警和全部证据行，可用 python -m checker 独立核对")
    file.add_argument(
        "--rows", action="store_true", required=True, help="连同证据行（每行一条预警，JSON Lines）"
    )
    file.add_argument("-o", dest="output", required=True, metavar="文件", help="写到哪个文件")


def run(args: argparse.Namespace) -> int:
    if args.warnings_action == "export":
        return _export(args)
    return _list(args) if args.warnings_action == "list" else _explain(args)


def _export(args: argparse.Namespace) -> int:
    from pathlib import Path

    from django.db.models import Q
    from django.utils import timezone

    from anxin.local_law import queries as local_law
    from anxin.monitoring.models import Warning
    from anxin.monitoring.queries import all_warnings
    from anxin.monitoring.rows_export import export_warnings

    standing = ~Q(state=Warning.State.CLEARED) | Q(hand_cleared=True)
    try:
        count = export_warnings(
            all_warnings().filter(standing), local_law.current(), Path(args.output), on=timezone.localdate()
        )
    except OSError as problem:
        raise CommandError(f"无法写入“{args.output}”：{problem.strerror}，请换一个位置。") from problem
    say(f"已导出{count}条预警到 {args.output}，可用 python -m checker {args.output} 核对。")
    return 0


def _list(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.monitoring.queries import WarningFilters, warning_page
    from anxin.monitoring.sections import divided
    from anxin.registry.models import Employer, Project

    if args.limit < 1:
        raise CommandError("--limit 应为1或更大的整数。")
    if args.project and not Project.objects.filter(code=args.project).exists():
        raise CommandError(f"没有编码为“{args.project}”的项目，请核对。")
    if args.employer and not Employer.objects.filter(uscc=args.employer).exists():
        raise CommandError(f"没有统一社会信用代码为“{args.employer}”的单位，请核对。")
    filters = WarningFilters(
        state=args.state,
        level=_LEVELS.get(args.level),
        project=args.project,
        employer=args.employer,
        family=args.family,
    )
    page = warning_page(None, filters, on=timezone.localdate(), limit=args.limit)
    if args.json:
        rows = [summary(warning) for warning in page.items]
        print_json({"warnings": rows, "count": len(rows), "more": page.next_after is not None})
        return 0
    if not page.items:
        say("没有符合条件的预警。")
        return 0
    for part in divided(page.items):
        say(f"{part.title}（{len(part.items)} 条）")
        table(
            ("编号", "级别", "状态", "处置期限", "情形"),
            [
                (
                    warning.pk,
                    warning.get_level_display(),
                    warning.get_state_display(),
                    warning.act_by,
                    warning.sentence,
                )
                for warning in part.items
            ],
        )
        say()
    if page.next_after is not None:
        say(f"只列出前 {args.limit} 条，可用 --limit 增加。")
    return 0


def summary(warning: Warning) -> dict[str, Any]:
    """One line of the list."""
    from anxin.kernel.money import yuan_string
    from anxin.monitoring.models import Level
    from anxin.monitoring.sections import section_of

    return {
        "id": warning.pk,
        "rule": warning.rule,
        "title": warning.explanation["title"],
        "level": Level(warning.level).name.lower(),
        "state": warning.state,
        "family": section_of(warning),
        "project": warning.project.code if warning.project else None,
        "employer": warning.employer.uscc if warning.employer else None,
        "name": warning.subject.name,
        "period": warning.month or None,
        "people": warning.people,
        "amount": None if warning.amount_fen is None else yuan_string(warning.amount_fen),
        "days": warning.longest_days,
        "sentence": warning.sentence,
        "first_seen": warning.first_seen,
        "act_by": warning.act_by,
    }


def _explain(args: argparse.Namespace) -> int:
    from anxin.monitoring.queries import all_warnings, explain

    if not (args.id.isascii() and args.id.isdecimal() and len(args.id) <= 18):
        raise CommandError(f"“{args.id}”不是预警编号，编号是一个整数（见 anxin warnings list）。")
    warning = all_warnings().filter(pk=int(args.id)).first()
    if warning is None:
        raise CommandError(f"没有编号为 {args.id} 的预警（见 anxin warnings list --state all）。")
    told = explain(warning, rows_limit=100_000)
    if args.json:
        print_json(told)
    else:
        _tell(told)
    return 0


def _tell(told: dict[str, Any]) -> None:
    say(f"{told['level_name']}　{told['title']}（{told['rule']}）　{told['state_name']}")
    say(told["sentence"])
    say()
    say("依据：" + "；".join(article["citation"] for article in told["articles"]))
    threshold = told["threshold"]
    say(f"门槛：{threshold['value']}（{threshold['name']}，{threshold['since']}起）")
    act_by = told["act_by"]
    provisional = "，放假安排未公布，日期暂定" if act_by["provisional"] else ""
    say(f"处置：{act_by['who']}，{act_by['date'] or '期限未定'}前{provisional}")
    say(f"如何消除：{told['clears']}")
    for sentence in told["missing"]:
        say(f"缺少：{sentence}")
    say()
    say(f"证据 {told['evidence_total']} 行：")
    table(
        ("姓名", "金额", "天数", "出处"),
        [
            (row["person"], row["amount"], row["days"], "；".join(place["place"] for place in row["sources"]))
            for row in told["evidence"]
        ],
    )
    say()
    for event in told["history"]:
        say(f"{event['at'][:16]}　{event['title']}　{event['who']}　{event['text']}")
