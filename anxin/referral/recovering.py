"""Money that people got, person by person and to the fen. Each row stands on its proof; without proof it is not counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.clues.access import may_work
from anxin.clues.models import Claimant, Clue
from anxin.evidence.sealing import Sealed
from anxin.funds.models import BankReceipt
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.access import may_handle
from anxin.referral.claims import claims_of, names_of, people_of, refuse_too_much, unproved, who
from anxin.referral.current import closing_of, locked, note, referral_of, words_of
from anxin.referral.models import ListedPayment, Recovered
from anxin.referral.proofs import (
    checked_document,
    checked_receipt,
    hold_to_paper,
    people_of_receipts,
    receipts_for,
)

__all__ = [
    "Sums",
    "add",
    "assign",
    "assign_all",
    "may_record",
    "receipts_for",
    "sums",
    "withdraw",
    "withdraw_listed",
]

_MOST_FEN = 10**11
_NAME = 60


@dataclass(frozen=True)
class Sums:
    """Of one clue, in fen. ``rest`` is what is claimed and not proved, ``None`` where no amount is known."""

    claimed: int | None
    proved: int
    rest: int | None


def add(
    clue: Clue,
    *,
    proof: str,
    by: User,
    now: dt.datetime,
    person: str = "",
    claimant: Claimant | None = None,
    amount_fen: int | None = None,
    paid_on: dt.date | None = None,
    receipt: BankReceipt | None = None,
    document: Document | None = None,
    paper_fen: int | None = None,
    said: str = "",
) -> Recovered:
    """Record what one person got. Raises :class:`Refused`.

    A receipt brings name and day with it, and all that is left of it where no amount is given; a paper of payment
    holds ``paper_fen`` in all. Of a clue with a list it is somebody of the list: ``claimant``, else whom the ID number
    or the name fits alone. Nobody gets more than they are owed, and no proof gives more than it holds.
    """
    with transaction.atomic():
        held = locked(clue)
        _check_may(held, by)
        row = Recovered(clue=held, proof=proof, by_name=str(by), at=now)
        ids: Collection[str] = ()
        name = person.strip()
        if proof == Recovered.Proof.RECEIPT:
            found, left = checked_receipt(held.project_id, receipt)
            ids, name = people_of_receipts([found.pk])[found.pk], found.payee_name
            assert found.paid_on is not None  # a paid receipt has its day
            row.receipt, row.paid_on = found, found.paid_on
            row.amount_fen = part_of(amount_fen, left)
        elif proof == Recovered.Proof.DOCUMENT:
            row.document = checked_document(held, document)
        elif proof == Recovered.Proof.WORD:
            row.said = Sealed.of(
                words_of(said, "said", "请写明本人怎样确认的，例如“11月20日电话，本人说已到账”")
            )
        else:
            raise Refused("请选择凭什么证明：银行回单、本人确认或付款凭证。", field="proof")
        if proof != Recovered.Proof.RECEIPT:
            _typed(row, name, claimant, amount_fen, paid_on, timezone.localdate(now))
        row.claimant = _whose(held, name, ids, claimant)
        row.person = names_of([row.claimant.pk])[row.claimant.pk] if row.claimant else Sealed.of(name)
        _refuse_twice(held, row)
        _hold_to_claim(row)
        if row.document is not None:
            hold_to_paper(row.document, row.amount_fen, paper_fen, by_name=str(by), now=now)
        _save(row)
        note(held, "recovered", f"到账{sentence_yuan(row.amount_fen)}，凭{row.get_proof_display()}", by=by, now=now,
             after={"row": row.pk, "amount_fen": row.amount_fen, "proof": proof, "paper_fen": paper_fen,
                    "claimant": row.claimant.number if row.claimant else None})  # fmt: skip
    return row


def assign(row: Recovered, claimant: Claimant, *, by: User, now: dt.datetime) -> Recovered:
    """Say who of the list got money that was recorded before the list was there. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(row.clue)
        _check_may(held, by)
        found = Recovered.objects.select_for_update().get(pk=row.pk)
        if found.withdrawn_at is not None or found.claimant_id is not None:
            raise Refused("这一笔已经对应到人或者已经撤下，请刷新页面。")
        found.claimant = who(held, people_of(held), chosen=claimant)
        _hold_to_claim(found)
        found.listed = _listed_for(found)
        found.save(update_fields=["claimant", "listed"])
        note(held, "recovered_assigned", f"到账{sentence_yuan(found.amount_fen)}对应到名单{claimant}", by=by, now=now,
             after={"row": found.pk, "claimant": claimant.number})  # fmt: skip
    return found


