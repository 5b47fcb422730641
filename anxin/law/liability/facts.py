"""The facts from which the order of payers follows. Each is known, disputed or unknown; money is fen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Status(StrEnum):
    KNOWN = "known"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """What kind of person a party is before the law."""

    COMPANY = "单位"
    #: partnership, sole proprietorship, individual business: investors answer (art. 20)
    PARTNERSHIP = "合伙个体"
    #: a unit without lawful capacity to do business
    UNLICENSED = "无资格单位"
    INDIVIDUAL = "个人"


class Link(StrEnum):
    """How a party came by its work from the party above it."""

    CONTRACT = "承包"
    #: the whole work handed on
    TRANSFER = "转包"
    #: it works in the name of the party above
    LENT = "挂靠"
    #: it sends workers to the party above
    DISPATCH = "派遣"


class Standing(StrEnum):
    OPERATING = "正常"
    #: licence revoked, ordered to close, cancelled or dissolved
    DISSOLVED = "解散"
    MERGED = "合并"
    SPLIT = "分立"


@dataclass(frozen=True)
class Alternative(Generic[T]):
    """One way a fact may stand: its value, in words, and who says so."""

    value: T
    words: str
    by: str = ""


@dataclass(frozen=True)
class Fact(Generic[T]):
    """One fact. A known fact has one alternative; an open one has those that must all be computed.

    ``label`` names it for people and is unique within a case; ``paper`` would decide it.
    """

    label: str
    status: Status
    alternatives: tuple[Alternative[T], ...]
    paper: str = ""

    @property
    def is_open(self) -> bool:
        return len(self.alternatives) > 1


def known(label: str, value: T, words: str = "", by: str = "") -> Fact[T]:
    """A fact that stands."""
    return Fact(label, Status.KNOWN, (Alternative(value, words or str(value), by),))


def open_fact(label: str, status: Status, alternatives: tuple[Alternative[T], ...], paper: str) -> Fact[T]:
    """A disputed or unknown fact with everything it may turn out to be."""
    return Fact(label, status, alternatives, paper)


@dataclass(frozen=True)
class OwnerMoney:
    """What the owner owes on one contract that it awarded itself."""

    #: payable by now under the contract
    due: Fact[int]
    paid: Fact[int]
    #: value of the settled or confirmed work, where more than what is payable by now; 0 where not stated
    settled: Fact[int]
    #: labour cost reached the special account in full and on time
    labour_paid: Fact[bool]
    #: the arrears come from the owner's not paying
    caused: Fact[bool]


@dataclass(frozen=True)
class Deposit:
    """The wage deposit of a contract: what can still be drawn."""

    kind: str
    available: Fact[int]


@dataclass(frozen=True)
class Party:
    """One party of the chain; ``above`` is the party that gave it its work, empty for the owner."""

    name: str
    above: str
    form: Fact[Form]
    link: Fact[Link]
    standing: Fact[Standing]
    #: fen it is able to pay, ``None`` where nothing shows that it could not pay all
    means: Fact[int | None]
    #: merged or split: the workers agreed in writing that the successor pays
    agreement: Fact[bool]
    #: it may lawfully dispatch workers
    licence: Fact[bool]
    #: as dispatcher: the using unit broke the rules and so caused the arrears
    user_at_fault: Fact[bool]
    investors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    money: OwnerMoney | None = None
    deposit: Deposit | None = None
    account: Fact[int] | None = None


@dataclass(frozen=True)
class Arrears:
    """What one employer owes: the workers it took on, the months, the amount."""

    employer: str
    workers: int
    amount: Fact[int]
    months: tuple[str, ...]
    #: pay for work, not the price of a contract, material or machines
    wages: Fact[bool]
    #: for work on this project
    on_project: Fact[bool]


@dataclass(frozen=True)
class Fund:
    """The government's emergency fund; without a local cap per person nothing is counted on."""

    available: Fact[int]
    per_person: Fact[int | None]


@dataclass(frozen=True)
class Case:
    """Everything stated about one project."""

    title: str
    owner: str
    #: planning and building law are kept: land, planning, permit
    lawful: Fact[bool]
    parties: tuple[Party, ...]
    arrears: tuple[Arrears, ...]
    fund: Fund | None = None

    def party(self, name: str) -> Party | None:
        return next((party for party in self.parties if party.name == name), None)

    def facts(self) -> tuple[Fact[Any], ...]:
        """Every fact of the case, in the order of telling."""
        found: list[Fact[Any] | None] = [self.lawful]
        for party in self.parties:
            found += [party.form, party.link, party.standing, party.agreement, party.licence]
            found += [party.user_at_fault, party.means, party.account]
            found += [party.deposit.available if party.deposit else None]
            if party.money:
                money = party.money
                found += [money.due, money.paid, money.settled, money.labour_paid, money.caused]
        for item in self.arrears:
            found += [item.wages, item.on_project, item.amount]
        if self.fund:
            found += [self.fund.available, self.fund.per_person]
        return tuple(fact for fact in found if fact is not None)
