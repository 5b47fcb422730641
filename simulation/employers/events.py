"""Single happenings that courts, inspectors, tax and market authorities report, by cause and by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns, identifiers
from simulation.city import City
from simulation.employers import drawing
from simulation.employers.arrears import Owed
from simulation.employers.courses import (
    BUILDER,
    DRAWN_IN,
    FACTORY,
    GONE,
    RECOVERING,
    SLOW,
    UNWILLING,
    Courses,
)
from simulation.employers.senders import Offices

KINDS = ["仲裁", "监察", "被执行", "经营异常", "失信", "欠税"]
ARBITRATION, INSPECTION, ENFORCEMENT, ABNORMAL, DISHONESTY, TAX = range(6)
NOT_TOLD = -1
NAT = np.datetime64("NaT", "D")
#: cause → kind → (chance, months ahead at least, at most)
BEFORE = {
    FACTORY: {
        ENFORCEMENT: (0.55, 0, 6),
        TAX: (0.45, 0, 6),
        ARBITRATION: (0.45, 0, 4),
        DISHONESTY: (0.12, 0, 3),
    },
    SLOW: {ENFORCEMENT: (0.30, 0, 5), TAX: (0.30, 0, 5), ARBITRATION: (0.30, 0, 4), ABNORMAL: (0.15, 0, 5)},
    GONE: {ENFORCEMENT: (0.20, 0, 3), TAX: (0.15, 0, 3), ABNORMAL: (0.10, 0, 3)},
    DRAWN_IN: {ENFORCEMENT: (0.30, 0, 3), ARBITRATION: (0.25, 0, 2)},
    BUILDER: {
        ENFORCEMENT: (0.60, 0, 6),
        TAX: (0.30, 0, 5),
        ARBITRATION: (0.25, 0, 4),
        DISHONESTY: (0.12, 0, 3),
    },
    UNWILLING: {ARBITRATION: (0.60, 0, 6), INSPECTION: (0.30, 0, 6), ENFORCEMENT: (0.10, 0, 6)},
    RECOVERING: {
        ENFORCEMENT: (0.28, 0, 6),
        TAX: (0.25, 0, 6),
        ARBITRATION: (0.25, 0, 5),
        ABNORMAL: (0.06, 0, 5),
    },
}
#: kind → (chance, days after the first missed pay day at least, at most)
AFTER = {
    ARBITRATION: (0.55, 20, 90),
    INSPECTION: (0.65, 7, 50),
    ENFORCEMENT: (0.45, 60, 200),
    ABNORMAL: (0.30, 60, 200),
    DISHONESTY: (0.06, 90, 220),
}


@dataclass
class Happenings:
    """One row a happening."""

    who: np.ndarray
    kind: np.ndarray
    day: np.ndarray
    until: np.ndarray
    people: np.ndarray
    fen: np.ndarray

    def __len__(self) -> int:
        return len(self.who)


def joined(parts: list[Happenings]) -> Happenings:
    """All of them, oldest first."""
    whole = [np.concatenate(each) for each in zip(*(vars(part).values() for part in parts), strict=True)]
    order = np.lexsort((whole[0], whole[1], whole[2]))
    return Happenings(*(each[order] for each in whole))


def make_happenings(city: City, courses: Courses, owed: Owed) -> Happenings:
    """Those with a cause and those by chance; not older than four months before the first day."""
    rng = city.streams.rng("employers", "events")
    parts = [_before(city, rng, courses), _after(rng, owed), *_by_chance(city, rng)]
    found = joined(parts)
    first, last = np.datetime64(city.opening) - 120, np.datetime64(city.profile.until)
    keep = (found.day >= first) & (found.day <= last)
    return Happenings(*(each[keep] for each in vars(found).values()))


def _plain(rng: np.random.Generator, who: np.ndarray, kind: int, day: np.ndarray) -> Happenings:
    """Happenings of one kind with people, money and end as is usual for it."""
    count = len(who)
    people, fen = np.full(count, NOT_TOLD), np.full(count, NOT_TOLD)
    until = np.full(count, NAT)
    if kind in (ARBITRATION, INSPECTION):
        people = rng.geometric(0.6, count)
        fen = (people * 1_100_000 * np.exp(rng.normal(-0.3, 0.75, count))).astype(np.int64)
    elif kind in (ENFORCEMENT, TAX):
        fen = np.exp(rng.normal(16.2 if kind == ENFORCEMENT else 14.8, 1.1, count)).astype(np.int64)
    elif kind == ABNORMAL:
        mended = rng.random(count) < 0.7
        until = np.where(mended, day + drawing.between(rng, 20, 120, count), NAT)
    return Happenings(who, np.full(count, kind), day, until, people, fen)


def _before(city: City, rng: np.random.Generator, courses: Courses) -> Happenings:
    """What comes ahead of a failure, or of a trouble that passes."""
    parts = []
    first = np.datetime64(city.opening, "M")
    for cause, kinds in BEFORE.items():
        of_cause = courses.kind == cause
        for kind, (chance, low, high) in kinds.items():
            at = np.flatnonzero(of_cause & (rng.random(len(of_cause)) < chance))
            month = first + courses.turn[at] - drawing.between(rng, low, high, len(at))
            day = month.astype("datetime64[D]") + rng.integers(0, 28, len(at))
            parts.append(_plain(rng, courses.who[at], kind, day))
    return joined(parts)


def _after(rng: np.random.Generator, owed: Owed) -> Happenings:
    """What follows when wages are missed: cases with many people, courts, the firm not found at its address."""
    parts = []
    for kind, (chance, low, high) in AFTER.items():
        calm = (owed.cause == UNWILLING) & (kind in (ABNORMAL, ENFORCEMENT, DISHONESTY))
        at = np.flatnonzero((rng.random(len(owed)) < chance) & ~calm)
        day = owed.start[at] + drawing.between(rng, low, high, len(at))
        part = _plain(rng, owed.who[at], kind, day)
        if kind in (ARBITRATION, INSPECTION):
            share = rng.uniform(0.3, 1.0, len(at))
            part.people = np.maximum(np.round(owed.people[at] * share), 1).astype(np.int64)
            part.fen = np.round(owed.fen[at] * owed.months[at] * share).astype(np.int64)
        part.until[:] = NAT
        parts.append(part)
    return joined(parts)


def _by_chance(city: City, rng: np.random.Generator) -> list[Happenings]:
    """What happens to employers that pay their wages."""
    economy, size = city.profile.economy, city.employers.size.astype(float)
    years = len(city.months) / 12
    rates = {
        ARBITRATION: economy["arbitration"] * size,
        INSPECTION: economy["inspection"] * _scaled(size, 0.4),
        ENFORCEMENT: economy["enforcement"] * _scaled(size, 0.3),
        ABNORMAL: economy["abnormal"] * _scaled(size, -0.2),
        DISHONESTY: economy["dishonesty"] * _scaled(size, 0.1),
        TAX: economy["tax_arrears"] * _scaled(size, 0.2),
    }
    span = (city.profile.until - city.opening).days + 1
    parts = []
    for kind, rate in rates.items():
        who = drawing.scatter(rng, rate * years)
        part = _plain(rng, who, kind, np.datetime64(city.opening) + rng.integers(0, span, len(who)))
        if kind == ARBITRATION:
            group = (rng.random(len(who)) < economy["group_share"]) & (size[who] >= 15)
            more = np.minimum(9 + rng.geometric(0.125, len(who)), size[who]).astype(np.int64)
            part.fen = np.where(group, part.fen // part.people * more, part.fen)
            part.people = np.where(group, more, np.minimum(part.people, size[who].astype(np.int64)))
        parts.append(part)
    return parts


def _scaled(size: np.ndarray, power: float) -> np.ndarray:
    """A weight that grows with size and is 1 on average."""
    weight = size**power
    return weight / weight.mean()


def weekly(day: np.ndarray, weekdays: tuple[int, ...] = (1,)) -> np.ndarray:
    """The first of the weekdays (Monday is 0) after the day: offices deliver on fixed days."""
    number = day.astype("datetime64[D]").astype(np.int64)
    ahead = np.array([min((each - today - 1) % 7 + 1 for each in weekdays) for today in range(7)])
    return (number + ahead[(number + 3) % 7]).astype("datetime64[D]")


def numbered(letter: str, count: int) -> pa.Array:
    """Running numbers, e.g. ``S000000017``."""
    front = np.full((count, 1), ord(letter), np.uint8)
    return columns.fixed(np.concatenate([front, identifiers.digits(np.arange(1, count + 1), 9)], axis=1))


def write_events(city: City, where: Offices, found: Happenings) -> None:
    """Each happening a few days later, and again when it has ended."""
    rng = city.streams.rng("employers", "events", "delivery")
    opening = np.datetime64(city.opening)
    came = np.maximum(weekly(found.day + rng.integers(1, 8, len(found))), opening)
    ended = np.flatnonzero(~np.isnat(found.until))
    row = np.concatenate([np.arange(len(found)), ended])
    again = np.arange(len(row)) >= len(found)
    on = np.concatenate([came, np.maximum(weekly(found.until[ended]), came[ended])])
    table = pa.table(
        {
            "编号": numbered("S", len(found)).take(pa.array(row)),
            "统一社会信用代码": columns.fixed(city.employers.code_letters[found.who[row]]),
            "种类": columns.words(found.kind[row], KINDS),
            "日期": columns.day(found.day[row]),
            "止": columns.day(np.where(again, found.until[row], NAT)),
            "人数": columns.number(found.people[row], found.people[row] == NOT_TOLD),
            "金额": columns.yuan(found.fen[row], found.fen[row] == NOT_TOLD),
        }
    )
    sender = where.of[found.who[row]]
    city.out.deliver("events", table, on, senders=where.called("court"), sender=sender)
