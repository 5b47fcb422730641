"""What the bank says about a special account: bookings and balances, each recorded once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.evidence.journal import Actor, record
from anxin.evidence.models import ImportBatch
from anxin.evidence.sealing import Sealed, finder
from anxin.funds.entries import IN, KINDS, LABOUR_COST, OUT, Booking, kind_of, month_of, natural_keys
from anxin.funds.models import AccountBalance, AccountEntry, Disbursement, SpecialAccount
from anxin.funds.recording import RECORDED
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused


@dataclass(frozen=True)
class EntriesRecorded:
    """What a statement changed: bookings added and known already; the account's reversals of unknown bookings."""

    added: int
    unchanged: int
    reversals_open: int
    entries: tuple[AccountEntry, ...]


def booking_problem(account: SpecialAccount, booking: Booking, *, today: dt.date) -> tuple[str, str] | None:
    """What is wrong with a booking as (field, sentence), for adapters that hand back single rows."""
    if booking.direction not in (IN, OUT):
        return "direction", f"收付方向“{booking.direction}”不认识，应为入账或出账。"
    if booking.kind and booking.kind not in KINDS:
        return "kind", f"流水类别“{booking.kind}”不在可选范围内，请重新选择。"
    if booking.amount_fen <= 0:
        return "amount_fen", "发生额应大于0；冲正请另记一笔反方向的流水，并注明是冲正。"
    if booking.booked_on > today:
        return "booked_on", f"记账日期{booking.booked_on}还没有到，请核对。"
    if booking.booked_on < account.opened_on:
        return (
            "booked_on",
            f"记账日期{booking.booked_on}早于开户日期{account.opened_on}，请核对是否为本账户的流水。",
        )
    if account.closed_on and booking.booked_on > account.closed_on:
        return "booked_on", f"账户已于{account.closed_on}销户，不会有{booking.booked_on}的流水，请核对账号。"
    if booking.month:
        try:
            Month.parse(booking.month)
        except ValueError as problem:
            return "month", str(problem)
    return None


def record_entries(
    *,
    account: SpecialAccount,
    entries: Sequence[Booking],
    source: str,
    actor: Actor,
    now: dt.datetime,
    batch: ImportBatch | None = None,
) -> EntriesRecorded:
    """Record the bookings of a statement; the same statement twice changes nothing.

    All or nothing: the first booking that cannot be right is refused with its row. Labour cost that arrives
    becomes a disbursement of its month, unless the same one has been recorded by hand.
    """
    today = timezone.localdate(now)
    for number, booking in enumerate(entries, 1):
        if problem := booking_problem(account, booking, today=today):
            raise Refused(f"第{booking.row_number or number}笔流水：{problem[1]}", field=problem[0])
    with transaction.atomic():
        SpecialAccount.objects.select_for_update().get(pk=account.line_id)
        new, unchanged = _new_entries(account, entries, source, batch, now)
        if new:
            taken_back = _link_reversals(account, now)
            for entry in new:
                arrived = entry.kind == LABOUR_COST and entry.direction == IN and not entry.is_reversal
                if arrived and entry.pk not in taken_back:
                    _disburse(entry, account, now)
            _journal(account, new, source, actor, now)
        open_reversals = _open_reversals(account).count()
    return EntriesRecorded(len(new), unchanged, open_reversals, tuple(new))


def record_balance(
    *,
    account: SpecialAccount,
    balance_fen: int,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    source: str = "",
    batch: ImportBatch | None = None,
) -> AccountBalance:
    """Record what the bank says stood on the account at the end of a day; another amount replaces it."""
    if balance_fen < 0:
        raise Refused("账户余额不能是负数，请核对。", field="balance_fen")
    if on > timezone.localdate(now):
        raise Refused(f"余额日期{on}还没有到，请核对。", field="balance_on")
    if on < account.opened_on:
        raise Refused(f"余额日期{on}早于开户日期{account.opened_on}，请核对。", field="balance_on")
    with transaction.atomic():
        SpecialAccount.objects.select_for_update().get(pk=account.line_id)
        standing = AccountBalance.objects.filter(
            account_id=account.line_id, on=on, superseded_at__isnull=True
        ).first()
        if standing is not None and standing.balance_fen == balance_fen:
            return standing
        if standing is not None:
            AccountBalance.objects.filter(pk=standing.pk).update(superseded_at=now, superseded_by=batch)
        new = AccountBalance.objects.create(
            account_id=account.line_id, on=on, balance_fen=balance_fen, source=source, batch=batch,
            recorded_at=now,
        )  # fmt: skip
        record(
            actor=actor,
            action=RECORDED,
            object_type="accountbalance",
            object_id=new.pk,
            summary=f"{'更正' if standing else '登记'}工资专用账户{on}余额{sentence_yuan(balance_fen)}",
            now=now,
            before={"balance": yuan_string(standing.balance_fen)} if standing else None,
            after={"balance": yuan_string(balance_fen), "project_ids": [account.project_id]},
        )
    return new


