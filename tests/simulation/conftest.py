"""One small city, written once, read by many tests."""

from __future__ import annotations

import pytest

from simulation import profiles
from simulation.city import simulate
from tests.simulation.reading import Folder

SEED = 11


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Folder:
    root = tmp_path_factory.mktemp("city")
    simulate(profiles.load("tiny"), SEED, root, lambda sentence: None)
    return Folder(root)
