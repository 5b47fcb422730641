"""Which receipt pays which payroll line: a pure function of lines, receipts and people's decisions.

Certain matches count at once (``EXACT``): the line that our own pay order's reference names, the line's card and
name, the same ID number and name, or a name and amount that point to one person where no card speaks against it;
one line by several payments, or several lines of one person by one payment that is exactly their sum. Anything
nearer than nothing but not certain is ``PROPOSED`` with its reason (:mod:`anxin.funds.proposing`). The whole
project is matched anew each time, so that the result does not depend on the order in which files arrived;
:mod:`anxin.funds.services` writes only the difference.

Nothing is created or lost: what counts of a receipt never exceeds its amount, nor what counts for a line its net
pay. Payments that a reversal took back do not come here at all (:mod:`anxin.funds.reversals`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from anxin.funds import proposing
from anxin.funds.pairs import (
    EXACT,
    PROPOSED,
    Books,
    Index,
    Line,
    Ordered,
    Pairing,
    Payees,
    Receipt,
    cards_differ,
)

__all__ = ["EXACT", "PROPOSED", "Line", "Ordered", "Pairing", "Receipt", "match"]

#: more open lines of one person than these are not tried in combinations
_MOST_COMBINED = 10

_BY_ORDER = "代发单流水号一致"
_BY_CARD = "卡号、姓名一致"
_BY_ID = "身份证号、姓名一致"
_BY_NAME = "姓名、金额一致且只有一人符合"


def match(
    lines: Iterable[Line],
    receipts: Iterable[Receipt],
    *,
    confirmed: Iterable[tuple[int, int, int]] = (),
    denied: Iterable[tuple[int, int]] = (),
    held: Mapping[int, str] | None = None,
) -> list[Pairing]:
    """Match all receipts to all lines.

    ``confirmed``: (receipt, line, fen) that a person has confirmed; these stand, and take their part away
    first. ``denied``: (receipt, line) that a person has ruled out. ``held``: receipt → why it may only be
    proposed. Deterministic: equal input in any order gives the equal result.
    """
    ordered = sorted(lines, key=lambda line: (line.month, line.id))
    books = Books({line.id: line.net_fen for line in ordered}, frozenset(denied))
    spent: dict[int, int] = defaultdict(int)
    for receipt_id, line_id, fen in confirmed:
        spent[receipt_id] += fen
        if line_id in books.outstanding:
            books.outstanding[line_id] -= fen
    usable = [receipt for receipt in receipts if receipt.amount_fen > 0]
    # Receipts with a stated month choose before those that take the earliest open one.
    usable.sort(key=lambda r: (not r.month, r.month, r.paid_on or dt.date.max, r.id))
    doubtful = {**_listed_twice(usable), **(held or {})}
    index = Index(ordered)
    waiting = [receipt for receipt in usable if receipt.id not in spent and receipt.id not in doubtful]
    for settle in _CERTAIN:
        waiting = settle(waiting, index, books)
    # What a person has confirmed in part, and what is doubtful, is only ever proposed.
    for receipt in usable:
        if receipt.id in spent and receipt.amount_fen > spent[receipt.id]:
            waiting.append(replace(receipt, amount_fen=receipt.amount_fen - spent[receipt.id]))
        elif receipt.id in doubtful and receipt.id not in spent:
            waiting.append(receipt)
    proposing.propose(waiting, ordered, index, books, doubtful, partly=spent)
    return books.pairings


def _listed_twice(receipts: Sequence[Receipt]) -> dict[int, str]:
    """Receipts that say again what another one says, reference and all: perhaps one payment, listed twice."""
    first: dict[tuple[object, ...], list[Receipt]] = {}
    twice = {}
    for receipt in receipts:
        if not receipt.reference:
            continue
        key = (receipt.reference, receipt.name, receipt.card_hash, receipt.id_hash, receipt.amount_fen)
        earlier = first.setdefault(key, [])
        if any(not receipt.month or not one.month or receipt.month == one.month for one in earlier):
            twice[receipt.id] = "流水号、收款人、金额与另一笔相同，可能是同一笔列了两次"
        earlier.append(receipt)
    return twice


# --- the ways to be certain ------------------------------------------------------------------------------


class _Way(NamedTuple):
    """Where to look for a receipt's lines, what must hold of each, and of all found together."""

    candidates: Callable[[Index, Receipt], Sequence[Line]]
    holds: Callable[[Index, Receipt, Line], bool]
    #: whether the lines found can only be meant for one person
    one_person: Callable[[Sequence[Line]], bool]
    reason: str


