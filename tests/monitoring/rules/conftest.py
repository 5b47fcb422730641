"""The law with invented places, and a way to evaluate a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from anxin.law import Law, load


@pytest.fixture(scope="session")
def law() -> Law:
    return load([Path(__file__).parent / "law"])
