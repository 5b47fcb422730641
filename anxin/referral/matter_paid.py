"""Money paid after a decision or an award, person by person and to the fen, each with its proof.

Where the matter came from a clue, the same money is counted for the clue at once, or offered there; what the clue counts
already stays counted once (``recovering``), so that no number of recovered money rests on these rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.flow import locked as locked_matter
from anxin.casework.models import Document, Matter
from anxin.clues.models import Clue
from anxin.evidence import journal
from anxin.evidence.sealing import Sealed, plain
from anxin.funds.models import BankReceipt
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.referral import proofs, recovering
from anxin.referral.current import locked
from anxin.referral.models import MatterPayment, Recovered
from anxin.referral.payees import PROCEDURES, Payee, clue_of, payees

__all__ = ["may_record", "papers_for", "payments_of", "receipts_for", "record", "take_back"]

Proof = Recovered.Proof
_NAME, _MOST_FEN = 60, 10**11


def record(
    matter: Matter,
    *,
    proof: str,
    by: User,
    now: dt.datetime,
    payee: str = "",
    person: str = "",
    amount_fen: int | None = None,
    paid_on: dt.date | None = None,
    receipt: BankReceipt | None = None,
    document: Document | None = None,
    paper_fen: int | None = None,
    said: str = "",
) -> MatterPayment:
    """Record what one person got, and count it for the clue where it is not counted yet. Raises :class:`Refused`.

    ``payee`` is the key of one of the matter's people; of a matter that knows none the name is typed. A receipt brings
    its day, and what is left of it where no amount is given.
    """
    with transaction.atomic():
        # the clue before the matter, as whoever passes on or accepts a clue holds them
        clue = clue_of(matter)
        clue = locked(clue) if clue is not None else None
        held = locked_matter(matter.pk)
        _require(held, by)
        row = MatterPayment(matter=held, proof=proof, by_name=str(by), at=now)
        if proof == Proof.RECEIPT:
            _from_receipt(row, receipt, amount_fen)
        else:
            _typed(row, amount_fen, paid_on, timezone.localdate(now))
        _whose(row, payee, person, payees(held, clue))
        if proof == Proof.WORD:
            row.said = Sealed.of(
                worded(said, "请写明本人怎样确认的", field="said", more="，例如“11月20日电话，本人说已到账”")
            )
        elif proof == Proof.DOCUMENT:
            row.document = proofs.held_document(_chain(held), document)
        elif proof != Proof.RECEIPT:
            raise Refused("请选择凭什么证明：银行回单、本人确认或付款凭证。", field="proof")
        _refuse_twice(row)
        if row.document is not None:
            proofs.hold_to_paper(
                row.document, row.amount_fen, paper_fen, by_name=str(by), now=now, rows=MatterPayment
            )
        _save(row)
        if clue is not None and recovering.may_record(by, clue):
            row.recovered = _for_the_clue(clue, row, by, now)
            row.save(update_fields=["recovered"])
        _note(held, "paid", f"{_words(row)}到账{sentence_yuan(row.amount_fen)}，凭{row.get_proof_display()}", by, now,
              {"payment": row.pk, "fen": row.amount_fen, "proof": proof, "counted": row.recovered_id is not None})  # fmt: skip
    return row


def take_back(payment: MatterPayment, *, why: str, by: User, now: dt.datetime) -> MatterPayment:
    """A payment recorded by mistake counts no more, nor does the same money of the clue; it stays on record. Raises :class:`Refused`."""
    why = worded(why, "请写明撤下的原因", field="why")
    with transaction.atomic():
        if (clue := clue_of(payment.matter)) is not None:
            locked(clue)
        held = locked_matter(payment.matter_id)
        _require(held, by)
        found = MatterPayment.objects.select_for_update(of=("self",)).select_related("recovered__clue")
        row = found.get(pk=payment.pk)
        if row.withdrawn_at is not None:
            raise Refused("这一笔已经撤下，无须重复操作。")
        if held.closed_on is not None and timezone.localdate(row.at) <= held.closed_on:
            raise Refused("本件已经办结，办结以前登记的付款不能撤下；如有错误，请联系牵头单位另行处理。")
        row.withdrawn_at, row.withdrawn_by_name, row.withdrawn_why = now, str(by), why
        row.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
        if row.recovered is not None and row.recovered.withdrawn_at is None:
            recovering.withdraw(row.recovered, why=why, by=by, now=now)
        _note(held, "payment_withdrawn", f"撤下{_words(row)}到账{sentence_yuan(row.amount_fen)}", by, now,
              {"payment": row.pk, "why": why})  # fmt: skip
    return row


def may_record(user: User, matter: Matter) -> bool:
    """Whether this person records money of the matter: of the body that leads it, in a matter in which money is paid."""
    return matter.procedure in PROCEDURES and any(acts_on(user, one, matter) for one in (HANDLE, DECIDE))


def payments_of(matter: Matter) -> QuerySet[MatterPayment]:
    """Every payment of the matter, those taken back among them, in their order."""
    rows = MatterPayment.objects.filter(matter=matter)
    return rows.select_related("receipt", "document", "recovered").order_by("pk")


def receipts_for(matter: Matter, clue: Clue | None) -> Sequence[BankReceipt]:
    """Receipts of the project since the matter's chain began, with what no payment of a matter has used."""
    first = matter.root if matter.root is not None else matter
    since = (
        min(first.opened_on, timezone.localdate(clue.received_at)) if clue is not None else first.opened_on
    )
    return proofs.receipts_since(matter.project_id, since, MatterPayment)


