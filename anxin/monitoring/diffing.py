"""The difference of two runs, as plain values: nothing here touches the database.

What is compared is the measure of a breach: how severe, how many people, how much money. Days alone grow
every night and are no news; where they matter they change the level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True)
class Measure:
    """How bad it is. ``None`` where the rule does not count people or money."""

    level: int
    people: int | None
    amount_fen: int | None

    def _sizes(self, other: Measure) -> list[tuple[int, int]]:
        return [
            (self.people or 0, other.people or 0),
            (self.amount_fen or 0, other.amount_fen or 0),
        ]

    def worse_than(self, other: Measure) -> bool:
        """A higher level; at the same level more people or more money."""
        if self.level != other.level:
            return self.level > other.level
        return any(mine > theirs for mine, theirs in self._sizes(other))

    def exceeds(self, other: Measure) -> bool:
        """Larger in any respect, the level being only one of them: for what people have let pass."""
        return self.level > other.level or any(mine > theirs for mine, theirs in self._sizes(other))


@dataclass(frozen=True)
class Kept:
    """A stored warning as the difference sees it. ``let_pass`` is what it was when people cleared it."""

    measure: Measure
    cleared: bool
    let_pass: Measure | None = None


class Change(Enum):
    """What became of one fingerprint."""

    OPENED = "opened"
    REOPENED = "reopened"
    CONTINUED = "continued"
    WORSENED = "worsened"
    EASED = "eased"
    #: the breach is gone
    CLEARED = "cleared"
    #: the breach stands, and people have cleared it knowing that
    LET_PASS = "let_pass"
    #: cleared by people earlier, and now the breach is gone as well
    SETTLED = "settled"
    #: no longer found, but for want of data: it stays open
    HELD = "held"


@dataclass
class Difference:
    """Fingerprint → change, and the numbers that a sweep reports."""

    changes: dict[str, Change] = field(default_factory=dict)

    def of(self, *kinds: Change) -> list[str]:
        return [fingerprint for fingerprint, change in self.changes.items() if change in kinds]

    @property
    def opened(self) -> int:
        return len(self.of(Change.OPENED, Change.REOPENED))

    @property
    def continued(self) -> int:
        return len(self.of(Change.CONTINUED, Change.EASED, Change.LET_PASS, Change.HELD))

    @property
    def worsened(self) -> int:
        return len(self.of(Change.WORSENED))

    @property
    def cleared(self) -> int:
        return len(self.of(Change.CLEARED))


def compare(
    found: Mapping[str, Measure], kept: Mapping[str, Kept], *, unjudged: Iterable[str] = ()
) -> Difference:
    """What changes when ``found`` follows ``kept``.

    ``unjudged`` are fingerprints of ``kept`` for which data are missing now: not finding them is no proof
    that all is well.
    """
    held = frozenset(unjudged)
    changes = {
        fingerprint: _continue(measure, kept[fingerprint]) if fingerprint in kept else Change.OPENED
        for fingerprint, measure in found.items()
    }
    for fingerprint, old in kept.items():
        if fingerprint in found:
            continue
        if old.cleared:
            if old.let_pass is not None and fingerprint not in held:
                changes[fingerprint] = Change.SETTLED
        else:
            changes[fingerprint] = Change.HELD if fingerprint in held else Change.CLEARED
    return Difference(changes)


def _continue(measure: Measure, old: Kept) -> Change:
    if old.cleared:
        stays = old.let_pass is not None and not measure.exceeds(old.let_pass)
        return Change.LET_PASS if stays else Change.REOPENED
    if measure.worse_than(old.measure):
        return Change.WORSENED
    return Change.EASED if old.measure.worse_than(measure) else Change.CONTINUED