_Settle = Callable[[list[Receipt], Index, Books], list[Receipt]]


def _by_order(waiting: list[Receipt], index: Index, books: Books) -> list[Receipt]:
    """The line that our own pay order meant. Such a receipt pays no other line while that line stands."""
    left = []
    for receipt in waiting:
        line = index.ordered_line(receipt)
        if line is None or not books.open(receipt, line) or receipt.amount_fen > books.outstanding[line.id]:
            left.append(receipt)
        elif receipt.ordered is not None and not receipt.ordered.spoken_against_by(receipt):
            books.pay(receipt, line, _BY_ORDER)
        else:
            left.append(receipt)
    return left


def _whole(way: _Way) -> _Settle:
    """One receipt, one line, the whole of what is open. Several months of one amount are left for later."""

    def settle(waiting: list[Receipt], index: Index, books: Books) -> list[Receipt]:
        left = []
        payees = Payees(waiting)
        for receipt in waiting:
            found = _equal_lines(way, receipt, index, books)
            alone = len(found) == 1 or receipt.month
            if (
                found
                and alone
                and way.one_person(found)
                and not _may_be_part(way, receipt, index, books, payees)
            ):
                books.pay(receipt, found[0], way.reason)
            else:
                left.append(receipt)
        return left

    return settle


def _in_order(waiting: list[Receipt], index: Index, books: Books) -> list[Receipt]:
    """Receipts without a month, several open months of their amount: the earliest debt first (civil code, art. 560).

    Where fewer receipts than months are there and some other receipt of the payee is still without its line, that
    one may have paid the earlier month: then a person decides.
    """
    payees = Payees(waiting)
    wanted: dict[tuple[str, int], list[tuple[Receipt, _Way]]] = defaultdict(list)
    for receipt in waiting:
        if receipt.month:
            continue
        for way in (_CARD, _ID, _NAME):
            found = _equal_lines(way, receipt, index, books)
            if found and way.one_person(found) and not _may_be_part(way, receipt, index, books, payees):
                wanted[found[0].person, receipt.amount_fen].append((receipt, way))
                break
    paid: set[int] = set()
    for together in wanted.values():
        ids = {receipt.id for receipt, _ in together}
        months = {line.id for receipt, way in together for line in _equal_lines(way, receipt, index, books)}
        others = any(one.id not in ids for receipt, _ in together for one in payees.same(receipt))
        if others and len(together) != len(months):
            continue
        for receipt, way in together:
            found = _equal_lines(way, receipt, index, books)
            if found:
                books.pay(receipt, found[0], way.reason)
                paid.add(receipt.id)
    return [receipt for receipt in waiting if receipt.id not in paid]


def _equal_lines(way: _Way, receipt: Receipt, index: Index, books: Books) -> list[Line]:
    amount, outstanding = receipt.amount_fen, books.outstanding
    return [
        line
        for line in way.candidates(index, receipt)
        if outstanding[line.id] == amount and books.open(receipt, line) and way.holds(index, receipt, line)
    ]


