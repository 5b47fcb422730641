"""Whether a model is right about what it has not learnt from: the same trial for every question that a bureau's judgements answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

#: with fewer of either kind nothing can be learnt or tested
FEWEST = 20
FOLDS = 10


class TooFewExamples(ValueError):
    """The message is a Chinese sentence: how many judgements of which kind are missing."""


@dataclass(frozen=True)
class Score:
    """Hits and misses; ``precision``, ``recall`` and ``f1`` are 0 where nothing was found."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false) if self.hits else 0.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.false + self.missed) if self.hits else 0.0


def enough(truth: Sequence[bool], kinds: tuple[str, str], what: str, unit: str = "条") -> None:
    """``kinds``: how a yes and a no are called, ``what`` and ``unit``: what was judged and how it is counted. Raises :class:`TooFewExamples`."""
    yes = sum(truth)
    for kind, number in zip(kinds, (yes, len(truth) - yes), strict=True):
        if number < FEWEST:
            raise TooFewExamples(
                f"已核定为{kind}的{what}只有{number}{unit}，至少要{FEWEST}{unit}才能训练，请多核定一些再来。"
            )


def unseen(
    truth: Sequence[bool],
    judge: Callable[[Sequence[int], Sequence[int]], Sequence[bool]],
    groups: Sequence[int] | None = None,
) -> list[bool]:
    """What is said of each example, by position, by a model that had not seen it, nor another of its group.

    ``judge`` trains on the first positions and says of the second. ``groups``: a number for each example, the same for
    those that know of each other; ``None`` where none do. The same examples are always parted the same way.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold  # seconds to import

    parts = StratifiedKFold if groups is None else StratifiedGroupKFold
    judged = np.zeros(len(truth), dtype=bool)
    for seen, others in parts(FOLDS, shuffle=True, random_state=0).split(truth, truth, groups):
        judged[others] = judge(seen.tolist(), others.tolist())
    said: list[bool] = judged.tolist()
    return said


def score(judged: Sequence[bool], truth: Sequence[bool]) -> Score:
    pairs = list(zip(judged, truth, strict=True))
    return Score(pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True)))
