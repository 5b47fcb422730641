"""One seed, many independent streams: what is drawn for one thing never shifts what is drawn for another."""

from __future__ import annotations

import zlib

import numpy as np


class Streams:
    """Random generators by name. The same names give the same draws, in whatever order they are asked for."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def rng(self, *names: object) -> np.random.Generator:
        """The generator for what ``names`` tell together, e.g. ``rng("punches", "440402", "2026-03")``."""
        keys = tuple(zlib.crc32(str(name).encode()) for name in names)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=keys)))
