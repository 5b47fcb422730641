"""``anxin triage``: messages of a file read one by one, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import machine, print_json, progress, say, table

if TYPE_CHECKING:
    from anxin.sheets.workbook import Cell, Sheet
    from anxin.triage import Message, Model
    from anxin.triage.trials import Score

NAME = "triage"
HELP = "甄别来文：是不是欠薪、几人、多少钱、谁欠、在哪、急不急、是否同一件事，并列出依据的原话"
NEEDS_DJANGO = False

#: what a title column is called where the call does not name one
TITLES = ("title", "标题", "主题", "留言主题", "留言标题", "诉求标题", "诉求主题", "工单标题")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="文件", help="表格文件（.csv、.xlsx、.xls），第一行是列名")
    parser.add_argument("--text", metavar="列名", required=True, help="正文所在的列")
    parser.add_argument("--id", metavar="列名", help="编号所在的列；不写则用行号")
    parser.add_argument("--title", metavar="列名", help="标题所在的列；不写则找名为“标题”或 title 的列")
    parser.add_argument("--model", metavar="文件", help="改用本单位训练的甄别模型")
    parser.add_argument("--truth", metavar="列名", help="人工核定列（是/否或1/0）：报告甄别得准不准")
    parser.add_argument(
        "--learn", metavar="文件", help="用 --truth 的核定训练新模型；没见过的来文判得更准才写入该文件"
    )
    parser.add_argument("--json", action="store_true", help="每条来文输出一行 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.triage import clusters, read_messages

    if args.learn and not args.truth:
        raise CommandError("训练要有人工核定的答案，请用 --truth 写明核定所在的列。")
    sheet = _sheet(args.file)
    rows = _rows(args, sheet)
    if args.truth:
        return _judge(args, sheet, rows)
    progress(f"共{len(rows)}条来文，正在甄别……")
    messages = read_messages(rows, _model(args.model))
    leads = clusters(messages)
    if args.json:
        _print_lines(messages, leads)
    else:
        _say(messages, leads)
    return DONE


def _judge(args: argparse.Namespace, sheet: Sheet, rows: Sequence[tuple[str, str, str]]) -> int:
    """Hold the model against people's judgements; with ``--learn`` train another and keep it only if it is better."""
    from anxin.triage.model import shipped
    from anxin.triage.training import example, measure, train, try_out
    from anxin.triage.trials import TooFewExamples

    model = _model(args.model) or shipped()
    truth = _truth(args, sheet)
    examples = [example(title, text, judged) for (_, title, text), judged in zip(rows, truth, strict=True)]
    document = {
        "messages": len(rows),
        "arrears": sum(truth),
        "model": model.version,
        **_figures(measure(examples, model)),
    }
    if args.learn:
        progress("正在训练，并用没见过的来文检验……")
        try:
            learnt = try_out(examples, model)
            better = learnt.f1 > measure(examples, model).f1
            document["learnt"] = _figures(learnt) | {"kept": better}
            if better:
                _keep(args.learn, train(examples, model, f"{model.version}+{len(examples)}"))
        except TooFewExamples as few:
            raise CommandError(str(few)) from few
    if args.json:
        print_json(document)
    else:
        _say_figures(document)
    return DONE


def _truth(args: argparse.Namespace, sheet: Sheet) -> list[bool]:
    header = [str(cell).strip() for cell in sheet.rows[0]]
    column = _column(header, args.truth, args.file)
    found = []
    for number, row in _filled(args, sheet):
        word = _plain(row[column]).lower()
        if word not in _YES and word not in _NO:
            raise CommandError(f"文件“{args.file}”第{number}行“{args.truth}”写的是“{word}”，请写 是 或 否。")
        found.append(word in _YES)
    return found


_YES, _NO = {"是", "1", "true", "欠薪", "y", "yes", "√"}, {"否", "0", "false", "非欠薪", "n", "no", "×"}


def _figures(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
    }


def _keep(name: str, model: Model) -> None:
    try:
        Path(name).write_text(json.dumps(model.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as problem:
        raise CommandError(f"写不进文件“{name}”：{problem.strerror}。") from None


def _say_figures(document: dict[str, Any]) -> None:
    say(f"共{document['messages']}条，人工核定欠薪{document['arrears']}条；现用模型 {document['model']}：")
    say(
        f"判为欠薪的{document['precision']:.1%}判对，真欠薪的找到{document['recall']:.1%}，F1 {document['f1']:.3f}。"
    )
    learnt = document.get("learnt")
    if learnt:
        outcome = "更准，已写入文件" if learnt["kept"] else "没有更准，没有写入"
        say(f"新模型在没见过的来文上 F1 {learnt['f1']:.3f}，{outcome}。")


def _rows(args: argparse.Namespace, sheet: Sheet) -> list[tuple[str, str, str]]:
    """``(id, title, text)`` of each row that has a text or a title."""
    header = [str(cell).strip() for cell in sheet.rows[0]]
    text = _column(header, args.text, args.file)
    key = _column(header, args.id, args.file) if args.id else None
    title = _title_column(args, header)
    found = [
        (
            _plain(row[key]) if key is not None else str(number),
            str(row[title]).strip() if title is not None else "",
            str(row[text]).strip(),
        )
        for number, row in _filled(args, sheet)
    ]
    if not found:
        raise CommandError(f"文件“{args.file}”的“{args.text}”列没有内容，请核对列名。")
    return found


def _title_column(args: argparse.Namespace, header: Sequence[str]) -> int | None:
    if args.title:
        return _column(header, args.title, args.file)
    named = next((name for name in TITLES if name in header and name != args.text), None)
    return list(header).index(named) if named else None


def _filled(args: argparse.Namespace, sheet: Sheet) -> list[tuple[int, list[Cell]]]:
    """The rows with a text or a title, with their numbers in the file."""
    header = [str(cell).strip() for cell in sheet.rows[0]]
    wanted = [_column(header, args.text, args.file)]
    title = _title_column(args, header)
    wanted += [title] if title is not None else []
    rows = enumerate(sheet.rows[1:], start=2)
    return [(number, row) for number, row in rows if any(str(row[column]).strip() for column in wanted)]


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
