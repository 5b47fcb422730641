"""A worker hears by a short message that a contract waits for the signature, and that it is in force.

Who is to be told is written with the occasion itself (:func:`due`), in one transaction; the gateway is asked later and
outside of any. What it took is stamped after each portion: nothing is lost, and nothing that was stamped goes out again.
Killed within a portion, the next run sends that portion's messages once more, :data:`PORTION` at most: twice rather than never.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts.access import clerk_contracts
from anxin.contracts.models import Contract, ContractTelling
from anxin.evidence.journal import SYSTEM, Actor, Event, record_all
from anxin.evidence.sealing import SealBroken, Sealed
from anxin.kernel.refusal import Refused
from anxin.notices import outside
from anxin.notices.channels.base import NotDelivered

#: messages between two stamps: what a kill may send a second time
PORTION = 20
#: how long a run may have a portion in hand: longer than the gateway's time limit for each of it
HOLDS = dt.timedelta(minutes=5)
#: refusals in a row after which the gateway is not asked again for a while
_IN_A_ROW = 3
_State, _Occasion, _Outcome = Contract.State, ContractTelling.Occasion, ContractTelling.Outcome
#: in which state of the contract the worker still has to hear of the occasion
_MATTERS = {_Occasion.SENT: (_State.SENT, _State.READ), _Occasion.IN_FORCE: (_State.IN_FORCE,)}


def due(contracts: Sequence[Contract], occasion: str) -> None:
    """The workers of these are to be told; called in the transaction that makes it so."""
    ContractTelling.objects.bulk_create(ContractTelling(contract=one, occasion=occasion) for one in contracts)


def waiting() -> QuerySet[ContractTelling]:
    """Nobody has tried yet."""
    return ContractTelling.objects.filter(outcome=_Outcome.WAITING)


@dataclass(frozen=True)
class Portion:
    """How many of a portion were told and how many not; ``silent``: the gateway takes nothing now."""

    told: int
    untold: int
    silent: bool


def tell_portion(*, now: dt.datetime) -> Portion | None:
    """Tell the next :data:`PORTION` workers and stamp it; ``None`` where nobody is left. Not to be called in a transaction."""
    rows = _taken(now)
    if not rows:
        return None
    outcomes: dict[int, str] = {}
    refused = 0
    try:
        for row in rows:
            outcomes[row.pk] = _tried(row, refused < _IN_A_ROW, now)
            if outcomes[row.pk] == _Outcome.REFUSED:
                refused += 1
            elif outcomes[row.pk] == _Outcome.TEXTED:
                refused = 0
    finally:  # what has left the house is stamped whatever happened after it
        _stamp([row for row in rows if row.pk in outcomes], outcomes, by=SYSTEM, now=now)
    said = list(outcomes.values())
    untold = sum(one in ContractTelling.UNTOLD for one in said)
    return Portion(said.count(_Outcome.TEXTED), untold, refused >= _IN_A_ROW)


def _taken(now: dt.datetime) -> list[ContractTelling]:
    """The next rows that no other run has in hand."""
    with transaction.atomic():
        free = waiting().filter(Q(taken_at__isnull=True) | Q(taken_at__lte=now - HOLDS))
        rows = list(
            free.select_for_update(of=("self",), skip_locked=True)
            .select_related("contract__worker", "contract__employer")
            .order_by("pk")[:PORTION]
        )
        ContractTelling.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=now)
    return rows


def _tried(row: ContractTelling, answers: bool, now: dt.datetime) -> str:
    """What came of it; ``answers``: the gateway has not been refusing all the time."""
    if row.contract.state not in _MATTERS[_Occasion(row.occasion)]:
        return _Outcome.NEEDLESS
    if not outside.reaches("phone"):
        return _Outcome.NO_GATEWAY
    phone = _phone_of(row.contract)
    if not phone:
        return _Outcome.NO_PHONE
    if outside.is_invented(phone):
        return _Outcome.INVENTED
    if not answers:
        return _Outcome.REFUSED
    try:
        outside.short_message(phone, words_for(row), now=now)
    except NotDelivered:
        return _Outcome.REFUSED
    return _Outcome.TEXTED


def _phone_of(contract: Contract) -> str:
    phone = contract.worker.phone
    try:
        return phone.open() if isinstance(phone, Sealed) else ""
    except SealBroken:  # one damaged row keeps nobody else waiting
        return ""


def words_for(row: ContractTelling) -> str:
    """Number and address, nobody's name; the address opens the contract for its own worker only, after signing in."""
    number, where = row.contract.number, _where(row.contract)
    if row.occasion == _Occasion.SENT:
        return f"您有一份劳动合同（{number}）等您看和签。请{where}，看完全文再签；有不对的可以先不签。签合同不收钱。"
    return f"您的劳动合同（{number}）双方已签，已经生效。请{where}，可以看，也可以下载保存。"


