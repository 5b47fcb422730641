"""Trained on the past, tried on the month after it, month by month: what the forecast is worth, beside baselines."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from anxin.monitoring.backtest.intervals import wilson
from anxin.monitoring.forecast.announcing import ANNOUNCE_DAYS, EARLY_DAYS, Tried, threshold
from anxin.monitoring.forecast.inputs import vector
from anxin.monitoring.forecast.model import Model, TooFewCases, train

#: with fewer pay days than this, or fewer missed ones, a trial proves nothing
LEAST_TRIED = 30
LEAST_TRIED_MISSES = 5
#: the baseline needs so many pay days whose end is known
LEAST_REPEATS = 20
#: horizons told one by one
HORIZONS = (30, 15, 5)
PayDay = tuple[int, str]


@dataclass(frozen=True)
class Sample:
    """One coming pay day as it looked on one day."""

    project_id: int
    month: str
    as_of: dt.date
    due: dt.date
    row: Mapping[str, Any]

    @property
    def pay_day(self) -> PayDay:
        return self.project_id, self.month

    @property
    def ahead(self) -> int:
        return (self.due - self.as_of).days


@dataclass(frozen=True)
class Ended:
    """How a pay day ended, and the first day on which the records showed it."""

    missed: bool
    known_on: dt.date


@dataclass(frozen=True)
class Told:
    """What was forecast for one sample by a model trained before it, with the baselines beside it."""

    sample: Sample
    chance: float
    announced: bool
    #: "it goes as it went last time", as a chance learnt from the same past
    as_last: float
    base_rate: float


@dataclass
class Worth:
    """The forecast against what happened."""

    told: list[Told] = field(default_factory=list)
    missed: Mapping[PayDay, bool] = field(default_factory=dict)

    @property
    def pay_days(self) -> set[PayDay]:
        """What was forecast and has ended."""
        return {one.sample.pay_day for one in self.told}

    @property
    def proves(self) -> bool:
        """Whether there is enough of it to say that one method is nearer than another."""
        return (
            len(self.pay_days) >= LEAST_TRIED
            and sum(self.missed[day] for day in self.pay_days) >= LEAST_TRIED_MISSES
        )

    def brier(self, chance: Callable[[Told], float]) -> float | None:
        """Mean squared distance of the chances from what happened: 0 is perfect."""
        if not self.told:
            return None
        gaps = [(chance(one) - self.missed[one.sample.pay_day]) ** 2 for one in self.told]
        return float(np.mean(gaps))

    def announced_early(self) -> dict[str, Any]:
        """Missed pay days announced at least ``EARLY_DAYS`` before, and the share of false alarms among such."""
        early: dict[PayDay, bool] = defaultdict(bool)
        for one in self.told:
            if one.sample.ahead >= EARLY_DAYS:
                early[one.sample.pay_day] |= one.announced
        misses = [day for day in early if self.missed[day]]
        alarms = [day for day, announced in early.items() if announced]
        hits, false = sum(early[day] for day in misses), sum(not self.missed[day] for day in alarms)
        return {
            "pay_days": len(early),
            "missed": len(misses),
            "announced": hits,
            "share": hits / len(misses) if misses else None,
            "interval": wilson(hits, len(misses)),
            "alarms": len(alarms),
            "false_alarms": false,
            "false_share": false / len(alarms) if alarms else None,
            "false_interval": wilson(false, len(alarms)),
        }

    def calibration(self, bins: int = 10) -> list[dict[str, Any]]:
        """Forecast chance and what happened, in classes of the chance."""
        classes: dict[int, list[Told]] = defaultdict(list)
        for one in self.told:
            classes[min(int(one.chance * bins), bins - 1)].append(one)
        return [
            {
                "from": number / bins,
                "chance": float(np.mean([one.chance for one in found])),
                "missed": float(np.mean([self.missed[one.sample.pay_day] for one in found])),
                "samples": len(found),
            }
            for number, found in sorted(classes.items())
        ]

    def as_json(self) -> dict[str, Any]:
        nearest = {days: self._at(days) for days in HORIZONS}
        return {
            "samples": len(self.told),
            "brier": self.brier(lambda one: one.chance),
            "brier_as_last": self.brier(lambda one: one.as_last),
            "brier_base_rate": self.brier(lambda one: one.base_rate),
            "horizons": {
                str(days): {
                    "samples": len(part.told),
                    "brier": part.brier(lambda one: one.chance),
                    "brier_as_last": part.brier(lambda one: one.as_last),
                }
                for days, part in nearest.items()
            },
            "early": self.announced_early(),
            "calibration": self.calibration(),
        }

    def _at(self, days: int) -> Worth:
        """The samples a week around a horizon."""
        close = [one for one in self.told if abs(one.sample.ahead - days) <= 3]
        return Worth(close, self.missed)


def roll(
    samples: Sequence[Sample],
    ended: Mapping[PayDay, Ended],
    *,
    false_alarms: float,
    judged: Mapping[PayDay, bool],
) -> Worth:
    """Each month is forecast by a model trained on pay days whose end was known before its first day.

    ``judged`` is what the forecast is held against: the records in hindsight, or the truth of a simulated city.
    Months before there is enough to learn from are left out.
    """
    worth = Worth(missed=judged)
    by_month: dict[dt.date, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_month[sample.as_of.replace(day=1)].append(sample)
    told: list[Told] = []
    for first in sorted(by_month):
        try:
            model, repeats = learn(samples, known_before(ended, first))
        except TooFewCases:
            continue
        model = announcing_from(told, known_before(ended, first), model, false_alarms)
        said = tell(by_month[first], model, repeats)
        told += said
        worth.told += [one for one in said if one.sample.pay_day in judged]
    return worth


def known_before(ended: Mapping[PayDay, Ended], day: dt.date) -> dict[PayDay, Ended]:
    """The ends that the records showed before a day."""
    return {pay_day: end for pay_day, end in ended.items() if end.known_on < day}


def announcing_from(
    told: Sequence[Told], ended: Mapping[PayDay, Ended], model: Model, false_alarms: float
) -> Model:
    """The model with the chance from which on it announces, by what earlier models said of what they had not seen."""
    highest: dict[PayDay, float] = {}
    for one in told:
        if EARLY_DAYS <= one.sample.ahead <= ANNOUNCE_DAYS:
            highest[one.sample.pay_day] = max(one.chance, highest.get(one.sample.pay_day, 0.0))
    tried = [Tried(chance, ended[day].missed) for day, chance in highest.items() if day in ended]
    return replace(model, threshold=threshold(tried, false_alarms))


def learn(
    samples: Sequence[Sample], ended: Mapping[PayDay, Ended]
) -> tuple[Model, Mapping[bool | None, float]]:
    """A model, and the baseline's chances by how the last pay day went, from what has ended.

    Raises :class:`TooFewCases`.
    """
    known = [one for one in samples if one.pay_day in ended]
    missed = [ended[one.pay_day].missed for one in known]
    model = train([vector(one.row) for one in known], missed, [one.pay_day for one in known])
    return model, _repeats(known, missed)


def baseline(samples: Sequence[Sample], ended: Mapping[PayDay, Ended]) -> Mapping[bool | None, float] | None:
    """Only the baseline's chances; ``None`` while the past is too short even for them."""
    known = [one for one in samples if one.pay_day in ended]
    if len({one.pay_day for one in known}) < LEAST_REPEATS:
        return None
    return _repeats(known, [ended[one.pay_day].missed for one in known])


