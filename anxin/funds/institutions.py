"""What a bank, insurer or guarantor may know of us: its own accounts and its own letters, by the first row's key.

An interface names an account or deposit by ``line_id``: a correction replaces the row, and the name stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from anxin.evidence.sealing import finding_hash
from anxin.funds.deposit_state import DepositState
from anxin.funds.models import AccountBalance, AccountEntry, DepositEvent, SpecialAccount, WageDeposit
from anxin.funds.services_deposits import deposit_state
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.paging import Page
from anxin.registry.models import Organisation

R = TypeVar("R", SpecialAccount, WageDeposit)
#: the key of a row's first row, worked out with each row
_LINE = "line"


def accounts_of(institution: Organisation) -> QuerySet[SpecialAccount]:
    """The special accounts that stand at this bank, each with its project and ``line``."""
    found = SpecialAccount.objects.filter(bank=institution, superseded_at__isnull=True)
    return _by_line(found).select_related("project")


def deposits_of(institution: Organisation) -> QuerySet[WageDeposit]:
    """The wage deposits that stand with this institution, each with its project and ``line``."""
    found = WageDeposit.objects.filter(institution=institution, superseded_at__isnull=True)
    return _by_line(found).select_related("project")


def find_line(rows: QuerySet[R], line_id: int) -> R | None:
    """One of these rows by its line, or ``None``: what is somebody else's does not exist."""
    return rows.filter(**{_LINE: line_id}).first()


def find_accounts(institution: Organisation, number: str) -> list[SpecialAccount]:
    """This bank's accounts under a number; several where projects are managed under one account."""
    text = clean_identifier(number)
    if not text:
        return []
    return list(accounts_of(institution).filter(number_hash=finding_hash("account", text)).order_by(_LINE))


def page_of(rows: QuerySet[R], after: int = 0, limit: int = 50) -> Page[R]:
    """A page in the order of lines; ``after`` is the last line of the page before."""
    found = list(rows.filter(**{f"{_LINE}__gt": after}).order_by(_LINE)[: limit + 1])
    return Page(found[:limit], found[limit - 1].line_id if len(found) > limit else None)


def balance_on_file(account: SpecialAccount) -> AccountBalance | None:
    """The latest balance that this bank has stated."""
    return (
        AccountBalance.objects.filter(account_id=account.line_id, superseded_at__isnull=True)
        .order_by("-on")
        .first()
    )


def entries_after(account: SpecialAccount, after: int = 0, limit: int = 50) -> Page[AccountEntry]:
    """The account's bookings that stand, in the order in which they were recorded."""
    found = AccountEntry.objects.filter(account_id=account.line_id, superseded_at__isnull=True, pk__gt=after)
    rows = list(found.order_by("pk")[: limit + 1])
    return Page(rows[:limit], rows[limit - 1].pk if len(rows) > limit else None)


def story_of(deposit: WageDeposit) -> tuple[DepositState, Sequence[DepositEvent]]:
    """What the deposit holds now, and its events, oldest first."""
    events = DepositEvent.objects.filter(deposit_id=deposit.line_id, superseded_at__isnull=True)
    return deposit_state(deposit), list(events.order_by("on", "pk"))


def _by_line(rows: QuerySet[R]) -> QuerySet[R]:
    return rows.annotate(**{_LINE: Coalesce(F("original_id"), F("id"))})
