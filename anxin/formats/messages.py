"""What bank files say, whatever their format: orders to pay, results of paying, statements of an account.

Frozen and neutral: a parser of one folder makes them, and who uses them need not know from which file they came.
Money is fen, days are ``date``, a month is ``YYYY-MM`` or ``""`` where the file names none. An identifier is the
bare number as the file gives it: masking and sealing belong to those who keep or show it, so none of these classes
shows one when it is printed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from dataclasses import field as hidden
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one payment."""

    PAID = "paid"
    #: the money did not arrive, or came back
    RETURNED = "returned"
    #: booked in error and taken back by the bank
    REVERSED = "reversed"
    #: the bank has not finished
    PENDING = "pending"


class Direction(StrEnum):
    """Seen from the account's owner."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class PayOrderLine:
    """One payee. ``reference`` is ours, unique within the order, and comes back in the results."""

    sequence: int
    reference: str
    name: str
    card: str = hidden(repr=False)
    id_number: str = hidden(repr=False, default="")
    amount_fen: int = 0
    bank_code: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class PayOrder:
    """One order to a bank: pay these people from this account."""

    reference: str
    project_code: str
    month: str
    payer_account: str = hidden(repr=False)
    payer_name: str
    #: ``None`` where the format does not say
    created_at: dt.datetime | None
    lines: tuple[PayOrderLine, ...]

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class PayResult:
    """What became of one line. ``code`` is one of :mod:`anxin.formats.codes` or ``""``; ``bank_code`` the bank's own.

    ``line`` is the place in the file (line of a text file, record of a message), from 1.
    """

    sequence: int
    reference: str
    name: str
    card: str = hidden(repr=False, default="")
    id_number: str = hidden(repr=False, default="")
    amount_fen: int = 0
    paid_on: dt.date | None = None
    outcome: Outcome = Outcome.PAID
    code: str = ""
    reason: str = ""
    month: str = ""
    project_code: str = ""
    #: the bank's own number of this payment
    bank_reference: str = ""
    bank_code: str = ""
    line: int = 0
    #: the record as the file has it
    raw: str = hidden(repr=False, default="")


@dataclass(frozen=True, slots=True)
class PayResults:
    """The bank's answer to one order; ``order_reference`` is the order's reference.

    ``whole`` says what became of the order as a whole where the bank answers without lines.
    """

    order_reference: str
    lines: tuple[PayResult, ...]
    whole: OrderState | None = None


@dataclass(frozen=True, slots=True)
class OrderState:
    """An answer about a whole order: taken, being worked on, or refused, with the bank's sentence."""

    outcome: Outcome | None
    bank_code: str
    sentence: str
    bank_reference: str = ""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One movement of an account, or one payment inside a batch that the bank booked as a sum.

    ``batch_reference``, ``batch_size`` and ``batch_fen`` describe the booked sum that this payment is a part of;
    a booked sum whose payments the file does not list is one entry with ``batch_size`` above 1.
    ``reversal``: the bank takes back an earlier booking. ``returned``: an earlier payment came back.
    """

    booked_on: dt.date
    direction: Direction
    amount_fen: int
    counterparty_name: str = ""
    counterparty_account: str = hidden(repr=False, default="")
    #: the bank's own number of the movement
    reference: str = ""
    #: the reference that the payer gave (end to end)
    payer_reference: str = ""
    purpose: str = ""
    reversal: bool = False
    returned: bool = False
    code: str = ""
    reason: str = ""
    bank_code: str = ""
    pending: bool = False
    batch_reference: str = ""
    batch_size: int = 1
    batch_fen: int = 0
    #: whether the payer marked it as wages
    salary: bool = False
    line: int = 0
    raw: str = hidden(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Statement:
    """Movements of one account between two days. Balances are ``None`` where the file has none (a notification)."""

    account: str = hidden(repr=False)
    from_day: dt.date | None
    to_day: dt.date | None
    opening_fen: int | None
    closing_fen: int | None
    entries: tuple[StatementEntry, ...]
    reference: str = ""
    owner: str = ""
    currency: str = "CNY"


Message = PayOrder | PayResults | Statement


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """One record that was not taken: where, which field, a code of the format, and a sentence."""

    line: int
    field: str
    code: str
    sentence: str
    raw: str = hidden(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read. Several messages where the file holds several orders or accounts."""

    format_key: str
    version: str
    messages: tuple[Message, ...]
    refusals: tuple[RowRefusal, ...] = ()
    #: sentences about the file as a whole that refuse nothing
    notes: tuple[str, ...] = ()

    @property
    def message(self) -> Message:
        """The only message. Raises ``ValueError`` where there are several."""
        (only,) = self.messages
        return only


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file to hand to a bank."""

    filename: str
    data: bytes = hidden(repr=False)


class FormatRefused(Exception):
    """The file as a whole is not taken. ``str()`` is one Chinese sentence; ``code`` is the format's own.

    ``where`` names the place (第3行, an element) where there is one.
    """

    def __init__(self, code: str, sentence: str, where: str = "") -> None:
        super().__init__(f"{where}：{sentence}" if where else sentence)
        self.code = code
        self.sentence = sentence
        self.where = where
