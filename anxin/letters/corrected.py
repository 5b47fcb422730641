"""A draft that was corrected in a word processor comes back: the words of its long fields are taken, everything else is told.

The file bears no marks that a word processor could lose. Its lines are laid beside those of the draft as it is now: what
stands where a field's words stood is that field's. What was changed of the template's own words, of tables and of single
values enters no letter; it is named, so that whoever drafts types it into its field. Nothing is kept here: the draft's form
shows the words, and its drafter saves them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from anxin.evidence import doors
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import content, issuing
from anxin.letters.models import Letter
from anxin.letters.word_files import DOOR, read_word
from anxin.typesetting.docx import docx
from anxin.typesetting.letters import Letter as Filled
from anxin.typesetting.letters import Paragraph
from anxin.typesetting.templates import template

#: a draft bears the day on which somebody looks at it
_DAY_ALONE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
#: a line of the template is the same, corrected, from so much likeness on; below, it was taken out and another written
_ALIKE = 0.4
#: a field's line may be written anew altogether, and is still that field's before it is nobody's
_REWRITTEN = 0.1
#: comparisons in one stretch of changed lines
_MOST_COMPARISONS = 10_000
#: of the draft's lines so many must be found again, or the file is another letter's
_FOUND_AGAIN = 0.3
#: changes that are named, and how much of each
_NAMED, _SHORT = 8, 40


@dataclass(frozen=True)
class Change:
    """One field that the Word file says otherwise than the draft."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Corrected:
    """``values``: all fields of the draft with the words from the file; ``left``: what does not enter the letter, in sentences."""

    values: dict[str, Any]
    changes: tuple[Change, ...]
    left: tuple[str, ...]


def corrected(letter: Letter, data: bytes, filename: str, *, on: dt.date, law: Law) -> Corrected:
    """What a corrected Word file changes in this draft; keeps nothing.

    Raises :class:`Refused` for a file that cannot be read, one that is not this letter's, and a draft that is not filled.
    """
    file = read_word(doors.taken(data, filename, DOOR).data)
    ours = _labelled(issuing.words(letter, on=on, law=law))
    pairs = _laid_beside(ours, file.lines)
    if sum(1 for one, line in pairs if one and one.text.strip() == line) < _FOUND_AGAIN * len(ours):
        raise Refused(
            "这个 Word 文件与这份文书对不上。请从本页下载 Word 文件，在里面修改后再读回；文书改动较大的，请把文字填到下面的字段里。",
            field=DOOR.field,
        )
    asked = template(letter.kind).fields
    values, changes, left = content.values_of(letter), [], [*file.notes, *_around(pairs)]
    for name in dict.fromkeys(one.field for one in ours if one.field):
        label = asked[name].label
        before, after = _words(name, zip(ours, (one.text for one in ours), strict=True)), _words(name, pairs)
        if after is None:
            left.append(f"“{label}”前面的固定文字改了，认不出从哪里开始，没有读入，请填在页面上。")
        elif after != before:
            changes.append(Change(label, before or "", after))
            values[name] = after
    return Corrected(values, tuple(changes), tuple(left))


def _labelled(letter: Filled) -> list[Paragraph]:
    """The lines of the letter's Word file in order; those of a long field with its name."""
    own = [one for one in letter.blocks if isinstance(one, Paragraph) and one.field]
    found = []
    for line in read_word(docx(letter)).lines:
        found.append(own.pop(0) if own and own[0].text.strip() == line else Paragraph(line))
    return found


#: a line of the draft and what became of it, empty where it was taken out; ``None`` before one that is nobody's
_Pair = tuple[Paragraph | None, str]


def _laid_beside(old: list[Paragraph], new: list[str]) -> list[_Pair]:
    """Every line of both in order. One that was added beside a field's words is that field's."""
    pairs: list[_Pair] = []
    texts = [one.text.strip() for one in old]
    for tag, a, b, c, d in SequenceMatcher(None, texts, new, autojunk=False).get_opcodes():
        pairs += zip(old[a:b], new[c:d], strict=True) if tag == "equal" else _stretch(old[a:b], new[c:d])
    return _given_to_neighbours(list(reversed(_given_to_neighbours(pairs))))[::-1]


def _given_to_neighbours(pairs: list[_Pair]) -> list[_Pair]:
    """Lines that are nobody's go to the field whose words stand before them."""
    given: list[_Pair] = []
    for one, line in pairs:
        before = given[-1][0] if given else None
        given.append((one or _more(before), line))
    return given


def _more(neighbour: Paragraph | None) -> Paragraph | None:
    """One more line of a field's words; nobody's beside a line of the template."""
    return Paragraph("", field=neighbour.field) if neighbour is not None and neighbour.field else None


def _stretch(old: list[Paragraph], new: list[str]) -> Iterator[_Pair]:
    """Changed lines beside each other, so that they are as alike as can be in their order; then what was taken out or added."""
    if len(old) * len(new) > _MOST_COMPARISONS:
        yield from ((one, "") for one in old)
        yield from ((None, line) for line in new)
        return
    alike = [[_likeness(one, line) for line in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], ""
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((one, "") for one in old[i:])
    yield from ((None, line) for line in new[j:])


def _likeness(one: Paragraph, line: str) -> float:
    """The share of pairs of neighbouring signs that both have, from 0 to 1."""
    a, b = (Counter(pairwise(said)) for said in (one.text, line))
    both = 2 * (a & b).total() / max(a.total() + b.total(), 1)
    if one.field:
        return max(both, _REWRITTEN)
    return both if both >= _ALIKE else 0.0


def _words(name: str, pairs: Iterable[_Pair]) -> str | None:
    """The field's words; ``None`` where the template's words before them are not what they were."""
    said = []
    for one, line in pairs:
        if one is None or one.field != name:
            continue
        if not line.startswith(one.lead):
            return None
        said.append(line.removeprefix(one.lead).strip())
    return "\n".join(filter(None, said))


def _around(pairs: list[_Pair]) -> Iterator[str]:
    """What was changed outside the fields' own words, the first of it by name."""
    found = [
        (one, line)
        for one, line in pairs
        if one is None or (not one.field and one.text.strip() != line and not _of_another_day(one.text, line))
    ]
    for one, line in found[:_NAMED]:
        if one is None:
            yield f"加上的“{_short(line)}”不是某个字段的文字，没有读入。"
        elif line:
            yield f"固定文字、表格或者其他字段里，“{_short(one.text)}”改成了“{_short(line)}”，没有读入。"
        else:
            yield f"删去的“{_short(one.text)}”是固定文字、表格或者其他字段，仍然保留。"
    if len(found) > _NAMED:
        yield f"另外还有{len(found) - _NAMED}处这样的改动，没有读入，请对照 Word 文件核对。"


def _of_another_day(before: str, after: str) -> bool:
    return bool(_DAY_ALONE.fullmatch(before.strip()) and _DAY_ALONE.fullmatch(after))


def _short(said: str) -> str:
    return said if len(said) <= _SHORT else f"{said[:_SHORT]}…"
