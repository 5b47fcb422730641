"""One row of a payroll in the form of the table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from anxin.evidence.sealing import finder, sealer
from anxin.workforce.people import plain_name

#: 100 million yuan: more than this in one row is a number from another column, and no table could add it up
MOST_FEN = 100_000_000 * 100


class Line(NamedTuple):
    """What one row promises, in the order of the columns of the table."""

    worker_id: int | None
    #: none where the line was approved inside the product
    row_number: int | None
    name: str
    #: who within the month, before rows of one person are told apart
    person_key: str
    team: str
    days_worked: Decimal | None
    gross_fen: int
    deduction_fen: int | None
    net_fen: int
    bank_card: bytes | None
    card_hash: str
    content_hash: str


class LineReader:
    """Turns the values of a row into a line; what is the same for all rows is prepared once."""

    def __init__(self) -> None:
        self._seal = sealer()
        self._find = finder("card")

    def line(self, row: int, values: Mapping[str, Any], worker: int | None) -> Line:
        name = (values.get("name") or "")[:60]
        team = (values.get("team") or "")[:60]
        days, deduction = values.get("days_worked"), values.get("deduction")
        gross, net = values.get("gross"), values.get("net")
        # A sheet may state only one of the two; what it leaves out follows from what it says.
        if net is None:
            net = (gross or 0) - (deduction or 0)
        if gross is None:
            gross = net + (deduction or 0)
        card = values.get("bank_card")
        card_hash = self._find(card) if card else ""
        return Line(
            worker,
            row,
            name,
            f"w{worker}" if worker is not None else name_key(name, values.get("employee_number")),
            team,
            days,
            gross,
            deduction,
            net,
            self._seal(card) if card else None,
            card_hash,
            content_hash_of(name, team, days, gross, deduction, net, card_hash),
        )


def name_key(name: str, number: str | None) -> str:
    """Somebody known by name (and work number) alone; ``|`` is what tells several lines of one person apart."""
    return ("n:" + plain_name(name)[:60] + (f"#{number[:20]}" if number else "")).replace("|", "")


def content_hash_of(
    name: str, team: str, days: Decimal | None, gross: int, deduction: int | None, net: int, card_hash: str
) -> str:
    said = f"{name}|{team}|{plain_days(days)}|{gross}|{deduction}|{net}|{card_hash}"
    return hashlib.sha256(said.encode()).hexdigest()


@lru_cache(maxsize=1000)
def plain_days(days: Decimal | None) -> str | None:
    """``26.0`` and ``26`` alike."""
    return None if days is None else format(days.normalize(), "f")


def with_card_of(old: Line, line: Line) -> Line:
    """The line of a file that has no card column, with the card that was known."""
    content = content_hash_of(
        line.name,
        line.team,
        line.days_worked,
        line.gross_fen,
        line.deduction_fen,
        line.net_fen,
        old.card_hash,
    )
    return line._replace(bank_card=old.bank_card, card_hash=old.card_hash, content_hash=content)
