"""Payrolls of one big site and the bank's rows about them, with the truth: which row pays which line.

The noise is that of offices and banks: rows without card, name or month, names in another writing, namesakes,
cards of a family, wages in several payments, one payment for several months, returns and second tries, reversals
with and without a reference, rows listed twice, too much and too little money, months that nobody paid. ``noise``
multiplies all of it. What a payer did not say, the law says: a payment that names no month pays the earliest open
month of that amount (civil code, article 560), and so does the truth.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field, replace

from anxin.funds.matching import EXACT, match
from anxin.funds.pairs import Line, Ordered, Receipt
from anxin.funds.reversals import take_back
from anxin.workforce.people import plain_name

MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09")

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁"
_GIVEN = "伟强军勇杰涛明超平刚辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国志成德贵福海玉春秋红梅兰英芳"
_MINORITY = ("买买提", "阿卜杜", "古丽", "吐尔逊", "艾力", "玛依拉")
_POINTS = "•・.·"


@dataclass
class World:
    """The lines, the bank's rows (returned ones left out: they pay nothing), and what is true of them."""

    lines: list[Line] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    reversals: list[Receipt] = field(default_factory=list)
    returned: int = 0
    #: (row, line) → fen
    truth: dict[tuple[int, int], int] = field(default_factory=dict)
    #: names as the bank wrote them
    written: dict[int, str] = field(default_factory=dict)
    #: reversal → the payment it took back
    reversed: dict[int, int] = field(default_factory=dict)


@dataclass
class _Person:
    name: str
    card: str
    id_number: str
    key: str
    wage: int


