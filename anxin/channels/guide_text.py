"""The plain text of a guide, and what a phone shows of it: sections with paragraphs and lists.

``## `` begins a section, ``1. `` a numbered step, ``- `` a point, an empty line a new paragraph. Numbers and articles are not
typed but asked of the law on the day of reading:

``{值:inspection.limitation_years}``  the value in words, in the reader's region
``{据:inspection.limitation_years}``  what that value rests on
``{据:wage_regulation 30.3}``        article 30, paragraph 3 of that statute
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from anxin.law import Law, LawError
from anxin.law.statutes import Reference
from anxin.law.words import value_words

_MARK = re.compile(r"\{(值|据):([^{}\n]+)\}")
_ARTICLE = re.compile(r"^(\w+)(?: (\d+)(?:\.(\d+))?)?$")
#: shown where a place has no value of its own
UNKNOWN = "（当地的数，请打12333问）"


@dataclass(frozen=True)
class Block:
    """A paragraph (one line), or a list of steps or points."""

    kind: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A part of a guide; the first may have no heading."""

    heading: str
    blocks: list[Block] = field(default_factory=list)


def sections(body: str) -> list[Section]:
    """The text as sections; nothing in it is markup of a page."""
    found = [Section("")]
    open_list = ""
    for line in body.splitlines():
        kind, text = _kind(line.strip())
        if kind == "heading":
            found.append(Section(text))
        elif kind == "paragraph" or (kind in ("step", "point") and kind != open_list):
            found[-1].blocks.append(Block(kind, [text]))
        elif kind:
            found[-1].blocks[-1].lines.append(text)
        open_list = kind if kind in ("step", "point") else ""
    return [one for one in found if one.heading or one.blocks]


def told(body: str, *, law: Law, on: dt.date, region: str = "") -> str:
    """The text with its numbers and articles as they stand on that day in that region."""
    return _MARK.sub(lambda mark: _said(mark, law, on, region), body)


def unknown_marks(body: str, *, law: Law) -> list[str]:
    """What stands in braces and is neither a value nor an article of the law."""
    # What looks like a mark and is none would be printed as it stands.
    strange = [text for text in re.findall(r"\{[^{}\n]*\}", body) if not _MARK.fullmatch(text)]
    return strange + [mark[0] for mark in _MARK.finditer(body) if not _known(mark, law)]


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("## "):
        return "heading", line[3:].strip()
    if line.startswith("- "):
        return "point", line[2:].strip()
    if step := re.match(r"^\d{1,2}\. ", line):
        return "step", line[step.end() :].strip()
    return ("paragraph", line) if line else ("", "")


def _said(mark: re.Match[str], law: Law, on: dt.date, region: str) -> str:
    sort, what = mark[1], mark[2].strip()
    try:
        if sort == "值":
            value = law.value(what, on, region)
            return value_words(value.value, value.unit)
        if "." in what.partition(" ")[0]:
            return law.value(what, on, region).reference
        return law.cite_reference(_reference(what))
    except LawError:
        return UNKNOWN if sort == "值" else ""


def _known(mark: re.Match[str], law: Law) -> bool:
    what = mark[2].strip()
    try:
        if mark[1] == "值" or "." in what.partition(" ")[0]:
            law.parameter(what)
        else:
            law.statute(_reference(what).statute)
    except LawError:
        return False
    return True


def _reference(what: str) -> Reference:
    match = _ARTICLE.match(what)
    if match is None:
        return Reference(what)
    article, paragraph = (int(part) if part else None for part in match.groups()[1:])
    return Reference(match[1], article, paragraph)


def first_words(part: Section) -> str:
    """What a poster shows under a heading: the first line of the section."""
    return part.blocks[0].lines[0] if part.blocks else ""
