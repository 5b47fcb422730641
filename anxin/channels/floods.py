"""How often somebody may come: by code, by phone, by address, by what was said. Shared by all processes, in the database.

Each counter is one number: the moment until which it is used up (the theoretical arrival time of the generic cell rate
algorithm). Taking from several counters is one statement; whoever is refused by one has taken from none, once the
caller's transaction is rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from anxin.channels.models_voice import FloodMark
from anxin.evidence.sealing import finding_hash

_MILLISECONDS = 1000
#: counters that nobody has touched for so long are full again in any case
_KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Allowance:
    """``burst`` at once, and one more every ``seconds``. ``name`` says which of several refused."""

    name: str
    burst: int
    seconds: float

    def of(self, *who: object) -> Counter:
        """The counter for one sender, known by a keyed hash."""
        return Counter(self, finding_hash("flood", "|".join([self.name, *map(str, who)])))


@dataclass(frozen=True)
class Counter:
    allowance: Allowance
    key: str


def take(counters: Sequence[Counter], *, now: dt.datetime) -> list[Counter]:
    """Take one from each; the counters that had none left, an empty list where all had. In the caller's transaction."""
    moment = _milliseconds(now)
    ordered = sorted(
        counters, key=lambda one: one.key
    )  # two that take the same ones must not wait for each other
    rows: list[str | int] = []
    for one in ordered:
        step = int(one.allowance.seconds * _MILLISECONDS)
        rows += [one.key, moment + step, one.allowance.burst * step]
    table = FloodMark._meta.db_table
    values = ", ".join(["(%s, %s, %s)"] * len(ordered))
    with connection.cursor() as cursor:
        # excluded.until - moment is the step of this counter
        cursor.execute(
            f"INSERT INTO {table} (key, until, room) VALUES {values} "
            f"ON CONFLICT (key) DO UPDATE SET room = excluded.room, until = excluded.until - %s "
            f"+ CASE WHEN {table}.until < %s THEN %s ELSE {table}.until END "
            f"WHERE {table}.until <= %s + excluded.room - (excluded.until - %s) RETURNING key",
            [*rows, *[moment] * 5],
        )
        taken = {key for (key,) in cursor.fetchall()}
    return [one for one in ordered if one.key not in taken]


def empty(counters: Sequence[Counter], *, now: dt.datetime) -> bool:
    """Whether one of them has nothing left; nothing is taken."""
    marks = dict(FloodMark.objects.filter(key__in=[one.key for one in counters]).values_list("key", "until"))
    moment = _milliseconds(now)
    return any(
        marks.get(one.key, 0)
        > moment + int((one.allowance.burst - 1) * one.allowance.seconds * _MILLISECONDS)
        for one in counters
    )


def forget(now: dt.datetime) -> int:
    """Remove counters that are full again."""
    forgotten, _ = FloodMark.objects.filter(until__lt=_milliseconds(now - _KEPT)).delete()
    return forgotten


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * _MILLISECONDS)
