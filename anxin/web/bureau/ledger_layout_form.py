"""The rows of a layout as fields of a form, and back: every field of ours has a line, taken or not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.referral.ledger_fields import BLANKS, FIELDS, LEFT

#: an empty column of a bureau's own workbook is none of the page's
OFFERED = {key: field for key, field in FIELDS.items() if key != LEFT}
#: names of the signing line that the page offers
_SIGNING = 6
#: numbers of the order leave room to put something between
_STEP = 10
_LAST = 10**6
#: who writes the sheet's own rows; a layout has them in this order
_NAMES = {"title": "标题", "line": "标题下一行", "paper": "纸张"}


@dataclass(frozen=True)
class Line:
    """One field of ours: whether it is a column, where, under which headings, how wide. As typed."""

    key: str
    title: str
    taken: bool
    at: str
    name: str
    group: str
    width: str


@dataclass(frozen=True)
class Typed:
    """A whole layout as typed. ``signing``: label and words, some empty."""

    title: str
    line: str
    paper: str
    signing: Sequence[tuple[str, str]]
    lines: Sequence[Line]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The rows of the signed table; what is wrong with them is for its own check to say."""
        settings = {"title": self.title, "line": self.line, "paper": self.paper}
        found = [_row(_NAMES[fills], fills, words=words) for fills, words in settings.items() if words]
        found += [_row(label, "sign", words=words) for label, words in self.signing if label or words]
        taken = sorted((line for line in self.lines if line.taken), key=_place)
        return found + [_row(line.name, line.key, group=line.group, width=line.width) for line in taken]


def of_entries(entries: Sequence[Mapping[str, Any]]) -> Typed:
    """The form of a layout: its columns in their order, then what it leaves out."""
    words = {entry["fills"]: entry.get("words", "") for entry in entries}
    signing = [(entry["name"], entry.get("words", "")) for entry in entries if entry["fills"] == "sign"]
    columns = [entry for entry in entries if entry["fills"] in OFFERED]
    lines = [
        Line(
            entry["fills"],
            FIELDS[entry["fills"]].title,
            taken=True,
            at=str(number * _STEP),
            name=entry["name"],
            group=entry.get("group", ""),
            width=str(entry.get("width") or FIELDS[entry["fills"]].width),
        )
        for number, entry in enumerate(columns, start=1)
    ]
    used = {line.key for line in lines}
    lines += [
        Line(key, field.title, False, "", "" if key in BLANKS else field.title, "", str(field.width))
        for key, field in OFFERED.items()
        if key not in used
    ]
    return Typed(
        words.get("title", ""), words.get("line", ""), words.get("paper", ""), _padded(signing), lines
    )


def of_post(post: Mapping[str, Any]) -> Typed:
    """What somebody typed, in the order in which the page had it."""
    lines = [
        Line(
            key,
            field.title,
            taken=post.get(f"on-{key}") == "1",
            at=_said(post, f"at-{key}"),
            name=_said(post, f"name-{key}"),
            group=_said(post, f"group-{key}"),
            width=_said(post, f"width-{key}"),
        )
        for key, field in OFFERED.items()
    ]
    signing = [
        (_said(post, f"sign-name-{number}"), _said(post, f"sign-words-{number}"))
        for number in range(1, _SIGNING + 1)
    ]
    title, line, paper = (_said(post, name) for name in ("title", "line", "paper"))
    return Typed(title, line, paper, signing, sorted(lines, key=lambda one: (not one.taken, *_place(one))))


def _padded(signing: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*signing, *[("", "")] * max(_SIGNING - len(signing), 0)]


def _said(post: Mapping[str, Any], name: str) -> str:
    return str(post.get(name, "")).strip()


def _place(line: Line) -> tuple[int]:
    """Where it stands; without a number behind all others, in the order of the fields."""
    return (int(line.at) if line.at.isdecimal() and len(line.at) < len(str(_LAST)) else _LAST,)


def _row(name: str, fills: str, *, group: str = "", width: str = "", words: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "fills": fills}
    if group:
        row["group"] = group
    if width:
        row["width"] = int(width) if width.isdecimal() and len(width) < len(str(_LAST)) else width
    if words:
        row["words"] = words
    return row
