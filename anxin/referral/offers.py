"""Money that is proved already somewhere in the matters of a clue, offered to be counted for it with one click.

What recorded it (a bank's receipt of a payroll, a receipt that workers signed, an instalment of a mediation) registers here.
An offer is taken up through ``recovering.add``, so that neither a person nor a proof is counted twice; what the clue counts
already is not offered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.models import Document, Matter
from anxin.clues.models import Claimant, Clue
from anxin.evidence.sealing import Sealed, plain
from anxin.funds.models import BankReceipt
from anxin.kernel.refusal import Refused
from anxin.referral.claims import claims_of, particulars_of
from anxin.referral.current import locked, referral_of
from anxin.referral.models import Recovered
from anxin.referral.recovering import add, may_record

__all__ = ["Offer", "Source", "adopt", "offers", "register"]

#: shown at once; the others come when these are taken up
MOST = 50


@dataclass(frozen=True)
class Offer:
    """One payment to one person. ``key`` names it for good: the source's name and the row of it."""

    key: str
    #: what proves it, in words
    source: str
    #: what a page links to: a kind (``matter``, ``paper``, ``mediation``, ``project``) and its key
    about: tuple[str, int]
    person: str
    claimant: Claimant | None
    amount_fen: int
    paid_on: dt.date
    proof: str
    receipt: BankReceipt | None = None
    document: Document | None = None
    #: what the paper holds in all, in fen
    paper_fen: int | None = None
    said: Sealed | None = None


@dataclass(frozen=True)
class Source:
    """What a package offers for a clue whose matters these are, and what it keeps once an offer was taken up."""

    found: Callable[[Clue, Sequence[Matter]], Sequence[Offer]]
    adopted: Callable[[int, Recovered], None]


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Called once when the application starts; the first registered comes first."""
    _sources[name] = source


def offers(clue: Clue) -> list[Offer]:
    """What is proved and not counted yet, of whom something is still owed; a constant number of queries."""
    referral = referral_of(clue)
    if referral is None:
        return []
    found = [one for source in _sources.values() for one in source.found(clue, referral.chain)]
    if not found:
        return []
    counted = list(
        Recovered.objects.filter(clue=clue, withdrawn_at__isnull=True).select_related("document", "receipt")
    )
    found = _named(clue, found)
    claims = claims_of({one.claimant.pk for one in found if one.claimant is not None})
    kept: list[Offer] = []
    for one in found:
        rest = claims[one.claimant.pk].rest if one.claimant is not None else None
        if (
            rest == 0
            or any(_same(one, row) for row in counted)
            or any(_same_offer(one, other) for other in kept)
        ):
            continue
        kept.append(one)
    return kept[:MOST]


def _named(clue: Clue, found: list[Offer]) -> list[Offer]:
    """Whom of the list a name without more fits alone; where nobody or several do, whoever takes it up is told."""
    if all(one.claimant is not None for one in found):
        return found
    people: dict[str, list[Claimant]] = {}
    for known in particulars_of(clue):
        people.setdefault(_name(plain(known.name)), []).append(known.claimant)
    return [
        replace(one, claimant=fits[0])
        if one.claimant is None and len(fits := people.get(_name(one.person), [])) == 1
        else one
        for one in found
    ]


def adopt(clue: Clue, key: str, *, by: User, now: dt.datetime) -> Recovered:
    """Count an offer for the clue, with its own proof. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        if not may_record(by, held):
            raise Refused("您没有处理这条线索的权限。")
        offer = next((one for one in offers(held) if one.key == key), None)
        if offer is None:
            raise Refused("这一笔已经采用，或者原来的记录已经撤下，请刷新页面。")
        row = add(
            held, proof=offer.proof, person=offer.person, claimant=offer.claimant, amount_fen=offer.amount_fen,
            paid_on=offer.paid_on, receipt=offer.receipt, document=offer.document, paper_fen=offer.paper_fen,
            said=plain(offer.said), by=by, now=now,
        )  # fmt: skip
        name, number = key.split(":")[:2]
        _sources[name].adopted(int(number), row)
    return row


def _same(offer: Offer, row: Recovered) -> bool:
    """Whether the clue counts this money: the same person by the same proof, or on the same day the same sum."""
    if offer.claimant is not None and row.claimant_id is not None:
        if offer.claimant.pk != row.claimant_id:
            return False
    elif _name(offer.person) != _name(plain(row.person)):
        return False
    if offer.receipt is not None and row.receipt_id is not None:
        return offer.receipt.pk == row.receipt_id
    if (
        offer.document is not None
        and row.document is not None
        and offer.document.file_id == row.document.file_id
    ):
        return True
    return (offer.amount_fen, offer.paid_on) == (row.amount_fen, row.paid_on)


def _same_offer(one: Offer, other: Offer) -> bool:
    """Two records of one payment: the same receipt, or the same person, day and sum."""
    if one.receipt is not None and other.receipt is not None:
        return one.receipt.pk == other.receipt.pk
    whose = (one.claimant.pk if one.claimant else _name(one.person)) == (
        other.claimant.pk if other.claimant else _name(other.person)
    )
    return whose and (one.amount_fen, one.paid_on) == (other.amount_fen, other.paid_on)


def _name(text: str) -> str:
    return "".join(text.split())
