"""Two invented banks, each with an account and a letter, and an insurer with a policy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.funds.models import SpecialAccount, WageDeposit
from anxin.funds.services_deposits import issue_deposit
from anxin.funds.services_register import record_special_account
from anxin.registry.models import Organisation
from tests.monitoring import factories as make

OPENED = dt.date(2026, 3, 1)
UNTIL = dt.date(2027, 2, 28)
NUMBER = "990000000123456"


@dataclass(frozen=True)
class Held:
    """What one institution has with us."""

    institution: Organisation
    account: SpecialAccount | None
    letter: WageDeposit


def held_by(institution: Organisation, serial: int, actor, now, *, kind: str = "guarantee") -> Held:
    """An account (of a bank) and a letter of this institution, on a project of their own."""
    act = {"actor": actor, "now": now}
    site = make.project(f"P{serial}")
    account = None
    if institution.kind == "bank":
        account = record_special_account(
            site, bank=institution, number=f"{NUMBER}{serial}", name="虚构建筑公司", opened_on=OPENED, **act
        )
    letter = issue_deposit(
        site, kind=kind, amount_fen=50_000_000, valid_from=OPENED, valid_until=UNTIL, institution=institution,
        number=f"BH-{serial}", **act,
    )  # fmt: skip
    return Held(institution, account, letter)
