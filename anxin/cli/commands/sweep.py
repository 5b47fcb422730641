"""``anxin sweep``: hold the rules against the facts as of a day."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING, Any

from anxin.cli.engines import add_engine_arguments, spark_url
from anxin.cli.errors import CommandError
from anxin.cli.output import print_json, say, table

if TYPE_CHECKING:
    from anxin.monitoring.models import Sweep

NAME = "sweep"
HELP = "按法规核对全部事实，发出、更新或消除预警"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="日期", help="按哪一天的法规和事实核对，如 2026-11-20，默认今天")
    parser.add_argument(
        "--known-at", metavar="时刻", help="只用这一时刻以前送达的数据，如 2026-11-20T18:00，默认现在"
    )
    add_engine_arguments(parser)
    parser.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.kernel.refusal import Refused
    from anxin.monitoring.engines import EngineError
    from anxin.monitoring.models import Sweep
    from anxin.monitoring.services import sweep

    url = spark_url(args)
    now = timezone.now()
    try:
        result = sweep(
            as_of=_day(args.as_of) if args.as_of else timezone.localdate(now),
            known_at=_moment(args.known_at) if args.known_at else now,
            trigger=Sweep.Trigger.MANUAL,
            now=now,
            actor=operator(),
            spark_url=url,
        )
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    except EngineError as problem:
        raise CommandError(str(problem)) from problem
    if args.json:
        print_json(as_json(result))
    else:
        _tell(result)
    return 0


def as_json(result: Sweep) -> dict[str, Any]:
    """The manifest; of a rehearsal also what it found, since no warning keeps it."""
    document: dict[str, Any] = {
        "engine": result.engine,
        "as_of": result.as_of,
        "known_at": result.known_at.isoformat(),
        "rules": len(result.rules),
        "rule_codes": result.rules,
        "facts": result.facts,
        "findings": result.findings,
        "gaps": result.gaps,
        "opened": result.opened,
        "continued": result.continued,
        "worsened": result.worsened,
        "cleared": result.cleared,
        "seconds": result.milliseconds / 1000,
        "sweep": result.pk,
        "rehearsal": result.rehearsal,
        "code_version": result.code_version,
        "parameters_hash": result.parameters_hash,
    }
    return document | ({"report": result.report} if result.rehearsal else {})


def _tell(result: Sweep) -> None:
    seconds = result.milliseconds / 1000
    say(f"按{result.as_of}核对了 {result.facts} 条事实、{len(result.rules)} 条规则，用时 {seconds:.1f} 秒。")
    say(
        f"发现 {result.findings} 处：新增 {result.opened}、延续 {result.continued}、"
        f"加重 {result.worsened}；消除 {result.cleared}；另有 {result.gaps} 处因缺数据无法判断。"
    )
    if not result.rehearsal:
        return
    say("这是试算（所选日期早于最近一次扫描或在将来），没有改动任何预警。")
    report = result.report or {"findings": []}
    rows = [(found["rule"], found["level"], found["sentence"]) for found in report["findings"]]
    if rows:
        table(("规则", "级别", "情形"), rows)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--as-of 的“{text}”不是有效日期，应形如 2026-11-20。") from None


def _moment(text: str) -> dt.datetime:
    from django.utils import timezone

    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--known-at 的“{text}”不是有效时刻，应形如 2026-11-20T18:00。") from None
    if len(text) == len("2026-11-20"):
        # A bare day means "by the end of that day".
        moment = dt.datetime.combine(moment.date(), dt.time(23, 59, 59, 999999))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
