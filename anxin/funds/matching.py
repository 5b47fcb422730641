"""Which receipt pays which payroll line: a pure function of lines, receipts and people's decisions.

Certain matches count at once (``EXACT``): the line's card and name, or the same ID number and name, or a name
and amount that point to one open line where no card speaks against it. Anything nearer than nothing but not
certain is ``PROPOSED`` with its reason. The whole project is matched anew each time, so that the result does
not depend on the order in which files arrived; :mod:`anxin.funds.services` writes only the difference.

A receipt pays one line, a line may be paid by several receipts, and nothing is created or lost: what counts
of a receipt never exceeds its amount, nor what counts for a line its net pay.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from anxin.kernel.months import Month

EXACT, PROPOSED = "exact", "proposed"
#: proposals for one receipt: more would not help the person who decides
_MOST_PROPOSALS = 3

_BY_CARD = "卡号、姓名一致"
_BY_CARD_ALONE = "卡号一致（回执没有姓名）"
_BY_ID = "身份证号、姓名一致"
_BY_NAME = "姓名、金额一致且只有一人符合"
_PART = "（部分支付）"


@dataclass(frozen=True)
class Line:
    """An open payroll line. ``person`` is equal for all lines of one person; ``name`` in comparable form."""

    id: int
    month: str
    person: str
    name: str
    card_hash: str
    id_hash: str
    net_fen: int


@dataclass(frozen=True)
class Receipt:
    """A successful receipt. ``month`` is empty where nobody stated it."""

    id: int
    month: str
    name: str
    card_hash: str
    id_hash: str
    amount_fen: int
    paid_on: dt.date | None


@dataclass(frozen=True)
class Pairing:
    """So many fen of a receipt for a line, certain or proposed, and why."""

    receipt_id: int
    line_id: int
    amount_fen: int
    state: str
    reason: str


@dataclass
class _Books:
    """What is still open while matching goes on."""

    outstanding: dict[int, int]
    denied: frozenset[tuple[int, int]]
    pairings: list[Pairing] = field(default_factory=list)

    def open(self, receipt: Receipt, line: Line) -> bool:
        return (
            self.outstanding[line.id] > 0
            and (receipt.id, line.id) not in self.denied
            and _month_fits(receipt, line)
        )

    def pay(self, receipt: Receipt, line: Line, reason: str) -> None:
        part = receipt.amount_fen < line.net_fen
        self.outstanding[line.id] -= receipt.amount_fen
        text = (reason if receipt.name else _BY_CARD_ALONE) + (_PART if part else "")
        self.pairings.append(Pairing(receipt.id, line.id, receipt.amount_fen, EXACT, text))

    def propose(self, receipt: Receipt, line: Line, reason: str) -> None:
        amount = min(receipt.amount_fen, self.outstanding[line.id])
        self.pairings.append(Pairing(receipt.id, line.id, amount, PROPOSED, reason))


def match(
    lines: Iterable[Line],
    receipts: Iterable[Receipt],
    *,
    confirmed: Iterable[tuple[int, int, int]] = (),
    denied: Iterable[tuple[int, int]] = (),
) -> list[Pairing]:
    """Match all receipts to all lines.

    ``confirmed``: (receipt, line, fen) that a person has confirmed; these stand, and take their part away
    first. ``denied``: (receipt, line) that a person has ruled out. Deterministic: equal input in any order
    gives the equal result.
    """
    ordered = sorted(lines, key=lambda line: (line.month, line.id))
    books = _Books({line.id: line.net_fen for line in ordered}, frozenset(denied))
    taken: set[int] = set()
    for receipt_id, line_id, fen in confirmed:
        taken.add(receipt_id)
        if line_id in books.outstanding:
            books.outstanding[line_id] -= fen
    waiting = [receipt for receipt in receipts if receipt.id not in taken and receipt.amount_fen > 0]
    # Receipts with a stated month choose before those that take the earliest open one.
    waiting.sort(key=lambda r: (not r.month, r.month, r.paid_on or dt.date.max, r.id))
    index = _Index(ordered)
    for step in _CERTAIN:
        waiting = [receipt for receipt in waiting if not _settle(receipt, index, books, step)]
    if waiting:
        near = _near_names(line for line in ordered if books.outstanding[line.id] > 0)
        for receipt in waiting:
            _propose(receipt, index, near, books)
    return books.pairings


class _Index:
    """The lines by everything a receipt may know them by, each list with the earliest month first."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.by_card: dict[str, list[Line]] = defaultdict(list)
        self.by_id: dict[str, list[Line]] = defaultdict(list)
        self.by_name: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            if line.card_hash:
                self.by_card[line.card_hash].append(line)
            if line.id_hash:
                self.by_id[line.id_hash].append(line)
            if line.name:
                self.by_name[line.name].append(line)


# --- certain ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """One way to be certain: where to look, what must hold of each line and of all found together."""

    candidates: Callable[[_Index, Receipt], list[Line]]
    holds: Callable[[Receipt, Line], bool]
    #: whether a smaller amount is taken as a part payment
    part: bool
    #: whether the lines found can only be meant for one person
    one_person: Callable[[Sequence[Line]], bool]
    reason: str


