"""Draws over very many employers at once."""

from __future__ import annotations

import numpy as np


def pick(rng: np.random.Generator, weight: np.ndarray, count: int) -> np.ndarray:
    """``count`` different numbers, drawn by ``weight``; those of weight 0 never. Fewer where there are not so many."""
    able = np.flatnonzero(weight > 0)
    count = min(count, len(able))
    if not count:
        return np.zeros(0, np.int64)
    key = rng.exponential(size=len(able)) / weight[able]
    return able[np.sort(np.argpartition(key, count - 1)[:count])]


def scatter(rng: np.random.Generator, rate: np.ndarray) -> np.ndarray:
    """Numbers of employers to which something happens, each at its own ``rate``; one may be hit more than once."""
    total = float(rate.sum())
    happened = int(rng.poisson(total))
    steps = np.cumsum(rate)
    return np.searchsorted(steps, rng.random(happened) * steps[-1], side="right").clip(0, len(rate) - 1)


def whole(rng: np.random.Generator, value: float) -> int:
    """A whole number near ``value``, right on average."""
    return int(value) + int(rng.random() < value % 1)


def between(rng: np.random.Generator, low: int, high: int, count: int) -> np.ndarray:
    """Whole numbers from ``low`` to ``high``, both of them possible."""
    return rng.integers(low, high + 1, count)
