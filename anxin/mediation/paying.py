"""Money of an agreement, instalment by instalment, each with its proof; the last one fulfils the agreement by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.evidence.sealing import Sealed
from anxin.funds.models import BankReceipt
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.mediation import papers
from anxin.mediation.access import require_works
from anxin.mediation.applying import locked, step
from anxin.mediation.models import Instalment, MediationCase, Payment, Share
from anxin.mediation.sealed import plain
from anxin.mediation.telling import note
from anxin.referral import recovering
from anxin.referral.models import Recovered


def pay(
    instalment: Instalment,
    *,
    proof: str,
    by: User,
    now: dt.datetime,
    law: Law,
    amount_fen: int | None = None,
    paid_on: dt.date | None = None,
    receipt: BankReceipt | None = None,
    document: Document | None = None,
    said: str = "",
) -> Payment:
    """Record what arrived of an instalment; a part leaves the rest owed. A receipt brings sum and day with it.

    Where the case came from a clue that this person works or deals with, the same money is counted for the clue. Raises :class:`Refused`.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        held = locked(instalment.share.agreement.case)
        require_works(by, held)
        found = Instalment.objects.select_related("share__agreement", "share__party").get(pk=instalment.pk)
        if found.share.agreement.effective_on is None:
            raise Refused("协议还没有生效，不能登记付款。")
        row = Payment(instalment=found, proof=proof, by_name=str(by), at=now)
        if proof == Payment.Proof.RECEIPT:
            _from_receipt(held, row, receipt)
        else:
            _typed(row, amount_fen, paid_on, today)
            _proof(held, row, document, said)
        rest = found.amount_fen - found.paid_fen
        if row.amount_fen > rest:
            raise Refused(
                f"这一期还欠{sentence_yuan(rest)}，登记的{sentence_yuan(row.amount_fen)}多了；一笔付几期的，请分开登记。",
                field="amount",
            )
        if held.clue is not None and recovering.may_record(by, held.clue):
            row.recovered = _for_the_clue(held, found.share, row, said, by, now)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Refused(
                "这一笔已经登记过，没有重复登记；同一天确有两笔的，请合计登记。", field="amount"
            ) from None
        _add(found, row.amount_fen, row.paid_on)
        note(held, "paid", f"{found.share.party}当事人第{found.number}期到账{sentence_yuan(row.amount_fen)}", by=by, now=now,
             after={"payment": row.pk, "fen": row.amount_fen, "proof": proof})  # fmt: skip
        _fulfil(held, found.share.agreement_id, by=by, now=now, today=today, law=law)
    return row


def take_back(payment: Payment, *, why: str, by: User, now: dt.datetime) -> None:
    """A payment recorded by mistake counts no more; it stays on record. Raises :class:`Refused`."""
    why = worded(why, "请写明撤下的原因", field="why")
    with transaction.atomic():
        held = locked(payment.instalment.share.agreement.case)
        require_works(by, held)
        found = Payment.objects.select_related("instalment__share__party", "recovered").get(pk=payment.pk)
        if found.withdrawn_at is not None:
            raise Refused("这一笔已经撤下，无须重复操作。")
        if held.matter.state == "fulfilled":
            raise Refused("协议已经按付清办结，不能撤下其中的付款；如有错误，请联系牵头单位另行处理。")
        found.withdrawn_at, found.withdrawn_by_name, found.withdrawn_why = now, str(by)[:80], why
        found.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
        if found.recovered is not None and found.recovered.withdrawn_at is None:
            recovering.withdraw(found.recovered, why=why, by=by, now=now)
        _add(found.instalment, -found.amount_fen, None)
        note(held, "payment_withdrawn", f"撤下{sentence_yuan(found.amount_fen)}：{why}", by=by, now=now,
             after={"payment": found.pk})  # fmt: skip


def receipts_for(case: MediationCase) -> Sequence[BankReceipt]:
    """Receipts that may prove a payment: those of the clue's project that nobody has used yet; one query."""
    if case.clue is None:
        return []
    found = recovering.receipts_for(case.clue)
    if not found:
        return []
    used = set(
        Payment.objects.filter(receipt__isnull=False, withdrawn_at__isnull=True).values_list(
            "receipt_id", flat=True
        )
    )
    return [one for one in found if one.pk not in used]


