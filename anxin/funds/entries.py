"""Bookings of a special account as values: what one is, how it is known again, what its text says it is.

Pure: no database, no clock. Adapters of any bank format make :class:`Booking` objects and hand them to
``services_accounts.record_entries``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

IN, OUT = "in", "out"
LABOUR_COST, WAGES, RETURNED, FEE, INTEREST, OTHER = (
    "labour_cost",
    "wages",
    "returned",
    "fee",
    "interest",
    "other",
)
KINDS = (LABOUR_COST, WAGES, RETURNED, FEE, INTEREST, OTHER)

#: words of a booking's text, in the order in which they decide
_IN_WORDS = (
    (RETURNED, ("退回", "退票", "退汇", "退款", "代发失败")),
    (INTEREST, ("利息", "结息")),
    (LABOUR_COST, ("人工费", "劳务费", "工程款", "进度款", "工资款", "拨付")),
)
_OUT_WORDS = (
    (FEE, ("手续费", "工本费", "账户管理费", "短信费", "年费", "回单费")),
    (WAGES, ("工资", "代发", "薪", "劳动报酬")),
)
_MONTH = re.compile(r"(20\d{2})\s*(?:年|-|/|\.)\s*(0?[1-9]|1[0-2])(?!\d)\s*月?")


@dataclass(frozen=True)
class Booking:
    """One booking of a statement. ``amount_fen`` is positive; ``direction`` is ``in`` or ``out``.

    ``kind`` and ``month`` are worked out from the text where they are empty. ``reversal`` says that the bank
    took another booking back (冲正): of this reference, or ``reverses`` where the bank names the other one.
    """

    booked_on: dt.date
    direction: str
    amount_fen: int
    counterparty: str = ""
    counterparty_account: str = ""
    reference: str = ""
    purpose: str = ""
    kind: str = ""
    month: str = ""
    reversal: bool = False
    reverses: str = ""
    row_number: int | None = None


def kind_of(booking: Booking) -> str:
    """What the booking is: as stated, else as its text says, else other."""
    if booking.kind:
        return booking.kind
    text = booking.purpose
    for kind, words in _IN_WORDS if booking.direction == IN else _OUT_WORDS:
        if any(word in text for word in words):
            return kind
    return OTHER


def month_of(booking: Booking) -> str:
    """The month it is for: as stated, else named in its text (``2026年9月人工费``), else empty."""
    if booking.month:
        return booking.month
    found = _MONTH.search(booking.purpose)
    return f"{found[1]}-{int(found[2]):02d}" if found else ""


def natural_keys(bookings: Iterable[tuple[Booking, str]]) -> list[str]:
    """A key for each booking (given with the finding hash of its counterparty's account, or ``""``).

    The bank's reference alone tells bookings of one batch not apart, so the content counts with it. Equal rows
    of one statement are numbered: two equal payments are two bookings, the statement again adds none.
    """
    seen: Counter[str] = Counter()
    keys = []
    for booking, account_hash in bookings:
        content = "\n".join(
            (
                booking.booked_on.isoformat(),
                booking.direction,
                str(booking.amount_fen),
                account_hash or booking.counterparty.strip(),
                booking.reference.strip() or f"text:{booking.purpose.strip()}",
                "reversal" if booking.reversal else "",
            )
        )
        seen[content] += 1
        keys.append(hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest())
    return keys
