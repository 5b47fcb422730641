"""Files of bank pay results become receipts, and receipts find the lines they pay."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from anxin.evidence import bulk
from anxin.evidence.bankfiles import statements_of
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.evidence.sealing import finding_hash, seal_bytes
from anxin.funds.models import BankReceipt
from anxin.funds.services import match_project
from anxin.funds.statements import record_statements
from anxin.kernel.masking import mask_name
from anxin.kernel.money import yuan_string
from anxin.payroll.lines import MOST_FEN
from anxin.payroll.promising import OUR_REFERENCE
from anxin.registry.models import Project
from anxin.workforce.people import plain_name, project_for_import

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

_PAID, _RETURNED = BankReceipt.Outcome.PAID, BankReceipt.Outcome.RETURNED
_REVERSAL = BankReceipt.Outcome.REVERSAL


class _Receipt(NamedTuple):
    """What one row of the bank says, in the order of the columns of the table."""

    #: none where the bank said it in no table
    row_number: int | None
    month: str
    payee_name: str
    bank_card: bytes | None
    card_hash: str
    id_hash: str
    amount_fen: int
    paid_on: dt.date | None
    outcome: str
    reason: str
    reference: str
    natural_key: str


#: a sealed card is never the same twice; its hash is compared. The month is compared apart.
_COMPARED = ("payee_name", "card_hash", "id_hash", "amount_fen", "paid_on", "outcome", "reason", "reference")


class ReceiptsImport:
    """银行回执: one receipt per row; the same one in another file is the same receipt."""

    kind = "receipts"
    title = "银行回执"

    def check(self, *, project_code: str) -> None:
        project_for_import(project_code)

    def apply(self, context: ApplyContext) -> ApplyResult:
        project = project_for_import(context.batch.project_code, lock=True)
        # Of a sheet only a month that the clerk states: the title of a bank's file names the month of payment
        # as often as the month of work. A message that names the month of work has it in every row.
        month = context.batch.month
        result = ApplyResult(project_ids=[project.pk], months=[month] if month else [])
        rows = context.recognition.rows
        receipts = _receipts(rows, context, "status" in context.recognition.columns, result)
        context.report(len(rows) // 2, len(rows), "写入银行回执")
        _write(project, receipts, context, result)
        record_statements(project, statements_of(context.recognition), context, result)
        context.report(len(rows) * 3 // 4, len(rows), "与工资明细匹配")
        outcome = match_project(project.pk, now=context.now)
        result.counts.update(exact_matches=outcome.exact, proposed_matches=outcome.proposed)
        return result


def _receipts(
    rows: Sequence[ParsedRow], context: ApplyContext, has_status: bool, result: ApplyResult
) -> list[_Receipt]:
    month, project_code = context.batch.month, context.batch.project_code
    receipts = []
    for row in rows:
        values = row.values
        problem = _unusable(values, has_status) or _of_another_project(values, project_code)
        if problem:
            result.problems.append(RowProblem(row.number, problem[1], field=problem[0]))
            continue
        receipts.append(_receipt(row.number, values, month or values.get("wage_month") or ""))
    return _keyed(receipts)


def _of_another_project(values: Mapping[str, Any], project_code: str) -> tuple[str, str] | None:
    """A message that names its project does not fill another one."""
    named = values.get("project_code")
    if not named or named == project_code:
        return None
    return (
        "project_code",
        f"报文写明项目是{named}，与导入时选的项目{project_code}不同；请改选项目后重新导入。",
    )


def _unusable(values: Mapping[str, Any], has_status: bool) -> tuple[str, str] | None:
    """Why this row is no receipt (field, sentence): nothing is certain about the money."""
    if values.get("status") == "pending":
        return "status", "银行尚在处理，还没有结果；请在银行给出最终结果后重新导入。"
    if has_status and values.get("status") is None:
        return "status", "没有写明发放成功还是失败，无法确认工资是否到账；请补填状态。"
    if (values.get("amount") or 0) <= 0:
        return "amount", "没有金额，或金额不大于零，无法作为发放回执；请核对。"
    if values["amount"] > MOST_FEN:
        return "amount", "金额超过1亿元，不会是一个人的工资，请核对是否填错了列。"
    return None


def _receipt(row: int, values: Mapping[str, Any], month: str) -> _Receipt:
    card, id_number = values.get("bank_card"), values.get("id_number")
    status, reason = values.get("status"), (values.get("reason") or "")[:200]
    # Without a column for the outcome, a stated reason for failure is the outcome.
    returned = status == "failed" or (status is None and bool(reason))
    reversal = status == "reversed" or (returned and "冲正" in reason)
    return _Receipt(
        row_number=row,
        month=month,
        payee_name=(values.get("name") or "")[:60],
        bank_card=seal_bytes(card.encode()) if card else None,
        card_hash=finding_hash("card", card) if card else "",
        id_hash=finding_hash("id", id_number) if id_number else "",
        amount_fen=values["amount"],
        paid_on=values.get("paid_on"),
        outcome=_REVERSAL if reversal else _RETURNED if returned else _PAID,
        reason=reason if returned or reversal else "",
        reference=str(values.get("reference") or "")[:80],
        natural_key="",
    )


def _keyed(receipts: Sequence[_Receipt]) -> list[_Receipt]:
    """Give each receipt the key by which it is known again in another file.

    The bank's reference with the payee, because some banks give one reference to a whole batch of payments.
    Without a reference the content is the key; of several equal rows each counts. The month stands for the
    day where the file names no day: two months' equal wages are two receipts.

    The outcome is no part of the key: a payment that a later file calls returned is the same payment, and must
    not go on counting as paid. Paid rows are counted first, so that a failed try beside the one that succeeded
    does not change the other's key.
    """
    counts: Counter[str] = Counter()
    keyed = []
    for receipt in sorted(receipts, key=lambda one: one.outcome != _PAID):
        who = f"{plain_name(receipt.payee_name)}|{receipt.card_hash or receipt.id_hash}"
        if OUR_REFERENCE.fullmatch(receipt.reference):
            # One payee's alone, whether the bank repeats name and card or not.
            said = f"ours|{receipt.reference}"
        elif receipt.reference:
            said = f"reference|{receipt.reference}|{who}"
        else:
            when = receipt.paid_on or receipt.month
            said = f"content|{who}|{receipt.amount_fen}|{when}"
        counts[said] += 1
        key = hashlib.sha256(f"{said}|{counts[said]}".encode()).hexdigest()
        keyed.append(receipt._replace(natural_key=key))
    return keyed


def _write(
    project: Project, receipts: Sequence[_Receipt], context: ApplyContext, result: ApplyResult
) -> None:
    current = _current(project, [receipt.natural_key for receipt in receipts])
    new: list[_Receipt] = []
    replaced: list[int] = []
    for receipt in receipts:
        old = current.get(receipt.natural_key)
        if old is None:
            new.append(receipt)
            continue
        receipt = _undone(receipt, old[1])
        # A later file that does not name the month takes nothing away from one that did.
        merged = receipt._replace(month=receipt.month or old[1].month)
        if merged.month == old[1].month and all(getattr(merged, n) == getattr(old[1], n) for n in _COMPARED):
            result.unchanged += 1
            continue
        replaced.append(old[0])
        new.append(merged)
        result.changes.append({"before": _shown(old[1]), "after": _shown(merged)})
    result.superseded = bulk.supersede(BankReceipt, replaced, by=context.batch.pk, now=context.now)
    result.inserted = len(new)
    bulk.insert(
        BankReceipt,
        _Receipt._fields,
        new,
        constants={"project_id": project.pk, "batch_id": context.batch.pk, "recorded_at": context.now},
    )


def _undone(receipt: _Receipt, known: _Receipt) -> _Receipt:
    """A reversal under the very reference of a known payment is that payment, come to nothing."""
    if receipt.outcome != _REVERSAL or known.outcome == _REVERSAL:
        return receipt
    return receipt._replace(
        outcome=_RETURNED, reason=receipt.reason or "银行冲正", paid_on=receipt.paid_on or known.paid_on
    )


def _current(project: Project, keys: Sequence[str]) -> dict[str, tuple[int, _Receipt]]:
    found: dict[str, tuple[int, _Receipt]] = {}
    for piece in bulk.chunks(keys):
        rows = BankReceipt.objects.filter(project=project, natural_key__in=piece, superseded_at__isnull=True)
        for pk, *values in rows.values_list("id", *_Receipt._fields):
            receipt = _Receipt(*values)
            found[receipt.natural_key] = (pk, receipt)
    return found


def _shown(receipt: _Receipt) -> dict[str, Any]:
    """The journal's view: no identifiers; the row number leads to the sealed source row."""
    return {
        "row": receipt.row_number,
        "payee": mask_name(receipt.payee_name),
        "month": receipt.month,
        "amount": yuan_string(receipt.amount_fen),
        "paid_on": str(receipt.paid_on) if receipt.paid_on else None,
        "outcome": receipt.outcome,
        "reason": receipt.reason,
    }
