"""Names of the register found by what people write: shortened, misspelt, without district and legal form.

An index over letter pairs: a question gathers the names that share its rarer pairs, and compares only the best of them letter by
letter. Built once for all employers and projects (some seconds for 350,000), asked in milliseconds; what changes afterwards is laid
over it and costs by how much changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from anxin.triage.shortening import without_place

Key = TypeVar("Key", bound=Hashable)
Positions = NDArray[np.int32]

#: below this two names are not alike
ALIKE = 0.6
#: names compared letter by letter for one question
_COMPARED = 60
#: pairs asked for first: a question's rarest
_RAREST = 6
#: a pair as one number: the first letter's code before the second's
_SHIFT = np.uint64(21)
#: between two names
_BREAK = np.uint32(ord("\n"))

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
    """All names of a register, ready to be asked. It is never changed: :meth:`changed` gives the next one.

    A key may have several names.
    """

    def __init__(self, names: Iterable[tuple[Key, str]]) -> None:
        self._keys: list[Key] = []
        self._names: list[str] = []
        self._cores: list[str] = []
        for key, name in names:
            self._keys.append(key)
            self._names.append(name)
            self._cores.append(core(name))
        self._pairs = _Pairs(self._cores)
        #: keys whose names here no longer count, and what they are called now
        self._gone: frozenset[Key] = frozenset()
        self._later: NameIndex[Key] | None = None

    def __len__(self) -> int:
        """How many names are kept, those that no longer count among them."""
        return len(self._keys) + (len(self._later) if self._later is not None else 0)

    def changed(self, names: Iterable[tuple[Key, str]], gone: Iterable[Key] = ()) -> NameIndex[Key]:
        """The same register with all ``names`` of some keys said anew, and without the keys that are ``gone``.

        What has not changed is shared and not laid out again, so that it costs by what has changed since the first.
        """
        said = list(names)
        fresh = {key for key, _ in said}
        dropped = fresh.union(gone)
        kept = [] if self._later is None else [one for one in self._later._entries() if one[0] not in dropped]
        following: NameIndex[Key] = object.__new__(NameIndex)
        following._keys, following._names, following._cores = self._keys, self._names, self._cores
        following._pairs = self._pairs
        following._gone = self._gone | dropped
        following._later = NameIndex([*kept, *said])
        return following

    @property
    def later(self) -> int:
        """How many names came after it was laid out: many of them make asking slow."""
        return 0 if self._later is None else len(self._later)

    def find(self, written: str, limit: int = 5) -> list[Candidate[Key]]:
        """The names most like what is written, the likest first; none below :data:`ALIKE`."""
        found = self._alike(core(written))
        return sorted(found, key=lambda one: (-one.likeness, len(one.name), one.name))[:limit]

    def _alike(self, asked: str) -> list[Candidate[Key]]:
        compared = (
            Candidate(self._keys[position], self._names[position], _likeness(asked, self._cores[position]))
            for position in self._pairs.nearest(asked)
            if self._keys[position] not in self._gone and _may_be_alike(asked, self._cores[position])
        )
        found = [candidate for candidate in compared if candidate.likeness >= ALIKE]
        return found if self._later is None else [*found, *self._later._alike(asked)]

    def _entries(self) -> Iterable[tuple[Key, str]]:
        return zip(self._keys, self._names, strict=True)


class _Pairs:
    """Which names have which letter pair: one long array of their positions, and where each pair's part begins."""

    def __init__(self, cores: Sequence[str]) -> None:
        self._count = len(cores)
        letters = np.frombuffer("\n".join(cores).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        breaks = letters == _BREAK
        # every letter's name; a pair belongs to the name of its first letter
        names = np.cumsum(breaks, dtype=np.int32)
        codes = (letters[:-1] << _SHIFT) | letters[1:]
        within = ~(breaks[:-1] | breaks[1:])
        codes, places = codes[within], names[:-1][within]
        alone = [(ord(one) << int(_SHIFT), place) for place, one in enumerate(cores) if len(one) == 1]
        if alone:
            codes = np.concatenate([codes, np.array([code for code, _ in alone], dtype=np.uint64)])
            places = np.concatenate([places, np.array([place for _, place in alone], dtype=np.int32)])
        order = np.argsort(codes, kind="stable")
        codes, places = codes[order], places[order]
        once = np.ones(len(codes), dtype=bool)  # a name that has a pair twice counts once
        once[1:] = (codes[1:] != codes[:-1]) | (places[1:] != places[:-1])
        self._codes, starts = np.unique(codes[once], return_index=True)
        self._places = places[once]
        self._starts = np.append(starts, len(self._places))

    def nearest(self, asked: str) -> list[int]:
        """Positions of the names that share most of the rarest pairs, a rarer pair counting more."""
        known = sorted(filter(len, map(self._having, _pairs(asked))), key=len)[:_RAREST] if asked else []
        if not known:
            return []
        weights = np.concatenate(
            [np.full(len(found), np.log(self._count / len(found)) + 0.1) for found in known]
        )
        positions, inverse = np.unique(np.concatenate(known), return_inverse=True)
        sums = np.bincount(inverse, weights=weights)
        best = np.argsort(-sums, kind="stable")[:_COMPARED]
        found: list[int] = positions[best].tolist()
        return found

    def _having(self, pair: str) -> Positions:
        """The names that have this pair of letters."""
        first, second = ord(pair[0]), ord(pair[1]) if len(pair) > 1 else 0
        code = np.uint64(first << int(_SHIFT) | second)
        at = int(np.searchsorted(self._codes, code))
        if at == len(self._codes) or self._codes[at] != code:
            return self._places[:0]
        return self._places[self._starts[at] : self._starts[at + 1]]


def likeness(written: str, name: str) -> float:
    """How alike what is written is to one name of the register, 0 to 1."""
    return _likeness(core(written), core(name))


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)} or {text}


def _may_be_alike(asked: str, name: str) -> bool:
    """False where too few letters are shared for :data:`ALIKE`, in whatever order: most names need no closer look."""
    shared = sum(letter in name for letter in asked)
    return 2 * shared >= ALIKE * (len(asked) + len(name)) or asked in name


def _likeness(asked: str, name: str) -> float:
    """1 for the same; a shortened name counts by how much of what was asked it has, a little below."""
    if asked == name:
        return 1.0
    matcher = SequenceMatcher(None, asked, name, autojunk=False)
    ratio = matcher.ratio()
    if len(asked) >= 2 and asked in name:
        return max(ratio, 0.75 + 0.2 * len(asked) / len(name))
    return ratio
