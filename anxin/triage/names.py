"""Names of the register found by what people write: shortened, misspelt, without district and legal form.

An index over letter pairs: a question gathers the names that share its rarer pairs, and compares only the best of them letter by
letter. Built once for all employers and projects (some seconds for 350,000), asked in milliseconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

import numpy as np

from anxin.triage.shortening import without_place

Key = TypeVar("Key", bound=Hashable)

#: below this two names are not alike
ALIKE = 0.6
#: names compared letter by letter for one question
_COMPARED = 60
#: pairs asked for first: a question's rarest
_RAREST = 6

#: of firms and of works, for the register has both
_FORM = re.compile(
    r"(?:有限责任公司|股份有限公司|集团有限公司|有限公司|分公司|公司|集团|工程项目|建设项目|项目部|项目|工程|工地)+$"
)
#: spaces and signs that people leave out or put in
_MARKS = re.compile(r"[\s\W_]+")
_BRACKETS = re.compile(r"[（(\[【][^（）()\[\]【】]*[）)\]】]")


@dataclass(frozen=True)
class Candidate(Generic[Key]):
    """A name of the register with how alike it is to what was asked, 0 to 1."""

    key: Key
    name: str
    likeness: float


def core(name: str) -> str:
    """What people call it: without brackets, district in front and legal form behind."""
    bare = _MARKS.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name))).upper()
    short = _FORM.sub("", without_place(bare))
    return short if len(short) >= 2 else bare


class NameIndex(Generic[Key]):
    """All names of a register, ready to be asked."""

    def __init__(self, names: Iterable[tuple[Key, str]]) -> None:
        self._keys: list[Key] = []
        self._names: list[str] = []
        self._cores: list[str] = []
        postings: dict[str, list[int]] = defaultdict(list)
        for position, (key, name) in enumerate(names):
            self._keys.append(key)
            self._names.append(name)
            self._cores.append(core(name))
            for pair in _pairs(self._cores[-1]):
                postings[pair].append(position)
        self._postings = {pair: np.array(found, dtype=np.int32) for pair, found in postings.items()}

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, written: str, limit: int = 5) -> list[Candidate[Key]]:
        """The names most like what is written, the likest first; none below :data:`ALIKE`."""
        asked = core(written)
        compared = (
            Candidate(self._keys[position], self._names[position], _likeness(asked, self._cores[position]))
            for position in self._nearest(asked)
        )
        found = [candidate for candidate in compared if candidate.likeness >= ALIKE]
        return sorted(found, key=lambda one: (-one.likeness, len(one.name), one.name))[:limit]

    def _nearest(self, asked: str) -> Iterable[int]:
        """Positions of the names that share most of the rarest pairs, a rarer pair counting more."""
        known = [self._postings[pair] for pair in _pairs(asked) if pair in self._postings]
        known = sorted(known, key=len)[:_RAREST]
        if not known:
            return ()
        weights = np.concatenate(
            [np.full(len(found), np.log(len(self) / len(found)) + 0.1) for found in known]
        )
        positions, inverse = np.unique(np.concatenate(known), return_inverse=True)
        sums = np.bincount(inverse, weights=weights)
        best = np.argsort(-sums, kind="stable")[:_COMPARED]
        return positions[best].tolist()


def likeness(written: str, name: str) -> float:
    """How alike what is written is to one name of the register, 0 to 1."""
    return _likeness(core(written), core(name))


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)} or {text}


def _likeness(asked: str, name: str) -> float:
    """1 for the same; a shortened name counts by how much of what was asked it has, a little below."""
    if asked == name:
        return 1.0
    matcher = SequenceMatcher(None, asked, name, autojunk=False)
    ratio = matcher.ratio()
    if len(asked) >= 2 and asked in name:
        return max(ratio, 0.75 + 0.2 * len(asked) / len(name))
    return ratio