class _Maker:
    def __init__(self, rows: int, seed: int, noise: float) -> None:
        self.chance = random.Random(seed)
        self.noise = noise
        self.rows = rows
        self.world = World()
        self.next_row = 1
        #: rows that name no month and pay a whole line: (day, row, person, fen, line)
        self.owner: dict[int, str] = {}
        self.unnamed: list[tuple[dt.date, int, str, int, int]] = []

    def happens(self, share: float) -> bool:
        return self.chance.random() < share * self.noise

    def make(self) -> World:
        count = 0
        while self.next_row <= self.rows:
            person = self._person(count)
            self._pay(person)
            if self.happens(0.008):  # wife or son beside him, paid onto his card
                count += 1
                other = self._person(count)
                other.card = person.card
                self._pay(other)
            count += 1
        self._by_law()
        self.chance.shuffle(self.world.receipts)
        return self.world

    def _person(self, number: int) -> _Person:
        chance = self.chance
        if self.happens(0.02):
            name = "·".join(chance.sample(_MINORITY, 2))
        else:
            name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2, 2))))
        return _Person(name, f"card{number}", f"id{number}", f"w{number}", chance.randrange(200, 460, 10))

    def _lines(self, person: _Person) -> list[Line]:
        chance, made = self.chance, []
        known = not self.happens(0.03)
        cards = not self.happens(0.025)
        for month in MONTHS:
            half_days = chance.choice((52, 54, 56, 58, 60, *range(20, 60)))
            net = person.wage * half_days * 50 - chance.choice((0, 0, 0, 50_000, 100_000))
            made.append(
                Line(
                    len(self.world.lines) + len(made) + 1,
                    month,
                    person.key if known else f"n:{plain_name(person.name)}",
                    plain_name(person.name),
                    person.card if cards else "",
                    person.id_number if known else "",
                    max(net, 20_000),
                )
            )
        self.world.lines += made
        self.owner.update({line.id: person.key for line in made})
        return made

    def _pay(self, person: _Person) -> None:
        lines = self._lines(person)
        if self.happens(0.01):
            several = self.chance.choice((2, 3))
            start = self.chance.randrange(len(lines) - several + 1)
            merged = lines[start : start + several]
            self._row(person, merged, sum(line.net_fen for line in merged), late=0)
            lines = [line for line in lines if line not in merged]
        for line in lines:
            self._pay_line(person, line)

    def _pay_line(self, person: _Person, line: Line) -> None:
        chance = self.chance
        if self.happens(0.015):
            return  # nobody paid
        if self.happens(0.01):
            rest = line.net_fen
            for late in range(chance.choice((1, 1, 2))):
                part = chance.randrange(1, rest // 10_000) * 10_000 if rest >= 20_000 else 0
                if part:
                    self._row(person, [line], part, late=late * 9)
                    rest -= part
            self._row(person, [line], rest, late=25)
        elif self.happens(0.005):
            self._row(person, [line], line.net_fen * chance.choice((3, 5, 7)) // 10, late=0)
        elif self.happens(0.001):
            self._row(person, [line], line.net_fen + chance.choice((10_000, 9_900, 90)), late=0)
        elif self.happens(0.006):
            self.world.returned += 1
            if not self.happens(0.3):
                self._row(person, [line], line.net_fen, late=6)
        elif self.happens(0.003):
            self._reversed(person, line)
        else:
            row = self._row(person, [line], line.net_fen, late=0)
            if row.reference and self.happens(0.004):
                self._again(row)

    def _reversed(self, person: _Person, line: Line) -> None:
        """Paid, taken back, and half of the time paid anew later."""
        first = self._row(person, [line], line.net_fen, late=0, counts=False)
        paid_on = first.paid_on or dt.date.max
        named = not self.happens(0.3)
        entry = replace(
            first,
            id=self.next_row,
            paid_on=paid_on + dt.timedelta(2),
            reference=first.reference if named else "",
        )
        self.next_row += 1
        self.world.reversals.append(entry)
        self.world.reversed[entry.id] = first.id
        if self.chance.random() < 0.5:
            self._row(person, [line], line.net_fen, late=8)

    def _again(self, row: Receipt) -> None:
        self.world.receipts.append(replace(row, id=self.next_row))
        self.world.written[self.next_row] = self.world.written[row.id]
        self.next_row += 1

    def _row(
        self, person: _Person, lines: list[Line], fen: int, *, late: int, counts: bool = True
    ) -> Receipt:
        chance, line = self.chance, lines[-1]
        year, month = (int(part) for part in line.month.split("-"))
        paid_on = dt.date(year, month + 1, 15) + dt.timedelta(chance.randrange(4) + late)
        said = line.month if len(lines) == 1 and not self.happens(0.2) else ""
        card = "" if self.happens(0.05) else person.card
        written = self._written(person.name)
        if card and self.happens(0.01):
            written = ""
        ours = len(lines) == 1 and fen == line.net_fen and chance.random() < 0.1
        number = self.next_row
        self.next_row += 1
        receipt = Receipt(
            number,
            said,
            plain_name(written),
            card,
            person.id_number if self.happens(0.05) and written else "",
            fen,
            paid_on,
            f"AX{number:017d}" if ours else f"B{number}" if chance.random() < 0.7 else "",
            Ordered(line.id, line.name, line.card_hash) if ours else None,
        )
        self.world.receipts.append(receipt)
        self.world.written[number] = written
        if counts:
            rest = fen
            for one in lines:
                self.world.truth[number, one.id] = min(rest, one.net_fen)
                rest -= one.net_fen
            if not said and not ours and len(lines) == 1 and fen == line.net_fen:
                self.unnamed.append((paid_on, number, person.key, fen, line.id))
        return receipt

    def _written(self, name: str) -> str:
        chance = self.chance
        if self.happens(0.001):
            place = chance.randrange(len(name))
            return name[:place] + chance.choice(_GIVEN) + name[place + 1 :]
        if "·" in name and self.happens(0.5):
            return name.replace("·", chance.choice(_POINTS))
        if self.happens(0.015):
            return chance.choice((f"{name[0]} {name[1:]}", f"{name[0]}\u3000{name[1:]}", f" {name} "))
        return name

    def _by_law(self) -> None:
        """Payments that name no month go to the earliest open month of their amount."""
        world = self.world
        for _, row, _, _, line in self.unnamed:
            del world.truth[row, line]
        held = {line for _, line in world.truth}
        of_person: dict[tuple[str, int], list[Line]] = defaultdict(list)
        for line in world.lines:
            of_person[self.owner[line.id], line.net_fen].append(line)
        for _, row, person, fen, _ in sorted(self.unnamed):
            line = next(one for one in of_person[person, fen] if one.id not in held)
            held.add(line.id)
            world.truth[row, line.id] = fen


@dataclass(frozen=True)
class Score:
    """How a matching compares with the truth: pairs with their amounts."""

    true_pairs: int
    found: int
    wrong: int


def match_world(world: World) -> Score:
    """Match as the product does, and hold the result against the truth."""
    back = take_back(world.receipts, world.reversals)
    gone = set(back.pairs.values())
    standing = [receipt for receipt in world.receipts if receipt.id not in gone]
    counted = [one for one in match(world.lines, standing, held=back.held) if one.state == EXACT]
    right = sum(world.truth.get((one.receipt_id, one.line_id)) == one.amount_fen for one in counted)
    return Score(len(world.truth), right, len(counted) - right)


def make_world(rows: int = 10_000, *, seed: int = 1, noise: float = 1.0) -> World:
    """A site whose bank file has about so many rows."""
    return _Maker(rows, seed, noise).make()
