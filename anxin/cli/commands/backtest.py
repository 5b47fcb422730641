"""``anxin backtest``: the rules on a past period as it was known day by day, and how often they were right."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from anxin.cli.checking import Checking
from anxin.cli.engines import add_engine_arguments, elsewhere
from anxin.cli.errors import FAILED, CommandError
from anxin.cli.output import print_json, say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from anxin.law import Law
    from anxin.monitoring.backtest.running import FactSource, Progress
    from anxin.monitoring.backtest.scoring import Score
    from anxin.monitoring.backtest.truth import Truth
    from anxin.monitoring.rules.framework import Rule

NAME = "backtest"
HELP = "用过去一段时间的数据试规则：会发多少预警、准不准、提前几天、漏了谁"


def NEEDS_DJANGO(args: argparse.Namespace) -> bool:
    """A folder needs no database."""
    return args.facts is None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=_day, required=True, metavar="日期", help="第一天")
    parser.add_argument("--to", dest="last", type=_day, required=True, metavar="日期", help="最后一天")
    parser.add_argument(
        "--facts", type=Path, metavar="文件夹", help="anxin simulate 写出的文件夹；不写则用本系统的数据"
    )
    parser.add_argument(
        "--truth", type=Path, metavar="文件夹", help="真实答案，默认用 --facts 文件夹里的 truth"
    )
    parser.add_argument("--rules", metavar="编号", help="只试这些规则，用逗号分开，如 W03,F01")
    parser.add_argument("--law", type=Path, metavar="文件夹", help="另加的法规参数，用来试一个改过的数")
    parser.add_argument("--every", type=_every, default=7, metavar="天", help="每隔几天看一次，默认 7")
    add_engine_arguments(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="另用独立的核对程序从证据行重新算出每条预警，有一条不一致就以 1 退出",
    )
    parser.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.kernel.refusal import Refused
    from anxin.law import LawError
    from anxin.monitoring.backtest import running, scoring
    from anxin.monitoring.engines import EngineError

    engine = elsewhere(args)
    checking = Checking() if args.check else None
    if args.last < args.first:
        raise CommandError("--to 早于 --from，请对调两个日期。")
    try:
        rules = _rules(args.rules)
        days = running.days_between(args.first, args.last, args.every)
        with _folder(args) if args.facts else _records(args) as (source, law, truth):
            seen: dict[str, Any] = {"see": checking.see} if checking else {}
            episodes = running.run(source, law, rules, days, tell=_tell_progress, elsewhere=engine, **seen)
    except (Refused, LawError, EngineError) as refusal:
        raise CommandError(str(getattr(refusal, "sentence", refusal))) from refusal
    scores = scoring.score_all(episodes, rules, truth, first=args.first, last=args.last)
    if args.json:
        print_json(_document(args, days, scores) | _checked(checking))
    else:
        _show(scores, judged=truth is not None)
    return _told(checking, sys.stderr if args.json else sys.stdout) if checking else 0


def _checked(checking: Checking | None) -> dict[str, Any]:
    if checking is None:
        return {}
    return {"checked": {"warnings": checking.warnings, "agreeing": checking.agreeing}}


def _told(checking: Checking, to: TextIO) -> int:
    """Say how many agree, and which do not; apart from JSON, which stays one document."""
    print(*checking.disagreeing, checking.words, sep="\n", file=to)
    return FAILED if checking.disagreeing else 0


def _rules(codes: str | None) -> Mapping[str, Rule]:
    from anxin.monitoring.rules import RULES

    if not codes:
        return RULES
    wanted = [code.strip() for code in codes.split(",") if code.strip()]
    unknown = [code for code in wanted if code not in RULES]
    if unknown:
        raise CommandError(f"没有规则“{unknown[0]}”，可用的是：{'、'.join(RULES)}。")
    return {code: RULES[code] for code in RULES if code in wanted}


@contextmanager
def _folder(args: argparse.Namespace) -> Iterator[tuple[FactSource, Law, Truth | None]]:
    from anxin.law import load
    from anxin.monitoring.backtest.truth_folder import read_truth
    from anxin.monitoring.folder import FolderFacts

    if not args.facts.is_dir():
        raise CommandError(f"没有文件夹“{args.facts}”，请检查 --facts。")
    source = FolderFacts.open(args.facts)
    truth = args.truth or (args.facts / "truth" if (args.facts / "truth").is_dir() else None)
    law = load([args.law] if args.law else [])
    try:
        yield source, law, read_truth(truth, source.ids) if truth else None
    finally:
        source.close()


@contextmanager
def _records(args: argparse.Namespace) -> Iterator[tuple[FactSource, Callable[[dt.datetime], Law], Truth]]:
    from django.utils import timezone

    from anxin.monitoring.backtest.records import RecordedFacts, hindsight, law_known_at

    if args.truth or args.law:
        raise CommandError("--truth 和 --law 只能和 --facts 一起用；本系统的数据按事后实际到账判断。")
    now = timezone.now()
    if args.last > timezone.localdate(now):
        raise CommandError("--to 还没有到，请改为今天或更早的日期。")
    source = RecordedFacts()
    yield source, law_known_at, hindsight(source, args.last, now)


def _document(args: argparse.Namespace, days: list[dt.date], scores: list[Score]) -> dict[str, Any]:
    return {
        "from": args.first.isoformat(),
        "to": args.last.isoformat(),
        "days": len(days),
        "rules": [score.as_json() for score in scores],
    }


def _show(scores: list[Score], *, judged: bool) -> None:
    rows = [
        (
            score.code,
            str(score.fired),
            _number(score.true),
            _share(score.precision, score.interval),
            _share(score.recall, score.recall_interval),
            "" if score.lead_days_median is None else f"{score.lead_days_median:g}",
        )
        for score in scores
    ]
    table(("规则", "发出", "属实", "准确率（95%区间）", "查全率（95%区间）", "提前天数"), rows)
    if not judged:
        say("没有真实答案可对照，只数了会发出多少。")


def _number(count: int | None) -> str:
    return "不判" if count is None else str(count)


def _share(share: float | None, interval: tuple[float, float] | None) -> str:
    if share is None or interval is None:
        return ""
    return f"{share:.0%}（{interval[0]:.0%}–{interval[1]:.0%}）"


def _tell_progress(progress: Progress) -> None:
    print(
        f"{progress.day}：{progress.done}/{progress.of}，发现 {progress.findings} 处",
        file=sys.stderr,
        flush=True,
    )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是有效日期，应形如 2026-03-01") from None


def _every(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 31):
        raise argparse.ArgumentTypeError(f"“{text}”不是 1 至 31 的天数")
    return int(text)