def _settle(receipt: Receipt, index: _Index, books: _Books, step: _Step) -> bool:
    """Pay the earliest open line that the step is certain about; whether there was one."""
    found = []
    for line in step.candidates(index, receipt):
        if books.open(receipt, line) and step.holds(receipt, line):
            outstanding = books.outstanding[line.id]
            if receipt.amount_fen == outstanding or (step.part and receipt.amount_fen < outstanding):
                found.append(line)
    if not found or not step.one_person(found):
        return False
    books.pay(receipt, found[0], step.reason)
    return True


def _one_name(lines: Sequence[Line]) -> bool:
    return len({line.name for line in lines}) == 1


def _one_person(lines: Sequence[Line]) -> bool:
    """Whether all lines are of one person. Two lines of one bare name in one month may be two people."""
    people = {line.person for line in lines}
    if len(people) != 1:
        return False
    return bool(lines[0].id_hash) or len({line.month for line in lines}) == len(lines)


def _card_and_name(receipt: Receipt, line: Line) -> bool:
    # Some banks list cards without names; then one name among the lines of the card makes it certain.
    return receipt.name == line.name or not receipt.name


def _id_and_name(receipt: Receipt, line: Line) -> bool:
    return receipt.name == line.name and not _cards_differ(receipt, line)


def _name_alone(receipt: Receipt, line: Line) -> bool:
    return not _cards_differ(receipt, line) and not (
        receipt.id_hash and line.id_hash and receipt.id_hash != line.id_hash
    )


def _cards_differ(receipt: Receipt, line: Line) -> bool:
    return bool(receipt.card_hash and line.card_hash and receipt.card_hash != line.card_hash)


def _by_card(index: _Index, receipt: Receipt) -> list[Line]:
    return index.by_card.get(receipt.card_hash, []) if receipt.card_hash else []


def _by_id(index: _Index, receipt: Receipt) -> list[Line]:
    return index.by_id.get(receipt.id_hash, []) if receipt.id_hash else []


def _by_name(index: _Index, receipt: Receipt) -> list[Line]:
    return index.by_name.get(receipt.name, []) if receipt.name else []


#: in this order for all receipts: whole amounts before parts, so that no part takes a whole one's line
_CERTAIN = (
    _Step(_by_card, _card_and_name, part=False, one_person=_one_name, reason=_BY_CARD),
    _Step(_by_id, _id_and_name, part=False, one_person=_one_name, reason=_BY_ID),
    _Step(_by_name, _name_alone, part=False, one_person=_one_person, reason=_BY_NAME),
    _Step(_by_card, _card_and_name, part=True, one_person=_one_name, reason=_BY_CARD),
    _Step(_by_id, _id_and_name, part=True, one_person=_one_name, reason=_BY_ID),
)


def _month_fits(receipt: Receipt, line: Line) -> bool:
    """The stated month, or none later than the payment: nobody is paid for a month that has not begun."""
    if receipt.month:
        return line.month == receipt.month
    return receipt.paid_on is None or line.month <= str(Month.of(receipt.paid_on))


# --- proposed --------------------------------------------------------------------------------------------

#: (amount, a name or the name with a character blanked or left out) → lines
_NearNames = dict[tuple[int, str], list[Line]]


def _propose(receipt: Receipt, index: _Index, near: _NearNames, books: _Books) -> None:
    proposed: set[int] = set()
    for line, reason in _candidates(receipt, index, near, books):
        if len(proposed) == _MOST_PROPOSALS:
            return
        if line.id not in proposed and books.open(receipt, line):
            proposed.add(line.id)
            books.propose(receipt, line, reason)


def _candidates(
    receipt: Receipt, index: _Index, near: _NearNames, books: _Books
) -> Iterator[tuple[Line, str]]:
    """Lines that the receipt may be meant for, the likeliest first."""
    for line in _by_card(index, receipt):
        if receipt.name and receipt.name != line.name:
            yield line, "卡号一致，但姓名不同"
        elif receipt.amount_fen > books.outstanding[line.id]:
            yield line, "卡号、姓名一致，但金额大于未付金额"
        else:
            yield line, "卡号一致，但这张卡对应的不止一人"
    for line in _by_id(index, receipt):
        yield line, "身份证号一致，但姓名、卡号或金额不同"
    for line in _by_name(index, receipt):
        if receipt.amount_fen == books.outstanding[line.id]:
            differ = _cards_differ(receipt, line)
            yield line, "姓名、金额一致，但卡号不同" if differ else "姓名、金额一致，但同名的不止一人"
    for form in dict.fromkeys(_near_forms(receipt.name)):
        for line in near.get((receipt.amount_fen, form), []):
            if books.outstanding[line.id] == receipt.amount_fen and _one_character_apart(
                line.name, receipt.name
            ):
                yield line, "金额一致，姓名相差一个字"


def _near_names(lines: Iterable[Line]) -> _NearNames:
    near: _NearNames = defaultdict(list)
    for line in lines:
        for form in set(_near_forms(line.name)):
            near[line.net_fen, form].append(line)
    return near


def _near_forms(name: str) -> Iterator[str]:
    """Forms of which two names share one whenever they are one character apart."""
    if len(name) < 2:
        return
    yield name
    for position in range(len(name)):
        yield f"{name[:position]}_{name[position + 1 :]}"
        yield name[:position] + name[position + 1 :]


def _one_character_apart(left: str, right: str) -> bool:
    """One character replaced, missing or added."""
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) == 1
    shorter, longer = sorted((left, right), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:position] + longer[position + 1 :] == shorter for position in range(len(longer))
    )
