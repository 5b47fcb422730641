"""Who answers for one employer's arrears once every fact is settled: the duties in the order of the law.

The engine knows articles by the keys of ``data/liability.yaml`` and reads nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from anxin.law.liability.facts import Arrears, Case, Fact, Form, Link, Party, Standing

T = TypeVar("T")

#: forms that cannot be an employer of their own in law
_WITHOUT_CAPACITY = (Form.UNLICENSED, Form.INDIVIDUAL)


class Rank(IntEnum):
    """The order of manners; within one rank the order of the duties of a group."""

    ACCOUNT = 0
    OWN = 1
    FIRST = 2
    ADVANCE = 3
    DEPOSIT = 4
    FUND = 5


MANNERS = {
    Rank.ACCOUNT: "专户支付",
    Rank.OWN: "清偿",
    Rank.FIRST: "先行清偿",
    Rank.ADVANCE: "先行垫付",
    Rank.DEPOSIT: "动用保证金",
    Rank.FUND: "应急周转金",
}


@dataclass(frozen=True)
class World:
    """One settled reading of all facts: what each open fact turns out to be."""

    chosen: Mapping[str, Any]

    def __call__(self, fact: Fact[T]) -> T:
        return self.chosen[fact.label] if fact.is_open else fact.alternatives[0].value  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Duty:
    """One payer's duty. ``pool`` names the sum that caps it, shared by all groups; empty: no cap."""

    rank: Rank
    payer: str
    provisions: tuple[str, ...]
    pool: str = ""
    #: against whom the payer may turn afterwards
    recourse: tuple[str, ...] = ()


def chain(case: Case, name: str) -> list[Party]:
    """The parties from ``name`` upwards to the owner."""
    found: list[Party] = []
    while name and (party := case.party(name)) is not None and party not in found:
        found.append(party)
        name = party.above
    return found


def contractor_of(case: Case, name: str) -> Party | None:
    """The party on the way up that got its work from the owner itself: the general or direct contractor."""
    return next((party for party in chain(case, name) if party.above == case.owner), None)


def duties(case: Case, world: World, item: Arrears) -> list[Duty]:
    """All duties for one group of workers, in order."""
    employer = case.party(item.employer)
    if employer is None or not world(item.wages):
        return []
    on_project = world(item.on_project)
    contractor = contractor_of(case, item.employer) if on_project else None
    own = _own(case, world, employer, contractor, on_project)
    if on_project and not world(case.lawful):
        own = _first(Duty(Rank.OWN, case.owner, ("37",)), own)
    found = own
    if contractor is not None:
        found = _on_project(case, world, employer, contractor, own)
    return [*found, *_fund(case, world, employer, own)]


def _on_project(case: Case, world: World, employer: Party, contractor: Party, own: list[Duty]) -> list[Duty]:
    """What the project adds: special account, general contractor, owner, deposit."""
    found: list[Duty] = []
    if contractor.account is not None and world(contractor.account) > 0:
        name = contractor.name
        found.append(Duty(Rank.ACCOUNT, f"{name}的工资专用账户", ("26",), f"account:{name}"))
    first = _settles_first(case, world, employer, contractor, own)
    found += [*own, *first]
    owner_pays = any(duty.payer == case.owner for duty in own)
    if contractor.money and not owner_pays and unsettled(world, contractor) > 0:
        found.append(Duty(Rank.ADVANCE, case.owner, ("29.2",), f"advance:{contractor.name}"))
    answers = {payer for payer, _ in _bearers(world, contractor, ())}
    bound = any(duty.payer in answers for duty in [*own, *first])
    if contractor.deposit and bound and world(contractor.deposit.available) > 0:
        payer = f"{contractor.name}的工资保证金"
        pool = f"deposit:{contractor.name}"
        found.append(
            Duty(Rank.DEPOSIT, payer, ("32", "保证金19", "保证金20"), pool, recourse=(contractor.name,))
        )
    return found


def unsettled(world: World, contractor: Party) -> int:
    """The owner's unpaid project money up to which it advances; 0 where art. 29 does not reach it."""
    money = contractor.money
    if money is None or world(money.due) <= world(money.paid):
        return 0
    if world(money.labour_paid) and not world(money.caused):
        return 0
    return max(world(money.due), world(money.settled)) - world(money.paid)


def _own(case: Case, world: World, party: Party, contractor: Party | None, on_project: bool) -> list[Duty]:
    """The duty of the employer itself, or of the unit that the law puts in its place."""
    above = case.party(party.above) if party.above else None
    link, form = world(party.link), world(party.form)
    if above is None:
        return _without_chain(world, party, form)
    if link is Link.DISPATCH:
        return _dispatched(case, world, party, above)
    if link is not Link.LENT and form not in _WITHOUT_CAPACITY:
        plain = _plain(party, contractor, on_project=on_project, transferred=link is Link.TRANSFER)
        return _duties(world, party, plain)
    unit, lent = _unit_above(case, world, party)
    if unit is None:
        return _without_chain(world, party, form)
    if lent:
        articles: tuple[str, ...] = ("36.2",) if on_project else ("19.2",)
    elif on_project and (unit.name == case.owner or unit is contractor):
        articles = ("36.1",)
    else:
        articles = ("19.1", "解释二1")
    found = _duties(world, unit, articles, recourse=(party.name,))
    if form is Form.UNLICENSED and not lent:
        found += _without_chain(world, party, form)
    return found


def _without_chain(world: World, party: Party, form: Form) -> list[Duty]:
    """An employer that nobody stands above."""
    if form is Form.INDIVIDUAL:
        return []
    if form is Form.UNLICENSED:
        payers = [party.name, *_investors(party)]
        return [Duty(Rank.OWN, payer, ("17", "合同法93")) for payer in payers]
    return _duties(world, party, ("16",))


