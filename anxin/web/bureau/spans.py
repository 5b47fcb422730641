"""A value's history drawn as bars: one track for each place, one bar for each span in which a value holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.law import Law, Value
from anxin.law.words import value_words
from anxin.local_law.wording import CONFIDENCE_WORDS

#: width of the drawing in its own units
WIDTH = 1000
_YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Bar:
    """One value from its first day to its last; ``x`` and ``width`` in the drawing's units."""

    value: Value
    words: str
    confidence: str
    until: dt.date | None
    x: int
    width: int
    now: bool


@dataclass(frozen=True)
class Track:
    """All values of one place (and of one case, where a place has several)."""

    region: str
    name: str
    case: str
    bars: tuple[Bar, ...]


def tracks(law: Law, key: str, region: str, on: dt.date) -> list[Track]:
    """The nation's track first, then those of the places ``region`` lies in, then the others by code."""
    grouped: dict[tuple[str, str], list[Value]] = {}
    for value in law.timeline(key):
        grouped.setdefault((value.region, value.only_for), []).append(value)
    first = min(value.from_ for values in grouped.values() for value in values)
    last = max(on, *(value.from_ for values in grouped.values() for value in values))
    end = min(last, dt.date.max - _YEAR) + _YEAR
    found = [
        Track(code, values[0].region_name or (code or "全国"), case, _bars(values, first, end, on))
        for (code, case), values in grouped.items()
    ]
    return sorted(found, key=lambda t: (bool(t.region) and not region.startswith(t.region), t.region, t.case))


def _bars(values: list[Value], first: dt.date, end: dt.date, on: dt.date) -> tuple[Bar, ...]:
    bars = []
    for value, following in zip(values, [*values[1:], None], strict=True):
        until = value.until or (following.from_ - dt.timedelta(days=1) if following else None)
        x = _position(value.from_, first, end)
        right = _position(until or end, first, end)
        bars.append(
            Bar(
                value=value,
                words=value_words(value.value, value.unit),
                confidence=CONFIDENCE_WORDS[value.confidence],
                until=until,
                x=x,
                width=max(right - x, 4),
                now=value.from_ <= on and (until is None or on <= until),
            )
        )
    return tuple(bars)


def _position(day: dt.date, first: dt.date, end: dt.date) -> int:
    return round((day - first).days / max((end - first).days, 1) * WIDTH)
