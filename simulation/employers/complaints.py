"""Who complains of an employer, through which channel, how much truth is in it, and who stays silent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.city import City
from simulation.employers import drawing
from simulation.employers.arrears import Owed
from simulation.employers.courses import UNWILLING
from simulation.employers.events import NAT, numbered, weekly
from simulation.employers.links import id_letters
from simulation.employers.senders import Offices

CHANNELS = ["12345热线", "全国根治欠薪线索平台", "窗口来访", "扫码反映", "网格员上报", "警情推送"]
_OFTEN = [0.40, 0.28, 0.14, 0.08, 0.06, 0.04]
WORDS = [
    "单位拖欠工资，多次催要没有结果",
    "老板说过几天发，一直没有发",
    "工资比约定的日子晚了几天",
    "加班费的算法谈不拢",
    "离职补偿没有谈妥",
    "提成比例与当初说的不一样",
]
_UNPAID, _LATE, _OTHER = (0, 2), (2, 3), (3, 6)


@dataclass
class Complaints:
    """One row a complaint as one channel received it."""

    who: np.ndarray
    #: running number of the person who speaks, or -1
    person: np.ndarray
    channel: np.ndarray
    day: np.ndarray
    people: np.ndarray
    fen: np.ndarray
    months: np.ndarray
    extreme: np.ndarray
    closed: np.ndarray
    founded: np.ndarray
    words: np.ndarray

    def __len__(self) -> int:
        return len(self.who)


def make_complaints(city: City, owed: Owed, persons: int) -> Complaints:
    """Of failures, of pay days missed by a few days before them, and of things that are no arrears."""
    rng = city.streams.rng("employers", "clues")
    parts = [_of_failures(city, rng, owed), _of_late_days(city, rng, owed), _of_other_things(city, rng)]
    whole = [np.concatenate(each) for each in zip(*(vars(part).values() for part in parts), strict=True)]
    found = Complaints(*whole)
    found.person = np.where(rng.random(len(found)) < 0.35, -1, persons + np.arange(len(found)))
    found = _doubled(city, rng, found)
    keep = (found.day >= np.datetime64(city.opening)) & (found.day <= np.datetime64(city.profile.until))
    order = np.flatnonzero(keep)[np.lexsort((found.who[keep], found.channel[keep], found.day[keep]))]
    return Complaints(*(each[order] for each in vars(found).values()))


def _filed(
    rng: np.random.Generator,
    who: np.ndarray,
    day: np.ndarray,
    told: tuple[np.ndarray, np.ndarray, np.ndarray],
    right: float,
    words: tuple[int, int],
) -> Complaints:
    """Complaints with channel, end and finding; ``told`` is people, money and months, ``right`` how many hold."""
    people, fen, months = told
    count = len(who)
    return Complaints(
        who,
        np.full(count, -1),
        rng.choice(len(CHANNELS), count, p=_OFTEN),
        day,
        people,
        fen,
        months,
        (people >= 10) & (rng.random(count) < 0.1),
        day + 3 + rng.gamma(2.0, 7, count).astype(np.int64),
        rng.random(count) < right,
        rng.integers(*words, count),
    )


def _of_failures(city: City, rng: np.random.Generator, owed: Owed) -> Complaints:
    """One to six of those who are owed speak, with more people and money than is true as often as not."""
    speaks = owed.here & (rng.random(len(owed)) >= city.profile.economy["silent"])
    voices = np.where(speaks, 1 + rng.poisson(0.35 * np.sqrt(owed.people)), 0).clip(0, 6)
    row = np.repeat(np.arange(len(owed)), voices)
    count = len(row)
    waited = rng.gamma(1.6, 18, count).astype(np.int64) + 1
    day = owed.start[row] + waited
    alone = rng.random(count) < 0.5
    people = np.where(alone, 1, owed.people[row])
    over = np.where(rng.random(count) < 0.35, rng.uniform(1.2, 2.5, count), 1.0)
    months = np.minimum(1 + waited // 30, owed.months[row]) + (rng.random(count) < 0.15)
    fen = owed.fen[row] / owed.people[row] * people * months * over
    people = np.where(alone, 1, np.round(people * over)).astype(np.int64)
    told = (people, np.round(fen / 10_000).astype(np.int64) * 10_000, months)
    return _filed(rng, owed.who[row], day, told, 0.93, _UNPAID)


def _of_late_days(city: City, rng: np.random.Generator, owed: Owed) -> Complaints:
    """In the months before, wages came some days late: complaints that end as not proved, and still tell."""
    chance = np.where(owed.cause == UNWILLING, 0.45, 0.2)
    row = np.flatnonzero(owed.here & (rng.random(len(owed)) < chance))
    day = owed.start[row] - drawing.between(rng, 10, 90, len(row))
    per_head = owed.fen[row] // owed.people[row]
    one = np.ones(len(row), np.int64)
    return _filed(rng, owed.who[row], day, (one, per_head // 10_000 * 10_000, one), 0.05, _LATE)


def _of_other_things(city: City, rng: np.random.Generator) -> Complaints:
    """Quarrels with employers that pay their wages."""
    rate = np.sqrt(city.employers.size)
    rate *= city.profile.economy["false_clues"] * len(city.months) / 12 / rate.mean()
    who = drawing.scatter(rng, rate)
    span = (city.profile.until - city.opening).days + 1
    day = np.datetime64(city.opening) + rng.integers(0, span, len(who))
    people = rng.geometric(0.8, len(who))
    fen = np.round(people * np.exp(rng.normal(8.3, 0.8, len(who)))).astype(np.int64) * 100
    return _filed(rng, who, day, (people, fen, np.ones(len(who), np.int64)), 0.03, _OTHER)


def _doubled(city: City, rng: np.random.Generator, found: Complaints) -> Complaints:
    """The same person says the same through a second channel within days."""
    again = np.flatnonzero(rng.random(len(found)) < city.profile.economy["doubled"])
    second = Complaints(*(each[again] for each in vars(found).values()))
    second.channel = (second.channel + rng.integers(1, len(CHANNELS), len(again))) % len(CHANNELS)
    second.day = second.day + rng.integers(0, 6, len(again))
    second.closed = np.maximum(second.closed, second.day + 2)
    return Complaints(
        *(np.concatenate(pair) for pair in zip(vars(found).values(), vars(second).values(), strict=True))
    )


def write_complaints(city: City, where: Offices, found: Complaints) -> None:
    """Each complaint within days, and again with its end and finding."""
    until = np.datetime64(city.profile.until)
    ended = np.flatnonzero(found.closed <= until)
    row = np.concatenate([np.arange(len(found)), ended])
    done = np.arange(len(row)) >= len(found)
    on = np.concatenate([weekly(found.day, (1, 4)), weekly(found.closed[ended], (1, 4))])
    silent = found.person[row] < 0
    table = pa.table(
        {
            "编号": numbered("D", len(found)).take(pa.array(row)),
            "渠道": columns.words(found.channel[row], CHANNELS),
            "接收日期": columns.day(found.day[row]),
            "项目编码": columns.same(None, len(row)),
            "单位代码": columns.fixed(city.employers.code_letters[found.who[row]]),
            "区划代码": city.employers.regions.take(pa.array(found.who[row])),
            "身份证号": columns.fixed(id_letters(city, np.maximum(found.person[row], 0)), silent),
            "人数": columns.number(found.people[row]),
            "金额": columns.yuan(found.fen[row]),
            "月数": columns.number(found.months[row]),
            "极端": columns.yes_no(found.extreme[row]),
            "办结日期": columns.day(np.where(done, found.closed[row], NAT)),
            "属实": columns.words(np.where(done, found.founded[row], 2), ["否", "是", None]),
            "内容": columns.words(found.words[row], WORDS),
        }
    )
    city.out.deliver(
        "clues",
        table,
        on,
        senders=where.called("clues"),
        sender=where.of[found.who[row]],
        tag="employers",
    )


def write_orders(city: City, where: Offices, owed: Owed) -> None:
    """Orders to pay that inspectors served on employers; delivered when served and again when paid."""
    rng = city.streams.rng("employers", "orders")
    served = owed.start + drawing.between(rng, 35, 75, len(owed))
    still = np.isnat(owed.paid) | (owed.paid > served)
    ordered = owed.here & still & (rng.random(len(owed)) < 0.4)
    at = np.flatnonzero(ordered & (served <= np.datetime64(city.profile.until)))
    served, paid = served[at], owed.paid[at]
    due = served + drawing.between(rng, 7, 15, len(at))
    settled = np.flatnonzero(~np.isnat(paid))
    row = np.concatenate([np.arange(len(at)), settled])
    done = np.arange(len(row)) >= len(at)
    behind = np.minimum(owed.months[at], 1 + (served - owed.start[at]).astype(np.int64) // 30)
    table = pa.table(
        {
            "文书号": numbered("Z", len(at)).take(pa.array(row)),
            "项目编码": columns.same(None, len(row)),
            "单位代码": columns.fixed(city.employers.code_letters[owed.who[at][row]]),
            "区划代码": city.employers.regions.take(pa.array(owed.who[at][row])),
            "送达日期": columns.day(served[row]),
            "期满日期": columns.day(due[row]),
            "人数": columns.number(owed.people[at][row]),
            "金额": columns.yuan((owed.fen[at] * behind)[row]),
            "最长月数": columns.number(behind[row]),
            "付清日期": columns.day(np.where(done, paid[row], NAT)),
        }
    )
    on = weekly(np.concatenate([served, paid[settled]]), (1, 4))
    sender = where.of[owed.who[at][row]]
    city.out.deliver("orders", table, on, senders=where.called("inspection"), sender=sender, tag="employers")
