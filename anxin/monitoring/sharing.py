"""What the people of one finding share: cards, phones, gates, faces, minutes, accounts, as a small graph.

Pure: rows with their details go in, people and shared things come out. Names are masked here and the keyed hashes
of the facts never leave: a thing is called 卡A, 手机B. Only what at least two people share is a thing, the
graph is bounded, and what was left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin.kernel.masking import mask_name

MOST_PEOPLE = 24
MOST_THINGS = 8
#: rows of a finding that are looked at; the rest is counted
MOST_ROWS = 1000
UNKNOWN = "（未登记人员）"

#: kinds of things: key, word, the details that together make one
KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("card", "卡", ("card",)),
    ("phone", "手机", ("phone",)),
    ("face", "人脸", ("face",)),
    ("device", "闸机", ("device",)),
    ("account", "转入账户", ("to_account",)),
    ("opening", "同日同网点开卡", ("branch", "opened_on")),
)
#: rows tell how many days somebody's minutes were those of others, not whose: one thing for all of them
_MINUTES = ("minutes", "copied_days")
_MINUTES_LABEL = "相同的打卡时刻"


@dataclass(frozen=True)
class SharedRow:
    """One row of evidence: who, how much, and the rule's details."""

    worker_key: str
    amount_fen: int | None
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody in the graph; ``number`` tells two people of one masked name apart."""

    key: str
    number: int
    name: str

    @property
    def label(self) -> str:
        """``3号 张**``"""
        return f"{self.number}号 {self.name}"


@dataclass(frozen=True)
class Thing:
    """Something that several people share; ``people`` counts all of them, also those not drawn."""

    key: str
    kind: str
    label: str
    people: int
    amount_fen: int | None


@dataclass(frozen=True)
class Edge:
    """A person and a thing, by their keys."""

    person: str
    thing: str


@dataclass(frozen=True)
class Graph:
    """What is drawn, and how much of it was left out."""

    people: tuple[Person, ...] = ()
    things: tuple[Thing, ...] = ()
    edges: tuple[Edge, ...] = ()
    more_people: int = 0
    more_things: int = 0

    def people_of(self, thing: Thing) -> list[Person]:
        """The drawn people who share ``thing``, in their order."""
        keys = {edge.person for edge in self.edges if edge.thing == thing.key}
        return [person for person in self.people if person.key in keys]


@dataclass
class _Found:
    """One thing while rows are read."""

    kind: str
    word: str
    order: int
    people: dict[str, None] = field(default_factory=dict)
    amounts: list[int] = field(default_factory=list)


def graph_of(
    rows: Iterable[SharedRow],
    names: Mapping[str, str],
    *,
    most_people: int = MOST_PEOPLE,
    most_things: int = MOST_THINGS,
) -> Graph:
    """The graph of what the rows share; ``names`` by worker key, unmasked. Same rows, same graph."""
    shared = _shared(rows)
    labels = _labels(shared)
    drawn = shared[:most_things]
    people: dict[str, None] = {}
    for found in drawn:
        people.update(found.people)
    kept = list(people)[:most_people]
    numbers = {key: number for number, key in enumerate(kept, start=1)}
    everybody = {key for found in shared for key in found.people}
    things = tuple(_thing(number, found, labels[number]) for number, found in enumerate(drawn))
    return Graph(
        people=tuple(Person(key, numbers[key], mask_name(names.get(key, "")) or UNKNOWN) for key in kept),
        things=things,
        edges=tuple(
            Edge(key, thing.key)
            for thing, found in zip(things, drawn, strict=True)
            for key in found.people
            if key in numbers
        ),
        more_people=len(everybody) - len(kept),
        more_things=len(shared) - len(drawn),
    )


def _thing(number: int, found: _Found, label: str) -> Thing:
    amount = sum(found.amounts) if found.amounts else None
    return Thing(f"thing:{number}", found.kind, label, len(found.people), amount)


def _shared(rows: Iterable[SharedRow]) -> list[_Found]:
    """Things of at least two people: those of most people first, else as the rows came."""
    found: dict[tuple[str, ...], _Found] = {}
    for number, row in enumerate(rows):
        # somebody without a key is a person of their own: nobody is joined by a guess
        person = row.worker_key or f"row:{number}"
        for kind, word, values in _things_in(row.detail):
            one = found.setdefault((kind, *values), _Found(kind, word, len(found)))
            one.people[person] = None
            if row.amount_fen is not None:
                one.amounts.append(row.amount_fen)
    several = [one for one in found.values() if len(one.people) > 1]
    return sorted(several, key=lambda one: (-len(one.people), one.order))


def _things_in(detail: Mapping[str, Any]) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    for kind, word, names in KINDS:
        values = tuple(str(detail[name]) for name in names if detail.get(name) not in (None, ""))
        if len(values) == len(names):
            yield kind, word, values
    kind, name = _MINUTES
    if detail.get(name):
        yield kind, _MINUTES_LABEL, ()


def _labels(shared: list[_Found]) -> list[str]:
    """``卡A``, ``卡B``, ``手机A``: letters by kind, in the order of the things."""
    counts: dict[str, int] = {}
    labels = []
    for one in shared:
        number = counts[one.kind] = counts.get(one.kind, 0) + 1
        labels.append(one.word if one.kind == _MINUTES[0] else f"{one.word}{letters(number)}")
    return labels


def letters(number: int) -> str:
    """1 → ``A``, 26 → ``Z``, 27 → ``AA``."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