def _where(contract: Contract) -> str:
    if not settings.ANXIN_URL:
        return "扫工地告示牌上的码打开“我的工资”"
    return f"打开{settings.ANXIN_URL}{reverse('worker:contract-scanned', args=[contract.token])} "


def _stamp(rows: Sequence[ContractTelling], outcomes: dict[int, str], *, by: Actor, now: dt.datetime) -> None:
    with transaction.atomic():
        for outcome in sorted(set(outcomes.values())):
            same = [row.pk for row in rows if outcomes[row.pk] == outcome]
            ContractTelling.objects.filter(pk__in=same).update(outcome=outcome, settled_at=now)
        record_all(list(_events(rows, outcomes)), actor=by, now=now)


def _events(rows: Sequence[ContractTelling], outcomes: dict[int, str]) -> Iterator[Event]:
    """One for each employer: which contracts' workers were told of what, which not and why."""
    for employer in {row.contract.employer_id: row.contract.employer for row in rows}.values():
        mine = [row for row in rows if row.contract.employer_id == employer.pk]
        told = sum(outcomes[row.pk] in ContractTelling.TOLD for row in mine)
        untold = sum(outcomes[row.pk] in ContractTelling.UNTOLD for row in mine)
        yield Event(
            "contracts.told",
            "employer",
            employer.pk,
            f"{employer.name}的劳动合同：通知到本人{told}份，没有通知到{untold}份",
            after={
                "project_ids": sorted({row.contract.project_id for row in mine}),
                "tellings": [[row.contract.number, row.occasion, outcomes[row.pk]] for row in mine],
            },
        )


def told_in_person(ids: Collection[int], *, user: User, now: dt.datetime) -> int:
    """A clerk has told the workers of these contracts face to face; returns of how many. Raises :class:`Refused`."""
    if not ids:
        raise Refused("请先勾选合同。", field="contract")
    with transaction.atomic():
        mine = clerk_contracts(user).filter(pk__in=list(ids))
        found = _standing().filter(contract__in=mine, outcome__in=ContractTelling.UNTOLD)
        rows = list(found.select_for_update(of=("self",)).select_related("contract__employer").order_by("pk"))
        if not rows:
            raise Refused("所选的合同没有要当面告知的。")
        _stamp(rows, dict.fromkeys([row.pk for row in rows], _Outcome.IN_PERSON), by=actor(user), now=now)
    return len(rows)


def _standing() -> QuerySet[ContractTelling]:
    """Of each contract the occasion at which it stands: one at most."""
    matters = Q()
    for occasion, states in _MATTERS.items():
        matters |= Q(occasion=occasion, contract__state__in=states)
    return ContractTelling.objects.filter(matters)


@dataclass(frozen=True)
class Told:
    """Of contracts that wait for a signature or are in force: how many workers know, are being told, do not know and why."""

    told: int
    waiting: int
    untold: int
    #: words and number, the most first
    reasons: list[tuple[str, int]]


def counted(contracts: QuerySet[Contract]) -> Told:
    """In one query."""
    found = _standing().filter(contract__in=contracts.order_by())
    by = dict(found.order_by().values_list("outcome").annotate(Count("pk")))
    reasons = [(str(one.label), by[one]) for one in ContractTelling.UNTOLD if one in by]
    return Told(
        told=sum(by.get(one, 0) for one in ContractTelling.TOLD),
        waiting=by.get(_Outcome.WAITING, 0),
        untold=sum(number for _, number in reasons),
        reasons=sorted(reasons, key=lambda one: -one[1]),
    )


def with_telling(contracts: QuerySet[Contract]) -> QuerySet[Any]:
    """Each with ``telling``: what came of telling the worker of where it stands; ``None`` where nothing was to be told."""
    return contracts.annotate(telling=Subquery(_of_each().values("outcome")[:1]))


def untold(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Those whose worker the clerk has to tell."""
    return contracts.filter(Exists(_of_each().filter(outcome__in=ContractTelling.UNTOLD)))


def _of_each() -> QuerySet[ContractTelling]:
    return _standing().filter(contract=OuterRef("pk"))


def word(outcome: str | None) -> str:
    """``已发短信``, or why not; of :func:`with_telling`."""
    return "" if outcome is None else ContractTelling(outcome=outcome).words
