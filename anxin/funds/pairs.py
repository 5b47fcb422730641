"""The words of matching: lines, receipts, pairings, and the books that are kept while it goes on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

EXACT, PROPOSED = "exact", "proposed"


@dataclass(frozen=True, slots=True)
class Line:
    """An open payroll line. ``person`` is equal for all lines of one person; ``name`` in comparable form."""

    id: int
    month: str
    person: str
    name: str
    card_hash: str
    id_hash: str
    net_fen: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """The payroll line that a reference of ours names, and whom and which card the order named to the bank."""

    line_id: int
    name: str
    card_hash: str

    def spoken_against_by(self, receipt: Receipt) -> bool:
        """Whether what the bank says of the payee is not what we told it."""
        return bool(
            (receipt.name and receipt.name != self.name)
            or (receipt.card_hash and self.card_hash and receipt.card_hash != self.card_hash)
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A successful receipt. ``month`` is empty where nobody stated it, ``reference`` where the bank gives none."""

    id: int
    month: str
    name: str
    card_hash: str
    id_hash: str
    amount_fen: int
    paid_on: dt.date | None
    reference: str = ""
    ordered: Ordered | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """So many fen of a receipt for a line, certain or proposed, and why."""

    receipt_id: int
    line_id: int
    amount_fen: int
    state: str
    reason: str


@dataclass
class Books:
    """What is still open while matching goes on."""

    outstanding: dict[int, int]
    denied: frozenset[tuple[int, int]]
    pairings: list[Pairing] = field(default_factory=list)

    def open(self, receipt: Receipt, line: Line) -> bool:
        """Whether this receipt may still pay this line: not ruled out, not another month, not paid already."""
        return (
            self.outstanding[line.id] > 0
            and month_fits(receipt, line)
            and (not self.denied or (receipt.id, line.id) not in self.denied)
        )

    def pay(self, receipt: Receipt, line: Line, reason: str) -> None:
        """The whole receipt for this line."""
        text = reason if receipt.name else reason.replace("卡号、姓名一致", "卡号一致（回执没有姓名）")
        part = "（部分支付）" if receipt.amount_fen < line.net_fen and "部分支付" not in reason else ""
        self.pay_part(receipt, line, receipt.amount_fen, text + part)

    def pay_part(self, receipt: Receipt, line: Line, fen: int, reason: str) -> None:
        """So much of the receipt for this line."""
        self.outstanding[line.id] -= fen
        self.pairings.append(Pairing(receipt.id, line.id, fen, EXACT, reason))

    def propose(self, receipt: Receipt, line: Line, reason: str) -> None:
        """Let a person decide; nothing is taken from the line."""
        amount = min(receipt.amount_fen, self.outstanding[line.id])
        self.pairings.append(Pairing(receipt.id, line.id, amount, PROPOSED, reason))


class Index:
    """The lines by everything a receipt may know them by, each list with the earliest month first."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.by_key: dict[int, Line] = {}
        self.by_card: dict[str, list[Line]] = defaultdict(list)
        self.by_id: dict[str, list[Line]] = defaultdict(list)
        self.by_name: dict[str, list[Line]] = defaultdict(list)
        #: cards that more than one name gives as its own: a family's
        self.shared_cards: set[str] = set()
        for line in lines:
            self.by_key[line.id] = line
            if line.card_hash:
                held = self.by_card[line.card_hash]
                if held and held[0].name != line.name:
                    self.shared_cards.add(line.card_hash)
                held.append(line)
            if line.id_hash:
                self.by_id[line.id_hash].append(line)
            if line.name:
                self.by_name[line.name].append(line)

    def ordered_line(self, receipt: Receipt) -> Line | None:
        """The line that our order meant, while it stands."""
        return self.by_key.get(receipt.ordered.line_id) if receipt.ordered else None


class Payees:
    """Receipts by who was paid: the card, the ID number or the name."""

    def __init__(self, receipts: Sequence[Receipt]) -> None:
        self._receipts = receipts
        self._by: dict[str, list[Receipt]] | None = None

    def _index(self) -> dict[str, list[Receipt]]:
        if self._by is None:
            self._by = defaultdict(list)
            for receipt in self._receipts:
                for key in self._keys(receipt):
                    self._by[key].append(receipt)
        return self._by

    def same(self, receipt: Receipt) -> list[Receipt]:
        """The receipts that share card, ID number or name with this one, itself among them."""
        index = self._index()
        found = {one.id: one for key in self._keys(receipt) for one in index[key]}
        return list(found.values())

    @staticmethod
    def _keys(receipt: Receipt) -> list[str]:
        known = (("c", receipt.card_hash), ("i", receipt.id_hash), ("n", receipt.name))
        return [kind + value for kind, value in known if value]


def cards_differ(receipt: Receipt, line: Line) -> bool:
    """Whether both know a card, and not the same one."""
    return bool(receipt.card_hash and line.card_hash and receipt.card_hash != line.card_hash)


def month_fits(receipt: Receipt, line: Line) -> bool:
    """The stated month, or none later than the payment: nobody is paid for a month that has not begun."""
    if receipt.month:
        return line.month == receipt.month
    paid_on = receipt.paid_on
    return paid_on is None or line.month <= f"{paid_on.year:04d}-{paid_on.month:02d}"
