"""What a kind of sheet is: its fields, their words, and which of them must be there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum


class ValueType(Enum):
    """How the cells of a field are read."""

    TEXT = "text"
    ID_NUMBER = "id_number"
    CARD = "card"
    PHONE = "phone"
    CODE = "code"
    MONEY = "money"
    DAYS = "days"
    DATE = "date"
    TIME = "time"
    HOURS = "hours"
    STATUS = "status"


@dataclass(frozen=True)
class FieldSpec:
    """One field and the headers clerks give it.

    ``words`` are whole headers, the best first; ``patterns`` are regular expressions tried on the header,
    then on the header together with the headers above it; ``avoid`` is a pattern that rules a header out
    (tested on the lowest header level), ``avoid_above`` the same for the levels above. ``multiple`` fields
    may own several columns whose values add up. ``sign`` says how a part of pay enters the arithmetic.
    """

    name: str
    title: str
    type: ValueType
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    avoid: str = ""
    avoid_above: str = ""
    weight: float = 1.0
    multiple: bool = False
    sign: int = 0
    compiled: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", tuple(re.compile(p) for p in self.patterns))

    def strength(self, path: tuple[str, ...]) -> float:
        """How surely a header path (top level first, :func:`texts.header_word` form) means this field.

        0 is "not at all"; whole words of the lowest level come first, patterns on the joined levels last.
        """
        leaf, joined = path[-1], "".join(path)
        if self.avoid and re.search(self.avoid, leaf):
            return 0.0
        if self.avoid_above and len(path) > 1 and re.search(self.avoid_above, "".join(path[:-1])):
            return 0.0
        forms = dict.fromkeys((leaf, "".join(path[-2:]), joined))
        best = 0.0
        for rank, form in enumerate(forms):
            if form in self.words:
                best = max(best, 100.0 - self.words.index(form) * 0.5 - rank)
            for index, pattern in enumerate(self.compiled):
                if pattern.search(form):
                    best = max(best, 50.0 - index - rank)
                    break
        return best


@dataclass(frozen=True)
class KindSpec:
    """One kind of sheet. ``required`` holds groups of alternatives: one field of each group must be found."""

    name: str
    title: str
    fields: tuple[FieldSpec, ...]
    required: tuple[tuple[str, ...], ...]
    identity: tuple[str, ...]
    #: fields without which a row says nothing, at least one must be filled
    substance: tuple[str, ...]
    by_name: dict[str, FieldSpec] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})

    def title_of(self, name: str) -> str:
        return self.by_name[name].title
