"""What agency payment does when something happened below."""

from __future__ import annotations

from anxin.agency.answers import apply_answers
from anxin.evidence.journal import SYSTEM, react_to
from anxin.evidence.models import JournalEntry
from anxin.formats.codes import code_of_words
from anxin.formats.messages import Outcome, PayResult
from anxin.funds.models import BankReceipt
from anxin.payroll.promising import OUR_REFERENCE

_RETURNED = BankReceipt.Outcome.RETURNED


def receipts_accepted(entry: JournalEntry) -> None:
    """A delivered table of receipts that bears our references answers our orders, whoever delivered it."""
    if (entry.after or {}).get("kind") != "receipts":
        return
    rows = BankReceipt.objects.filter(batch_id=int(entry.object_id), reference__startswith="AX").order_by(
        "id"
    )
    answers = [_result(row) for row in rows if OUR_REFERENCE.fullmatch(row.reference)]
    if answers:
        apply_answers(
            answers, actor=SYSTEM, now=entry.at, source=f"银行回执（批次{entry.object_id}）", receipts=False
        )


def _result(row: BankReceipt) -> PayResult:
    returned = row.outcome == _RETURNED
    return PayResult(
        sequence=0,
        reference=row.reference,
        name=row.payee_name,
        amount_fen=row.amount_fen,
        paid_on=row.paid_on,
        outcome=Outcome.RETURNED if returned else Outcome.PAID,
        code=code_of_words(row.reason) if returned else "",
        reason=row.reason,
        line=row.row_number or 0,
    )


def register() -> None:
    react_to("import.accepted", receipts_accepted)
