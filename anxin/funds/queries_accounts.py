"""What pages and interfaces read about special accounts: entries, balances, what was due and what arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from anxin.evidence.sealing import finding_hash
from anxin.funds.models import (
    AccountBalance,
    AccountEntry,
    SpecialAccount,
)
from anxin.funds.reconciling import Stretch, reconcile
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.masking import mask_card
from anxin.kernel.paging import Page
from anxin.registry.models import Organisation
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class EntryRow:
    """One booking with its counterparty's account masked."""

    entry: AccountEntry
    counterparty: str
    counterparty_account: str
    #: the booking that took this one back, if any
    taken_back_on: dt.date | None


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


def current_entries(account: SpecialAccount) -> QuerySet[AccountEntry]:
    """The account's bookings that stand."""
    return AccountEntry.objects.filter(account_id=account.line_id, superseded_at__isnull=True)


def entry_page(account: SpecialAccount, offset: int = 0, limit: int = 50) -> Page[EntryRow]:
    """The bookings newest first; ``offset`` is the number of rows before (a day holds many bookings)."""
    found = current_entries(account).prefetch_related("reversals").order_by("-booked_on", "-id")
    rows = list(found[offset : offset + limit + 1])
    more = offset + limit if len(rows) > limit else None
    return Page([entry_row(row) for row in rows[:limit]], more)


def entry_row(entry: AccountEntry) -> EntryRow:
    """One booking as pages show it."""
    reversal = next((one for one in entry.reversals.all() if one.superseded_at is None), None)
    return EntryRow(
        entry=entry,
        counterparty=entry.counterparty,
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


def computed_balance(account: SpecialAccount) -> int:
    """What the bookings since the latest stated balance make of it."""
    stretches = reconciliation(account)
    if not stretches:
        return 0
    last = stretches[-1]
    return last.computed_fen if last.stated_fen is None else last.stated_fen
