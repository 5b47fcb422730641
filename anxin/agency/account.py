"""The special account that a project's wages are paid from, and how much is known to be on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.funds.queries import accounts
from anxin.registry.models import Organisation, Project


@dataclass(frozen=True)
class PayingAccount:
    """The account in use. ``balance_fen`` is ``None`` where the bank has reported none."""

    bank: Organisation | None
    #: sealed
    number: object
    number_hash: str
    balance_fen: int | None
    balance_on: dt.date | None


def paying_account(project: Project) -> PayingAccount | None:
    """The project's special account that is open; ``None`` where none is recorded."""
    for row in accounts(project):
        account = row.account
        if account.closed_on is None:
            stated = row.balance
            return PayingAccount(
                account.bank,
                account.number,
                account.number_hash,
                stated.balance_fen if stated else None,
                stated.on if stated else None,
            )
    return None
