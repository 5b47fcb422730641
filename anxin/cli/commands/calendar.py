"""``anxin calendar import FILE --year 2027 --notice 文号``: the State Council's arrangement of a year."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, say

if TYPE_CHECKING:
    from anxin.local_law.models import CalendarYear

NAME = "calendar"
HELP = "导入国务院办公厅公布的一年放假安排，由另一人在页面上确认后生效"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True)
    bring = actions.add_parser("import", help="读入一张小表：每段放假一行、每天一行，或粘贴的通知原文")
    bring.add_argument("file", metavar="FILE", type=Path, help="表格文件：.xlsx、.xls 或 .csv")
    bring.add_argument("--year", metavar="YYYY", required=True, help="哪一年的安排，例如 2027")
    bring.add_argument("--notice", metavar="文号", required=True, help="通知文号，例如 国办发明电〔2026〕7号")
    bring.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.kernel.refusal import Refused
    from anxin.local_law.models import CalendarYear
    from anxin.local_law.services import import_calendar

    if not (args.year.isascii() and args.year.isdigit() and len(args.year) == 4):
        raise CommandError(f"年份“{args.year}”不对，应形如 2027。")
    known = CalendarYear.objects.count()
    try:
        record = import_calendar(
            data=_bytes(args.file),
            filename=args.file.name,
            year=int(args.year),
            notice=args.notice,
            actor=operator(),
            now=timezone.now(),
        )
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    document = _document(record, already=CalendarYear.objects.count() == known)
    if args.json:
        print_json(document)
    else:
        _tell(document)
    return DONE


def _document(record: CalendarYear, *, already: bool) -> dict[str, Any]:
    from anxin.local_law.calendars import marks_of
    from anxin.local_law.notice_checks import checks, counts

    marks = marks_of(record)
    found = counts(marks)
    return {
        "record": record.pk,
        "year": record.year,
        "notice": record.notice,
        "state": record.state,
        "already_imported": already,
        "days_off": found.days_off,
        "off_on_workdays": found.off_on_workdays,
        "make_up_days": found.make_up,
        "checks": [
            {"check": check.title, "passed": check.passed, "detail": check.detail}
            for check in checks(record.year, marks)
        ],
        "days": [
            {"day": mark.day.isoformat(), "kind": mark.kind, "festival": mark.festival} for mark in marks
        ],
    }


def _tell(document: dict[str, Any]) -> None:
    say(
        f"{document['year']}年：放假{document['days_off']}天（占用工作日{document['off_on_workdays']}天），"
        f"调休上班{document['make_up_days']}天。"
    )
    for check in document["checks"]:
        say(f"{'一致' if check['passed'] else '请核对'}：{check['check']}。{check['detail']}")
    if document["state"] == "confirmed":
        say("这份安排已经生效，没有改动。")
    elif document["already_imported"]:
        say("这份安排已经导入过，正在等另一人确认，没有改动。")
    else:
        say("已读入。请另一人在“法规与期限 · 本地数值与确认 · 工作日历”里确认，确认之后才参与计算。")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise CommandError(f"找不到或打不开文件“{path}”，请检查路径。") from None