def _may_be_part(way: _Way, receipt: Receipt, index: Index, books: Books, payees: Payees) -> bool:
    """Whether this receipt without a month may also mean something else: together with others of the payee a
    bigger line, or several smaller lines at once."""
    if receipt.month:
        return False
    others: list[Receipt] | None = None
    smaller = []
    for line in way.candidates(index, receipt):
        rest = books.outstanding[line.id] - receipt.amount_fen
        if rest == 0 or not books.open(receipt, line):
            continue
        if rest < 0:
            smaller.append(books.outstanding[line.id])
            continue
        if others is None:
            others = [one for one in payees.same(receipt) if one.id != receipt.id]
        parts = [one.amount_fen for one in others if one.month in ("", line.month)]
        if rest in parts or any(sum(pair) == rest for pair in combinations(parts, 2)):
            return True
    amount = receipt.amount_fen
    return sum(smaller) >= amount and any(
        sum(some) == amount for size in (2, 3) for some in combinations(smaller, size)
    )


def _merged(way: _Way) -> _Settle:
    """One receipt, several lines of one person: exactly one combination of them has this sum."""

    def settle(waiting: list[Receipt], index: Index, books: Books) -> list[Receipt]:
        left = []
        for receipt in waiting:
            found = _open_lines(way, receipt, index, books)
            sums = [books.outstanding[line.id] for line in found]
            chosen = _only_combination(sums, receipt.amount_fen)
            if chosen and way.one_person(found):
                text = f"{way.reason}（一笔付清{len(chosen)}条工资）"
                for position in chosen:
                    books.pay_part(receipt, found[position], sums[position], text)
            else:
                left.append(receipt)
        return left

    return settle


def _split(way: _Way) -> _Settle:
    """Several receipts of one payee, one line: exactly one combination of them has its sum."""

    def settle(waiting: list[Receipt], index: Index, books: Books) -> list[Receipt]:
        groups: dict[tuple[str, str, str], list[Receipt]] = defaultdict(list)
        for receipt in waiting:
            if receipt.name:
                groups[receipt.name, receipt.card_hash, receipt.id_hash].append(receipt)
        paid: set[int] = set()
        for group in groups.values():
            if len(group) > 1:
                paid |= _pay_split(way, group, index, books)
        return [receipt for receipt in waiting if receipt.id not in paid]

    return settle


def _pay_split(way: _Way, group: Sequence[Receipt], index: Index, books: Books) -> set[int]:
    """Pay the one line that some of the group make up; the receipts that did."""
    solutions = []
    by_line: dict[int, tuple[Line, list[Receipt]]] = {}
    for receipt in group:
        for line in _open_lines(way, receipt, index, books):
            by_line.setdefault(line.id, (line, []))[1].append(receipt)
    if not by_line or not way.one_person([line for line, _ in by_line.values()]):
        return set()
    for line, able in by_line.values():
        chosen = _only_combination([one.amount_fen for one in able], books.outstanding[line.id])
        elsewhere = {books.outstanding[other.id] for other, _ in by_line.values() if other.id != line.id}
        if chosen and not any(not able[one].month and able[one].amount_fen in elsewhere for one in chosen):
            solutions.append((line, [able[position] for position in chosen]))
    # Lines that the same receipts could pay are told apart by nobody.
    used = [receipt.id for _, receipts in solutions for receipt in receipts]
    if len(used) != len(set(used)):
        return set()
    for line, receipts in solutions:
        for receipt in receipts:
            books.pay(receipt, line, f"{way.reason}（部分支付，{len(receipts)}笔合计付清）")
    return set(used)


def _parts(way: _Way) -> _Settle:
    """A smaller amount is a part payment where only one line can be meant."""

    def settle(waiting: list[Receipt], index: Index, books: Books) -> list[Receipt]:
        left = []
        for receipt in waiting:
            found = _open_lines(way, receipt, index, books)
            if len(found) == 1 and receipt.amount_fen <= books.outstanding[found[0].id]:
                books.pay(receipt, found[0], way.reason)
            else:
                left.append(receipt)
        return left

    return settle


