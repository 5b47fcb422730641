"""A model learnt from a bureau's own judgements, and held against the one in use on judgements it had not seen.

A message and what a person said of it is an :class:`Example`. :func:`train` fits scikit-learn's logistic regression on the
signs and on what the model in use makes of them: with few examples the new model stays near the old one, with many it
goes its own way. :func:`try_out` tells whether it is better: each tenth of the examples is judged by a model that was
trained on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anxin.triage import trials
from anxin.triage.model import Model
from anxin.triage.reading import headed, plain
from anxin.triage.trials import Score
from anxin.triage.wages import NAMES, Found, signs_of

#: how strongly the weights of the signs are held back, and how much more freely the old model's sum may be stretched
_HOLD, _STRETCH = 0.03, 3.0


@dataclass(frozen=True)
class Example:
    """What a message says by its signs, and whether a person found wages to be owed."""

    found: Sequence[Found]
    arrears: bool

    @property
    def yes(self) -> bool:
        return self.arrears


def example(title: str, body: str, arrears: bool) -> Example:
    """A message as :func:`anxin.triage.read` sees it, with a person's judgement."""
    return Example(signs_of(*headed(plain(title), plain(body))), arrears)


def measure(examples: Sequence[Example], model: Model) -> Score:
    """How the model does on judgements that it has not learnt from."""
    return trials.score([model.chance(one.found) >= model.threshold for one in examples], _truth(examples))


def train(examples: Sequence[Example], base: Model, version: str) -> Model:
    """A new model around ``base``. Raises :class:`TooFewExamples`."""
    _enough(examples)
    signs = _table(examples)
    sums = np.array([base.weighed(one.found) for one in examples])
    from sklearn.linear_model import LogisticRegression  # seconds to import: only for those who train

    fitted = LogisticRegression(C=_HOLD, max_iter=2000).fit(
        np.column_stack([sums * _STRETCH, signs]), [one.arrears for one in examples]
    )
    stretched, own = fitted.coef_[0][0] * _STRETCH, fitted.coef_[0][1:]
    title, body = own[: len(NAMES)], own[len(NAMES) :]
    return Model(
        version,
        round(float(fitted.intercept_[0]), 4),
        {
            name: round(float(base.title.get(name, 0) * stretched + title[n]), 4)
            for n, name in enumerate(NAMES)
        },
        {name: round(float(base.body.get(name, 0) * stretched + body[n]), 4) for n, name in enumerate(NAMES)},
    )


def try_out(examples: Sequence[Example], base: Model) -> Score:
    """What a trained model would have judged, each example by a model that had not seen it."""
    _enough(examples)
    truth = _truth(examples)

    def judge(seen: Sequence[int], others: Sequence[int]) -> list[bool]:
        model = train([examples[n] for n in seen], base, "")
        return [model.chance(examples[n].found) >= model.threshold for n in others]

    return trials.score(trials.unseen(truth, judge), truth)


def _truth(examples: Sequence[Example]) -> list[bool]:
    return [one.arrears for one in examples]


def _enough(examples: Sequence[Example]) -> None:
    trials.enough(_truth(examples), ("欠薪", "非欠薪"), "来文")


def _table(examples: Sequence[Example]) -> np.ndarray:
    """One row an example, one column a sign of the title, then one a sign of the body: how far it is there."""
    column = {name: n for n, name in enumerate(NAMES)}
    table = np.zeros((len(examples), 2 * len(NAMES)))
    for row, one in enumerate(examples):
        for sign in one.found:
            table[row, column[sign.name] + (0 if sign.in_title else len(NAMES))] = sign.strength
    return table
