"""What people read about a group: the sums of each side beside one another, and its people page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import FilteredRelation, Q, QuerySet

from anxin.clues.models import Amount, Claimant, Clue, Particulars, Source
from anxin.clues.models_claimants import SIDES

PAGE = 50
PARTS = {"": "全部", "open": "未定", "differ": "说法不一"}


@dataclass(frozen=True)
class Sum:
    """What one side says in all: of how many people, and together how much.

    ``difference``: to what the same people say themselves, of those for whom both are known.
    """

    source: Source
    people: int
    fen: int
    difference: int | None


@dataclass(frozen=True)
class Group:
    """A group in numbers. ``differ`` and ``unsettled`` hold the claimants' keys."""

    people: int
    sums: Sequence[Sum]
    differ: frozenset[int]
    unsettled: frozenset[int]
    #: what everybody is owed, as settled, else as they say; ``None`` where of one nothing is known
    owed_fen: int | None

    @property
    def settled(self) -> int:
        return self.people - len(self.unsettled)


@dataclass(frozen=True)
class Person:
    """One claimant with what is known and said now; ``amounts`` by source."""

    claimant: Claimant
    particulars: Particulars
    amounts: Mapping[str, Amount]
    differs: bool

    @property
    def settled(self) -> Amount | None:
        return self.amounts.get(Source.SETTLED)

    @property
    def said(self) -> list[tuple[Source, Amount | None]]:
        """Every side in its order, with what it says."""
        return [(side, self.amounts.get(side)) for side in SIDES]


@dataclass(frozen=True)
class PersonPage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last."""

    items: list[Person]
    next_after: int | None


def group_of(clue: Clue) -> Group:
    """The numbers of a clue's group, in one query."""
    rows = (
        _current(clue)
        .annotate(now=FilteredRelation("amounts", condition=Q(amounts__superseded_at__isnull=True)))
        .values_list("pk", "now__source", "now__fen")
    )
    said: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, source, fen in rows:
        said[pk].update({source: fen} if source else {})
    sums = [
        Sum(source, len(found), sum(found), _difference(said.values(), source))
        for source in Source
        if (found := [one[source] for one in said.values() if source in one])
    ]
    return Group(
        people=len(said),
        sums=sums,
        differ=frozenset(pk for pk, one in said.items() if _differ(one)),
        owed_fen=_owed(said.values()),
        unsettled=frozenset(pk for pk, one in said.items() if Source.SETTLED not in one),
    )


def person_page(
    clue: Clue, group: Group, *, part: str = "", after: int = 0, limit: int | None = PAGE
) -> PersonPage:
    """One page of the people by their number; three queries. Without a limit all of them."""
    found = _current(clue).filter(number__gt=after).order_by("number")
    if part in PARTS and part:
        found = found.filter(pk__in=group.unsettled if part == "open" else group.differ)
    claimants = list(found[: limit + 1] if limit else found)
    more = limit is not None and len(claimants) > limit
    shown = claimants[:limit] if limit else claimants
    keys = {"claimant__clue": clue, "superseded_at__isnull": True}
    if limit:
        keys = {"claimant__in": [one.pk for one in shown], "superseded_at__isnull": True}
    particulars = {one.claimant_id: one for one in Particulars.objects.filter(**keys)}
    amounts: dict[int, dict[str, Amount]] = defaultdict(dict)
    for amount in Amount.objects.filter(**keys):
        amounts[amount.claimant_id][amount.source] = amount
    items = [Person(one, particulars[one.pk], amounts[one.pk], one.pk in group.differ) for one in shown]
    return PersonPage(items, shown[-1].number if more else None)


def claimant_of(clue: Clue, pk: int) -> Claimant | None:
    """One person of this clue's group."""
    return _current(clue).filter(pk=pk).first()


def _current(clue: Clue) -> QuerySet[Claimant]:
    return Claimant.objects.filter(clue=clue, left_at__isnull=True)


def _owed(people: Collection[Mapping[str, int]]) -> int | None:
    sums = [one.get(Source.SETTLED, one.get(Source.WORKER)) for one in people]
    return sum(one for one in sums if one is not None) if sums and None not in sums else None


def _difference(people: Collection[Mapping[str, int]], source: Source) -> int | None:
    both = [one for one in people if source in one and Source.WORKER in one]
    if source == Source.WORKER or not both:
        return None
    return sum(one[source] - one[Source.WORKER] for one in both)


def _differ(said: Mapping[str, int]) -> bool:
    return len({fen for source, fen in said.items() if source != Source.SETTLED}) > 1
