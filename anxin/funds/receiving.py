"""Results of paying that arrive outside a delivered table become receipts like those of a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed
from anxin.funds.imports import _COMPARED, _current, _keyed, _Receipt, _shown
from anxin.funds.models import BankReceipt
from anxin.funds.services import match_project
from anxin.registry.models import Project

#: the action under which receipts without a table are journalled; sweeps of the touched projects react to it
RECEIVED = "funds.received"
_JOURNALLED = 100


@dataclass(frozen=True)
class Given:
    """What a bank says of one payment. ``reference`` is ours or the bank's, unique with the payee."""

    month: str
    payee_name: str
    #: a sealed card, as models hand it out
    bank_card: object
    card_hash: str
    amount_fen: int
    paid_on: dt.date | None
    returned: bool
    reason: str
    reference: str


def receive(project: Project, given: Sequence[Given], *, summary: str, actor: Actor, now: dt.datetime) -> int:
    """Record what the bank says and match the project anew; returns how many receipts are new or changed.

    The same again changes nothing. A payment that is later said to be returned stops counting as paid.
    """
    with transaction.atomic():
        locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        receipts = _keyed([_receipt(one) for one in given])
        current = _current(locked, [receipt.natural_key for receipt in receipts])
        new, replaced, changes = [], [], []
        for receipt in receipts:
            old = current.get(receipt.natural_key)
            if old is not None and all(getattr(receipt, n) == getattr(old[1], n) for n in _COMPARED):
                continue
            if old is not None:
                replaced.append(old[0])
                changes.append((old[1], receipt))
            new.append(receipt)
        if not new:
            return 0
        bulk.supersede(BankReceipt, replaced, by=None, now=now)
        bulk.insert(
            BankReceipt,
            _Receipt._fields,
            new,
            constants={"project_id": locked.pk, "batch_id": None, "recorded_at": now},
        )
        match_project(locked.pk, now=now)
        record(
            actor=actor,
            action=RECEIVED,
            object_type="project",
            object_id=locked.pk,
            summary=f"{summary}：{len(new)}条银行回执，其中更正{len(replaced)}条",
            before={"changes": [_shown(old) for old, _ in changes[:_JOURNALLED]]} if changes else None,
            after={
                "project_ids": [locked.pk],
                "months": sorted({receipt.month for receipt in new if receipt.month}),
                "counts": {"inserted": len(new), "superseded": len(replaced)},
                "changes": [_shown(receipt) for _, receipt in changes[:_JOURNALLED]],
            },
            now=now,
        )
    return len(new)


def _receipt(one: Given) -> _Receipt:
    return _Receipt(
        row_number=None,
        month=one.month,
        payee_name=one.payee_name[:60],
        bank_card=one.bank_card.envelope if isinstance(one.bank_card, Sealed) else None,
        card_hash=one.card_hash,
        id_hash="",
        amount_fen=one.amount_fen,
        paid_on=one.paid_on,
        outcome=BankReceipt.Outcome.RETURNED if one.returned else BankReceipt.Outcome.PAID,
        reason=one.reason[:200] if one.returned else "",
        reference=one.reference[:80],
        natural_key="",
    )
