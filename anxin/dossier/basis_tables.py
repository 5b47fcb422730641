"""On what it rests: the values of the law that counted, the warning with its rule and rows, the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anxin.clues.masking import opened
from anxin.dossier.journal_rows import held
from anxin.dossier.matter_tables import facts
from anxin.dossier.people import People
from anxin.dossier.reading import MatterRead, WarningRead
from anxin.dossier.showing import day, plain
from anxin.law import LawError
from anxin.proof import Table
from anxin.proof.contents import JOURNAL


def law_table(told: MatterRead) -> Table:
    """Every value that a clock was counted by, as it holds on the day the clock began, and those of the warning."""
    rows: dict[str, dict[str, Any]] = {}
    for run in told.found.runs:
        clock = run.deadline
        try:
            value = told.law.value(
                clock.parameter, clock.started_on, clock.region_code,
                only_for=clock.only_for, counterpart=clock.counterpart,
            )  # fmt: skip
        except LawError as problem:
            row = {"key": clock.parameter, "name": clock.name, "value": str(problem)}
        else:
            row = {
                "key": value.key,
                "name": value.name,
                "value": f"{plain(value.value)}{value.unit}",
                "from": day(value.from_),
                "until": day(value.until),
                "place": value.region_name or "全国",
                "reference": value.reference,
                "checked": f"{day(value.checked_on)}{'（待核）' if value.needs_check else ''}",
            }
        rows.setdefault(plain(row), row)
    for row in _parameters(told.warning):
        rows.setdefault(plain(row), row)
    columns = {
        "key": "键名", "name": "名称", "value": "数值", "from": "自", "until": "至", "place": "地方", "reference": "依据",
        "checked": "核对日期",
    }  # fmt: skip
    return Table("t17_law", "适用的法规数值", columns, list(rows.values()))


def _parameters(warning: WarningRead | None) -> list[dict[str, Any]]:
    """The values that the rule was held against, as the sweep kept them."""
    kept: Any = warning.told["parameters"] if warning else []
    return [
        {
            "key": one["key"],
            "name": one["name"],
            "value": one["missing"] if one["value"] is None else f"{plain(one['value'])}{one['unit']}",
            "from": one.get("since", ""),
            "place": "预警所用",
            "reference": one.get("reference", ""),
        }
        for one in kept
    ]


def warning_tables(told: WarningRead, people: People) -> list[Table]:
    """The warning as it explains itself: rule, threshold, articles, the run that last saw it, its rows."""
    warning, said = told.warning, told.told
    sweep: Any = said["sweep"]
    threshold: Any = said["threshold"]
    articles: Any = said["articles"]
    rows = [
        ("编号", str(warning.pk)),
        ("规则", f"{warning.rule} {said['title']}"),
        ("规则版本（程序）", sweep["code_version"]),
        ("法规数值的摘要", sweep["parameters_hash"]),
        ("扫描", f"截至{sweep['as_of']}，依据到{sweep['known_at']}为止收到的数据"),
        ("对象", f"{warning.subject.name} {warning.month}".strip()),
        ("等级", str(said["level_name"])),
        ("说明", warning.sentence),
        ("门槛", plain(threshold["value"])),
        ("条文", "；".join(one["citation"] for one in articles)),
        ("怎样消除", plain(said["clears"])),
        ("状态", str(said["state_name"])),
        ("首次发现", day(warning.first_seen)),
        ("共有依据", f"{said['evidence_total']}行"),
    ]
    return [
        facts("t18_warning", "来自的预警", rows),
        _evidence(told, people),
        _history(said["history"]),
    ]


def _evidence(told: WarningRead, people: People) -> Table:
    listed: Any = told.told["evidence"]
    rows = []
    for one in listed:
        row = {
            "person": one["person"],
            "amount": one["amount"] or "",
            "days": one["days"],
            "detail": plain(one["detail"]) if one["detail"] else "",
            "sources": "；".join(plain(source) for source in one["sources"]),
        }
        worker = told.workers.get(one["worker"])
        if worker is not None:
            person = people.add(worker.id_hash, worker.name, opened(worker.id_number))
            row |= {"_about": [person.sign], "person": person.name}
        rows.append(row)
    columns = {
        "person": "人", "amount": "金额（元）", "days": "天数", "detail": "各项数值", "sources": "原始记录在哪里",
    }  # fmt: skip
    return Table("t19_evidence", "预警的依据", columns, rows)


def _history(events: Any) -> Table:
    columns = {"at": "时间", "title": "动作", "who": "谁", "text": "内容", "file": "附件"}
    rows = [{name: one[name] or "" for name in columns} for one in events]
    return Table("t20_handling", "预警的处置", columns, rows)


def journal_rows(told: MatterRead) -> tuple[list[dict[str, Any]], int]:
    """The entries as they are hashed, and how many name whoever told us and therefore stay here.

    Raises :class:`Refused` where an entry no longer holds: what was changed is not vouched for.
    """
    kept = list(held(told.entries))
    rows = [row for row in kept if not told.reporter.stands_in(plain(row))]
    return rows, len(kept) - len(rows)


def journal_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = {
        "sequence": "序号", "at": "时间（世界协调时）", "actor_name": "谁", "action": "动作", "summary": "做了什么",
        "hash": "哈希",
    }  # fmt: skip
    return Table(JOURNAL, "操作日志", columns, rows)


def left_out_words(entries: int, papers: int, inner: int = 0) -> str:
    """What stays in the office because it would tell who told us, or is of an inner file; empty where nothing does."""
    parts = [f"{entries}条日志"] if entries else []
    parts += [f"{papers}份文书的文件"] if papers else []
    told = f"为保护反映人，{'、'.join(parts)}没有装入。" if parts else ""
    return told + (f"{inner}份仲裁副卷材料不公开，没有装入。" if inner else "")
