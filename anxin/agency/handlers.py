"""What agency payment does when something happened below."""

from __future__ import annotations

from collections.abc import Collection

from anxin.agency.answers import apply_answers
from anxin.agency.models import PayOrderLine
from anxin.evidence.journal import SYSTEM, react_to
from anxin.evidence.models import JournalEntry
from anxin.formats.codes import code_of_words
from anxin.formats.messages import Outcome, PayResult
from anxin.funds import ordered
from anxin.funds.models import BankReceipt
from anxin.funds.pairs import Ordered
from anxin.payroll.promising import OUR_REFERENCE
from anxin.workforce.people import plain_name

_PAID = BankReceipt.Outcome.PAID


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
    returned = row.outcome != _PAID
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


def meant_lines(references: Collection[str]) -> dict[str, Ordered]:
    """The payroll line that each reference of our orders names, with what the order told the bank."""
    rows = PayOrderLine.objects.filter(
        reference__in=references, run_line__payroll_line__isnull=False
    ).values_list("reference", "run_line__payroll_line_id", "payee_name", "card_hash")
    return {
        reference: Ordered(line, plain_name(name), card) for reference, line, name, card in rows.iterator()
    }


def register() -> None:
    ordered.names_lines(meant_lines)
    react_to("import.accepted", receipts_accepted)
