"""``anxin triage``: messages of a file read one by one, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import machine, progress, say, table

if TYPE_CHECKING:
    from anxin.sheets.workbook import Sheet
    from anxin.triage import Message, Model

NAME = "triage"
HELP = "甄别来文：是不是欠薪、几人、多少钱、谁欠、在哪、急不急、是否同一件事，并列出依据的原话"
NEEDS_DJANGO = False

#: what a title column is called where the call does not name one
TITLES = ("title", "标题", "主题", "诉求标题", "工单标题")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="文件", help="表格文件（.csv、.xlsx、.xls），第一行是列名")
    parser.add_argument("--text", metavar="列名", required=True, help="正文所在的列")
    parser.add_argument("--id", metavar="列名", help="编号所在的列；不写则用行号")
    parser.add_argument("--title", metavar="列名", help="标题所在的列；不写则找名为“标题”或 title 的列")
    parser.add_argument("--model", metavar="文件", help="改用本单位训练的甄别模型")
    parser.add_argument("--json", action="store_true", help="每条来文输出一行 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.triage import clusters, read_messages

    rows = _rows(args)
    progress(f"共{len(rows)}条来文，正在甄别……")
    messages = read_messages(rows, _model(args.model))
    leads = clusters(messages)
    if args.json:
        _print_lines(messages, leads)
    else:
        _say(messages, leads)
    return DONE


def _rows(args: argparse.Namespace) -> list[tuple[str, str, str]]:
    """``(id, title, text)`` of each row that has a text."""
    sheet = _sheet(args.file)
    header = [str(cell).strip() for cell in sheet.rows[0]]
    text = _column(header, args.text, args.file)
    key = _column(header, args.id, args.file) if args.id else None
    named = next((name for name in TITLES if name in header and name != args.text), None)
    title = _column(header, args.title, args.file) if args.title else header.index(named) if named else None
    found = []
    for number, row in enumerate(sheet.rows[1:], start=2):
        words = str(row[text]).strip()
        heading = str(row[title]).strip() if title is not None else ""
        if words or heading:
            found.append((_plain(row[key]) if key is not None else str(number), heading, words))
    if not found:
        raise CommandError(f"文件“{args.file}”的“{args.text}”列没有内容，请核对列名。")
    return found


def _sheet(name: str) -> Sheet:
    from anxin.sheets import SheetRefused
    from anxin.sheets.reading import read_workbook

    path = Path(name)
    try:
        book = read_workbook(path.read_bytes(), path.name)
    except OSError:
        raise CommandError(f"打不开文件“{name}”，请核对路径和权限。") from None
    except SheetRefused as refused:
        raise CommandError(str(refused)) from refused
    for sheet in book.sheets:
        if len(sheet.rows) > 1:
            return sheet
    raise CommandError(f"文件“{name}”里没有来文：第一行应是列名，以下每行一条。")


def _column(header: Sequence[str], name: str, file: str) -> int:
    if name not in header:
        shown = "、".join(one for one in header if one) or "（空）"
        raise CommandError(f"文件“{file}”没有名为“{name}”的列；现有的列是：{shown}。")
    return list(header).index(name)


def _plain(cell: object) -> str:
    """A number of a message as typed: a spreadsheet's 8863.0 is 8863."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _model(name: str | None) -> Model | None:
    from anxin.triage.model import from_json

    if not name:
        return None
    try:
        return from_json(json.loads(Path(name).read_text(encoding="utf-8")))
    except OSError:
        raise CommandError(f"打不开模型文件“{name}”，请核对路径和权限。") from None
    except (ValueError, KeyError, TypeError) as problem:
        raise CommandError(f"模型文件“{name}”不能用：{problem}") from problem


def _print_lines(messages: Sequence[Message], leads: Sequence[int]) -> None:
    stream = machine()
    for message, lead in zip(messages, leads, strict=True):
        line = {"message_id": message.key, **message.reading.as_json(), "cluster": messages[lead].key}
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    stream.flush()


def _say(messages: Sequence[Message], leads: Sequence[int]) -> None:
    wages = [
        (message, messages[lead].key)
        for message, lead in zip(messages, leads, strict=True)
        if message.reading.arrears
    ]
    wages.sort(key=lambda each: (-each[0].reading.urgency, -each[0].reading.score))
    table(
        ["编号", "把握", "急", "人数", "金额（元）", "谁欠", "项目", "同一件事"],
        [
            [one.key, f"{one.reading.score:.0%}", one.reading.urgency, one.reading.people, one.reading.amount_yuan,
             one.reading.debtor, one.reading.project, "" if lead == one.key else lead]
            for one, lead in wages
        ],
    )  # fmt: skip
    say(f"共{len(messages)}条，其中欠薪{len(wages)}条。")
    if sys.stdout.isatty():
        say("加 --json 可得到每一条的依据。")
