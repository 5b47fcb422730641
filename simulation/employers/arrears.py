"""What those that fail owe: people, months, money, and whether it is ever paid. This is the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import pay_day
from simulation.city import City
from simulation.employers.courses import (
    BUILDER,
    CAUSES,
    DRAWN_IN,
    FACTORY,
    GONE,
    LOOKALIKES,
    SLOW,
    UNWILLING,
    Courses,
)
from simulation.employers.standing import Standing

#: means as a share of what is owed: parameters of a beta distribution
_MEANS = {
    FACTORY: (2.0, 4.0),
    SLOW: (2.0, 3.0),
    GONE: (1.2, 5.0),
    DRAWN_IN: (2.0, 3.5),
    BUILDER: (2.0, 3.0),
    UNWILLING: (6.0, 2.0),
}
#: months owed: chances of one, two, three, four
_MONTHS = {
    FACTORY: (0.15, 0.40, 0.30, 0.15),
    SLOW: (0.22, 0.42, 0.26, 0.10),
    GONE: (0.38, 0.42, 0.20, 0.0),
    DRAWN_IN: (0.30, 0.45, 0.20, 0.05),
    BUILDER: (1.0, 0.0, 0.0, 0.0),
    UNWILLING: (0.30, 0.40, 0.22, 0.08),
}


@dataclass(frozen=True)
class Owed:
    """One row an employer that fails."""

    who: np.ndarray
    cause: np.ndarray
    turn: np.ndarray
    people: np.ndarray
    months: np.ndarray
    #: for all people together, a month
    fen: np.ndarray
    total_fen: np.ndarray
    pay_day: np.ndarray
    ability: np.ndarray
    #: the pay day that was missed first, and the day on which all was paid or NaT
    start: np.ndarray
    paid: np.ndarray

    def __len__(self) -> int:
        return len(self.who)

    @property
    def here(self) -> np.ndarray:
        """Who owes its own staff; what builders owe is told, month by month and in complaints, with their sites."""
        return self.cause != BUILDER


def make_owed(city: City, standing: Standing, courses: Courses) -> Owed:
    """Draw what is owed. ``standing`` is as on the first day; some have left by then, and are owed as well."""
    rng = city.streams.rng("employers", "owed")
    at = courses.failing
    who, cause, turn = courses.who[at], courses.kind[at], courses.turn[at]
    count = len(who)
    size = standing.staff(who)
    # The larger the firm, the smaller the part of its people that goes unpaid.
    people = np.maximum(np.round(size**0.9 * rng.uniform(0.45, 0.95, count)), 1).astype(np.int64)
    steps = np.cumsum([_MONTHS[each] for each in cause], axis=1)
    months = 1 + (rng.random((count, 1)) >= steps[:, :3]).sum(axis=1)
    wages = people * standing.wage_fen[who].astype(np.int64) * rng.uniform(0.85, 1.05, count)
    on = rng.choice([10, 15, 20, 25, 30], count)
    begin = [pay_day(city.months[0].plus(int(turn[i])), int(on[i]), 1) for i in range(count)]
    start = np.array(begin, "datetime64[D]")
    ability = np.array([rng.beta(*_MEANS[each]) for each in cause]).round(2)
    settles = rng.random(count) < 0.2 + 0.75 * ability
    paid = start + (30 * months + rng.gamma(2.0, 22, count)).astype(np.int64)
    paid[~settles | (paid > np.datetime64(city.profile.until))] = np.datetime64("NaT")
    fen = np.round(wages / 100).astype(np.int64) * 100
    owed = Owed(who, cause, turn, people, months, fen, fen * months, on, ability, start, paid)
    _as_at_the_sites(city, owed)
    return owed


def _as_at_the_sites(city: City, owed: Owed) -> None:
    """What a builder owes is what its sites owe, not what was drawn."""
    place = {int(owed.who[at]): int(at) for at in np.flatnonzero(~owed.here)}
    for collapse in city.collapses:
        at = place[collapse.employer]
        owed.people[at], owed.months[at] = collapse.people, collapse.months
        owed.total_fen[at], owed.fen[at] = collapse.fen, collapse.fen // collapse.months
        owed.start[at], owed.paid[at] = collapse.start, np.datetime64("NaT")


def write_truth(city: City, owed: Owed, courses: Courses) -> None:
    """Who fails, what is owed month by month, and who only looked like it."""
    codes, until = city.employers.codes, city.profile.until
    why = columns.words(owed.cause, CAUSES)
    firms = pa.table(
        {
            "统一社会信用代码": codes.take(pa.array(owed.who)),
            "起欠日期": columns.day(owed.start),
            "人数": columns.number(owed.people),
            "欠薪金额": columns.yuan(owed.total_fen),
            "月数": columns.number(owed.months),
            "原因": why,
            "资产能力": columns.number(owed.ability),
        }
    )
    city.out.write("truth/employers", until, firms, sender="employers")
    here = np.flatnonzero(owed.here)
    times = owed.months[here]
    row = np.repeat(here, times)
    step = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    earned = [city.months[0].plus(int(owed.turn[i] + k)) for i, k in zip(row, step, strict=True)]
    due = [pay_day(month, int(owed.pay_day[i]), 1) for month, i in zip(earned, row, strict=True)]
    come = np.array([day <= until for day in due], bool)
    row, count = row[come], int(come.sum())
    months = pa.table(
        {
            "主体": columns.same("单位", count),
            "代码": codes.take(pa.array(owed.who[row])),
            "身份证号": columns.same(None, count),
            "月份": pa.array(
                [str(month) for month, told in zip(earned, come, strict=True) if told], pa.string()
            ),
            "应得": columns.yuan(owed.fen[row]),
            "应付日期": columns.day(np.array(due, "datetime64[D]")[come]),
            "付清日期": columns.day(owed.paid[row]),
            "欠付金额": columns.yuan(owed.fen[row]),
            "原因": why.take(pa.array(row)),
        }
    )
    city.out.write("truth/arrears", until, months, sender="employers")
    _write_lookalikes(city, courses)


def _write_lookalikes(city: City, courses: Courses) -> None:
    at = np.flatnonzero(np.isin(courses.kind, list(LOOKALIKES)))
    marks = [LOOKALIKES[kind] for kind in courses.kind[at].tolist()]
    table = pa.table(
        {
            "种类": pa.array([sign for sign, _ in marks], pa.string()),
            "统一社会信用代码": city.employers.codes.take(pa.array(courses.who[at])),
            "月份": pa.array([str(city.months[int(turn)]) for turn in courses.turn[at]], pa.string()),
            "说明": pa.array([reason for _, reason in marks], pa.string()),
        }
    )
    city.out.write("truth/lookalikes-employers", city.profile.until, table, sender="employers")
