"""What really happened: arrears, forged records and failed businesses, from a truth folder or from closed work."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from anxin.monitoring.rules.framework import Subject

Key = tuple[Subject, int]


@dataclass(frozen=True)
class Arrears:
    """Wages of one subject and month that were owed past their day."""

    subject: Subject
    subject_id: int
    month: str
    #: the day on which they should have arrived
    due: dt.date
    #: the day on which the last of them arrived; empty while owed
    settled: dt.date | None
    people: int
    amount_fen: int

    def owed_between(self, first: dt.date, last: dt.date) -> bool:
        """Whether anything was overdue on one of these days."""
        return self.due <= last and (self.settled is None or self.settled > first)

    def overdue_days(self, by: dt.date) -> int:
        """Days from the due day to the last payment, or to ``by`` while still owed."""
        return ((self.settled or by) - self.due).days


@dataclass(frozen=True)
class Planted:
    """Forged records of one kind at a project in a month; or, among look-alikes, honest ones that resemble them."""

    kind: str
    project_id: int
    month: str
    workers: frozenset[str]


@dataclass(frozen=True)
class Failure:
    """A business that came to owe wages."""

    employer_id: int
    since: dt.date
    people: int
    amount_fen: int


@dataclass(frozen=True)
class Truth:
    """Everything known to be true about a period."""

    arrears: tuple[Arrears, ...] = ()
    forgeries: tuple[Planted, ...] = ()
    lookalikes: tuple[Planted, ...] = ()
    failures: tuple[Failure, ...] = ()
    #: subject kinds and forgery kinds for which silence means "nothing happened"
    covers: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def arrears_of(self) -> Mapping[Key, list[Arrears]]:
        """Arrears by subject, the earliest due first."""
        found: dict[Key, list[Arrears]] = defaultdict(list)
        for spell in sorted(self.arrears, key=lambda one: (one.due, one.month)):
            found[spell.subject, spell.subject_id].append(spell)
        return found

    def planted(self, kind: str) -> list[Planted]:
        return [one for one in self.forgeries if one.kind == kind]

    def alike(self, kind: str) -> list[Planted]:
        return [one for one in self.lookalikes if one.kind == kind]


def by_project(planted: Iterable[Planted]) -> Mapping[int, list[Planted]]:
    """Planted records by project."""
    found: dict[int, list[Planted]] = defaultdict(list)
    for one in planted:
        found[one.project_id].append(one)
    return found
