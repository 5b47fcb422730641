"""What becomes of the employers that matter: they fail, come through, or only look as if they failed.

Few employers have a course; all others just go on. A course says month by month how many leave, whether insurance
is paid, and how much power is used. Failing and coming through begin alike: the signs are honest but not sure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.calendar import festival
from simulation.city import City
from simulation.employers import drawing
from simulation.employers.links import Links
from simulation.universe import TRADE_NAMES

FACTORY, SLOW, GONE, DRAWN_IN, BUILDER, UNWILLING, RECOVERING, SEASONAL, MOVED, BOOKKEEPER, HOLIDAY = range(
    11
)
#: why employers fail
CAUSES = ["工厂资不抵债", "经营逐渐恶化", "经营者失联", "被关联单位拖垮", "总包资金链断裂", "有能力而拖延"]
#: what the honest look-alikes are: the sign that they show, and what is behind it
LOOKALIKES = {
    SEASONAL: ("E02", "季节性歇业，旺季返岗"),
    MOVED: ("E02", "员工整体转入关联单位"),
    BOOKKEEPER: ("E01", "会计晚缴社保，随后补齐"),
    HOLIDAY: ("E07", "节假日停产，用水用电少"),
}
NEVER = 10_000
#: failures in the first months after the last day are decided too: their signs are already there
AHEAD = 3


@dataclass(frozen=True)
class Signs:
    """Chance of each sign before a failure, and by how many months it comes ahead."""

    insurance: tuple[float, int, int]
    leaving: tuple[float, int, int]
    meters: tuple[float, int, int]
    #: share of the staff that leaves in a month while things go down, and in the months after the failure
    leave: tuple[float, float]
    leave_after: float


SIGNS = {
    FACTORY: Signs((0.80, 2, 6), (0.85, 1, 5), (0.85, 2, 6), (0.07, 0.22), 0.5),
    SLOW: Signs((0.62, 1, 5), (0.62, 1, 4), (0.65, 1, 5), (0.08, 0.30), 0.45),
    GONE: Signs((0.25, 1, 2), (0.12, 1, 1), (0.12, 1, 1), (0.05, 0.20), 0.8),
    DRAWN_IN: Signs((0.50, 1, 3), (0.45, 1, 3), (0.45, 1, 3), (0.06, 0.22), 0.5),
    BUILDER: Signs((0.70, 1, 5), (0.60, 1, 4), (0.30, 1, 3), (0.05, 0.20), 0.35),
    UNWILLING: Signs((0.35, 1, 6), (0.45, 1, 5), (0.05, 1, 2), (0.04, 0.14), 0.06),
    RECOVERING: Signs((0.55, 1, 5), (0.55, 1, 4), (0.50, 1, 4), (0.06, 0.20), 0.0),
}


@dataclass
class Courses:
    """One row an employer with a course; grids are employers × months of the window."""

    who: np.ndarray
    kind: np.ndarray
    #: number of the month whose wages are the first not paid; may lie after the window. For others: when it turns
    turn: np.ndarray
    leave: np.ndarray
    hire: np.ndarray
    unpaid: np.ndarray
    activity: np.ndarray
    arrears_before: np.ndarray
    #: who takes the people over, or -1
    to: np.ndarray
    #: whether insurance, leaving and meters tell of it beforehand
    signs: np.ndarray

    @property
    def failing(self) -> np.ndarray:
        """Places of those that stop paying wages."""
        return np.flatnonzero(self.kind < RECOVERING)


def make_courses(city: City, links: Links, free: np.ndarray) -> Courses:
    """Draw who has which course. ``free`` may have one; nobody has two."""
    rng = city.streams.rng("employers", "courses")
    free = free.copy()
    who, kind, turn = _failing(city, rng, links, free)
    broken = city.collapses
    who = np.concatenate([who, np.array([one.employer for one in broken], np.int64)])
    kind = np.concatenate([kind, np.full(len(broken), BUILDER)])
    turn = np.concatenate([turn, np.array([one.month for one in broken], np.int64)])
    parts = [_decline(city, rng, who, kind, turn)]
    parts += [
        _seasonal(city, rng, free),
        _moved(city, rng, links, free),
        _bookkeepers(city, rng, free),
        _holidays(city, rng, free),
    ]
    return Courses(
        *(np.concatenate(columns) for columns in zip(*(vars(part).values() for part in parts), strict=True))
    )


def _failing(
    city: City, rng: np.random.Generator, links: Links, free: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who fails, why and when, and who is in the same trouble and comes through."""
    economy, size = city.profile.economy, city.employers.size.astype(float)
    span = len(city.months) + AHEAD
    total = max(economy["at_least"], economy["failing"] * len(size) * span / 12)
    made = city.employers.trade == TRADE_NAMES.index("制造业")
    weights = {
        FACTORY: (0.20, made * (size >= 6) * np.minimum(size, 300) ** 0.25),
        SLOW: (0.47, np.minimum(size, 60) ** 0.3),
        GONE: (0.16, (size >= 2) * (size <= 40) * 1.0),
        UNWILLING: (0.17, (size >= 4) * np.minimum(size, 100) ** 0.2),
        RECOVERING: (economy["recovering"], np.minimum(size, 150) ** 0.4),
    }
    who, kind = [], []
    for each, (share, weight) in weights.items():
        count = max(1, drawing.whole(rng, share * total))
        found = drawing.pick(rng, weight * free, count)
        free[found] = False
        who.append(found)
        kind.append(np.full(len(found), each))
    busy = np.array([_busy(city, number) for number in range(span)])
    turn = [rng.choice(span, len(found), p=busy / busy.sum()) for found in who]
    firm, reason, month = np.concatenate(who), np.concatenate(kind), np.concatenate(turn)
    place, sister = links.sisters(firm)
    drawn = free[sister] & (reason[place] < RECOVERING) & (rng.random(len(place)) < economy["contagion"])
    sister, first = np.unique(sister[drawn], return_index=True)
    later = month[place[drawn][first]] + drawing.between(rng, 1, 4, len(sister))
    keep = later < span
    free[sister[keep]] = False
    return (
        np.concatenate([firm, sister[keep]]),
        np.concatenate([reason, np.full(keep.sum(), DRAWN_IN)]),
        np.concatenate([month, later[keep]]),
    )


