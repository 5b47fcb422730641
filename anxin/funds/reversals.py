"""Which payment a reversal takes back: a pure function.

A reversal (冲正) is an entry of its own that says that an earlier payment is undone. The payment it names by
reference, or the only one to the same payee of the same amount before it, stops counting. Where several payments
could be meant, none of them counts by itself until a person has decided; where none is found, the reversal is
shown as one without its payment. A payment too few is looked into; a payment too many hides an unpaid worker.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anxin.funds.pairs import Receipt

_HELD = "有一笔冲正可能冲的是这笔，也可能是另一笔，请核对后再确认"


@dataclass
class TakenBack:
    """What reversals did: reversal → payment; payments held back with the reason; reversals without a payment."""

    pairs: dict[int, int] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    alone: list[int] = field(default_factory=list)
    unclear: list[int] = field(default_factory=list)


def take_back(
    receipts: Iterable[Receipt], reversals: Iterable[Receipt], *, confirmed: Iterable[int] = ()
) -> TakenBack:
    """Find the payment of each reversal. ``confirmed``: payments that a person says have arrived; of several
    that could be meant it is then not one of them."""
    result = TakenBack()
    entries = sorted(reversals, key=lambda one: (one.paid_on or dt.date.max, one.id))
    if not entries:
        return result
    by_reference: dict[str, list[Receipt]] = defaultdict(list)
    by_payee: dict[tuple[str, int], list[Receipt]] = defaultdict(list)
    # A payment of no reversed amount is meant by none: most of a file need not be looked at.
    amounts = {entry.amount_fen for entry in entries}
    possible = [one for one in receipts if one.amount_fen in amounts]
    for receipt in sorted(possible, key=lambda one: (one.paid_on or dt.date.min, one.id)):
        if receipt.reference:
            by_reference[receipt.reference].append(receipt)
        for key in _payee_keys(receipt):
            by_payee[key, receipt.amount_fen].append(receipt)
    sure = set(confirmed)
    taken: set[int] = set()
    waiting = []
    for entry in entries:
        named = _able(entry, by_reference.get(entry.reference, ()) if entry.reference else (), taken)
        if named and _interchangeable(named):
            result.pairs[entry.id] = named[0].id
            taken.add(named[0].id)
        else:
            waiting.append(entry)
    # Those that name their payment have theirs; only then is anybody's looked for by payee and amount.
    for entry in waiting:
        seen = {
            one.id: one for key in _payee_keys(entry) for one in by_payee.get((key, entry.amount_fen), ())
        }
        able = _able(entry, list(seen.values()), taken)
        open_ones = [one for one in able if one.id not in sure] or able
        if not open_ones:
            result.alone.append(entry.id)
        elif _interchangeable(open_ones):
            result.pairs[entry.id] = open_ones[0].id
            taken.add(open_ones[0].id)
        else:
            result.unclear.append(entry.id)
            result.held.update({one.id: _HELD for one in open_ones})
    for payment in taken:
        result.held.pop(payment, None)
    return result


def _payee_keys(receipt: Receipt) -> list[str]:
    """By what the payee is the same: card, ID number, else the bare name."""
    keys = [
        f"c{receipt.card_hash}" if receipt.card_hash else "",
        f"i{receipt.id_hash}" if receipt.id_hash else "",
    ]
    return [key for key in keys if key] or ([f"n{receipt.name}"] if receipt.name else [])


def _able(entry: Receipt, payments: Sequence[Receipt], taken: set[int]) -> list[Receipt]:
    return [
        one
        for one in payments
        if one.id not in taken
        and one.amount_fen == entry.amount_fen
        and (not entry.name or not one.name or entry.name == one.name)
        and not (entry.card_hash and one.card_hash and entry.card_hash != one.card_hash)
        and (not entry.month or not one.month or entry.month == one.month)
        and (entry.paid_on is None or one.paid_on is None or one.paid_on <= entry.paid_on)
    ]


def _interchangeable(payments: Sequence[Receipt]) -> bool:
    """Whether it makes no difference which of them is meant."""
    return (
        len({(one.name, one.card_hash, one.id_hash, one.month, one.paid_on, one.ordered) for one in payments})
        == 1
    )
