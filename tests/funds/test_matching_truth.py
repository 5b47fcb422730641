"""Files of 10,000 rows with known truth: nearly all true pairs found, and not one wrong."""

from __future__ import annotations

import pytest

from tests.support.paid_months import make_world, match_world


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_ten_thousand_noisy_rows_995_in_1000_true_pairs_are_found_and_none_is_wrong(seed):
    score = match_world(make_world(10_000, seed=seed))
    assert score.true_pairs > 9_800
    assert score.wrong == 0
    assert score.found * 1000 >= score.true_pairs * 995


def test_without_noise_every_pair_is_found():
    score = match_world(make_world(3_000, seed=9, noise=0))
    assert (score.found, score.wrong) == (score.true_pairs, 0)


def test_noise_makes_the_task_harder():
    """The generator must not be so kind that nothing could go wrong."""
    clean, noisy = make_world(2_000, seed=1, noise=0), make_world(2_000, seed=1, noise=2)
    assert not clean.reversals
    assert noisy.reversals
    assert match_world(noisy).found < match_world(noisy).true_pairs
