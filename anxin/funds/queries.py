"""What pages read about money: what was paid, and what stands behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from anxin.funds.models import (
    AccountBalance,
    BankReceipt,
    Disbursement,
    LabourCostTerm,
    ReceiptMatch,
    SpecialAccount,
    WageDeposit,
)
from anxin.funds.queries_accounts import latest_balances
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.paging import Page
from anxin.registry.models import Project
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class LinePaid:
    """What receipts prove for one payroll line."""

    paid_fen: int
    last_paid_on: dt.date | None


@dataclass(frozen=True)
class AccountRow:
    """A special account with its number masked, and the latest balance that the bank stated."""

    account: SpecialAccount
    bank: str
    number: str
    balance: AccountBalance | None


@dataclass(frozen=True)
class ReceiptRow:
    """One bank receipt, masked, with how much of it has been matched to payroll lines."""

    receipt_id: int
    payee: str
    bank_card: str
    amount_fen: int
    matched_fen: int
    paid_on: dt.date | None
    outcome: str
    reason: str
    batch_id: int | None
    source: str


def counting_matches() -> QuerySet[ReceiptMatch]:
    """The matches that count as payment now: certain or confirmed, of a receipt that stands and was paid."""
    return ReceiptMatch.objects.filter(
        state__in=[ReceiptMatch.State.EXACT, ReceiptMatch.State.CONFIRMED],
        ended_at__isnull=True,
        receipt__outcome=BankReceipt.Outcome.PAID,
        receipt__superseded_at__isnull=True,
    )


def paid_of_line(matches: QuerySet[ReceiptMatch]) -> Coalesce:
    """For an annotation of payroll lines: the fen that ``matches`` prove paid of each, 0 where there are none.

    A question of its own for each line, because lines that lie in pieces by month cannot be grouped by their number
    (``evidence.months``).
    """
    of_line = matches.filter(line=OuterRef("pk")).order_by().values("line")
    return Coalesce(Subquery(of_line.annotate(total=Sum("amount_fen")).values("total")), 0)


def paid_by_line(line_ids: Collection[int]) -> dict[int, LinePaid]:
    """What is proved paid for each of the lines; a line without any payment is absent."""
    found = (
        counting_matches()
        .filter(line_id__in=line_ids)
        .values("line_id")
        .annotate(paid=Sum("amount_fen"), last=Max("receipt__paid_on"))
    )
    return {row["line_id"]: LinePaid(int(row["paid"]), row["last"]) for row in found}


def accounts(project: Project, *, balances: bool = True) -> list[AccountRow]:
    """The project's special accounts, the one in use first; ``balances`` are a query more."""
    found = project.special_accounts.filter(superseded_at__isnull=True).select_related("bank")
    rows = sorted(found, key=lambda row: (row.closed_on is not None, row.opened_on, row.pk))
    stated = latest_balances(rows) if balances else {}
    return [
        AccountRow(
            row, row.bank.name if row.bank else "", masked(row.number, mask_card), stated.get(row.line_id)
        )
        for row in rows
    ]


def terms(project: Project) -> list[LabourCostTerm]:
    """The agreed disbursement terms, latest first."""
    return list(project.labour_cost_terms.filter(superseded_at__isnull=True).order_by("-first_month", "-id"))


def disbursements(project: Project) -> list[Disbursement]:
    """Labour cost that reached the account, latest month first."""
    return list(
        project.disbursements.filter(superseded_at__isnull=True).order_by("-month", "-paid_on", "-id")
    )


def deposits(project: Project) -> list[WageDeposit]:
    """The project's wage deposits, latest first."""
    return list(
        project.wage_deposits.filter(superseded_at__isnull=True)
        .select_related("institution")
        .order_by("-valid_from", "-id")
    )


def find_deposit(deposit_id: int) -> WageDeposit | None:
    """One deposit that stands. The caller checks the scope of its project."""
    return WageDeposit.objects.filter(pk=deposit_id, superseded_at__isnull=True).first()


def receipts(
    project: Project, after: int | None = None, limit: int = 50, *, unmatched_only: bool = False
) -> Page[ReceiptRow]:
    """The project's bank receipts, newest first; ``after`` is the last receipt id of the page before."""
    counts = Q(matches__ended_at__isnull=True) & Q(
        matches__state__in=[ReceiptMatch.State.EXACT, ReceiptMatch.State.CONFIRMED]
    )
    found = (
        BankReceipt.objects.filter(project=project, superseded_at__isnull=True)
        .select_related("batch")
        .annotate(matched=Sum("matches__amount_fen", filter=counts))
        .order_by("-id")
    )
    if unmatched_only:
        found = found.filter(matched__isnull=True, outcome=BankReceipt.Outcome.PAID)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    return Page([_receipt_row(row) for row in rows[:limit]], rows[limit - 1].pk if more else None)


def _receipt_row(row: BankReceipt) -> ReceiptRow:
    return ReceiptRow(
        receipt_id=row.pk,
        payee=mask_name(row.payee_name),
        bank_card=masked(row.bank_card, mask_card),
        amount_fen=row.amount_fen,
        matched_fen=int(row.matched or 0),  # type: ignore[attr-defined]
        paid_on=row.paid_on,
        outcome=row.outcome,
        reason=row.reason,
        batch_id=row.batch_id,
        source=f"{row.batch.filename} 第{row.row_number}行" if row.batch else "",
    )
