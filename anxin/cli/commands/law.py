"""``anxin law``: values of the law, due dates with their steps, and what still has to be checked."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, progress, say, table

if TYPE_CHECKING:
    from anxin.law import Deadline, Law, Pause, Value

NAME = "law"
HELP = "查法规数值、计算期限、列出待核对的数值"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="law_action")
    value = actions.add_parser("value", help="查一个数值：哪天、哪里、依据什么")
    value.add_argument("key", metavar="键名", help="例如 inspection.investigation_days")
    value.add_argument("--on", default="", metavar="日期", help="按哪一天的规定，默认今天")
    _add_place(value)
    deadline = actions.add_parser("deadline", help="计算到期日，并说明是怎样数出来的")
    deadline.add_argument("key", metavar="键名", help="期限的键名，例如 inspection.complaint_decision_days")
    deadline.add_argument(
        "--start", required=True, metavar="日期", help="起算事件发生之日（向前倒数的为事件之日）；可带时刻"
    )
    deadline.add_argument("--extend", action="append", default=[], metavar="长度", help="经批准延长多少")
    deadline.add_argument(
        "--pause", action="append", default=[], metavar="起:止", help="中止的起止日，可多次"
    )
    deadline.add_argument("--restart", action="append", default=[], metavar="日期", help="重新起算之日")
    deadline.add_argument(
        "--part", default="", metavar="情形", help="一项规定分几种情形时，用哪一种，例如 许可和处罚决定"
    )
    _add_place(deadline)
    check = actions.add_parser("check", help="列出待确认、满一年未核对和当地须填写的数值")
    check.add_argument("--on", default="", metavar="日期", help="按哪一天检查，默认今天")
    check.add_argument("--region", default="", metavar="代码", help="本单位的区划代码，默认列出全部")
    check.add_argument("--json", action="store_true", help="只输出一份 JSON")


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", default="", metavar="代码", help="区划代码，2、4、6、9或12位，默认全国")
    parser.add_argument("--for", dest="only_for", default="", metavar="对象", help="有专门规定的对象")
    parser.add_argument("--with", dest="counterpart", default="", metavar="代码", help="跨区域事项的对方地区")
    parser.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.law import LawError

    try:
        return {"value": _value, "deadline": _deadline, "check": _check}[args.law_action](args)
    except LawError as problem:
        raise CommandError(str(problem)) from problem


def _law() -> Law:
    """The law as it stands here; before the database is prepared, as it stands in the files."""
    from django.conf import settings
    from django.db import OperationalError, ProgrammingError

    from anxin import law
    from anxin.local_law import queries

    try:
        return queries.current()
    except (OperationalError, ProgrammingError):
        progress("数据库还没有准备好，只按随软件发布的法规数据回答。")
        return law.load(settings.ANXIN_LAW_DIRS)


def _value(args: argparse.Namespace) -> int:
    from anxin.law.words import value_words
    from anxin.local_law.wording import CONFIDENCE_WORDS

    value = _law().value(args.key, _day_or_today(args.on), _region(args.region), **_case(args))
    if args.json:
        print_json(value_document(value))
        return DONE
    mark = "（待核）" if value.needs_check else ""
    say(f"{value.name}：{value_words(value.value, value.unit)}{mark}")
    say(f"自{value.from_}起，{value.found_at}{value.region_name}；依据：{value.reference or '无'}")
    say(f"核对：{CONFIDENCE_WORDS[value.confidence]}，{value.checked_on}")
    if value.note:
        say(f"说明：{value.note}")
    return DONE


def value_document(value: Value) -> dict[str, Any]:
    """A value as JSON; ``said`` is the value in one Chinese line."""
    from anxin.law.words import value_words

    return {
        "key": value.key,
        "name": value.name,
        "value": value.value,
        "unit": value.unit,
        "said": value_words(value.value, value.unit),
        "from": value.from_,
        "until": value.until,
        "kind": value.kind,
        "reference": value.reference,
        "region": value.region,
        "region_name": value.region_name,
        "found_at": value.found_at,
        "level": value.level,
        "confidence": value.confidence,
        "needs_check": value.needs_check,
        "carries_claim": value.carries_claim,
        "checked_on": value.checked_on,
        "day_type": value.counting.day_type if value.counting else None,
        "note": value.note,
    }


def _deadline(args: argparse.Namespace) -> int:
    from anxin.law import Extension, Restart

    deadline = _law().deadline(
        args.key,
        _moment(args.start),
        _region(args.region),
        pauses=[_pause(text) for text in args.pause],
        extensions=[Extension(_amount(text)) for text in args.extend],
        restarts=[Restart(_day(text)) for text in args.restart],
        part=args.part,
        **_case(args),
    )
    if args.json:
        print_json(deadline_document(deadline))
        return DONE
    say(f"{deadline.name}：{_moment_text(deadline.due)}" + ("（暂定）" if deadline.provisional else ""))
    for number, step in enumerate(deadline.steps, start=1):
        say(f"{number}. {step.text}" + (f"〔{step.basis}〕" if step.basis else ""))
    return DONE


def deadline_document(deadline: Deadline) -> dict[str, Any]:
    """A due date as JSON; ``steps`` are sentences, ``trail`` the same with kind, day and articles."""
    return {
        "key": deadline.key,
        "name": deadline.name,
        "start": _moment_text(deadline.start),
        "due": _moment_text(deadline.due),
        "unit": deadline.unit,
        "length": deadline.length,
        "day_type": deadline.day_type,
        "bound": deadline.bound,
        "nominal": deadline.nominal,
        "act_from": deadline.act_from,
        "provisional": deadline.provisional,
        "needs_check": deadline.needs_check,
        "region": deadline.region,
        "steps": [step.text for step in deadline.steps],
        "basis": "；".join(deadline.basis),
        "trail": [
            {"kind": step.kind, "text": step.text, "on": step.on, "basis": step.basis}
            for step in deadline.steps
        ],
    }


def _check(args: argparse.Namespace) -> int:
    from anxin.law.checklist import REASONS, checklist

    items = checklist(_law(), _day_or_today(args.on), _region(args.region))
    counts = {reason: sum(item.reason == reason for item in items) for reason in REASONS}
    if args.json:
        rows = [
            {
                "reason": item.reason,
                "key": item.key,
                "name": item.name,
                "region": item.region,
                "from": item.from_,
                "confidence": item.confidence,
                "checked_on": item.checked_on,
                "note": item.note,
            }
            for item in items
        ]
        print_json({"items": rows, "counts": counts})
        return DONE
    for reason, sentence in REASONS.items():
        found = [item for item in items if item.reason == reason]
        say(f"{sentence}：{len(found)}项")
        if found:
            table(
                ("键名", "名称", "地区", "自", "核对日"),
                [(i.key, i.name, i.region_name or i.region or "全国", i.from_, i.checked_on) for i in found],
            )
        say()
    return DONE


def _case(args: argparse.Namespace) -> dict[str, str]:
    return {"only_for": args.only_for, "counterpart": _region(args.counterpart)}


def _region(text: str) -> str:
    if text and not (text.isascii() and text.isdigit() and len(text) in (2, 4, 6, 9, 12)):
        raise CommandError(f"区划代码“{text}”不对，应为2、4、6、9或12位数字，例如 510115。")
    return text


def _day_or_today(text: str) -> dt.date:
    from django.utils import timezone

    return _day(text) if text else timezone.localdate()


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"日期“{text}”不对，应形如 2026-10-09。") from None


def _moment(text: str) -> dt.date | dt.datetime:
    if len(text) <= len("2026-10-09"):
        return _day(text)
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise CommandError(f"时刻“{text}”不对，应形如 2026-10-09T15:30。") from None


def _moment_text(moment: dt.date | dt.datetime) -> str:
    return moment.isoformat(timespec="minutes") if isinstance(moment, dt.datetime) else moment.isoformat()


def _pause(text: str) -> Pause:
    from anxin.law import Pause

    first, separator, last = text.partition(":")
    if not separator:
        raise CommandError(f"中止“{text}”的写法不对，应形如 2026-10-09:2026-10-20。")
    return Pause(_day(first), _day(last))


def _amount(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise CommandError(f"延长的长度“{text}”不对，应为正整数。")
    return int(text)
