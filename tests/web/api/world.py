"""What an invented institution has with us: an account, a letter, an order to pay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.agency.models import PayOrder, PayOrderLine, PayrollRun, RunLine
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.funds.models import SpecialAccount, WageDeposit
from anxin.funds.services_deposits import issue_deposit
from anxin.funds.services_register import record_special_account
from anxin.registry.models import Employer, Organisation, Project
from tests.agency.factories import card
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
    order: PayOrder | None


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
    order = an_order(site, institution, serial, now) if institution.kind == "bank" else None
    return Held(institution, account, letter, order)


def an_order(site: Project, bank: Organisation, serial: int, now: dt.datetime, people: int = 2) -> PayOrder:
    """An order this bank has been given: ``people`` payees of one employer's October."""
    firm = Employer.objects.get_or_create(uscc="91990100MA0SUBCO02", defaults={"name": "虚构劳务公司"})[0]
    run = PayrollRun.objects.create(
        project=site, month="2026-10", employer=firm, state="sent", drafted_at=now, drafted_by_name="某人"
    )
    order = PayOrder.objects.create(
        run=run, number=1, reference=f"AX2610{serial:06d}01", bank=bank, state="sent",
        account_number=Sealed.of(f"{NUMBER}{serial}"), payer_name="虚构总包公司", total_fen=600_000 * people,
        lines_count=people, made_at=now, made_by_name="某人", sent_at=now,
    )  # fmt: skip
    for number in range(1, people + 1):
        person, number_of_card = make.worker(serial * 100 + number), card(serial * 100 + number)
        line = RunLine.objects.create(
            run=run, position=number, worker=person, name=person.name, attended_days=20, unit="day",
            rate_fen=30_000, quantity=20, gross_fen=600_000, net_fen=600_000, digest="",
        )  # fmt: skip
        PayOrderLine.objects.create(
            order=order, run_line=line, sequence=number, reference=f"{order.reference}-{number:04d}",
            payee_name=person.name, bank_card=Sealed.of(number_of_card),
            card_hash=finding_hash("card", number_of_card), amount_fen=600_000,
        )  # fmt: skip
    return order
