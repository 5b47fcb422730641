"""``anxin exchange export|import``: packages in the shape of the national real-name data standard."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, progress, say, table

if TYPE_CHECKING:
    from anxin.exchange.standard.importing import Imported
    from anxin.exchange.standard.packing import Form

NAME = "exchange"
HELP = "按全国建筑工人实名制数据标准的形式导出、导入数据包"
#: rows that came back shown to people; ``--json`` has all of them
_SHOWN = 20
_FORMS = ("jsonl", "csv", "xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="exchange_action")
    export = actions.add_parser("export", help="把项目导出为数据包")
    export.add_argument("file", metavar="FILE", type=Path, help="数据包文件名，例如 上报.zip 或 上报.xlsx")
    which = export.add_mutually_exclusive_group(required=True)
    which.add_argument("--project", metavar="CODE", action="append", help="项目编码，可写几次")
    which.add_argument("--all", action="store_true", help="全部项目")
    export.add_argument(
        "--form", choices=_FORMS, help="每个对象的写法，默认 jsonl；文件名以 .xlsx 结尾时为 xlsx"
    )
    export.add_argument("--full", action="store_true", help="证件号码、姓名等不遮盖；须同时写明 --purpose")
    export.add_argument("--purpose", metavar="目的", default="", help="导出完整证件号码的目的，记入日志")
    export.add_argument("--json", action="store_true", help="以 JSON 输出清单")
    taken = actions.add_parser("import", help="导入数据包，坏行逐行退回")
    taken.add_argument("file", metavar="FILE", type=Path, help="数据包：.zip 或 .xlsx")
    taken.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def run(args: argparse.Namespace) -> int:
    from anxin.kernel.refusal import Refused

    try:
        return _export(args) if args.exchange_action == "export" else _import(args)
    except Refused as refusal:
        raise CommandError(str(refusal)) from refusal


def _export(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.exchange.standard.exporting import export_for_operator

    form: Form = args.form or ("xlsx" if args.file.suffix.lower() == ".xlsx" else "jsonl")
    if (form == "xlsx") != (args.file.suffix.lower() == ".xlsx"):
        raise CommandError(f"写法为{form}时，文件名应以{'.xlsx' if form == 'xlsx' else '.zip'}结尾。")
    folder = args.file.absolute().parent
    if not folder.is_dir():
        raise CommandError(f"没有文件夹“{folder}”，请先建立。")
    # Beside its final place, so that a killed process leaves no half package under the name.
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".anxin-", delete=False) as target:
        try:
            manifest = export_for_operator(
                operator(),
                target,
                codes=args.project or [],
                form=form,
                now=timezone.now(),
                full=args.full,
                purpose=args.purpose,
            )
            target.close()
            Path(target.name).replace(args.file)
        except BaseException:
            Path(target.name).unlink(missing_ok=True)
            raise
    if args.json:
        print_json(manifest)
        return DONE
    shown = "完整" if args.full else "遮盖"
    say(f"已导出{len(manifest['projects'])}个项目到“{args.file}”，证件号码{shown}。")
    table(
        ["对象", "名称", "行数", "说明"],
        [(one["object"], one["title"], one["rows"], one.get("note", "")) for one in manifest["objects"]],
    )
    return DONE


def _import(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.exchange.standard.importing import import_for_operator

    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise CommandError(f"文件“{args.file}”无法读取：{error.strerror}。") from error
    progress(f"正在导入“{args.file.name}”……")
    result = import_for_operator(operator(), data, args.file.name, now=timezone.now())
    if args.json:
        print_json(result.as_json())
    else:
        _summary(result)
    return DONE


def _summary(result: Imported) -> None:
    say(f"涉及{len(result.projects)}个项目，变动{result.changed}行，退回{result.rejected}行。")
    rows: list[tuple[Any, ...]] = [
        (one.name, one.title, one.read, one.accepted, one.unchanged, one.rejected)
        for one in result.counts
        if one.read
    ]
    table(["对象", "名称", "读取", "变动", "未变", "退回"], rows)
    rejected = [one for one in result.problems if one.rejected]
    if rejected:
        say()
        shown = [(one.object, one.row, one.field, one.reason) for one in rejected[:_SHOWN]]
        table(["对象", "行", "字段", "退回原因"], shown)
        if len(rejected) > _SHOWN:
            say(f"……另有{len(rejected) - _SHOWN}处，加 --json 可看全部。")
