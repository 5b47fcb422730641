"""The chance that a pay day is missed: a logistic model whose every number can be read and said in words.

Trained with scikit-learn; kept as plain numbers, so that no pickled code is ever loaded, and applied with NumPy.
A missing input counts as its training mean, and its absence is an input of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from anxin.monitoring.forecast.inputs import INPUTS

Vectors = Sequence[Sequence[float | None]]
Floats = npt.NDArray[np.float64]
#: fewer looks at pay days than this, or fewer at such as were missed, teach nothing
LEAST_CASES = 40
LEAST_MISSES = 8
#: nothing less likely is announced
LEAST_CHANCE = 0.4


class TooFewCases(ValueError):
    """There is not enough of the past to learn from; the message says how much there is."""


@dataclass(frozen=True)
class Model:
    """Numbers of a trained model. The last ``len(INPUTS)`` weights belong to "is unknown"."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    #: a chance from here on is announced
    threshold: float
    cases: int
    misses: int
    #: share of missed pay days in training: the plainest forecast
    base_rate: float

    def chances(self, vectors: Vectors) -> Floats:
        """The chance of a miss for each vector, from 0 to 1."""
        return _sigmoid(self._standard(vectors) @ np.array(self.weights) + self.bias)

    def contributions(self, vectors: Vectors) -> Floats:
        """How much each input of ``INPUTS`` moves the log-odds away from the average case; a row a vector."""
        parts = self._standard(vectors) * np.array(self.weights)
        count = len(INPUTS)
        return parts[:, :count] + parts[:, count:]

    def _standard(self, vectors: Vectors) -> Floats:
        return _standard(_filled(vectors, np.array(self.means)), np.array(self.means), np.array(self.scales))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Model:
        """The model as it was stored. Raises :class:`TypeError` or :class:`KeyError` for another shape."""
        listed = {name: tuple(document[name]) for name in ("means", "scales", "weights")}
        return cls(**(document | listed))


def train(vectors: Vectors, missed: Sequence[bool], *, false_alarms: float) -> Model:
    """Learn from pay days whose end is known. Deterministic.

    ``false_alarms``: of what is announced this share may turn out well (``forecast.pay_day``).
    Raises :class:`TooFewCases` where there are too few of them, or all went the same way.
    """
    from sklearn.linear_model import LogisticRegression

    truth = np.array(missed, dtype=bool)
    cases, misses = len(truth), int(truth.sum())
    if cases < LEAST_CASES or misses < LEAST_MISSES or cases - misses < LEAST_MISSES:
        raise TooFewCases(
            f"可学习的预测只有{cases}个（一个发薪日可有几个），其中{misses}个没有按时发足，还不够训练模型。"
        )
    means = _means(vectors)
    filled = _filled(vectors, means)
    scales = np.where(filled.std(axis=0) > 1e-9, filled.std(axis=0), 1.0)
    fitted = LogisticRegression(C=0.3, max_iter=500).fit(_standard(filled, means, scales), truth)
    model = Model(
        means=tuple(means.tolist()),
        scales=tuple(scales.tolist()),
        weights=tuple(fitted.coef_[0].tolist()),
        bias=float(fitted.intercept_[0]),
        threshold=1.0,
        cases=cases,
        misses=misses,
        base_rate=misses / cases,
    )
    threshold = announce_from(model.chances(vectors), truth, false_alarms)
    return replace(model, threshold=threshold)


def announce_from(chances: Floats, missed: npt.NDArray[np.bool_], false_alarms: float) -> float:
    """The lowest chance from which on no more than ``false_alarms`` of what was announced turned out well.

    Never below ``LEAST_CHANCE``, so that a lucky stretch of the past does not make it shout.
    """
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(missed[order])
    precision = hits / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= 1 - false_alarms)
    if not len(good):
        return 1.0
    return float(max(chances[order][good[-1]], LEAST_CHANCE))


def _means(vectors: Vectors) -> Floats:
    columns = _array(vectors)
    unknown = np.isnan(columns)
    known = np.maximum((~unknown).sum(axis=0), 1)
    means = np.where(unknown, 0.0, columns).sum(axis=0) / known
    return np.concatenate([means, unknown.mean(axis=0)])


def _filled(vectors: Vectors, means: Floats) -> Floats:
    columns = _array(vectors)
    unknown = np.isnan(columns)
    return np.hstack([np.where(unknown, means[: len(INPUTS)], columns), unknown.astype(float)])


def _array(vectors: Vectors) -> Floats:
    return np.array(vectors, dtype=float).reshape(-1, len(INPUTS))


def _standard(filled: Floats, means: Floats, scales: Floats) -> Floats:
    return np.asarray((filled - means) / scales, dtype=float)


def _sigmoid(odds: Floats) -> Floats:
    # beyond these bounds the chance is 0 or 1 to every digit shown
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))), dtype=float)