def _busy(city: City, number: int) -> float:
    """Firms give up before the Spring Festival, when a year's accounts are settled."""
    return {11: 1.3, 12: 1.8, 1: 1.7}.get(city.months[0].plus(number).number, 1.0)


def _blank(city: City, who: np.ndarray, kind: np.ndarray, turn: np.ndarray) -> Courses:
    shape = (len(who), len(city.months))
    return Courses(
        who,
        kind,
        turn,
        np.zeros(shape, np.float32),
        np.ones(shape, np.float32),
        np.zeros(shape, bool),
        np.ones(shape, np.float32),
        np.zeros(len(who), np.int16),
        np.full(len(who), -1, np.int64),
        np.zeros((len(who), 3), bool),
    )


def _decline(
    city: City, rng: np.random.Generator, who: np.ndarray, kind: np.ndarray, turn: np.ndarray
) -> Courses:
    """The way down of those that fail, and of those that seemed to."""
    course = _blank(city, who, kind, turn)
    month = np.arange(len(city.months))[None, :]

    def since(sign: str) -> np.ndarray:
        chance, low, high = (
            np.array([getattr(SIGNS[each], sign)[part] for each in kind]) for part in range(3)
        )
        ahead = rng.integers(low, high + 1)
        return np.where(rng.random(len(who)) < chance, turn - ahead, NEVER)

    insurance, leaving, meters = since("insurance"), since("leaving"), since("meters")
    course.signs = np.stack([insurance, leaving, meters], axis=1) < turn[:, None]
    spans = np.array([SIGNS[each].leave for each in kind])
    share = rng.uniform(spans[:, 0], spans[:, 1])[:, None]
    after = np.array([SIGNS[each].leave_after for each in kind])[:, None]
    over, fails = month - turn[:, None], (kind < RECOVERING)[:, None]
    stops = fails & (kind != UNWILLING)[:, None]
    course.leave = np.where((month >= leaving[:, None]) & (over < 0), share, 0.0).astype(np.float32)
    course.leave = np.where(fails & (over >= 0), after * rng.uniform(0.6, 1.2, (len(who), 1)), course.leave)
    course.hire = np.where((month >= leaving[:, None]) & (over < 0) | stops & (over >= 0), 0.2, 1.0)
    course.hire = np.where(stops & (over >= 0), 0.0, course.hire)
    # Who comes through pays what is behind in the month of the turn; who is unwilling pays two months later.
    until = np.where(kind == RECOVERING, turn, np.where(kind == UNWILLING, turn + 2, NEVER))[:, None]
    late = np.where(stops[:, 0], np.minimum(insurance, turn + 1), insurance)[:, None]
    course.unpaid = (month >= late) & (month < until)
    fall = np.clip((month - meters[:, None] + 1) * rng.uniform(0.12, 0.25, (len(who), 1)), 0, 0.75)
    course.activity = np.where(over < 0, 1 - fall, np.where(stops, 0.06, 1.0)).astype(np.float32)
    course.arrears_before = np.clip(np.minimum(0, until[:, 0]) - insurance, 0, 12).astype(np.int16)
    return course


