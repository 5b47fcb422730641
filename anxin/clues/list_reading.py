"""The rows of a list out of the words that a reader of pictures found on its photograph: which word stands in which cell.

Pure: boxes in, proposals out. A heading row says which column is which; a table without one that is understood gives
nothing, because a guess at what a number means is worse than typing it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: what stands above a column → the column; the first that fits
_HEADINGS = (
    ("id_number", re.compile(r"身份证|证件号|公民身份")),
    ("phone", re.compile(r"电话|手机|联系方式")),
    ("trade", re.compile(r"工种|班组|岗位")),
    ("amount", re.compile(r"金额|欠薪|欠款|拖欠|应发|未发|工资")),
    ("name", re.compile(r"姓名|名字|工人")),
)
_LEAST_HEADINGS = 2
_NUMBERS = {"id_number": re.compile(r"\d{16,18}[Xx]?"), "phone": re.compile(r"1[3-9]\d{9}")}
#: number, telephone, trade and sum of neighbours, read as one word
_FUSED = re.compile(r"(\d{17}[\dXx])?(1\d{10})?([一-龥]{2,})?(\d[\d,]*(?:\.\d+)?)?")
_TOTAL = re.compile(r"合计|总计|小计|共计")


@dataclass(frozen=True)
class Word:
    """Words in one box of the picture: its middle, its height and its left and right edge, in picture points."""

    text: str
    x: float
    y: float
    height: float
    left: float
    right: float


@dataclass(frozen=True)
class _Line:
    """A heading row's or a person's words, from left to right."""

    words: Sequence[Word]


def word(corners: Sequence[Sequence[float]], text: str) -> Word:
    """From the four corners of a box."""
    across, down = [one[0] for one in corners], [one[1] for one in corners]
    height = (abs(corners[3][1] - corners[0][1]) + abs(corners[2][1] - corners[1][1])) / 2
    plain = unicodedata.normalize("NFKC", text).strip()
    return Word(plain, sum(across) / 4, sum(down) / 4, height, min(across), max(across))


def rows_of(words: Iterable[Word]) -> list[dict[str, str]]:
    """Each person's cells by column; empty where no row of headings is understood."""
    lines = _lines([one for one in words if one.text])
    for place, line in enumerate(lines):
        columns = _columns(line)
        if columns:
            people = [one for one in lines[place + 1 :] if not _is_total(one)]
            lean = _lean(people, columns)
            found = (_cells(one, columns, lean) for one in people)
            return [cells for cells in found if cells.get("name") or cells.get("id_number")]
    return []


def _lines(words: Sequence[Word]) -> list[_Line]:
    """Words whose middles are at one height, once the slope of the paper is taken out."""
    if not words:
        return []
    slope = _slope(words)
    level = sorted(words, key=lambda one: one.y - slope * one.x)
    lines: list[list[Word]] = [[level[0]]]
    for one in level[1:]:
        last = lines[-1][-1]
        gap = (one.y - slope * one.x) - (last.y - slope * last.x)
        if gap > 0.6 * min(one.height, last.height):
            lines.append([])
        lines[-1].append(one)
    return [_Line(sorted(line, key=lambda one: one.x)) for line in lines]


def _slope(words: Sequence[Word]) -> float:
    """How much the lines rise: the middle of the slopes from each word to its nearest neighbour on the right."""
    slopes = []
    for one in words:
        right = [
            other for other in words
            if other.left > one.right - one.height and abs(other.y - one.y) < one.height
        ]  # fmt: skip
        if right:
            near = min(right, key=lambda other: other.left)
            slopes.append((near.y - one.y) / max(near.x - one.x, 1.0))
    return sorted(slopes)[len(slopes) // 2] if slopes else 0.0


def _columns(line: _Line) -> dict[str, Word]:
    """The headings of a row that is one; empty where too few are understood or 姓名 is not among them."""
    found: dict[str, Word] = {}
    for one in line.words:
        for name, heading in _HEADINGS:
            if name not in found and heading.search(one.text):
                found[name] = one
                break
    return found if len(found) >= _LEAST_HEADINGS and "name" in found else {}


def _lean(lines: Sequence[_Line], columns: dict[str, Word]) -> float:
    """How far the columns go sideways for each point down: the middle one of the steps between numbers that nothing else
    looks like. Headings do not count: they may stand elsewhere in their column than what is below them."""
    leans = []
    for name in _NUMBERS.keys() & columns.keys():
        down = [one for line in lines for one in line.words if _by_itself(one.text) == name]
        leans += [
            (low.x - high.x) / (low.y - high.y)
            for high, low in pairwise(down)
            if low.y - high.y > high.height
        ]
    return sorted(leans)[len(leans) // 2] if leans else 0.0


def _by_itself(text: str) -> str:
    """The column of a number that says itself what it is."""
    return next((name for name, one in _NUMBERS.items() if one.fullmatch(text.replace(" ", ""))), "")


def _cells(line: _Line, columns: dict[str, Word], lean: float) -> dict[str, str]:
    """Each word to the heading that is nearest above it; what is no text of its column is left out."""
    cells: dict[str, str] = {}
    for one in line.words:
        for name, text in _parts(one, columns, lean):
            cells[name] = cells.get(name, "") + text
    return cells


def _parts(one: Word, columns: dict[str, Word], lean: float) -> list[tuple[str, str]]:
    """A word's column by its place; long digits by what they are, since neighbours are often read as one."""
    text = one.text.replace(" ", "")
    fused = _FUSED.fullmatch(text)
    if fused and sum(map(bool, fused.groups())) > 1:
        parts = zip(("id_number", "phone", "trade", "amount"), fused.groups(), strict=True)
        return [(name, _tidy(name, part)) for name, part in parts if part and name in columns]
    led = re.fullmatch(r"(\d{1,3})([一-龥·]{2,})", text)  # 序号 read together with the name
    if led:
        text = led[2]
    name = _by_itself(text)
    if name not in columns:
        name = min(columns, key=lambda key: abs(columns[key].x + lean * (one.y - columns[key].y) - one.x))
    if re.fullmatch(r"\d{1,3}[.、]?", text) and name in ("name", "id_number", "trade"):
        return []
    return [(name, _tidy(name, text))]


def _tidy(name: str, text: str) -> str:
    if name == "id_number":
        return text.upper()
    return text.strip(".,、。|") if name in ("name", "trade") else text


def _is_total(line: _Line) -> bool:
    return any(_TOTAL.search(one.text) for one in line.words)
