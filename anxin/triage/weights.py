"""A few named signs, each with its weight: shipped, and moved by a bureau's own judgements no further than these carry.

:func:`fit` is a logistic regression held to the weights it begins from: with few judgements it stays near them, with many it
goes its own way. A sign never comes to speak against its meaning, whatever was judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anxin.triage import trials
from anxin.triage.trials import Score

SHIPPED_VERSION = "随产品提供"
#: how strongly the weights are held to those they begin from
_HOLD = 2.0


@dataclass(frozen=True)
class Weights:
    """``nothing_known``: where no sign is there; ``signs``: what each sign adds, in log odds. More than zero is a yes."""

    nothing_known: float
    signs: Mapping[str, float]
    version: str = SHIPPED_VERSION

    def score(self, strengths: Mapping[str, float]) -> float:
        return self.nothing_known + sum(
            self.signs.get(name, 0.0) * strength for name, strength in strengths.items()
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "nothing_known": self.nothing_known,
            "signs": dict(self.signs),
        }


@dataclass(frozen=True)
class Signs:
    """The names of the signs that may only speak for a yes, and of those that may only speak against it."""

    for_it: Sequence[str]
    against: Sequence[str]

    @property
    def names(self) -> list[str]:
        return [*self.for_it, *self.against]

    def from_json(self, data: Mapping[str, Any]) -> Weights:
        """Raises ``ValueError`` where a sign is not one of these."""
        unknown = sorted(set(data["signs"]) - set(self.names))
        if unknown:
            raise ValueError(f"模型里有不认识的迹象：{'、'.join(unknown)}，请用同一版本的程序训练。")
        return Weights(data["nothing_known"], data["signs"], data["version"])


@dataclass(frozen=True)
class Judged:
    """How far each sign is there, and what a person said."""

    strengths: Mapping[str, float]
    yes: bool


def measure(judged: Sequence[Judged], weights: Weights) -> Score:
    """How these weights do on judgements that they have not learnt from."""
    return trials.score([weights.score(one.strengths) > 0 for one in judged], [one.yes for one in judged])


def try_out(
    judged: Sequence[Judged], base: Weights, signs: Signs, groups: Sequence[int] | None = None
) -> Score:
    """What fitted weights would have said, each judgement by weights that had not seen it, nor another of its group."""
    truth = [one.yes for one in judged]

    def judge(seen: Sequence[int], others: Sequence[int]) -> list[bool]:
        fitted = fit([judged[n] for n in seen], base, signs, "")
        return [fitted.score(judged[n].strengths) > 0 for n in others]

    return trials.score(trials.unseen(truth, judge, groups), truth)


def fit(judged: Sequence[Judged], base: Weights, signs: Signs, version: str) -> Weights:
    """New weights around ``base``; the same judgements, in whatever order, give the same."""
    from scipy.optimize import minimize  # a second to import: only for those who fit

    names = signs.names
    rows = sorted((*(one.strengths.get(name, 0.0) for name in names), one.yes) for one in judged)
    strengths = np.array([[1.0, *row[:-1]] for row in rows])
    towards = np.array([1.0 if row[-1] else -1.0 for row in rows])
    start = np.array([base.nothing_known, *(base.signs.get(name, 0.0) for name in names)])

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        margins, off = towards * (strengths @ at), at - start
        wrong = np.exp(-np.logaddexp(0, margins))
        pull = strengths.T @ (-towards * wrong)
        return float(np.logaddexp(0, -margins).sum() + _HOLD / 2 * off @ off), pull + _HOLD * off

    bounds = [(None, None), *[(0, None)] * len(signs.for_it), *[(None, 0)] * len(signs.against)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    return Weights(
        round(float(found[0]), 4),
        {name: round(float(weight), 4) for name, weight in zip(names, found[1:], strict=True)},
        version,
    )