def assign_all(clue: Clue, *, by: User, now: dt.datetime) -> tuple[int, int]:
    """Everything recorded before the list was there, where one person alone fits; ``(assigned, left)``."""
    with transaction.atomic():
        held = locked(clue)
        _check_may(held, by)
        people = people_of(held)
        rows = list(Recovered.objects.filter(clue=held, claimant__isnull=True, withdrawn_at__isnull=True))
        ids = people_of_receipts([row.receipt_id for row in rows if row.receipt_id])
        done = 0
        for row in rows:
            try:
                fits = who(
                    held, people, name=bare_name(row.person), id_hashes=ids.get(row.receipt_id or 0, ())
                )
                if fits is not None:
                    assign(row, fits, by=by, now=now)
                    done += 1
            except Refused:
                continue  # nobody or several fit, or it is more than they are owed: a person looks
    return done, len(rows) - done


def withdraw(row: Recovered, *, why: str, by: User, now: dt.datetime) -> Recovered:
    """Take back a row recorded by mistake; it stays, and counts no more. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(row.clue)
        _check_may(held, by)
        found = Recovered.objects.select_for_update().get(pk=row.pk)
        if found.withdrawn_at is not None:
            raise Refused("这一笔已经撤下，无须重复操作。")
        closing = closing_of(held)
        if closing is not None and found.at <= closing.closed_at:
            raise Refused(
                "线索已经销号，这一笔是销号以前登记的，销号和统计以它为准，不能撤下；钱没有真正到账的，请登记劳动者不同意，重新办理。"
            )
        found.withdrawn_why = words_of(why, "why", "请写明撤下的原因")
        found.withdrawn_at, found.withdrawn_by_name = now, str(by)
        found.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
        note(held, "recovered_withdrawn", f"撤下到账{sentence_yuan(found.amount_fen)}", by=by, now=now,
             after={"row": found.pk, "why": found.withdrawn_why})  # fmt: skip
    return found


def sums(claimed: int | None, rows: Sequence[Recovered]) -> Sums:
    """What is claimed, proved, and left."""
    proved = sum(row.amount_fen for row in rows if row.withdrawn_at is None)
    return Sums(claimed, proved, None if claimed is None else max(claimed - proved, 0))


def withdraw_listed(payment: ListedPayment, *, why: str, by: User, now: dt.datetime) -> ListedPayment:
    """Take back a row of a list that is wrong; one that something proves stays. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(payment.clue)
        _check_may(held, by)
        found = ListedPayment.objects.select_for_update().get(pk=payment.pk)
        if found.withdrawn_at is not None:
            raise Refused("清单上的这一笔已经撤下，无须重复操作。")
        if found.proofs.filter(withdrawn_at__isnull=True).exists():
            raise Refused("这一笔已有证明，请先在“拿到的钱”里撤下证明。")
        found.withdrawn_why = words_of(why, "why", "请写明撤下的原因")
        found.withdrawn_at, found.withdrawn_by_name = now, str(by)
        found.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
        note(held, "payment_withdrawn", f"撤下清单上的付款{sentence_yuan(found.amount_fen)}", by=by, now=now,
             after={"payment": found.pk, "why": found.withdrawn_why})  # fmt: skip
    return found


def may_record(user: User, clue: Clue) -> bool:
    """Whether this person records money of the clue: who works it at the desk, or for the body that has it."""
    referral = referral_of(clue)
    return may_work(user, clue) or (referral is not None and may_handle(user, referral))