def _new_entries(
    account: SpecialAccount,
    bookings: Sequence[Booking],
    source: str,
    batch: ImportBatch | None,
    now: dt.datetime,
) -> tuple[list[AccountEntry], int]:
    """The bookings that are not known yet, saved in the order of the statement."""
    find = finder("card")
    numbers = [clean_identifier(booking.counterparty_account) for booking in bookings]
    hashes = [find(number) if number else "" for number in numbers]
    keys = natural_keys(zip(bookings, hashes, strict=True))
    known = set(
        AccountEntry.objects.filter(
            account_id=account.line_id,
            superseded_at__isnull=True,
            booked_on__in={booking.booked_on for booking in bookings},
        ).values_list("natural_key", flat=True)
    )
    new = [
        AccountEntry(
            account_id=account.line_id,
            booked_on=booking.booked_on,
            direction=booking.direction,
            kind=kind_of(booking),
            amount_fen=booking.amount_fen,
            counterparty=booking.counterparty.strip()[:120],
            counterparty_account=Sealed.of(number) if number else None,
            counterparty_hash=account_hash,
            reference=booking.reference.strip()[:80],
            purpose=booking.purpose.strip()[:200],
            month=month_of(booking),
            is_reversal=booking.reversal,
            # a bank that names nothing else repeats the number of what it takes back
            takes_back=(booking.reverses or booking.reference).strip()[:80] if booking.reversal else "",
            source=source[:120],
            natural_key=key,
            batch=batch,
            row_number=booking.row_number,
            recorded_at=now,
        )
        for booking, number, account_hash, key in zip(bookings, numbers, hashes, keys, strict=True)
        if key not in known
    ]
    return list(AccountEntry.objects.bulk_create(new)), len(bookings) - len(new)


def _open_reversals(account: SpecialAccount) -> QuerySet[AccountEntry]:
    return AccountEntry.objects.filter(
        account_id=account.line_id, superseded_at__isnull=True, is_reversal=True, reverses__isnull=True
    )


def _link_reversals(account: SpecialAccount, now: dt.datetime) -> set[int]:
    """Tie reversals to the bookings that they take back, however they arrived; keys of what is taken back.

    A reversal has the other direction, the same amount and the reference that the bank names; of several the
    latest one not yet taken back. Reversals are few, so each is looked up by itself.
    """
    taken_back = set()
    for entry in _open_reversals(account).exclude(takes_back="").order_by("booked_on", "id"):
        found = (
            AccountEntry.objects.filter(
                account_id=account.line_id,
                superseded_at__isnull=True,
                is_reversal=False,
                amount_fen=entry.amount_fen,
                direction=OUT if entry.direction == IN else IN,
                reference=entry.takes_back,
                booked_on__lte=entry.booked_on,
                reversals__isnull=True,
            )
            .order_by("-booked_on", "-id")
            .first()
        )
        if found is not None:
            AccountEntry.objects.filter(pk=entry.pk).update(reverses=found, kind=found.kind)
            Disbursement.objects.filter(entry=found, superseded_at__isnull=True).update(superseded_at=now)
            taken_back.add(found.pk)
    return taken_back


def _disburse(entry: AccountEntry, account: SpecialAccount, now: dt.datetime) -> None:
    """The disbursement that this booking proves: the one recorded by hand, else a new one.

    Without a month in the text it belongs to the month of the booking, by which terms name their periods.
    """
    month = entry.month or str(Month.of(entry.booked_on))
    by_hand = Disbursement.objects.filter(
        project_id=account.project_id,
        superseded_at__isnull=True,
        entry__isnull=True,
        paid_on=entry.booked_on,
        paid_fen=entry.amount_fen,
    ).first()
    due_fen = None
    if by_hand is not None:
        month, due_fen = by_hand.month, by_hand.due_fen
        Disbursement.objects.filter(pk=by_hand.pk).update(superseded_at=now)
    Disbursement.objects.create(
        project_id=account.project_id, month=month, due_fen=due_fen, paid_fen=entry.amount_fen,
        paid_on=entry.booked_on, entry=entry, batch_id=entry.batch_id, row_number=entry.row_number,
        recorded_at=now,
    )  # fmt: skip


def _journal(
    account: SpecialAccount, new: Sequence[AccountEntry], source: str, actor: Actor, now: dt.datetime
) -> None:
    arrived = sum(entry.amount_fen for entry in new if entry.direction == IN)
    left = sum(entry.amount_fen for entry in new if entry.direction == OUT)
    record(
        actor=actor,
        action=RECORDED,
        object_type="specialaccount",
        object_id=account.line_id,
        summary=(
            f"登记工资专用账户流水{len(new)}笔（入账{sentence_yuan(arrived)}，出账{sentence_yuan(left)}）"
            f"，来源：{source}"
        ),
        now=now,
        after={
            "project_ids": [account.project_id],
            "entries": len(new),
            "in": yuan_string(arrived),
            "out": yuan_string(left),
            "source": source,
        },
    )
