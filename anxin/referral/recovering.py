"""Money that people got, person by person and to the fen. Each row stands on its proof; without proof it is not counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.clues.access import may_work
from anxin.clues.models import Clue
from anxin.evidence.sealing import Sealed
from anxin.funds.models import BankReceipt
from anxin.funds.queries import counting_matches
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.access import may_handle
from anxin.referral.current import locked, note, referral_of, words_of
from anxin.referral.models import Recovered

_MOST_FEN = 10**11
_NAME = 60
_SHOWN = 200


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
    amount_fen: int | None = None,
    paid_on: dt.date | None = None,
    receipt: BankReceipt | None = None,
    document: Document | None = None,
    said: str = "",
) -> Recovered:
    """Record what one person got. A receipt brings name, amount and day with it. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        _check_may(held, by)
        row = Recovered(clue=held, proof=proof, by_name=str(by), at=now)
        if proof == Recovered.Proof.RECEIPT:
            _from_receipt(held, row, receipt)
        elif proof == Recovered.Proof.DOCUMENT:
            _from_document(held, row, document)
        elif proof == Recovered.Proof.WORD:
            row.said = Sealed.of(
                words_of(said, "said", "请写明本人怎样确认的，例如“11月20日电话，本人说已到账”")
            )
        else:
            raise Refused("请选择凭什么证明：银行回单、本人确认或付款凭证。", field="proof")
        if proof != Recovered.Proof.RECEIPT:
            _typed(row, person, amount_fen, paid_on, timezone.localdate(now))
        _refuse_twice(held, row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Refused("这张回单已经证明过一笔到账，不能再用。", field="receipt") from None
        note(held, "recovered", f"到账{sentence_yuan(row.amount_fen)}，凭{row.get_proof_display()}", by=by, now=now,
             after={"row": row.pk, "amount_fen": row.amount_fen, "proof": proof})  # fmt: skip
    return row


def withdraw(row: Recovered, *, why: str, by: User, now: dt.datetime) -> Recovered:
    """Take back a row recorded by mistake; it stays, and counts no more. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(row.clue)
        _check_may(held, by)
        found = Recovered.objects.select_for_update().get(pk=row.pk)
        if found.withdrawn_at is not None:
            raise Refused("这一笔已经撤下，无须重复操作。")
        found.withdrawn_why = words_of(why, "why", "请写明撤下的原因")
        found.withdrawn_at, found.withdrawn_by_name = now, str(by)
        found.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
        note(held, "recovered_withdrawn", f"撤下到账{sentence_yuan(found.amount_fen)}", by=by, now=now,
             after={"row": found.pk, "why": found.withdrawn_why})  # fmt: skip
    return found


def receipts_for(clue: Clue) -> Sequence[BankReceipt]:
    """Paid receipts of the clue's project, matched to a payroll line and not used yet, the latest first; one query."""
    if clue.project_id is None:
        return []
    used = Recovered.objects.filter(receipt=OuterRef("pk"), withdrawn_at__isnull=True)
    matched = counting_matches().filter(receipt=OuterRef("pk"))
    rows = BankReceipt.objects.filter(
        Exists(matched), ~Exists(used), project=clue.project_id, superseded_at__isnull=True,
        outcome=BankReceipt.Outcome.PAID, paid_on__gte=timezone.localdate(clue.received_at),
    )  # fmt: skip
    return list(rows.order_by("-paid_on", "-pk")[:_SHOWN])


def sums(claimed: int | None, rows: Sequence[Recovered]) -> Sums:
    """What is claimed, proved, and left."""
    proved = sum(row.amount_fen for row in rows if row.withdrawn_at is None)
    return Sums(claimed, proved, None if claimed is None else max(claimed - proved, 0))


def _check_may(clue: Clue, by: User) -> None:
    referral = referral_of(clue)
    if not (may_work(by, clue) or (referral is not None and may_handle(by, referral))):
        raise Refused("您没有处理这条线索的权限。")


def _from_receipt(clue: Clue, row: Recovered, receipt: BankReceipt | None) -> None:
    """Name, amount and day are the bank's; a receipt nobody matched proves nothing."""
    if receipt is None:
        raise Refused("请选择一张银行回单。", field="receipt")
    if receipt.project_id != clue.project_id or receipt.superseded_at is not None:
        raise Refused("这张回单不是这个项目的，请从列表中选择。", field="receipt")
    if receipt.outcome != BankReceipt.Outcome.PAID or receipt.paid_on is None:
        raise Refused("这张回单没有付款成功，不能证明到账。", field="receipt")
    if not counting_matches().filter(receipt=receipt).exists():
        raise Refused("这张回单还没有对应到工资表上的人，请先在“回单匹配”中确认。", field="receipt")
    row.receipt, row.person = receipt, Sealed.of(receipt.payee_name)
    row.amount_fen, row.paid_on = receipt.amount_fen, receipt.paid_on


def _from_document(clue: Clue, row: Recovered, document: Document | None) -> None:
    referral = referral_of(clue)
    if document is None or referral is None or document.matter_id != referral.matter_id:
        raise Refused("请选择附在本件事项里的付款凭证或签收单。", field="document")
    if document.withdrawn_at is not None:
        raise Refused("这份凭证已经撤下，请另选。", field="document")
    row.document = document


def _refuse_twice(clue: Clue, row: Recovered) -> None:
    """The same money is counted once, however it is proved. Raises :class:`Refused`.

    Names are sealed, so the rows of the clue are compared here, in the lock of the clue. Two receipts are two
    payments, and each receipt proves once (the database keeps that).
    """
    name = _plain(row.person)
    for other in Recovered.objects.filter(clue=clue, withdrawn_at__isnull=True):
        if _plain(other.person) != name or (row.receipt_id and other.receipt_id):
            continue
        if row.document_id is not None and row.document_id == other.document_id:
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


def _plain(name: object) -> str:
    return "".join(name.open().split()) if isinstance(name, Sealed) else ""


def _typed(
    row: Recovered, person: str, amount_fen: int | None, paid_on: dt.date | None, today: dt.date
) -> None:
    name = person.strip()
    if not name or len(name) > _NAME:
        raise Refused(f"请填写是谁拿到的，不超过{_NAME}个字。", field="person")
    if amount_fen is None or not 0 < amount_fen < _MOST_FEN:
        raise Refused("请填写到账金额，单位是元，可以到分。", field="amount")
    if paid_on is None or paid_on > today:
        raise Refused("请填写到账日期，不晚于今天。", field="paid_on")
    row.person, row.amount_fen, row.paid_on = Sealed.of(name), amount_fen, paid_on
