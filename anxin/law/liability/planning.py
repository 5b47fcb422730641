"""From facts to a plan: every open fact opens branches; each branch is an order of payers with amounts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anxin.law.errors import LawError
from anxin.law.liability.duties import MANNERS, Duty, Rank, World, duties, means, unsettled
from anxin.law.liability.facts import Alternative, Arrears, Case, Fact
from anxin.law.liability.sharing import share

#: beyond this nobody could read the answer; the facts that decide most have to be settled first
MOST_WORLDS = 512


@dataclass(frozen=True)
class Share:
    """What a step pays to the workers of one employer."""

    employer: str
    workers: int
    amount: int


@dataclass(frozen=True)
class Step:
    """One payer: how, on which articles, up to what, and what it pays here.

    ``cap`` is the sum the law or the money sets (``None``: no cap); ``up_to`` what could be asked of it if
    nobody before it paid; ``amount`` what it pays in this branch; ``gap_after`` what then still stands.
    """

    rank: Rank
    payer: str
    provisions: tuple[str, ...]
    cap: int | None
    up_to: int
    shares: tuple[Share, ...]
    gap_after: int
    recourse: tuple[str, ...]
    #: what the payer is able to pay; ``None`` where nothing shows a limit. Where nothing is left to pay it
    #: changes nothing, so that it opens no branch.
    able: int | None = field(default=None, compare=False)

    @property
    def manner(self) -> str:
        return MANNERS[self.rank]

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.shares)

    @property
    def discretionary(self) -> bool:
        """Whether the payer may, but need not, pay."""
        return self.rank is Rank.FUND


@dataclass(frozen=True)
class Outcome:
    """What follows once every fact is settled."""

    total: int
    workers: int
    #: claimed, but not wages: outside this order
    excluded: int
    steps: tuple[Step, ...]

    @property
    def gap(self) -> int:
        return self.steps[-1].gap_after if self.steps else self.total


@dataclass(frozen=True)
class Branch:
    """The outcome under some assumptions; none where all facts are known or do not matter."""

    assumptions: tuple[tuple[str, Alternative[Any]], ...]
    outcome: Outcome


@dataclass(frozen=True)
class Undecided:
    """An open fact: what it may be, what would decide it, and whether the outcome depends on it."""

    fact: Fact[Any]
    matters: bool


@dataclass(frozen=True)
class Plan:
    """The whole answer."""

    case: Case
    branches: tuple[Branch, ...]
    undecided: tuple[Undecided, ...]


def plan(case: Case) -> Plan:
    """Who pays first, for every way the open facts may turn out. Raises :class:`LawError` on too many."""
    facts = [fact for fact in case.facts() if fact.is_open]
    count = 1
    for fact in facts:
        count *= len(fact.alternatives)
    if count > MOST_WORLDS:
        raise LawError(
            f"待定的事实有{len(facts)}项，组合超过{MOST_WORLDS}种，无法逐一列出；请先查明其中几项再计算。"
        )
    worlds = {
        places: _settle(case, facts, places)
        for places in itertools.product(*(range(len(fact.alternatives)) for fact in facts))
    }
    branches, used = _branches(facts, worlds)
    return Plan(
        case, tuple(branches), tuple(Undecided(fact, place in used) for place, fact in enumerate(facts))
    )


def _settle(case: Case, facts: Sequence[Fact[Any]], places: Sequence[int]) -> Outcome:
    chosen = {fact.label: fact.alternatives[place].value for fact, place in zip(facts, places, strict=True)}
    return outcome(case, World(chosen))


def _branches(
    facts: Sequence[Fact[Any]], worlds: Mapping[tuple[int, ...], Outcome]
) -> tuple[list[Branch], set[int]]:
    """Split by the fact that leaves fewest others to ask about; one that makes no difference opens no branch."""
    mattering = [place for place in range(len(facts)) if _matters(place, worlds)]
    if not mattering:
        return [Branch((), next(iter(worlds.values())))], set()
    place = min(mattering, key=lambda chosen: _still_open(chosen, facts, mattering, worlds))
    branches: list[Branch] = []
    used = {place}
    for number, alternative in enumerate(facts[place].alternatives):
        below, more = _branches(facts, _where(place, number, worlds))
        used |= more
        branches += [
            Branch(((facts[place].label, alternative), *branch.assumptions), branch.outcome)
            for branch in below
        ]
    return branches, used


def _still_open(
    place: int,
    facts: Sequence[Fact[Any]],
    mattering: Sequence[int],
    worlds: Mapping[tuple[int, ...], Outcome],
) -> int:
    """How many questions remain after this one, over all its answers."""
    return sum(
        _matters(other, kept)
        for number in range(len(facts[place].alternatives))
        if (kept := _where(place, number, worlds))
        for other in mattering
        if other != place
    )


def _where(
    place: int, number: int, worlds: Mapping[tuple[int, ...], Outcome]
) -> Mapping[tuple[int, ...], Outcome]:
    return {places: found for places, found in worlds.items() if places[place] == number}


def _matters(place: int, worlds: Mapping[tuple[int, ...], Outcome]) -> bool:
    seen: dict[tuple[int, ...], Outcome] = {}
    for places, found in worlds.items():
        others = places[:place] + places[place + 1 :]
        if seen.setdefault(others, found) != found:
            return True
    return False


def outcome(case: Case, world: World) -> Outcome:
    """The order of payers when every fact is settled."""
    wages = [item for item in case.arrears if world(item.wages)]
    owed = {place: duties(case, world, item) for place, item in enumerate(wages)}
    rests = [world(item.amount) for item in wages]
    total = sum(rests)
    excluded = sum(world(item.amount) for item in case.arrears if not world(item.wages))
    till = _Till(case, world)
    steps: list[Step] = []
    for duty, places in _turns(owed):
        steps.append(_take(till, duty, places, wages, rests))
    return Outcome(total, sum(item.workers for item in wages), excluded, tuple(steps))


def _turns(owed: Mapping[int, Sequence[Duty]]) -> list[tuple[Duty, list[int]]]:
    """All duties in the order they are called, those of several groups on one payer and basis together."""
    found: dict[tuple[Any, ...], tuple[Duty, list[int]]] = {}
    order: list[tuple[int, int, tuple[Any, ...]]] = []
    for place, group in owed.items():
        ranks = [duty.rank for duty in group]
        for number, duty in enumerate(group):
            position = number - ranks.index(duty.rank)
            key = (duty.rank, position, duty.payer, duty.pool)
            if key not in found:
                found[key] = (duty, [])
                order.append((duty.rank, position, key))
            found[key] = (_together(found[key][0], duty), [*found[key][1], place])
    order.sort(key=lambda entry: entry[:2])
    return [found[key] for *_, key in order]


def _together(first: Duty, second: Duty) -> Duty:
    """One payer's duties to two groups: all articles, everybody to turn against."""
    articles = tuple(dict.fromkeys(first.provisions + second.provisions))
    recourse = tuple(dict.fromkeys(first.recourse + second.recourse))
    return Duty(first.rank, first.payer, articles, first.pool, recourse)


