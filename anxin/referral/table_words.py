"""Tables in the words an office writes them in: columns, values, a workbook out and the same workbook in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.clues.models import Clue
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.referral.conclusion_list import OUTCOMES, REVIEWS
from anxin.referral.ledger_layout import FILLS
from anxin.referral.models import SignedTable
from anxin.registry.models import Industry
from anxin.sheets.reading import SheetRefused, read_workbook

ABOUT = {"construction": "工程建设领域工资", "employer": "其他用人单位工资", "other": "不是工资"}
INDUSTRIES = {**dict(Industry.choices), "unknown": "行业不明"}
PLACES = {"province": "省", "city": "市", "county": "县区", "town": "镇街及以下"}
LEVELS = {"province": "省级", "city": "市级", "county": "县级"}
WEIGHTS = {
    "ordinary": "一般",
    "pressing": "紧急或特急",
    "group": "达到集体人数",
    "government": "政府或国有企业投资",
}
BODIES = {"wage_office": "人社部门", "industry": "行业主管部门", "town": "属地镇街"}
_SPLIT = re.compile(r"[、,，;；\s]+")
_EVERY = "不限"
_MOST_HEADINGS = 10


@dataclass(frozen=True)
class Entry:
    """A column of a table. ``words``: key → word for chosen values; ``many``: several, apart by 、."""

    field: str
    title: str
    words: Mapping[str, str] | None = None
    many: bool = False
    #: what an empty cell shows
    empty: str = ""
    #: groups of values: within one joined by “或”, groups apart by ；
    groups: bool = False
    #: a whole number where it reads as one; the table's own check says what else is wrong
    whole: bool = False
    width: int = 16


def columns(sort: str, law: Law) -> tuple[Entry, ...]:
    """The columns of a sort of table, in the order of its workbook."""
    if sort == SignedTable.Sort.ROUTING:
        return _routing(law)
    if sort == SignedTable.Sort.LEDGER:
        return _LEDGER
    papers = {document.key: document.name for document in law.documents()}
    return (
        Entry("name", "结论", width=24),
        Entry("about", "适用线索", ABOUT, many=True, width=22),
        Entry("outcome", "结果类别", OUTCOMES, width=12),
        Entry("when", "什么时候用", width=40),
        Entry("needs", "须附材料", papers, groups=True, empty="无", width=30),
        Entry("review", "是否复核", REVIEWS, width=22),
        Entry("wording", "参考用语", width=50),
        Entry("attention", "注意事项", width=50),
    )


_LEDGER = (
    Entry("name", "表头或名称", width=20),
    Entry("group", "上级表头", width=16),
    Entry("fills", "填什么", FILLS, width=24),
    Entry("width", "列宽", width=8, whole=True),
    Entry("words", "文字（标题、签字栏等）", width=60),
)


def _routing(law: Law) -> tuple[Entry, ...]:
    procedures = {procedure.key: procedure.name for procedure in law.procedures()}
    clocks = {
        clock.parameter: law.parameter(clock.parameter).name
        for procedure in law.procedures()
        for clock in procedure.clocks
    }
    return (
        Entry("name", "这一行管什么", width=40),
        Entry("region", "地区代码", empty=_EVERY, width=12),
        Entry("place", "地点到哪一级", PLACES, many=True, empty=_EVERY),
        Entry("about", "说的是什么", ABOUT, many=True, empty=_EVERY, width=22),
        Entry("industry", "行业", INDUSTRIES, many=True, empty=_EVERY),
        Entry("kind", "类别", dict(Clue.Kind.choices), many=True, empty=_EVERY, width=10),
        Entry("channel", "渠道", dict(Clue.Channel.choices), many=True, empty=_EVERY),
        Entry("weight", "轻重", WEIGHTS, many=True, empty=_EVERY),
        Entry("lead", "牵头", BODIES),
        Entry("supporting", "协办", BODIES, many=True),
        Entry("level", "层级", LEVELS, width=8),
        Entry("procedure", "办理程序", procedures, width=22),
        Entry("clock", "看哪个期限", clocks, width=26),
        Entry("desk", "分派岗直接答复", {"yes": "是"}, width=14),
    )


def said(entry: Entry, row: Mapping[str, Any]) -> str:
    """One cell in words."""
    value = row.get(entry.field)
    if entry.field == "desk":
        return "是" if value else ""
    if not value:
        return entry.empty
    if entry.groups:
        return "；".join("或".join((entry.words or {}).get(key, key) for key in group) for group in value)
    if entry.words is None:
        return str(value)
    keys = value if entry.many else [value]
    return "、".join(entry.words.get(key, key) for key in keys)


def workbook(
    sort: str, entries: Sequence[Mapping[str, Any]], *, title: str, source: str, on: dt.date, law: Law
) -> bytes:
    """The table as a workbook that :func:`read` takes back."""
    shown = columns(sort, law)
    table = [[number, *(said(entry, row) for entry in shown)] for number, row in enumerate(entries, start=1)]
    heads = [Column("序号", "number", 6), *(Column(entry.title, "text", entry.width) for entry in shown)]
    return table_workbook(title, f"依据：{source}　导出日期：{on.isoformat()}", heads, table)


def read(sort: str, data: bytes, filename: str, law: Law) -> list[dict[str, Any]]:
    """The rows of such a workbook as data. Raises :class:`Refused` naming row and column."""
    try:
        book = read_workbook(data, filename)
    except SheetRefused as problem:
        raise Refused(str(problem), field="file") from None
    wanted = columns(sort, law)
    for sheet in book.sheets:
        rows = [[_text(cell) for cell in row] for row in sheet.rows]
        for start, heads in enumerate(rows[:_MOST_HEADINGS]):
            if wanted[0].title in heads:
                return _entries(wanted, heads, rows[start + 1 :], start + 2)
    raise Refused(f"没有找到“{wanted[0].title}”这一列。请先下载现行的表，在它上面改，再上传。", field="file")


def _entries(
    wanted: Sequence[Entry], heads: Sequence[str], rows: Sequence[Sequence[str]], first: int
) -> list[dict[str, Any]]:
    missing = [entry.title for entry in wanted if entry.title not in heads]
    if missing:
        raise Refused(f"缺少这些列：{'、'.join(missing)}。请在下载的表上改，不要删列。", field="file")
    places = {entry.field: heads.index(entry.title) for entry in wanted}
    found = []
    for number, cells in enumerate(rows, start=first):
        texts = {name: (cells[at] if at < len(cells) else "") for name, at in places.items()}
        if not any(texts.values()):
            continue
        entry: dict[str, Any] = {}
        for column in wanted:
            value = _value(column, texts[column.field], number)
            if value:
                entry[column.field] = value
        found.append(entry)
    return found


def _value(column: Entry, text: str, number: int) -> Any:
    if not text or text == column.empty:
        return ""
    if column.whole and text.isdecimal():
        return int(text)
    if column.words is None:
        return text
    keys = {word: key for key, word in column.words.items()}
    if column.groups:
        return [
            [_key(keys, word, column, number) for word in re.split("或", group) if word]
            for group in re.split("[；;]", text)
            if group
        ]
    if column.field == "desk":
        return _key(keys, text, column, number) == "yes"
    found = [_key(keys, word, column, number) for word in (_SPLIT.split(text) if column.many else [text])]
    return found if column.many else found[0]


def _key(keys: Mapping[str, str], word: str, column: Entry, number: int) -> str:
    key = keys.get(word.strip())
    if key is None:
        listed = "、".join(list(keys)[:12])
        raise Refused(
            f"第{number}行“{column.title}”里的“{word.strip()[:20]}”不认识，可填：{listed}。", field="file"
        )
    return key


def _text(cell: Any) -> str:
    value = getattr(cell, "value", cell)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
