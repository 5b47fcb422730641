"""The employers' part of the city in its order: who is tied to whom, who fails, and then month by month."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.city import City
from simulation.employers import (
    arrears,
    complaints,
    courses,
    events,
    links,
    senders,
    signs,
    social,
    standing,
    utilities,
)
from simulation.universe import TRADE_NAMES

_LATER = 120


def write(city: City) -> None:
    """Everything that is known of employers beside the register, and the truth."""
    free = np.ones(len(city.employers), bool)
    for builders in city.employers.builders().values():
        free[builders] = False
    ties = links.make_links(city, free)
    links.write_links(city, ties)
    persons = links.write_persons(city, ties)
    where, never = senders.offices(city), senders.missing(city)
    now = standing.opening(city)
    course = courses.make_courses(city, ties, free)
    owed = arrears.make_owed(city, now, course)
    arrears.write_truth(city, owed, course)
    found = events.make_happenings(city, course, owed)
    events.write_events(city, where, found)
    spoken = complaints.make_complaints(city, owed, persons)
    complaints.write_complaints(city, where, spoken)
    complaints.write_orders(city, where, owed)
    free[course.who] = False
    free[course.to[course.to >= 0]] = False
    closing = _closing(city, free)
    write_changes(city, found, closing, owed)
    seen = signs.Signs(city, found)
    signs.count_failures(city, now, course, owed, found, spoken.who)
    insurance = social.Insurance(city, now, course, closing)
    for number, month in enumerate(city.months):
        city.say(f"用人单位 {month}……")
        moves = insurance.step(number, month)
        social.write_month(city, where, never, insurance, number, month, moves)
        utilities.write_month(city, where, never, now, course, closing >= number, number, month)
        seen.month(now, course, number, moves)
    seen.count(city, now)


def _closing(city: City, free: np.ndarray) -> np.ndarray:
    """In which month a firm is wound up in order; most never."""
    rng = city.streams.rng("employers", "closing")
    months = len(city.months)
    rate = city.profile.economy["closing"] * months / 12
    closes = free & (rng.random(len(free)) < rate * np.where(city.employers.size < 10, 1.0, 0.3))
    return np.where(closes, rng.integers(0, months, len(free)), _LATER).astype(np.int8)


def write_changes(city: City, found: events.Happenings, closing: np.ndarray, owed: arrears.Owed) -> None:
    """Changes of registration, delivered with the register's monthly list."""
    listed = np.flatnonzero(found.kind == events.ABNORMAL)
    mended = listed[~np.isnat(found.until[listed])]
    wound_up = np.flatnonzero(closing < _LATER)
    first = np.datetime64(city.opening, "M")
    end = (first + closing[wound_up].astype(np.int64) + 1).astype("datetime64[D]") - 1
    revoked, since = _revoked(city, owed)
    who = np.concatenate([found.who[listed], found.who[mended], wound_up, revoked])
    status = np.repeat([1, 0, 2, 3], [len(listed), len(mended), len(wound_up), len(revoked)])
    day = np.concatenate([found.day[listed], found.until[mended], end, since])
    # In the order in which they happened: what is said last of an employer in one list holds. Nothing follows an end.
    ended = np.full(len(city.employers), np.datetime64("9999-12-31"))
    ended[wound_up] = end
    order = np.lexsort((who, day))
    order = order[day[order] <= ended[who[order]]]
    who, status, day = who[order], status[order], day[order]
    on = np.maximum(
        (day.astype("datetime64[M]") + 1).astype("datetime64[D]") + 2, np.datetime64(city.opening)
    )
    everybody, numbers = city.employers, pa.array(who)
    table = pa.table(
        {
            "统一社会信用代码": columns.fixed(everybody.code_letters[who]),
            "单位名称": everybody.titles.take(numbers),
            "区划代码": everybody.regions.take(numbers),
            "行业": columns.words(everybody.trade[who], TRADE_NAMES),
            "成立日期": columns.day(everybody.founded[who]),
            "登记状态": columns.words(status, ["存续", "经营异常", "注销", "吊销"]),
            "状态日期": columns.day(day),
        }
    )
    city.out.deliver("registry/employers", table, on, senders=["register"], tag="changes")


def _revoked(city: City, owed: arrears.Owed) -> tuple[np.ndarray, np.ndarray]:
    """Of those that stopped for good, some lose their licence half a year later or more."""
    rng = city.streams.rng("employers", "revoked")
    after = rng.integers(180, 330, len(owed))
    gone = (owed.cause != courses.UNWILLING) & np.isnat(owed.paid) & (rng.random(len(owed)) < 0.25)
    return owed.who[gone], owed.start[gone] + after[gone]
