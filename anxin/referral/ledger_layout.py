"""The layout of the ledger as an office signs it: title, line, paper, signing line, and which columns under which headings.

A layout is a signed table like the others (``signing.py``); its rows are in ``data/ledger.yaml`` as they come with the
system. Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.kernel.days import day_words
from anxin.referral.ledger_fields import FIELDS, LEFT, Field
from anxin.referral.routing import TableProblem

#: what a row may be besides a column, in the words of the layout's workbook
SETTINGS: Mapping[str, str] = {
    "title": "〔标题〕",
    "line": "〔标题下一行〕",
    "paper": "〔纸张〕",
    "sign": "〔签字栏〕",
}
#: every word that the column “填什么” of the workbook knows
FILLS: Mapping[str, str] = {**SETTINGS, **{key: field.title for key, field in FIELDS.items()}}
#: words → Excel's number of the paper, and whether it lies on its side
PAPERS: Mapping[str, tuple[int, bool]] = {
    "A3横向": (8, True),
    "A4横向": (9, True),
    "A4纵向": (9, False),
    "A3纵向": (8, False),
}
#: what may stand in 〔〕 within a title, a line or a name of the signing line
BLANKS = ("地区", "单位", "起", "止", "截至", "制表日期", "导出人", "填表日期")
_BLANK = re.compile(r"〔([^〔〕]*)〕")
_HEADING, _WORDS, _MOST_SIGNING = 30, 200, 8
_WIDTHS = range(3, 81)
_KEYS = {"name", "fills", "group", "width", "words"}
#: a blank that is signed by hand is this wide
_BY_HAND = "　" * 8
_BETWEEN = "　" * 4


@dataclass(frozen=True)
class Column:
    """One column: its heading in the office's words, the heading above it (or none), what it holds, its width in letters."""

    heading: str
    group: str
    field: Field
    width: int


@dataclass(frozen=True)
class Layout:
    """``line`` may be empty; ``signing``: a label and what stands after it (empty: signed by hand)."""

    title: str
    line: str
    paper: str
    signing: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]

    @property
    def groups(self) -> Iterator[tuple[str, tuple[Column, ...]]]:
        """Columns that stand side by side under the same heading; a column without one stands alone."""
        run: list[Column] = []
        for column in self.columns:
            if run and not (column.group and column.group == run[0].group):
                yield run[0].group, tuple(run)
                run = []
            run.append(column)
        yield run[0].group, tuple(run)

    @property
    def grouped(self) -> bool:
        """Whether there is a second row of headings."""
        return any(column.group for column in self.columns)

    def foot(self, said: Mapping[str, str]) -> str:
        """The signing line with its blanks filled; what stays empty has room for a hand."""
        return _BETWEEN.join(
            f"{label}：{filled(words, said) if words else _BY_HAND}" for label, words in self.signing
        )


def said_of(
    *, place: str, office: str, by: str, first: dt.date, last: dt.date, as_of: dt.date, on: dt.date
) -> dict[str, str]:
    """What the blanks are filled with; every one of :data:`BLANKS`."""
    signed_on = day_words(on)
    return dict(
        zip(BLANKS, (place, office, str(first), str(last), str(as_of), str(on), by, signed_on), strict=True)
    )


def filled(words: str, said: Mapping[str, str]) -> str:
    """Words with their blanks filled in; a year of a document number (〔2026〕) stays."""
    return _BLANK.sub(lambda found: said.get(found[1], found[0]), words)


def read_layout(entries: Sequence[Mapping[str, Any]]) -> Layout:
    """The layout as data. Raises :class:`TableProblem` with the row and what to do."""
    settings: dict[str, str] = {}
    signing: list[tuple[str, str]] = []
    columns: list[Column] = []
    used: dict[str, str] = {}
    for row, entry in enumerate(entries, start=1):
        fills, name, words = _texts(row, entry)
        if fills == "sign":
            signing.append((name, words))
        elif fills in SETTINGS:
            if fills in settings:
                raise TableProblem(row, f"“{SETTINGS[fills]}”只能有一行。")
            settings[fills] = words
        else:
            column = _column(row, entry, fills, name)
            if fills in used and fills != LEFT:
                raise TableProblem(row, f"“{FIELDS[fills].title}”已经列在“{used[fills]}”下，不能列两次。")
            used[fills] = name
            if fills != LEFT and any(
                (one.heading, one.group) == (column.heading, column.group) for one in columns
            ):
                raise TableProblem(row, f"有两列都叫“{name}”，请改一个表头。")
            columns.append(column)
    return _whole(settings, signing, columns)


def _whole(
    settings: Mapping[str, str], signing: Sequence[tuple[str, str]], columns: Sequence[Column]
) -> Layout:
    if not settings.get("title"):
        raise TableProblem(0, "台账要有标题，请写上。")
    if not columns:
        raise TableProblem(0, "至少要有一列，请选择。")
    if all(column.field in _EMPTY for column in columns):
        raise TableProblem(0, "各列都是空白列，请至少选择一列有内容的。")
    paper = settings.get("paper", "")
    if paper not in PAPERS:
        raise TableProblem(0, f"纸张请从这些里选：{'、'.join(PAPERS)}。")
    if len(signing) > _MOST_SIGNING:
        raise TableProblem(0, f"签字栏最多{_MOST_SIGNING}项，请减少。")
    return Layout(settings["title"], settings.get("line", ""), paper, tuple(signing), tuple(columns))


_EMPTY = tuple(field for key, field in FIELDS.items() if key == LEFT or key.startswith("blank"))


def _texts(row: int, entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """``fills``, name and words of any row, checked."""
    unknown = set(entry) - _KEYS
    fills = str(entry.get("fills", ""))
    name, words = str(entry.get("name", "")).strip(), str(entry.get("words", "")).strip()
    if unknown or fills not in FILLS:
        raise TableProblem(row, "“填什么”一栏没有填，请从导出的表里已有的内容中选。")
    if not name:
        raise TableProblem(row, f"“{FILLS[fills]}”没有写表头或名称，请补上。")
    if len(name) > _HEADING or len(str(entry.get("group", ""))) > _HEADING:
        raise TableProblem(row, f"“{name[:_HEADING]}”太长，表头不超过{_HEADING}个字。")
    if len(words) > _WORDS:
        raise TableProblem(row, f"“{name}”的文字太长，不超过{_WORDS}个字。")
    for blank in _BLANK.findall(words):
        if blank not in BLANKS and not blank.isdecimal():
            raise TableProblem(row, f"“{name}”里的〔{blank[:20]}〕不认识，可用：〔{'〕〔'.join(BLANKS)}〕。")
    return fills, name, words


def _column(row: int, entry: Mapping[str, Any], fills: str, name: str) -> Column:
    field = FIELDS[fills]
    width = entry.get("width") or field.width
    if not isinstance(width, int) or width not in _WIDTHS:
        raise TableProblem(row, f"“{name}”的列宽请填{_WIDTHS.start}到{_WIDTHS.stop - 1}的整数。")
    # a heading that names another unit makes every figure under it ten thousand times wrong
    group = str(entry.get("group", "")).strip()
    in_wan = "万元" in name or ("万元" in group and "元" not in name)
    if (in_wan and field.kind == "yuan") or (field.kind == "wan" and not in_wan and "元" in name):
        raise TableProblem(row, f"表头“{name}”与所填的“{field.title}”单位不一致，请改表头或另选一项。")
    return Column(name, group, field, width)
