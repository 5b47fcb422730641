"""Month by month: who is hired, who leaves, whether social insurance is paid, who asks for unemployment benefit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month, workday_on_or_after
from simulation.city import City
from simulation.employers.courses import MOVED, RECOVERING, SEASONAL, UNWILLING, Courses
from simulation.employers.senders import Missing, Offices
from simulation.employers.standing import Standing, of_trade

#: people change their place of work around the Spring Festival
_SEASON = {1: 1.3, 2: 1.4, 3: 1.3, 12: 1.1}
#: an ordinary employer whose payment arrives after the month
_SLIP = 0.004


@dataclass
class Moves:
    """What one month did, by employer."""

    hires: np.ndarray
    leavers: np.ndarray
    claims: np.ndarray
    due_fen: np.ndarray


class Insurance:
    """Carries every employer from month to month."""

    def __init__(self, city: City, standing: Standing, courses: Courses, closing: np.ndarray) -> None:
        self.city, self.standing, self.courses = city, standing, courses
        #: number of the month in which the firm is wound up in order, beyond the window for nearly all
        self.closing = closing
        self._turnover = of_trade(city.employers.trade, 1)
        self._left_before = np.zeros(len(city.employers), np.int32)
        # Who leaves of his own will or goes to a sister firm has no claim.
        self._claims = np.full(len(city.employers), 0.05, np.float32)
        for kind, chance in ((SEASONAL, 0.12), (MOVED, 0.01), (RECOVERING, 0.25), (UNWILLING, 0.20)):
            self._claims[courses.who[courses.kind == kind]] = chance
        self._claims[courses.who[courses.kind < UNWILLING]] = 0.40
        before, due = courses.arrears_before, standing.due_fen(courses.who)
        standing.arrears_months[courses.who] = before
        standing.arrears_fen[courses.who] = before * due

    def step(self, number: int, month: Month) -> Moves:
        """One month further; ``standing`` is as at its end."""
        rng = self.city.streams.rng("employers", "insurance", month)
        now, courses = self.standing, self.courses
        rate = self._turnover * np.float32(_SEASON.get(month.number, 1.0))
        leavers = np.minimum(rng.poisson(now.insured * rate), now.insured).astype(np.int32)
        hires = rng.poisson(now.usual * rate).astype(np.int32)
        who = courses.who
        more = rng.binomial(now.insured[who] - leavers[who], np.clip(courses.leave[:, number], 0, 0.97))
        leavers[who] += more.astype(np.int32)
        hires[who] = np.round(hires[who] * courses.hire[:, number])
        moving = courses.to >= 0
        np.add.at(hires, courses.to[moving], more[moving].astype(np.int32))
        closed, gone = self.closing == number, self.closing <= number
        leavers[closed] = now.insured[closed]
        hires[gone] = 0
        claims = rng.binomial(self._left_before, self._claims).astype(np.int32)
        self._left_before = leavers
        now.insured += hires - leavers
        due = now.due_fen(slice(None))
        unpaid = rng.random(len(due)) < _SLIP
        unpaid[who] = courses.unpaid[:, number]
        # A firm that stops has nobody left to insure, but what it owes stays.
        stuck = unpaid & (due == 0) & (now.arrears_months > 0) & ~gone
        unpaid &= due > 0
        now.arrears_months = np.where(unpaid | stuck, now.arrears_months + 1, 0).astype(np.int16)
        now.arrears_fen = np.where(unpaid, now.arrears_fen + due, np.where(stuck, now.arrears_fen, 0))
        return Moves(hires, leavers, claims, due)


def write_month(
    city: City,
    where: Offices,
    never: Missing,
    insurance: Insurance,
    number: int,
    month: Month,
    moves: Moves,
) -> None:
    """The month's statement of each office, delivered in the middle of the next month, now and then weeks later."""
    district, now = city.employers.district, insurance.standing
    told = now.account & ~never.social[district, number] & (insurance.closing >= number)
    who = np.flatnonzero(told)
    untold = never.claims[district[who], number]
    table = pa.table(
        {
            "统一社会信用代码": columns.fixed(city.employers.code_letters[who]),
            "月份": columns.same(str(month), len(who)),
            "参保人数": columns.number(now.insured[who]),
            "新增": columns.number(moves.hires[who]),
            "减少": columns.number(moves.leavers[who]),
            "应缴金额": columns.yuan(moves.due_fen[who]),
            "欠缴月数": columns.number(now.arrears_months[who]),
            "欠缴金额": columns.yuan(now.arrears_fen[who]),
            "失业金申领人数": columns.number(moves.claims[who], untold),
        }
    )
    rng = city.streams.rng("employers", "social", "late", month)
    usual = workday_on_or_after(month.plus(1).day(12))
    late = np.where(rng.random(len(where.names)) < 0.04, rng.integers(9, 20, len(where.names)), 0)
    sender = where.of[who]
    city.out.deliver(
        "social", table, np.datetime64(usual) + late[sender], senders=where.called("insurance"), sender=sender
    )