def as_last_time(sample: Sample, repeats: Mapping[bool | None, float]) -> float:
    """What the baseline says of a pay day."""
    return repeats[_last(sample)]


def _repeats(samples: Sequence[Sample], missed: Sequence[bool]) -> Mapping[bool | None, float]:
    """How often a pay day was missed after the last one was, and after it was not."""
    base_rate = sum(missed) / len(missed)
    counts: dict[bool | None, list[int]] = {True: [0, 0], False: [0, 0], None: [0, 0]}
    for sample, went in zip(samples, missed, strict=True):
        count = counts[_last(sample)]
        count[0] += went
        count[1] += 1
    return {key: (hits + base_rate) / (cases + 1) for key, (hits, cases) in counts.items()}


def _last(sample: Sample) -> bool | None:
    """Whether the last pay day was missed in part; ``None`` where there was none."""
    share = sample.row.get("last_late_share")
    return None if share is None else share > 0.05


def tell(samples: Sequence[Sample], model: Model, repeats: Mapping[bool | None, float]) -> list[Told]:
    """What a model says of each sample, with the baselines beside it."""
    if not samples:
        return []
    chances = model.chances([vector(one.row) for one in samples])
    return [
        Told(
            sample,
            float(chance),
            bool(chance >= model.threshold and sample.ahead <= ANNOUNCE_DAYS),
            repeats[_last(sample)],
            model.base_rate,
        )
        for sample, chance in zip(samples, chances, strict=True)
    ]
