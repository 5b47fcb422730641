"""What pages and interfaces read about special accounts: entries, balances, what was due and what arrived."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from anxin.evidence.sealing import finding_hash
from anxin.funds import labour_cost
from anxin.funds.models import (
    AccountAgreement,
    AccountBalance,
    AccountEntry,
    AccountEvent,
    LabourCostTerm,
    SpecialAccount,
)
from anxin.funds.reconciling import Stretch, reconcile
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.masking import mask_card, mask_payee
from anxin.kernel.months import Month
from anxin.registry.models import Organisation, Project
from anxin.workforce.queries import masked

_AFTER = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")


@dataclass(frozen=True)
class EntryRow:
    """One booking with its counterparty's account masked."""

    entry: AccountEntry
    counterparty: str
    counterparty_account: str
    #: the booking that took this one back, if any
    taken_back_on: dt.date | None


@dataclass(frozen=True)
class EntryPage:
    """Bookings of one page, and the key of the next: day and number of the last one."""

    items: Sequence[EntryRow]
    next_after: str | None


def find_account(account_id: int) -> SpecialAccount | None:
    """One account as it stands. The caller checks the scope of its project."""
    return (
        SpecialAccount.objects.filter(pk=account_id, superseded_at__isnull=True)
        .select_related("project__region", "bank")
        .first()
    )


def accounts_by_number(number: str, bank: Organisation | None = None) -> list[SpecialAccount]:
    """The accounts that stand under this number (of this bank), with their projects.

    More than one where several projects are managed under one account: then a statement must say which.
    """
    text = clean_identifier(number)
    if not text:
        return []
    found = SpecialAccount.objects.filter(
        number_hash=finding_hash("account", text), superseded_at__isnull=True
    ).select_related("project", "bank")
    if bank is not None:
        found = found.filter(bank=bank)
    return list(found.order_by("id"))


def account_of_line(line_id: int) -> SpecialAccount | None:
    """The account as it stands on whose line something hangs (a query, a booking)."""
    return (
        SpecialAccount.objects.filter(Q(pk=line_id) | Q(original=line_id), superseded_at__isnull=True)
        .select_related("project__region", "bank")
        .first()
    )


def lines_of(accounts: QuerySet[SpecialAccount]) -> QuerySet[Any]:
    """Keys of the lines of the accounts that stand among these, for ``account__in``."""
    standing = accounts.filter(superseded_at__isnull=True)
    return standing.annotate(line=Coalesce("original_id", "pk")).values("line")


def current_entries(account: SpecialAccount) -> QuerySet[AccountEntry]:
    """The account's bookings that stand."""
    return AccountEntry.objects.filter(account_id=account.line_id, superseded_at__isnull=True)


def entry_page(
    account: SpecialAccount, after: str = "", limit: int = 50, *, keys: Collection[int] | None = None
) -> EntryPage:
    """The bookings newest first; ``after`` is the key of the page before, ``keys`` narrows them to these."""
    found = current_entries(account).prefetch_related("reversals").order_by("-booked_on", "-id")
    if keys is not None:
        found = found.filter(pk__in=keys)
    if place := _place(after):
        day, key = place
        found = found.filter(Q(booked_on__lt=day) | Q(booked_on=day, pk__lt=key))
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return EntryPage(
        [entry_row(row) for row in rows[:limit]], f"{last.booked_on}.{last.pk}" if last else None
    )


def _place(after: str) -> tuple[dt.date, int] | None:
    """Day and number in a page's key; nonsense in an address counts as the first page."""
    match = _AFTER.fullmatch(after)
    try:
        return (dt.date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def entry_row(entry: AccountEntry) -> EntryRow:
    """One booking as pages show it."""
    reversal = next((one for one in entry.reversals.all() if one.superseded_at is None), None)
    return EntryRow(
        entry=entry,
        counterparty=mask_payee(entry.counterparty),
        counterparty_account=masked(entry.counterparty_account, mask_card),
        taken_back_on=reversal.booked_on if reversal else None,
    )


def latest_balances(accounts: Sequence[SpecialAccount]) -> dict[int, AccountBalance]:
    """The latest balance that the bank stated, by the account's line; one query."""
    found: dict[int, AccountBalance] = {}
    lines = [account.line_id for account in accounts]
    for balance in AccountBalance.objects.filter(account_id__in=lines, superseded_at__isnull=True).order_by(
        "on"
    ):
        found[balance.account_id] = balance
    return found


def reconciliation(account: SpecialAccount) -> list[Stretch]:
    """Each stretch between two stated balances, with what is missing or too much in it."""
    totals: dict[dt.date, list[int]] = {}
    for day, direction, fen in (
        current_entries(account)
        .values_list("booked_on", "direction")
        .annotate(fen=Sum("amount_fen"))
        .order_by("booked_on")
    ):
        totals.setdefault(day, [0, 0])[direction == AccountEntry.Direction.OUT] += int(fen)
    stated = AccountBalance.objects.filter(
        account_id=account.line_id, superseded_at__isnull=True
    ).values_list("on", "balance_fen")
    moves = [(day, came, went) for day, (came, went) in totals.items()]
    return reconcile(account.opened_on, moves, stated)


def balance_after(stretches: Sequence[Stretch]) -> int:
    """What stands at the end of an account's stretches."""
    if not stretches:
        return 0
    last = stretches[-1]
    return last.computed_fen if last.stated_fen is None else last.stated_fen


def agreement_of(account: SpecialAccount) -> AccountAgreement | None:
    """The account's agreement as it stands."""
    return (
        AccountAgreement.objects.filter(account_id=account.line_id, superseded_at__isnull=True)
        .select_related("owner", "contractor", "term")
        .order_by("-id")
        .first()
    )


def events_of(account: SpecialAccount) -> list[AccountEvent]:
    """The steps of the account's life, in order."""
    return list(
        AccountEvent.objects.filter(account_id=account.line_id, superseded_at__isnull=True)
        .select_related("body")
        .order_by("on", "id")
    )


def labour_cost_terms(project: Project) -> list[labour_cost.Term]:
    """The agreed terms in the form in which periods are worked out."""
    return [
        labour_cost.Term(
            first=Month.parse(term.first_month),
            cycle_months=term.cycle_months,
            due_day=term.due_day,
            monthly_fen=term.monthly_fen,
            progress_share_bp=(term.share_bp if term.share_of == LabourCostTerm.ShareOf.PROGRESS else None),
        )
        for term in project.labour_cost_terms.filter(superseded_at__isnull=True)
    ]


def labour_cost_periods(project: Project, today: dt.date, longest: int) -> list[labour_cost.Period]:
    """What was due and what arrived, period by period up to this month."""
    arrived = [
        labour_cost.Arrived(Month.parse(month), paid, due)
        for month, paid, due in project.disbursements.filter(superseded_at__isnull=True).values_list(
            "month", "paid_fen", "due_fen"
        )
    ]
    progress = {
        Month.parse(month): fen
        for month, fen in project.progress_amounts.filter(superseded_at__isnull=True).values_list(
            "month", "amount_fen"
        )
    }
    until = Month.of(min(today, project.completion) if project.completion else today)
    return labour_cost.periods(labour_cost_terms(project), arrived, progress, until=until, longest=longest)