def papers_for(matter: Matter) -> list[Document]:
    """The papers of the whole chain, each file once."""
    return proofs.papers_in(_chain(matter).values("pk"))


def _require(matter: Matter, by: User) -> None:
    if matter.procedure not in PROCEDURES:
        raise Refused("这类事项不登记付款；线索的到账在线索的办理页登记，调解的付款在调解页登记。")
    if not may_record(by, matter):
        raise Refused(f"本件由{matter.lead}牵头办理，您没有办理权限，请联系{matter.lead}。")


def _chain(matter: Matter) -> QuerySet[Matter]:
    root = matter.root_id or matter.pk
    return Matter.objects.filter(Q(pk=root) | Q(root=root))


def _from_receipt(row: MatterPayment, receipt: BankReceipt | None, amount_fen: int | None) -> None:
    found, left = proofs.checked_receipt(row.matter.project_id, receipt, MatterPayment)
    assert found.paid_on is not None  # a paid receipt has its day
    row.receipt, row.paid_on = found, found.paid_on
    row.amount_fen = recovering.part_of(amount_fen, left)


def _typed(row: MatterPayment, amount_fen: int | None, paid_on: dt.date | None, today: dt.date) -> None:
    if amount_fen is None or not 0 < amount_fen < _MOST_FEN:
        raise Refused("请填写到账金额，单位是元，可以到分。", field="amount")
    if paid_on is None or paid_on > today:
        raise Refused("请填写到账日期，不晚于今天。", field="paid_on")
    row.amount_fen, row.paid_on = amount_fen, paid_on


def _whose(row: MatterPayment, key: str, person: str, people: Sequence[Payee]) -> None:
    """Chosen from the people of the matter; typed where it knows none, on a receipt as the bank has it."""
    chosen = next((one for one in people if one.key == key), None) if key else None
    if chosen is not None:
        row.person_key, row.claimant_id, row.person = chosen.key, chosen.claimant_id, chosen.name
        return
    if key or people:
        raise Refused("请从本件的人员里选择是谁拿到的，刷新页面以后再登记。", field="payee")
    name = row.receipt.payee_name if row.receipt is not None else person.strip()
    if not name or len(name) > _NAME:
        raise Refused(f"请填写是谁拿到的，不超过{_NAME}个字。", field="person")
    row.person = Sealed.of(name)


def _refuse_twice(row: MatterPayment) -> None:
    """The same person, day and sum once over the whole chain, except where two receipts show two payments."""
    others = MatterPayment.objects.filter(
        matter__in=_chain(row.matter), paid_on=row.paid_on, amount_fen=row.amount_fen,
        withdrawn_at__isnull=True,
    )  # fmt: skip
    for other in others.select_related("matter"):
        if row.receipt_id and other.receipt_id and row.receipt_id != other.receipt_id:
            continue
        if row.person_key and other.person_key:
            same = row.person_key == other.person_key
        else:
            same = recovering.bare_name(row.person) == recovering.bare_name(other.person)
        if same:
            raise Refused(
                f"这个人{row.paid_on}到账{sentence_yuan(row.amount_fen)}已经在{other.matter}登记过（凭{other.get_proof_display()}）；"
                "当天确有两笔的，请撤下原来的，合计登记一笔。",
                field="amount",
            )


def _save(row: MatterPayment) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("这张回单已经证明过一笔这个人的到账，没有重复登记。", field="receipt") from None


def _for_the_clue(clue: Clue, row: MatterPayment, by: User, now: dt.datetime) -> Recovered | None:
    """The same money among what the clue has recovered; ``None`` where it stands there already, or cannot be counted there
    now (more than stands on the list): then the clue's page offers it."""
    try:
        with transaction.atomic():
            return recovering.add(
                clue, proof=row.proof, by=by, now=now, person=recovering.bare_name(row.person), claimant=row.claimant,
                amount_fen=row.amount_fen, paid_on=row.paid_on, receipt=row.receipt, document=row.document,
                said=plain(row.said),
            )  # fmt: skip
    except Refused:
        return None


def _words(row: MatterPayment) -> str:
    return f"名单{row.claimant}" if row.claimant is not None else "劳动者"


def _note(
    matter: Matter, action: str, said: str, by: User, now: dt.datetime, after: dict[str, object]
) -> None:
    """One journal entry about the matter; numbers only, never a person's name."""
    journal.record(
        actor=actor(by), action=f"matter.{action}", object_type="matter", object_id=matter.pk,
        summary=f"{matter}：{said}", now=now, after=after,
    )  # fmt: skip