def _dispatched(case: Case, world: World, party: Party, above: Party) -> list[Duty]:
    """Dispatched workers: the dispatcher with a licence is the employer, else the using unit pays."""
    user = _unit_above(case, world, party)[0] or above
    if world(party.form) in _WITHOUT_CAPACITY or not world(party.licence):
        return _duties(world, user, ("18",), recourse=(party.name,))
    found = _duties(world, party, ("16", "合同法58"))
    if world(party.user_at_fault):
        found += _duties(world, user, ("合同法92",), recourse=(party.name,))
    return found


def _unit_above(case: Case, world: World, party: Party) -> tuple[Party | None, bool]:
    """The nearest unit above that can answer, and whether its name was lent on the way to it."""
    lent, below = False, party
    for above in chain(case, party.name)[1:]:
        lent = world(below.link) is Link.LENT
        # One that itself works in another's name is no unit of its own here: its lender is.
        if world(above.form) not in _WITHOUT_CAPACITY and world(above.link) is not Link.LENT:
            return above, lent
        below = above
    return None, False


def _plain(party: Party, contractor: Party | None, *, on_project: bool, transferred: bool) -> tuple[str, ...]:
    """Art. 30 speaks of subcontractors; one to whom the whole work was handed on answers by art. 16."""
    subcontracts = on_project and contractor is not None and party is not contractor
    return ("16", "30.1") if subcontracts and not transferred else ("16",)


def _settles_first(
    case: Case, world: World, employer: Party, contractor: Party, own: list[Duty]
) -> list[Duty]:
    """Art. 30: the general contractor settles first what its subcontractors owe."""
    if employer is contractor or any(duty.payer == contractor.name for duty in own):
        return []
    if world(employer.link) is Link.DISPATCH and own and own[0].payer == employer.name:
        return []  # a licensed dispatcher is nobody's subcontractor
    below = chain(case, employer.name)
    child = below[below.index(contractor) - 1]
    article = "30.4" if world(child.link) is Link.TRANSFER else "30.3"
    against = tuple(duty.payer for duty in own if duty.payer != case.owner) or (employer.name,)
    return [
        Duty(Rank.FIRST, payer, keys, recourse=against)
        for payer, keys in _first_bearers(world, contractor, article)
    ]


def _first_bearers(world: World, contractor: Party, article: str) -> list[tuple[str, tuple[str, ...]]]:
    """It is not the employer: arts. 20 to 22 do not reach its investors, a successor has its debts."""
    standing = world(contractor.standing)
    names = contractor.successors or (f"{contractor.name}的承继单位",)
    inherited: list[tuple[str, tuple[str, ...]]] = [(name, (article, "民法典67")) for name in names]
    if standing is Standing.MERGED:
        return inherited
    return [(contractor.name, (article,)), *(inherited if standing is Standing.SPLIT else [])]


def _duties(
    world: World, party: Party, articles: tuple[str, ...], recourse: tuple[str, ...] = ()
) -> list[Duty]:
    return [
        Duty(Rank.OWN, payer, keys, recourse=recourse) for payer, keys in _bearers(world, party, articles)
    ]


def _bearers(world: World, party: Party, articles: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Who bears a unit's duty: itself, its successors after a merger or split, its investors."""
    standing = world(party.standing)
    if standing in (Standing.MERGED, Standing.SPLIT):
        return _successors(world, party, articles, standing)
    personal = ("20",) if world(party.form) is Form.PARTNERSHIP else ()
    if standing is Standing.DISSOLVED:
        keys = (*personal, "22.2")
        return [(party.name, (*articles, "22.1")), *((name, keys) for name in _investors(party))]
    if personal:
        return [(party.name, articles), *((name, personal) for name in _investors(party))]
    return [(party.name, articles)]


def _successors(
    world: World, party: Party, articles: tuple[str, ...], standing: Standing
) -> list[tuple[str, tuple[str, ...]]]:
    names = party.successors or (f"{party.name}的承继单位",)
    if world(party.agreement):
        return [(name, (*articles, "21")) for name in names]
    inherited = [(name, (*articles, "21", "合同法34", "民法典67")) for name in names]
    return inherited if standing is Standing.MERGED else [(party.name, (*articles, "21")), *inherited]


def _investors(party: Party) -> tuple[str, ...]:
    return party.investors or (f"{party.name}的出资人",)


def _fund(case: Case, world: World, employer: Party, own: list[Duty]) -> list[Duty]:
    """Art. 63: only while the unit that has to pay cannot, or has absconded."""
    if case.fund is None or not own:
        return []
    limits = [means(case, world, duty.payer) for duty in own if case.party(duty.payer)]
    if not limits or None in limits:
        return []
    if world(case.fund.available) <= 0 or world(case.fund.per_person) in (None, 0):
        return []
    return [Duty(Rank.FUND, "政府应急周转金", ("63",), "fund", recourse=(own[0].payer,))]


def means(case: Case, world: World, payer: str) -> int | None:
    """What a payer is able to pay; ``None`` where nothing shows a limit."""
    party = case.party(payer)
    return world(party.means) if party else None


def _first(duty: Duty, others: list[Duty]) -> list[Duty]:
    """``duty`` before the others, together with what its payer has to do anyway."""
    same = [other for other in others if other.payer == duty.payer]
    articles = duty.provisions + tuple(key for other in same for key in other.provisions)
    recourse = tuple(name for other in same for name in other.recourse)
    first = Duty(duty.rank, duty.payer, articles, recourse=recourse)
    return [first, *(other for other in others if other.payer != duty.payer)]