class _Till:
    """What is left of every capped sum and of every payer's means while steps are called."""

    def __init__(self, case: Case, world: World) -> None:
        self.case, self.world = case, world
        self._pools: dict[str, int] = {}
        self._means: dict[str, int | None] = {}

    def cap(self, pool: str) -> int | None:
        """The whole of a capped sum."""
        if not pool:
            return None
        kind, _, name = pool.partition(":")
        if kind == "fund":
            return self.world(self.case.fund.available) if self.case.fund else 0
        party = self.case.party(name)
        if party is None:
            return 0
        if kind == "advance":
            return unsettled(self.world, party)
        if kind == "deposit":
            return self.world(party.deposit.available) if party.deposit else 0
        return self.world(party.account) if party.account else 0

    def left(self, pool: str) -> int | None:
        return self._pools.setdefault(pool, self.cap(pool) or 0) if pool else None

    def able(self, payer: str) -> int | None:
        """What the payer can still pay."""
        return self._means.setdefault(payer, means(self.case, self.world, payer))

    def spend(self, duty: Duty, amount: int) -> None:
        if duty.pool:
            self._pools[duty.pool] -= amount
        left = self._means.get(duty.payer)
        if left is not None:
            self._means[duty.payer] = left - amount

    def per_group(self, duty: Duty, item: Arrears) -> int | None:
        """The emergency fund has a cap per person."""
        if duty.rank is not Rank.FUND or self.case.fund is None:
            return None
        return (self.world(self.case.fund.per_person) or 0) * item.workers


def _take(till: _Till, duty: Duty, places: Sequence[int], wages: Sequence[Arrears], rests: list[int]) -> Step:
    limits = [till.per_group(duty, wages[place]) for place in places]
    wants = [_least(rests[place], limit) for place, limit in zip(places, limits, strict=True)]
    whole = sum(
        _least(till.world(wages[place].amount), limit) for place, limit in zip(places, limits, strict=True)
    )
    able, cap = till.able(duty.payer), till.cap(duty.pool)
    pays = share(_least(sum(wants), till.left(duty.pool), able), wants)
    for place, amount in zip(places, pays, strict=True):
        rests[place] -= amount
    till.spend(duty, sum(pays))
    shares = tuple(
        Share(wages[place].employer, wages[place].workers, amount)
        for place, amount in zip(places, pays, strict=True)
    )
    if duty.rank is Rank.FUND:
        cap = _least(cap or 0, sum(limit or 0 for limit in limits))
    return Step(
        duty.rank,
        duty.payer,
        duty.provisions,
        cap,
        _least(whole, cap),
        shares,
        sum(rests),
        duty.recourse,
        able,
    )


def _least(first: int, *others: int | None) -> int:
    return max(min([first, *(other for other in others if other is not None)]), 0)