def _found(
    city: City, rng: np.random.Generator, free: np.ndarray, weight: np.ndarray, kind: int, turn: np.ndarray
) -> Courses:
    count = max(2, drawing.whole(rng, city.profile.economy["lookalike"] * len(free)))
    who = drawing.pick(rng, weight * free, count)
    free[who] = False
    return _blank(city, who, np.full(len(who), kind), rng.choice(turn, len(who)))


def _seasonal(city: City, rng: np.random.Generator, free: np.ndarray) -> Courses:
    """Laid off when the season ends, and called back two or three months later; insurance is paid throughout."""
    months = len(city.months)
    weight = (city.employers.size >= 8) * 1.0
    course = _found(city, rng, free, weight, SEASONAL, np.arange(1, max(2, months - 2)))
    over = np.arange(months)[None, :] - course.turn[:, None]
    away = rng.uniform(0.35, 0.65, (len(course.who), 1))
    back = drawing.between(rng, 2, 3, len(course.who))[:, None]
    course.leave = np.where(over == 0, away, 0.0).astype(np.float32)
    course.hire = np.where((over >= 0) & (over < back), 0.3, np.where(over == back, 12.0, 1.0)).astype(
        np.float32
    )
    course.activity = np.where((over >= 0) & (over < back), 1 - away, 1.0).astype(np.float32)
    return course


def _moved(city: City, rng: np.random.Generator, links: Links, free: np.ndarray) -> Courses:
    """Staff goes over to a sister firm in one month; work goes with them."""
    months, size = len(city.months), city.employers.size
    able = np.flatnonzero(free[links.one] & free[links.other] & (size[links.one] >= 5))
    weight = np.zeros(len(free))
    weight[links.one[able]] = 1
    course = _found(city, rng, free, weight, MOVED, np.arange(1, max(2, months - 1)))
    target = np.full(len(free), -1, np.int64)
    target[links.one[able]] = links.other[able]
    course.to = target[course.who]
    free[course.to] = False
    over = np.arange(months)[None, :] - course.turn[:, None]
    share = rng.uniform(0.5, 0.9, (len(course.who), 1))
    course.leave = np.where(over == 0, share, 0.0).astype(np.float32)
    course.hire = np.where(over >= 0, 0.1, 1.0).astype(np.float32)
    course.activity = np.where(over >= 0, 1 - share, 1.0).astype(np.float32)
    return course


def _bookkeepers(city: City, rng: np.random.Generator, free: np.ndarray) -> Courses:
    """Insurance paid a month or two late, again and again, and then in full."""
    months = len(city.months)
    course = _found(
        city, rng, free, (city.employers.size >= 3) * 1.0, BOOKKEEPER, np.arange(max(1, months - 1))
    )
    start = rng.random(course.unpaid.shape) < 0.25
    start[np.arange(len(course.who)), course.turn] = True
    longer = rng.random(course.unpaid.shape) < 0.25
    course.unpaid = start.copy()
    course.unpaid[:, 1:] |= start[:, :-1] & longer[:, :-1]
    return course


def _holidays(city: City, rng: np.random.Generator, free: np.ndarray) -> Courses:
    """A factory closes for most of the month with the long holiday; nobody leaves."""
    off = [sum(bool(festival(day.item())) for day in month.days()) for month in city.months]
    made = city.employers.trade == TRADE_NAMES.index("制造业")
    course = _found(
        city, rng, free, made * (city.employers.size >= 5) * 1.0, HOLIDAY, np.array([np.argmax(off)])
    )
    course.activity[:, int(np.argmax(off))] = rng.uniform(0.1, 0.3, len(course.who))
    return course
