"""How punches become days: a pure function with a stated rule.

1. A punch belongs to the day on which it happened; before ``day_starts`` o'clock, to the day before.
2. Night work: where a day's last punch is an entry, the exits with which the next day begins (before any entry,
   within ``longest_shift`` hours) belong to the day on which the shift began.
3. Where every punch of the day says its direction, the hours are the sum from each entry to the exit that follows.
   A second entry or exit in a row changes nothing: an entry opens, an exit closes.
   Otherwise the hours run from the first punch to the last; within ``same_punch_minutes`` they are one punch.
4. ``whole_hours`` make a whole day, ``half_hours`` half a day, less is no day.
5. Where entry or exit is missing, so that no hours can be told, the day counts ``missing_punch_percent`` and says so:
   somebody has to look. Hours that closed pairs prove are never counted for less.

The result depends on the set of punches alone: not on their order, nor on how often one is repeated.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

_HOUR = dt.timedelta(hours=1)
_TENTH = Decimal("0.1")
_CENT = Decimal("0.01")
_WHOLE, _HALF, _NONE = Decimal("1.00"), Decimal("0.50"), Decimal("0.00")
MISSING_OUT, MISSING_IN, SINGLE = "missing_out", "missing_in", "single"

#: remark → what people read
REMARKS = {MISSING_OUT: "缺出场打卡", MISSING_IN: "缺进场打卡", SINGLE: "只有一次打卡"}


class Passage(NamedTuple):
    """One punch in local time; ``direction`` is ``in``, ``out`` or empty."""

    at: dt.datetime
    direction: str = ""


@dataclass(frozen=True)
class DayRule:
    """The numbers of the rule, and the name under which a day keeps it."""

    version: str
    day_starts: int
    whole_hours: int
    half_hours: int
    longest_shift: int
    missing_punch_percent: int
    same_punch_minutes: int

    @classmethod
    def of(cls, version: str, numbers: Mapping[str, int]) -> DayRule:
        return cls(version=version, **numbers)


@dataclass(frozen=True)
class RuledDay:
    """What the punches of one day come to. ``hours`` are cut to tenths; ``remark`` is one of :data:`REMARKS`."""

    share: Decimal
    hours: Decimal | None
    remark: str
    first: dt.datetime
    last: dt.datetime
    punches: tuple[Passage, ...]


def ruled_days(passages: Iterable[Passage], rule: DayRule) -> dict[dt.date, RuledDay]:
    """Day → what its punches come to. A day depends on its own punches and those of the days beside it."""
    return {day: _ruled(punches, rule) for day, punches in sorted(_by_day(passages, rule).items()) if punches}


def _by_day(passages: Iterable[Passage], rule: DayRule) -> dict[dt.date, list[Passage]]:
    shift = dt.timedelta(hours=rule.day_starts)
    own: dict[dt.date, list[Passage]] = defaultdict(list)
    for passage in sorted(set(passages)):
        own[(passage.at - shift).date()].append(passage)
    found = {day: list(punches) for day, punches in own.items()}
    for day, punches in own.items():
        before = own.get(day - dt.timedelta(days=1))
        if before and before[-1].direction == "in":
            closing = _leading_exits(punches, before[-1].at + rule.longest_shift * _HOUR)
            found[day - dt.timedelta(days=1)] += closing
            found[day] = found[day][len(closing) :]
    return found


def _leading_exits(punches: Sequence[Passage], until: dt.datetime) -> list[Passage]:
    exits = []
    for passage in punches:
        if passage.direction != "out" or passage.at > until:
            break
        exits.append(passage)
    return exits


def _ruled(punches: Sequence[Passage], rule: DayRule) -> RuledDay:
    worked, remark = _worked(punches, dt.timedelta(minutes=rule.same_punch_minutes))
    hours = (Decimal(int(worked.total_seconds())) / 3600).quantize(_TENTH, ROUND_DOWN) if worked else None
    share = _share(worked, rule)
    if remark:
        share = max(share, (Decimal(rule.missing_punch_percent) / 100).quantize(_CENT))
    return RuledDay(share, hours, remark, punches[0].at, punches[-1].at, tuple(punches))


def _worked(punches: Sequence[Passage], same: dt.timedelta) -> tuple[dt.timedelta, str]:
    """Time worked as far as it can be told, and what is missing."""
    if not all(passage.direction for passage in punches):
        span = punches[-1].at - punches[0].at
        return (span, "") if span > same else (dt.timedelta(0), SINGLE)
    total, opened, remark = dt.timedelta(0), None, ""
    closed = False
    for passage in punches:
        if passage.direction == "in":
            opened, closed = opened or passage.at, False
        elif opened is not None:
            total, opened, closed = total + (passage.at - opened), None, True
        elif not closed:
            remark = MISSING_IN
    return total, MISSING_OUT if opened is not None else remark


def _share(worked: dt.timedelta, rule: DayRule) -> Decimal:
    if worked >= rule.whole_hours * _HOUR:
        return _WHOLE
    return _HALF if worked >= rule.half_hours * _HOUR else _NONE
