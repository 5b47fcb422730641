"""Statements of a special account that come as a bank's message: their bookings, and the balance at their end.

The payments among them become receipts like those of any other bank file (``imports.py``). Only statements are
bookings: a notification announces what the statement of the day brings again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone

from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.formats import Statement, StatementEntry
from anxin.funds.entries import RETURNED, WAGES, Booking
from anxin.funds.models import SpecialAccount
from anxin.funds.queries_accounts import accounts_by_number
from anxin.funds.services_accounts import booking_problem, record_balance, record_entries
from anxin.registry.models import Project


def record_statements(
    project: Project, statements: Sequence[Statement], context: ApplyContext, result: ApplyResult
) -> None:
    """Record what stands in the batch's statements about the project's own special account.

    A booking that cannot be right is a warning at its row and left out; a statement of another account says so.
    """
    for statement in statements:
        account = _account(project, statement.account)
        if account is None:
            sentence = "报文的账户不是本项目登记的工资专用账户：只读取了发放结果，没有登记账户流水。"
            first = statement.entries[0].line if statement.entries else 1
            result.problems.append(RowProblem(first + 1, sentence, rejected=False))
            continue
        bookings = list(_usable(account, statement, context, result))
        source = f"{context.batch.filename}（{statement.reference}）"[:120]
        recorded = record_entries(
            account=account, entries=bookings, source=source, actor=context.actor, now=context.now,
            batch=context.batch,
        )  # fmt: skip
        added = result.counts.get("account_entries", 0) + recorded.added
        result.counts["account_entries"] = added
        _balance(account, statement, context, source)


def _account(project: Project, number: str) -> SpecialAccount | None:
    return next((one for one in accounts_by_number(number) if one.project_id == project.pk), None)


def _usable(
    account: SpecialAccount, statement: Statement, context: ApplyContext, result: ApplyResult
) -> Iterator[Booking]:
    today = timezone.localdate(context.now)
    for entry in statement.entries:
        if entry.pending or statement.currency not in ("", "CNY"):
            continue
        booking = _booking(entry)
        problem = booking_problem(account, booking, today=today)
        if problem is None:
            yield booking
        else:
            result.problems.append(RowProblem(entry.line + 1, problem[1], rejected=False, field="paid_on"))


def _booking(entry: StatementEntry) -> Booking:
    kind = ""
    if entry.returned:
        kind = RETURNED
    elif entry.salary and not entry.reversal:
        kind = WAGES
    return Booking(
        booked_on=entry.booked_on,
        direction=entry.direction.value,
        amount_fen=entry.amount_fen,
        counterparty=entry.counterparty_name,
        counterparty_account=entry.counterparty_account,
        # the payer's own reference tells the payments of one booked sum apart
        reference=entry.payer_reference or entry.reference,
        purpose=entry.purpose,
        kind=kind,
        reversal=entry.reversal,
        row_number=entry.line + 1,
    )


def _balance(account: SpecialAccount, statement: Statement, context: ApplyContext, source: str) -> None:
    day = statement.to_day or max((entry.booked_on for entry in statement.entries), default=None)
    closing = statement.closing_fen
    if closing is None or closing < 0 or day is None or statement.currency not in ("", "CNY"):
        return
    if account.opened_on <= day <= timezone.localdate(context.now):
        record_balance(
            account=account, balance_fen=closing, on=day, actor=context.actor, now=context.now, source=source,
            batch=context.batch,
        )  # fmt: skip