def _open_lines(way: _Way, receipt: Receipt, index: Index, books: Books) -> list[Line]:
    return [
        line
        for line in way.candidates(index, receipt)
        if books.open(receipt, line) and way.holds(index, receipt, line)
    ]


def _only_combination(amounts: Sequence[int], total: int) -> tuple[int, ...]:
    """The positions of the one combination of two or more amounts with this sum; empty where none or several."""
    if not 2 <= len(amounts) <= _MOST_COMBINED or sum(amounts) < total:
        return ()
    ways: dict[int, list[tuple[int, ...]]] = {0: [()]}
    for position, amount in enumerate(amounts):
        for reached, known in list(ways.items()):
            if amount > 0 and reached + amount <= total:
                more = ways.setdefault(reached + amount, [])
                more += [(*one, position) for one in known]
                # Two are enough to know that it is not one.
                del more[2:]
    found = [one for one in ways.get(total, []) if len(one) > 1]
    return found[0] if len(found) == 1 and len(ways.get(total, [])) == 1 else ()


def _one_name(lines: Sequence[Line]) -> bool:
    return len(lines) == 1 or len({line.name for line in lines}) == 1


def _one_person(lines: Sequence[Line]) -> bool:
    """Whether all lines are of one person. Two lines of one bare name in one month may be two people."""
    people = {line.person for line in lines}
    if len(people) != 1:
        return False
    return bool(lines[0].id_hash) or len({line.month for line in lines}) == len(lines)


def _card_and_name(index: Index, receipt: Receipt, line: Line) -> bool:
    # Some banks list cards without names; then one name among all lines of the card makes it certain.
    if not receipt.name:
        return receipt.card_hash not in index.shared_cards and _free(index, receipt, line)
    return receipt.name == line.name and _free(index, receipt, line)


def _id_and_name(index: Index, receipt: Receipt, line: Line) -> bool:
    return receipt.name == line.name and not cards_differ(receipt, line) and _free(index, receipt, line)


def _name_alone(index: Index, receipt: Receipt, line: Line) -> bool:
    if cards_differ(receipt, line) or not _free(index, receipt, line):
        return False
    if receipt.id_hash and line.id_hash and receipt.id_hash != line.id_hash:
        return False
    # A card that belongs to somebody else speaks against a line without one.
    owners = index.by_card.get(receipt.card_hash, ()) if receipt.card_hash else ()
    return not owners or any(owner.person == line.person for owner in owners)


def _free(index: Index, receipt: Receipt, line: Line) -> bool:
    """Whether our own order meant no other line by it."""
    if receipt.ordered is None:
        return True
    meant = index.ordered_line(receipt)
    return meant is None


def _of_card(index: Index, receipt: Receipt) -> Sequence[Line]:
    return index.by_card.get(receipt.card_hash, ()) if receipt.card_hash else ()


def _of_id(index: Index, receipt: Receipt) -> Sequence[Line]:
    return index.by_id.get(receipt.id_hash, ()) if receipt.id_hash else ()


def _of_name(index: Index, receipt: Receipt) -> Sequence[Line]:
    return index.by_name.get(receipt.name, ()) if receipt.name else ()


_CARD = _Way(_of_card, _card_and_name, _one_name, _BY_CARD)
_ID = _Way(_of_id, _id_and_name, _one_name, _BY_ID)
_NAME = _Way(_of_name, _name_alone, _one_person, _BY_NAME)

#: in this order for all receipts: whole amounts first, then sums, so that no part takes a whole one's line
_CERTAIN: tuple[_Settle, ...] = (
    _by_order,
    _whole(_CARD),
    _whole(_ID),
    _whole(_NAME),
    _in_order,
    _merged(_CARD),
    _merged(_ID),
    _merged(_NAME),
    _split(_CARD),
    _split(_ID),
    _split(_NAME),
    _parts(_CARD),
    _parts(_ID),
    # what is left of a line after its parts
    _whole(_NAME),
)
