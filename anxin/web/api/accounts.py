"""A bank's own special accounts: which there are, what stands on them, what moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import ACCOUNTS_READ, ACCOUNTS_WRITE
from anxin.funds.entries import Booking
from anxin.funds.institutions import (
    accounts_of,
    balance_on_file,
    entries_after,
    find_accounts,
    find_line,
    page_of,
)
from anxin.funds.models import AccountEntry, SpecialAccount
from anxin.funds.queries_accounts import latest_balances
from anxin.funds.reporting import report_balance, report_entries
from anxin.kernel.masking import mask_card, mask_name
from anxin.web import clock
from anxin.web.api import fields
from anxin.web.api.auth import signed
from anxin.web.api.batches import BatchOut, EventOut, batch, row_of
from anxin.web.api.institution import institution_of
from anxin.web.api.reading import Fen, Strict
from anxin.web.api.schemas import REFUSALS_OF_ALL
from anxin.web.api.writing import actor_of, key_of, written
from anxin.workforce.queries import masked

router = Router(tags=["专用账户"])
_READ, _WRITE = signed(ACCOUNTS_READ), signed(ACCOUNTS_WRITE)


class BalanceOut(Schema):
    on: dt.date
    balance_fen: int


class AccountOut(Schema):
    """One account; its number is masked, ``id`` names it in addresses."""

    id: int
    number: str
    name: str
    project: fields.Project
    opened_on: dt.date
    closed_on: dt.date | None
    balance: BalanceOut | None


class AccountsOut(Schema):
    items: list[AccountOut]
    next: int | None


class EntryOut(Schema):
    """One booking as it was taken; the counterparty's account is masked."""

    id: int
    booked_on: dt.date
    direction: str
    kind: str
    amount_fen: int
    counterparty: str
    counterparty_account: str
    reference: str
    purpose: str
    month: str
    reversal: bool
    reverses: int | None


class EntriesOut(Schema):
    items: list[EntryOut]
    next: int | None


class NumberIn(Strict):
    number: fields.Number


class BalanceIn(Strict):
    balance_fen: fields.FenOrNone


class EntryIn(Strict):
    """One booking as the bank's books have it. ``reference`` tells bookings of the same day and amount apart."""

    booked_on: fields.Day
    direction: Literal["in", "out"]
    amount_fen: Fen
    counterparty: fields.Text120 = ""
    counterparty_account: fields.NumberOrNone = ""
    reference: fields.Text80
    purpose: fields.Text200 = ""
    kind: Literal["", "labour_cost", "wages", "returned", "fee", "interest", "other"] = ""
    month: fields.MonthOrNone = ""
    reversal: fields.Flag = False
    reverses: fields.Text80 = ""


class EntriesIn(Strict):
    entries: list[EntryIn] = Field(min_length=1, max_length=fields.MOST_ROWS)


@router.get("/accounts", auth=_READ, response={200: AccountsOut, **REFUSALS_OF_ALL}, summary="本行的专用账户")
def list_accounts(request: HttpRequest, page: Query[fields.PageIn]) -> dict[str, Any]:
    found = page_of(accounts_of(institution_of(request)), page.after, page.limit)
    balances = latest_balances(found.items)
    return fields.paged(
        request, page, found, [_account(one, balances.get(one.line_id)) for one in found.items]
    )


@router.post(
    "/accounts/find",
    auth=_READ,
    response={200: AccountsOut, **REFUSALS_OF_ALL},
    summary="按账号查找（账号不写在网址里）",
    openapi_extra={"x-reads": True},
)
def find_account(request: HttpRequest, payload: NumberIn) -> dict[str, Any]:
    found = find_accounts(institution_of(request), payload.number)
    balances = latest_balances(found)
    return {"items": [_account(one, balances.get(one.line_id)) for one in found], "next": None}


@router.get(
    "/accounts/{account}", auth=_READ, response={200: AccountOut, **REFUSALS_OF_ALL}, summary="一个专用账户"
)
def read_account(request: HttpRequest, account: fields.Line) -> dict[str, Any]:
    found = _own(request, account)
    return _account(found, balance_on_file(found))


@router.get(
    "/accounts/{account}/entries",
    auth=_READ,
    response={200: EntriesOut, **REFUSALS_OF_ALL},
    summary="已登记的收支明细",
)
def list_entries(request: HttpRequest, account: fields.Line, page: Query[fields.PageIn]) -> dict[str, Any]:
    found = entries_after(_own(request, account), page.after, page.limit)
    name = mask_name if key_of(request).sandbox else str
    return fields.paged(request, page, found, [_entry(one, name) for one in found.items])


@router.post(
    "/accounts/{account}/entries",
    auth=_WRITE,
    response={200: BatchOut, **REFUSALS_OF_ALL},
    summary="报送收支明细（逐行答复）",
)
def report(request: HttpRequest, account: fields.Line, payload: EntriesIn) -> HttpResponse:
    found = _own(request, account)
    bookings = [Booking(**one.model_dump()) for one in payload.entries]

    def effect() -> dict[str, Any]:
        fates = report_entries(
            found, bookings, source=_source(request), actor=actor_of(request), now=clock.now()
        )
        return batch([row_of(fate) for fate in fates])

    return written(request, effect)


@router.put(
    "/accounts/{account}/balances/{on}",
    auth=_WRITE,
    response={200: EventOut, **REFUSALS_OF_ALL},
    summary="报送某日终了的余额",
)
def put_balance(
    request: HttpRequest, account: fields.Line, on: fields.Day, payload: BalanceIn
) -> HttpResponse:
    found = _own(request, account)

    def effect() -> dict[str, Any]:
        fate = report_balance(
            found,
            balance_fen=payload.balance_fen,
            on=on,
            source=_source(request),
            actor=actor_of(request),
            now=clock.now(),
        )
        return {"fate": fate, "id": found.line_id}

    return written(request, effect)


def _own(request: HttpRequest, line: int) -> SpecialAccount:
    found = find_line(accounts_of(institution_of(request)), line)
    if found is None:
        raise CallRefused("not_found")
    return found


def _source(request: HttpRequest) -> str:
    return f"接口：{key_of(request).title}"


def _account(account: SpecialAccount, balance: Any) -> dict[str, Any]:
    return {
        "id": account.line_id,
        "number": masked(account.number, mask_card),
        "name": account.name,
        "project": {"code": account.project.code, "name": account.project.name},
        "opened_on": account.opened_on,
        "closed_on": account.closed_on,
        "balance": None if balance is None else {"on": balance.on, "balance_fen": balance.balance_fen},
    }


def _entry(entry: AccountEntry, name: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "booked_on": entry.booked_on,
        "direction": entry.direction,
        "kind": entry.kind,
        "amount_fen": entry.amount_fen,
        "counterparty": name(entry.counterparty),
        "counterparty_account": masked(entry.counterparty_account, mask_card),
        "reference": entry.reference,
        "purpose": entry.purpose,
        "month": entry.month,
        "reversal": entry.is_reversal,
        "reverses": entry.reverses_id,
    }
