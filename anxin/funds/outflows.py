"""Which money left the special account for something else than wages. Pure: no database, no clock.

The money of the account is for the wages of this project's workers (《保障农民工工资支付条例》第二十六条；《工程建设领域
农民工工资专用账户管理暂行办法》第六条). Each outflow gets one fate; the page of the account and the rule read the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from anxin.funds.entries import FEE, WAGES

#: fates that say: this was wages, or is accounted for
TO_WORKER, PROVED, FEE_SMALL, CLOSING, REVERSED, BACK = (
    "to_worker",
    "proved",
    "fee",
    "closing",
    "reversed",
    "back",
)
#: fates that say: this was not wages, or nobody has shown that it was
OTHER_PAYEE, NOT_WAGES, UNPROVED = "other_payee", "not_wages", "unproved"
SUSPECT = frozenset({OTHER_PAYEE, NOT_WAGES, UNPROVED})
WORDS: dict[str, str] = {
    TO_WORKER: "付给本项目农民工",
    PROVED: "有发放明细",
    FEE_SMALL: "银行费用",
    CLOSING: "销户余额",
    REVERSED: "已冲正",
    BACK: "已原路退回",
    OTHER_PAYEE: "收款人不是本项目农民工",
    NOT_WAGES: "用途不是工资",
    UNPROVED: "注明工资但没有发放明细",
}
#: the bank's own clearing accounts, through which a batch of wages is paid
_BATCH_WORDS = ("代发", "过渡", "待清算", "暂收", "内部户", "批量")
#: pay results of a batch bear the day of the booking or one of the days after it
_DAYS = 3


@dataclass(frozen=True)
class Outflow:
    """Money that left, as far as the judgement looks at it. ``name`` is compared in its plain form."""

    key: int
    booked_on: dt.date
    kind: str
    amount_fen: int
    name: str = ""
    account_hash: str = ""
    purpose: str = ""
    reversed: bool = False


@dataclass(frozen=True)
class Inflow:
    """Money that came in, which may be an outflow coming back."""

    booked_on: dt.date
    amount_fen: int
    name: str = ""
    account_hash: str = ""


@dataclass(frozen=True)
class Known:
    """What the project knows: its workers, what the bank paid them by day, when the account may be emptied."""

    worker_hashes: Collection[str]
    worker_names: Collection[str]
    paid_by_day: Mapping[dt.date, int]
    fee_limit_fen: int
    free_from: dt.date | None = None


def judge(outflows: Iterable[Outflow], inflows: Iterable[Inflow], known: Known) -> dict[int, str]:
    """The fate of each outflow by its key; the order in which they are given does not matter."""
    ordered = sorted(outflows, key=lambda one: (one.booked_on, one.key))
    fates: dict[int, str] = {}
    pool = dict(known.paid_by_day)
    for one in ordered:
        if fate := _plain_fate(one, known):
            fates[one.key] = fate
            if fate == TO_WORKER:  # the bank's pay results list this payment too: it proves no batch
                _take(pool, one.booked_on, one.amount_fen, in_part=True)
    back = sorted(inflows, key=lambda inflow: inflow.booked_on)
    for one in ordered:
        if one.key not in fates:
            fates[one.key] = _batch_fate(one, pool) or _suspect_fate(one, back)
    return fates


def _plain_fate(one: Outflow, known: Known) -> str:
    if one.reversed:
        return REVERSED
    if one.account_hash and one.account_hash in known.worker_hashes:
        return TO_WORKER
    if one.name and one.name in known.worker_names:
        return TO_WORKER
    if known.free_from is not None and one.booked_on >= known.free_from:
        return CLOSING
    if one.kind == FEE and one.amount_fen <= known.fee_limit_fen:
        return FEE_SMALL
    return ""


def _batch_fate(one: Outflow, pool: dict[dt.date, int]) -> str:
    """A sum that left without a payee of its own is wages where the bank's pay results make it up."""
    batch = any(word in one.name for word in _BATCH_WORDS)
    if (one.name or one.account_hash) and not batch:
        return ""
    if _take(pool, one.booked_on, one.amount_fen):
        return PROVED
    return UNPROVED if one.kind == WAGES else ""


def _suspect_fate(one: Outflow, back: list[Inflow]) -> str:
    for place, inflow in enumerate(back):
        same_account = bool(one.account_hash) and inflow.account_hash == one.account_hash
        same_name = bool(one.name) and inflow.name == one.name
        if (
            inflow.booked_on >= one.booked_on
            and inflow.amount_fen == one.amount_fen
            and (same_account or same_name)
        ):
            del back[place]
            return BACK
    return OTHER_PAYEE if one.name or one.account_hash else NOT_WAGES


def _take(pool: dict[dt.date, int], day: dt.date, amount_fen: int, *, in_part: bool = False) -> bool:
    """Take the sum from what the bank paid on the day and the days after it; whole, or not at all."""
    days = [day + dt.timedelta(days=number) for number in range(_DAYS + 1)]
    if not in_part and sum(pool.get(one, 0) for one in days) < amount_fen:
        return False
    for one in days:
        part = min(pool.get(one, 0), amount_fen)
        if part:
            pool[one] -= part
            amount_fen -= part
    return True
