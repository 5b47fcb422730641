"""Ten thousand changes of a package, of fifteen kinds, and not one that passes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from anxin.proof import independent
from tests.proof.mutations import KINDS
from tests.proof.packages import judged, judged_independently, sample

CHANGES = 10_000


def test_ten_thousand_random_changes_are_all_caught() -> None:
    package = sample()
    assert judged(package).valid
    dice = random.Random(20261012)
    kinds = list(KINDS.items())
    # bytes are where most of the file lies: seven of ten changes are of bytes, the others of every kind in turn
    passed, made = [], 0
    while made < CHANGES:
        name, mutation = kinds[dice.randrange(3)] if made % 10 < 7 else kinds[made % len(kinds)]
        changed = mutation(dice, package)
        if changed == package:
            continue
        made += 1
        if judged(changed).valid:
            passed.append(name)
    assert passed == []


def test_bytes_all_along_the_file_matter() -> None:
    """One bit of every twenty-ninth byte, so that each part of the container and of each file is met."""
    package = sample()
    for at in range(0, len(package), 29):
        changed = package[:at] + bytes([package[at] ^ 1]) + package[at + 1 :]
        assert not judged(changed).valid, at


@pytest.mark.parametrize("name", KINDS)
def test_the_independent_verifier_catches_each_kind(name: str, tmp_path: Path) -> None:
    package, dice = sample(), random.Random(name)
    path = tmp_path / "package.zip"
    for _ in range(4):
        changed = KINDS[name](dice, package)
        if changed == package:
            continue
        path.write_bytes(changed)
        assert judged_independently(path) == 1


def test_the_independent_verifier_in_one_process(tmp_path: Path) -> None:
    """Two hundred changes more, without starting a process for each."""
    package, dice, path = sample(), random.Random(7), tmp_path / "package.zip"
    for number in range(200):
        changed = list(KINDS.values())[number % len(KINDS)](dice, package)
        if changed == package:
            continue
        path.write_bytes(changed)
        independent.problems.clear()
        assert independent.main(str(path)) == 1
