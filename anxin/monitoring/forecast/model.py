"""The chance that a pay day is missed: a logistic model whose every number can be read and said in words.

Trained with scikit-learn; kept as plain numbers, so that no pickled code is ever loaded, and applied with NumPy.
A missing input counts as its training mean, and its absence is an input of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anxin.monitoring.forecast.inputs import INPUTS

Vectors = Sequence[Sequence[float | None]]
Floats = npt.NDArray[np.float64]
#: fewer pay days than this, or fewer that were missed or kept, teach nothing
LEAST_CASES = 40
LEAST_MISSES = 8
#: how freely the weights follow the cases: inverse of the ridge penalty
_STRENGTH = 0.3


class TooFewCases(ValueError):
    """There is not enough of the past to learn from; the message says how much there is."""


@dataclass(frozen=True)
class Model:
    """Numbers of a trained model, one of ``INPUTS`` each."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    #: pay days it was trained on, and how many of them were missed
    cases: int
    misses: int
    #: share of missed pay days in training: the plainest forecast
    base_rate: float
    #: a chance from here on is announced (``announcing.threshold``)
    threshold: float = 1.0

    def chances(self, vectors: Vectors) -> Floats:
        """The chance of a miss for each vector, from 0 to 1."""
        return _sigmoid(self._standard(vectors) @ np.array(self.weights) + self.bias)

    def contributions(self, vectors: Vectors) -> Floats:
        """How much each input of ``INPUTS`` moves the log-odds away from the average case; a row a vector."""
        return self._standard(vectors) * np.array(self.weights)

    def _standard(self, vectors: Vectors) -> Floats:
        """What is unknown counts as the average."""
        columns, means = _array(vectors), np.array(self.means)
        return np.asarray((np.where(np.isnan(columns), means, columns) - means) / np.array(self.scales))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Model:
        """The model as it was stored. Raises :class:`TypeError` or :class:`KeyError` for another shape."""
        listed = {name: tuple(document[name]) for name in ("means", "scales", "weights")}
        return cls(**(document | listed))


def train(vectors: Vectors, missed: Sequence[bool], pay_days: Sequence[Hashable]) -> Model:
    """Learn from looks at pay days whose end is known. Deterministic.

    ``pay_days`` says of each look which pay day it saw: all pay days weigh alike, however often they were looked at.
    Raises :class:`TooFewCases` where there are too few of them, or all went the same way.
    """
    from sklearn.linear_model import LogisticRegression

    truth = np.array(missed, dtype=bool)
    looks = Counter(pay_days)
    cases, misses = len(looks), len({day for day, went in zip(pay_days, missed, strict=True) if went})
    if cases < LEAST_CASES or misses < LEAST_MISSES or cases - misses < LEAST_MISSES:
        raise TooFewCases(f"有结果的发薪日只有{cases}个，其中{misses}个没有按时发足，还不够训练模型。")
    weights = np.array([1 / looks[day] for day in pay_days])
    columns = _array(vectors)
    means = _means(columns)
    filled = np.where(np.isnan(columns), means, columns)
    scales = np.where(filled.std(axis=0) > 1e-9, filled.std(axis=0), 1.0)
    standard = (filled - means) / scales
    kept = np.ones(len(INPUTS), dtype=bool)
    while True:
        fitted = LogisticRegression(C=_STRENGTH, max_iter=500)
        fitted.fit(standard[:, kept], truth, sample_weight=weights)
        against = fitted.coef_[0] < 0
        if not against.any() or against.all():
            break
        # Every input can only make a miss likelier; one that says the contrary has learnt a chance of few cases.
        kept[np.flatnonzero(kept)[against]] = False
    learnt = np.zeros(len(INPUTS))
    learnt[kept] = np.maximum(fitted.coef_[0], 0.0)
    return Model(
        means=tuple(means.tolist()),
        scales=tuple(scales.tolist()),
        weights=tuple(learnt.tolist()),
        bias=float(fitted.intercept_[0]),
        cases=cases,
        misses=misses,
        base_rate=misses / cases,
    )


def _means(columns: Floats) -> Floats:
    """Of what is known; nothing where nothing is."""
    unknown = np.isnan(columns)
    known = np.maximum((~unknown).sum(axis=0), 1)
    return np.asarray(np.where(unknown, 0.0, columns).sum(axis=0) / known)


def _array(vectors: Vectors) -> Floats:
    return np.array(vectors, dtype=float).reshape(-1, len(INPUTS))


def _sigmoid(odds: Floats) -> Floats:
    # beyond these bounds the chance is 0 or 1 to every digit shown
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))), dtype=float)
