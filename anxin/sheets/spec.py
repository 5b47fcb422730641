"""What a kind of sheet is: its fields, their words, and which of them must be there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from anxin.sheets.texts import plainer_forms


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
    (tested on the lowest header level), ``avoid_above`` the same for the levels above. A lowest level that
    ``clear`` matches names the field by itself (实发工资 under 扣款及实发), so only ``never_above`` is held
    against it. ``multiple`` fields may own several columns whose values add up. ``sign`` says how a part of pay
    enters the arithmetic.
    """

    name: str
    title: str
    type: ValueType
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    avoid: str = ""
    avoid_above: str = ""
    clear: str = ""
    never_above: str = ""
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
        if len(path) > 1 and self._ruled_out_above(leaf, "".join(path[:-1])):
            return 0.0
        forms = dict.fromkeys((leaf, *plainer_forms(leaf), "".join(path[-2:]), joined))
        best = 0.0
        for rank, form in enumerate(forms):
            if form in self.words:
                best = max(best, 100.0 - self.words.index(form) * 0.5 - rank)
            for index, pattern in enumerate(self.compiled):
                if pattern.search(form):
                    best = max(best, 50.0 - index - rank)
                    break
        return best

    def _ruled_out_above(self, leaf: str, above: str) -> bool:
        """Whether the levels above say that the column is something else."""
        if self.never_above and re.search(self.never_above, above):
            return True
        if self.clear and re.search(self.clear, leaf):
            return False
        return bool(self.avoid_above and re.search(self.avoid_above, above))


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
