"""``anxin import KIND FILE``: take a clerk's file into the records, or only say what would be taken."""

from __future__ import annotations

import argparse
import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, progress, say, table

if TYPE_CHECKING:
    from anxin.evidence.models import ImportBatch

NAME = "import"
HELP = "导入花名册、考勤表、工资表、银行回执，或部门数据（signals）"

_KINDS = {"roster": "花名册", "attendance": "考勤表", "payroll": "工资表", "receipts": "银行回执"}
_SIGNALS = "signals"
#: rejected rows shown in the summary for people; ``--json`` and the workbook have all of them
_SHOWN = 20


def NEEDS_DJANGO(args: argparse.Namespace) -> bool:
    """A trial reads the sheet and nothing else: no database, no data folder."""
    return not args.dry_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = "、".join(f"{kind}（{title}）" for kind, title in _KINDS.items())
    parser.add_argument(
        "kind",
        metavar="KIND",
        choices=[*_KINDS, _SIGNALS],
        help=f"{kinds}；其他部门报来的数据写 signals，后面再写是哪一种，如 signals social",
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="+",
        help="表格文件（.xlsx、.xls、.csv）；银行回执也可以是工资信息文件或银行报文",
    )
    parser.add_argument("--project", metavar="CODE", default="", help="工程项目编码（试读时可不填）")
    parser.add_argument("--month", metavar="YYYY-MM", help="所属月份；不填则从表中读取")
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="列对应关系（JSON 文件）")
    parser.add_argument("--dry-run", action="store_true", help="只读表、不写入，说明会接收什么")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def run(args: argparse.Namespace) -> int:
    from anxin.kernel.months import Month
    from anxin.sheets import SheetRefused

    args.kind, args.file = _kind_and_file(args.kind, args.file)
    data = _bytes(args.file)
    mapping = _mapping(args.mapping)
    try:
        month = str(Month.parse(args.month)) if args.month else None
        if args.dry_run:
            from anxin.evidence.preview import dry_run

            document = dry_run(args.kind, data, args.file.name, month, mapping)
        else:
            document = _import(args, data, month, mapping)
    except SheetRefused as refusal:
        raise CommandError(str(refusal)) from refusal
    except ValueError as refusal:  # a month, or a service that says no: always one sentence
        raise CommandError(str(refusal)) from refusal
    if args.json:
        print_json(document)
    else:
        _summary(document, args.kind)
    return DONE


def _import(
    args: argparse.Namespace, data: bytes, month: str | None, mapping: dict[str, Any] | None
) -> dict[str, Any]:
    from django.utils import timezone

    from anxin.evidence import imports
    from anxin.evidence.journal import Actor

    actor = Actor("cli", _system_user())
    if not args.project and args.kind in _KINDS:
        raise CommandError(
            "请用 --project 指明这份文件属于哪个工程项目（项目编码）；只想试读请加 --dry-run。"
        )
    imports.check(kind=args.kind, project_code=args.project)
    progress(f"正在识别“{args.file.name}”……")
    batch = imports.open_batch(
        kind=args.kind,
        data=data,
        filename=args.file.name,
        actor=actor,
        now=timezone.now(),
        project_code=args.project,
        month=month,
        mapping=mapping,
    )
    if batch.refusal and batch.recognition is None:
        raise CommandError(batch.refusal)
    if not batch.already_accepted:
        progress("正在写入……")
        batch = imports.accept_batch(batch.pk, actor=actor, now=timezone.now(), recognition=batch.recognition)
    return _document(batch)


def _document(batch: ImportBatch) -> dict[str, Any]:
    """The recognition's JSON with what became of it."""
    from django.utils import timezone

    if batch.already_accepted or batch.recognition is None:
        # What was said when it was accepted; the counters beside cut lists are the console's.
        counters = ("_count", "held_by_records")
        report = {key: value for key, value in (batch.report or {}).items() if not key.endswith(counters)}
    else:
        report = batch.recognition.as_json()
        # what the punches of an attendance file came to is known only once they stand beside the others
        report |= {key: value for key, value in (batch.report or {}).items() if key == "punches"}
    return {
        **report,
        "batch": batch.pk,
        "state": batch.state,
        "already_accepted": batch.already_accepted,
        "accepted_at": timezone.localtime(batch.accepted_at).isoformat() if batch.accepted_at else None,
        "unchanged": batch.rows_unchanged,
        "superseded": batch.rows_superseded,
    }


def _kind_and_file(kind: str, words: list[str]) -> tuple[str, Path]:
    """``payroll FILE``, or ``signals social FILE``."""
    from anxin.sheets import SIGNALS

    known = "、".join(f"{name}（{spec.title}）" for name, spec in SIGNALS.items())
    if kind == _SIGNALS:
        if len(words) != 2 or words[0] not in SIGNALS:
            raise CommandError(f"部门数据请写成 anxin import signals 种类 文件，种类有：{known}。")
        return words[0], Path(words[1])
    if len(words) != 1:
        raise CommandError("一次只能导入一个文件，请分别导入。")
    return kind, Path(words[0])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"找不到文件“{path}”，请核对文件名和所在文件夹。") from None
    except IsADirectoryError:
        raise CommandError(f"“{path}”是文件夹，请指明其中的一个表格文件。") from None
    except OSError as error:
        raise CommandError(f"文件“{path}”无法读取：{error.strerror}。") from error


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        mapping = json.loads(_bytes(path).decode("utf-8-sig"))
    except ValueError:
        raise CommandError(f"列对应关系文件“{path}”不是有效的 JSON，请核对。") from None
    if not isinstance(mapping, dict):
        raise CommandError(f'列对应关系文件“{path}”应形如 {{"columns": {{"net": "实发金额"}}}}。')
    return mapping


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "命令行"


def _summary(document: dict[str, Any], kind: str) -> None:
    from anxin.sheets import SIGNALS

    title = SIGNALS[kind].title if kind in SIGNALS else _KINDS[kind]
    if document.get("already_accepted"):
        day = str(document["accepted_at"])[:10]
        say(f"该文件已于{day}接收过，未作任何改动。")
    period = document["period"] or "（表中没有写明月份）"
    if document.get("format"):
        say(f"{title}：银行报文（{document['sheet']}），月份{period}。")
    else:
        rows = "、".join(str(row) for row in document["header_rows"])
        say(f"{title}：工作表“{document['sheet']}”，表头在第{rows}行，月份{period}。")
    rejected = document["rows_rejected"]
    count = document["rows_read"] - document["rows_accepted"]
    say(
        f"读取{document['rows_read']}行，接收{document['rows_accepted']}行，退回{count}行，共{document['people']}人。"
    )
    amounts = [
        f"{name}{document['totals'][key]}元"
        for key, name in (("gross", "应发"), ("net", "实发"))
        if document["totals"].get(key)
    ]
    if amounts:
        say("、".join(amounts) + "。")
    if document.get("format") and document["skipped"]:
        reasons = "；".join(sorted({skipped["reason"] for skipped in document["skipped"]}))
        say(f"另有{len(document['skipped'])}笔不计：{reasons}。")
    if document.get("note"):
        say(document["note"])
    if rejected:
        say()
        table(["行", "列", "退回原因"], [(p["row"], p["column"], p["reason"]) for p in rejected[:_SHOWN]])
        if len(rejected) > _SHOWN:
            say(f"……另有{len(rejected) - _SHOWN}处，加 --json 可看全部。")
    if "batch" in document and not document["already_accepted"]:
        say()
        say(
            f"已写入（批次{document['batch']}）：未变{document['unchanged']}条，更正{document['superseded']}条。"
        )