def instalments_of(case: MediationCase) -> QuerySet[Instalment]:
    """Every instalment of the agreement that stands, by day and party."""
    rows = Instalment.objects.filter(share__agreement__case=case, share__agreement__withdrawn_at__isnull=True)
    return rows.select_related("share__party", "share__agreement").order_by("due_on", "share__party__number")


def overdue(on: dt.date) -> Q:
    """Instalments that were due before this day and are not paid whole."""
    return Q(due_on__lt=on, paid_on__isnull=True)


def owed_by_party(case: MediationCase) -> dict[int, int]:
    """Party's number → fen that the agreement still owes; of a case without one, what is claimed."""
    rows = list(instalments_of(case))
    if not rows:
        return {party.number: party.claimed_fen for party in case.parties.order_by("number")}
    owed: dict[int, int] = {}
    for one in rows:
        number = one.share.party.number
        owed[number] = owed.get(number, 0) + one.amount_fen - one.paid_fen
    return owed


def _add(instalment: Instalment, fen: int, paid_on: dt.date | None) -> None:
    instalment.paid_fen += fen
    whole = instalment.paid_fen == instalment.amount_fen
    instalment.paid_on = paid_on if whole else None
    instalment.save(update_fields=["paid_fen", "paid_on"])


def _from_receipt(case: MediationCase, row: Payment, receipt: BankReceipt | None) -> None:
    if receipt is None or receipt.pk not in {one.pk for one in receipts_for(case)}:
        raise Refused("请从列表中选择这个项目付款成功、已经匹配、还没有用过的银行回单。", field="receipt")
    assert receipt.paid_on is not None
    row.receipt, row.amount_fen, row.paid_on = receipt, receipt.amount_fen, receipt.paid_on


def _typed(row: Payment, amount_fen: int | None, paid_on: dt.date | None, today: dt.date) -> None:
    if amount_fen is None or amount_fen <= 0:
        raise Refused("请填写到账金额，单位是元，可以到分。", field="amount")
    if paid_on is None or paid_on > today:
        raise Refused("请填写到账日期，不晚于今天。", field="paid_on")
    row.amount_fen, row.paid_on = amount_fen, paid_on


def _proof(case: MediationCase, row: Payment, document: Document | None, said: str) -> None:
    if row.proof == Payment.Proof.WORD:
        row.said = Sealed.of(
            worded(said, "请写明本人怎样确认的", field="said", more="，例如“11月20日电话，本人说已到账”")
        )
    elif row.proof == Payment.Proof.DOCUMENT:
        if document is None or document.matter_id != case.matter_id or document.withdrawn_at is not None:
            raise Refused("请选择附在本件里的付款凭证，或者上传一份。", field="document")
        row.document = document
    else:
        raise Refused("请选择凭什么证明：银行回单、本人确认或付款凭证。", field="proof")


def _for_the_clue(
    case: MediationCase, share: Share, row: Payment, said: str, by: User, now: dt.datetime
) -> Recovered | None:
    """The same money among what the clue has recovered; ``None`` where it stands there already, or cannot be counted there
    now (more than stands on the list): then the clue's page offers it."""
    assert case.clue is not None
    try:
        with transaction.atomic():
            return recovering.add(
                case.clue,
                proof=row.proof,
                by=by,
                now=now,
                person=plain(share.party.name),
                claimant=share.party.claimant,
                amount_fen=row.amount_fen,
                paid_on=row.paid_on,
                receipt=row.receipt,
                document=row.document,
                said=said,
            )
    except Refused:
        return None


def _fulfil(
    case: MediationCase, agreement: int, *, by: User, now: dt.datetime, today: dt.date, law: Law
) -> None:
    """Everything has arrived: the list of payments joins the papers and the matter comes to its good end."""
    if case.matter.state != "performing" or instalments_of(case).filter(paid_on__isnull=True).exists():
        return
    rows = Payment.objects.filter(instalment__share__agreement=agreement, withdrawn_at__isnull=True)
    payments = [
        {
            "name": plain(one.instalment.share.party.name),
            "paid_on": one.paid_on,
            "amount": one.amount_fen,
            "proof": one.get_proof_display(),
        }
        for one in rows.select_related("instalment__share__party").order_by("paid_on", "pk")
    ]
    data = {
        "organisation": case.body.name if case.body else case.matter.lead.name,
        "employer": case.employer_name,
        "payments": payments,
        "issued_on": today,
    }
    papers.keep(case.matter, "payment_proof", data, by=by, now=now, law=law)
    step(case.matter, "fulfil", on=today, by=by, now=now, law=law)
