"""Who wins among finalists."""

import numpy as np
import pytest

from bakeoff.select.statistics.blocks import arrange
from bakeoff.select.statistics.challenge import challenge

NOISE = np.random.default_rng(0).normal(size=5)


def table(**means: float):
    """Each finalist has its mean and its own small noise around what the seeds share."""
    random = np.random.default_rng(1)
    rows = {name: mean + NOISE + 0.1 * random.normal(size=5) for name, mean in means.items()}
    return arrange([(name, seed, v) for name, row in rows.items() for seed, v in enumerate(row)])


def test_the_first_selection_stands_unless_another_is_shown_better():
    assert challenge("a", table(a=0.0, b=0.02, c=-1.0), "max", 0.95, 0.0).winner == "a"
    assert challenge("a", table(a=0.0, b=2.0, c=-1.0), "max", 0.95, 0.0).winner == "b"
    assert challenge("b", table(a=0.0, b=2.0, c=-1.0), "min", 0.95, 0.0).winner == "c"


def test_of_several_that_are_better_the_best_wins():
    assert challenge("a", table(a=0.0, b=2.0, c=3.0), "max", 0.95, 0.0).winner == "c"


def test_who_is_better_than_another_but_not_than_the_first_does_not_win():
    assert challenge("a", table(a=5.0, b=3.0, c=0.0), "max", 0.95, 0.0).winner == "a"


def test_the_correction_is_for_all_pairs():
    """A plain p just below .05 is not enough for one of three finalists."""
    rows = {"a": [0, 0, 0, 0, 0], "b": [0.3, 1.4, 0.9, 0.2, 0.7], "c": [0.9, 0.1, 0.3, 0.8, -0.2]}
    finalists = arrange([(n, seed, v) for n, row in rows.items() for seed, v in enumerate(row)])
    found = challenge("a", finalists, "max", 0.95, 0.0)
    pair = found.pairs[0]
    assert (pair.a, pair.b) == ("a", "b")
    assert pair.difference.p < 0.05 < pair.adjusted_p
    assert found.winner == "a"
    two = arrange([(n, s, 2 * v) for n in "ab" for s, v in enumerate(rows[n])])
    assert len(challenge("a", two, "max", 0.9, 0.0).pairs) == 1
    assert challenge("a", two, "max", 0.9, 0.0).winner == "b"


def test_folds_are_compared_with_the_corrected_test():
    seeds = challenge("a", table(a=0.0, b=0.5), "max", 0.95, 0.0).pairs[0].difference
    folds = challenge("a", table(a=0.0, b=0.5), "max", 0.95, 1 / 4).pairs[0].difference
    assert (seeds.analysis, folds.analysis) == ("paired", "resampled")
    assert folds.standard_error == pytest.approx(
        seeds.standard_error * ((1 / 5 + 1 / 4) * 5) ** 0.5
    )


def test_the_winners_fresh_mean_is_not_flattered():
    """Simulated with 8 equal candidates; to choose by the fresh mean would flatter it by 0.37."""
    random, flattered, by_mean = np.random.default_rng(7), [], []
    for _ in range(500):
        chosen = random.normal(size=(8, 3)).mean(axis=1)
        finalists = [str(k) for k in np.argsort(-chosen)[:3]]
        fresh = {name: random.normal(size=5) for name in finalists}
        runs = [(name, seed, v) for name, row in fresh.items() for seed, v in enumerate(row)]
        winner = challenge(finalists[0], arrange(runs), "max", 0.95, 0.0).winner
        flattered.append(fresh[winner].mean())
        by_mean.append(max(row.mean() for row in fresh.values()))
    assert abs(np.mean(flattered)) < 0.1
    assert np.mean(by_mean) > 0.3