def _check_may(clue: Clue, by: User) -> None:
    if not may_record(by, clue):
        raise Refused("您没有处理这条线索的权限。")


def part_of(amount_fen: int | None, left: int) -> int:
    """How much of a receipt: all that is left, or a part. Raises :class:`Refused`."""
    if amount_fen is None:
        return left
    if amount_fen <= 0:
        raise Refused("请填写到账金额，单位是元，可以到分。", field="amount")
    if amount_fen > left:
        raise Refused(f"这张回单只剩{sentence_yuan(left)}可以登记，请核对金额。", field="amount")
    return amount_fen


def _whose(clue: Clue, name: str, ids: Collection[str], chosen: Claimant | None) -> Claimant | None:
    found = who(clue, people_of(clue), name=name, id_hashes=ids, chosen=chosen)
    # whoever records money of one person goes one after the other, also from another clue
    return Claimant.objects.select_for_update().get(pk=found.pk) if found is not None else None


def _hold_to_claim(row: Recovered) -> None:
    if row.claimant is not None:
        refuse_too_much(row.claimant, claims_of([row.claimant.pk])[row.claimant.pk], row.amount_fen)
        row.listed = _listed_for(row)


def _listed_for(row: Recovered) -> ListedPayment | None:
    """The row of a list of payments that this proves: the same person, day and sum."""
    waiting = unproved().filter(claimant=row.claimant, paid_on=row.paid_on, amount_fen=row.amount_fen)
    reference = row.receipt.reference if row.receipt is not None else ""
    found = sorted(waiting, key=lambda one: (one.reference != reference, one.pk))
    return found[0] if found else None


def _save(row: Recovered) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("这张回单已经证明过一笔到账，不能再用。", field="receipt") from None


def _refuse_twice(clue: Clue, row: Recovered) -> None:
    """The same money is counted once, however it is proved. Raises :class:`Refused`.

    Names are sealed, so the rows of the clue are compared here, in the lock of the clue. Two receipts are two
    payments, and each receipt proves a person's money once (the database keeps that).
    """
    name = bare_name(row.person)
    for other in Recovered.objects.filter(clue=clue, withdrawn_at__isnull=True).select_related("document"):
        if row.claimant_id and other.claimant_id:
            if row.claimant_id != other.claimant_id:
                continue
        elif bare_name(other.person) != name:
            continue
        if row.receipt_id and row.receipt_id == other.receipt_id:
            raise Refused(
                "这张回单已经证明过一笔这个人的到账；金额写错了的，请撤下原来的再登记。", field="receipt"
            )
        if row.receipt_id and other.receipt_id:
            continue
        if row.document and other.document and row.document.file_id == other.document.file_id:
            raise Refused(
                "这份凭证已经证明过这个人的一笔到账；凭证上有几笔的，请撤下原来的，合计登记一笔。",
                field="document",
            )
        if (row.amount_fen, row.paid_on) == (other.amount_fen, other.paid_on):
            raise Refused(
                f"这个人{row.paid_on}到账{sentence_yuan(row.amount_fen)}已经登记过（凭{other.get_proof_display()}）；"
                "当天确有两笔的，请撤下原来的，合计登记一笔。",
                field="amount",
            )


def bare_name(name: object) -> str:
    """A sealed name opened and without white space, as names are compared; empty where there is none."""
    return "".join(name.open().split()) if isinstance(name, Sealed) else ""


def _typed(
    row: Recovered,
    name: str,
    claimant: Claimant | None,
    amount_fen: int | None,
    paid_on: dt.date | None,
    today: dt.date,
) -> None:
    if claimant is None and (not name or len(name) > _NAME):
        raise Refused(f"请填写是谁拿到的，不超过{_NAME}个字。", field="person")
    if amount_fen is None or not 0 < amount_fen < _MOST_FEN:
        raise Refused("请填写到账金额，单位是元，可以到分。", field="amount")
    if paid_on is None or paid_on > today:
        raise Refused("请填写到账日期，不晚于今天。", field="paid_on")
    row.amount_fen, row.paid_on = amount_fen, paid_on
