"""``anxin facts``: the facts that rules read as Parquet files, in a folder or a bucket."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from anxin.cli.errors import DONE, FAILED, CommandError
from anxin.cli.output import print_json, say

if TYPE_CHECKING:
    from anxin.monitoring.store.places import Place

NAME = "facts"
HELP = "把规则所用的事实写成 Parquet 文件，或核对写好的文件"


def NEEDS_DJANGO(args: argparse.Namespace) -> bool:
    """A store is checked without a database."""
    return bool(args.action == "snapshot")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    snapshot = actions.add_parser("snapshot", help="写一份事实快照，只改写有变动的月份")
    snapshot.add_argument(
        "--out", required=True, metavar="位置", help="文件夹、file:///文件夹 或 s3://桶/前缀"
    )
    snapshot.add_argument("--as-of", metavar="日期", help="哪一天的事实，如 2026-11-20，默认今天")
    snapshot.add_argument("--whole", action="store_true", help="全部重新读取，不只读可能有变动的月份")
    check = actions.add_parser("check", help="重新计算每个文件的哈希，与清单对照")
    check.add_argument("place", metavar="位置", help="写快照时 --out 的位置")
    for action in (snapshot, check):
        action.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.kernel.refusal import Refused
    from anxin.monitoring.store.places import Place, StoreError

    try:
        if args.action == "snapshot":
            return _snapshot(args, Place.at(args.out))
        return _check(args, Place.at(args.place))
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    except StoreError as problem:
        raise CommandError(str(problem)) from problem


def _snapshot(args: argparse.Namespace, place: Place) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.monitoring.store.writing import write_snapshot

    now = timezone.now()
    as_of = _day(args.as_of) if args.as_of else timezone.localdate(now)
    done = write_snapshot(place, as_of=as_of, known_at=now, actor=operator(), now=now, whole=args.whole)
    if args.json:
        print_json(
            {
                "as_of": done.manifest.as_of,
                "known_at": done.manifest.known_at.isoformat(),
                "law_digest": done.manifest.law_digest,
                "schema_version": done.manifest.schema_version,
                "rows": done.manifest.rows,
                "written": done.written,
                "kept": done.kept,
                "removed": done.removed,
                "read": done.read,
            }
        )
    else:
        say(f"{as_of}的事实快照已写到“{place.shown}”：{done.manifest.rows} 行。")
        say(
            f"从数据库读了 {done.read} 行，其余的月份没有变动。"
            if done.read < done.manifest.rows
            else "全部重新读过。"
        )
        say(f"改写 {len(done.written)} 个文件，{done.kept} 个没有变动，清理 {done.removed} 个旧文件。")
    return DONE


def _check(args: argparse.Namespace, place: Place) -> int:
    from anxin.monitoring.store.reading import check

    manifest, wrong = check(place)
    if args.json:
        print_json(
            {"intact": not wrong, "as_of": manifest.as_of, "files": len(manifest.files()), "wrong": wrong}
        )
    else:
        for sentence in wrong:
            say(sentence)
        state = f"{len(wrong)} 个文件不对，请删掉它们再重新写快照" if wrong else "全部与清单相符"
        say(f"{manifest.as_of}的事实快照，{len(manifest.files())} 个文件，{manifest.rows} 行：{state}。")
    return FAILED if wrong else DONE


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--as-of 的“{text}”不是有效日期，应形如 2026-11-20。") from None
