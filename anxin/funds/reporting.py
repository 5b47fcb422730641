"""What a bank, insurer or guarantor reports over its interface: the fate of each row, and events told twice.

The services below do the work; here is what only an interface needs: good rows are recorded though others are
not, and the caller learns whether its word was new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from anxin.evidence.journal import Actor
from anxin.funds.entries import Booking
from anxin.funds.models import AccountBalance, DepositEvent, SpecialAccount, WageDeposit
from anxin.funds.services_accounts import booking_problem, record_balance, record_entries
from anxin.funds.services_deposits import issue_deposit
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation, Project

ACCEPTED, UNCHANGED, REFUSED = "accepted", "unchanged", "refused"
_Kind = WageDeposit.Kind
#: who gives what
GIVEN_BY = {
    Organisation.Kind.BANK: (_Kind.CASH, _Kind.GUARANTEE),
    Organisation.Kind.INSURER: (_Kind.INSURANCE,),
    Organisation.Kind.GUARANTOR: (_Kind.GUARANTOR,),
}


@dataclass(frozen=True)
class RowFate:
    """What became of one row, counted from 1; a refused one says which field and why."""

    row: int
    fate: str
    field: str = ""
    sentence: str = ""


def report_entries(
    account: SpecialAccount, bookings: Sequence[Booking], *, source: str, actor: Actor, now: dt.datetime
) -> list[RowFate]:
    """Record the bookings that can be right; the fate of every row, in their order.

    A row that cannot be right holds no other back. Equal rows of one batch are several bookings; the batch again
    adds none.
    """
    today = timezone.localdate(now)
    fates: dict[int, RowFate] = {}
    good = []
    for row, booking in enumerate(bookings, 1):
        if problem := booking_problem(account, booking, today=today):
            fates[row] = RowFate(row, REFUSED, *problem)
        else:
            good.append(replace(booking, row_number=row))
    if good:
        recorded = record_entries(account=account, entries=good, source=source, actor=actor, now=now)
        new = {entry.row_number for entry in recorded.entries}
        for booking in good:
            row = booking.row_number or 0
            fates[row] = RowFate(row, ACCEPTED if row in new else UNCHANGED)
    return [fates[row] for row in sorted(fates)]


def report_balance(
    account: SpecialAccount,
    *,
    balance_fen: int,
    on: dt.date,
    source: str,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """Record what stood on the account at the end of a day; whether that was new."""
    with transaction.atomic():
        SpecialAccount.objects.select_for_update().get(pk=account.line_id)
        known = AccountBalance.objects.filter(
            account_id=account.line_id, on=on, balance_fen=balance_fen, superseded_at__isnull=True
        ).exists()
        try:
            record_balance(
                account=account, balance_fen=balance_fen, on=on, source=source, actor=actor, now=now
            )
        except Refused as refusal:
            # A form calls the day by another name than a call does.
            field = "on" if refusal.field == "balance_on" else refusal.field
            raise Refused(refusal.sentence, field=field) from None
    return UNCHANGED if known else ACCEPTED


def report_issue(
    institution: Organisation,
    *,
    project_code: str,
    kind: str,
    amount_fen: int,
    valid_from: dt.date,
    valid_until: dt.date | None,
    number: str,
    actor: Actor,
    now: dt.datetime,
) -> tuple[WageDeposit, str]:
    """Record a letter, policy or cash deposit of this institution; whether it was new. Raises :class:`Refused`."""
    if kind not in GIVEN_BY.get(Organisation.Kind(institution.kind), ()):
        raise Refused(f"{institution.get_kind_display()}不能出具这种形式的保证金，请核对类别。", field="kind")
    project = Project.objects.filter(code=project_code).first()
    if project is None:
        raise Refused("没有登记过这个项目编码，请向施工总承包单位核对项目编码。", field="project_code")
    if not number.strip():
        raise Refused("请填写保函、保单或存单的编号，重复报送时据此识别。", field="number")
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        before = _letters(project, institution, number)
        deposit = issue_deposit(
            project,
            kind=kind,
            amount_fen=amount_fen,
            valid_from=valid_from,
            valid_until=valid_until,
            institution=institution,
            number=number,
            actor=actor,
            now=now,
        )
        known = _letters(project, institution, number) == before
    return deposit, UNCHANGED if known else ACCEPTED


def report_event(deposit: WageDeposit, happen: Callable[[], object]) -> str:
    """Let one event of a deposit happen; whether it was new. Raises what ``happen`` raises."""
    with transaction.atomic():
        WageDeposit.objects.select_for_update(of=("self",)).get(pk=deposit.line_id)
        before = _events(deposit)
        happen()
        return UNCHANGED if _events(deposit) == before else ACCEPTED


def _letters(project: Project, institution: Organisation, number: str) -> int:
    return WageDeposit.objects.filter(
        project=project, institution=institution, number=number.strip(), superseded_at__isnull=True
    ).count()


def _events(deposit: WageDeposit) -> int:
    return DepositEvent.objects.filter(deposit_id=deposit.line_id, superseded_at__isnull=True).count()
